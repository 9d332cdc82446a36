import { html, type SafeHtml } from '@remix-run/html-template';
import { script, scriptHash } from './script.ts';
import { style } from './style.ts';

/** Nothing is fetched, and no script runs but the page's own. */
const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${scriptHash}'; base-uri 'none'; form-action 'none'`;

/** A whole page in one file. */
export function page(title: string, content: SafeHtml): string {
  const parts = html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${html.raw`${style}`}</style>
</head>
<body>
<main>
${content}
</main>
<script>${html.raw`${script}`}</script>
</body>
</html>
`;
  return String(parts);
}
