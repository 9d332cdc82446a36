import { html, type SafeHtml } from '@remix-run/html-template';
import { shown } from '../shown.ts';

/** Characters of one text that a page holds; the rest stands in the events only. */
const mostKept = 16_000;

/** Fewer characters than these are not worth a click. */
const slack = 100;

/** A printable text of which the first `most` characters are seen, and more on demand. */
export function longText(text: string, most = 600): SafeHtml {
  if (text.length <= most + slack) return html`${shown(text)}`;
  const kept = text.slice(most, mostKept);
  const left = text.length - Math.max(most, mostKept);
  return html`${shown(text.slice(0, most))}<details class="more"><summary>… ${number(text.length - most)} more characters</summary>${shown(kept)}${
    left > 0 ? html`<p class="faint">… ${number(left)} further characters stand in events.ndjson</p>` : null
  }</details>`;
}

/** A text on one line, cut, with the number of characters that it has. */
export function briefText(text: string, most = 300): string {
  return text.length <= most
    ? shown(text)
    : `${shown(text.slice(0, most))}… (${number(text.length)} characters)`;
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
