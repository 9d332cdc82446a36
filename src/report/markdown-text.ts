import { shown } from './shown.ts';

/** A row of a table. */
export function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Text that Markdown and HTML leave as it is, also in a cell of a table. */
export function escaped(text: string): string {
  return shown(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*_{}[\]#|!~$@]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

/** Text as code. */
export function code(text: string): string {
  return `<code>${escaped(text)}</code>`;
}
