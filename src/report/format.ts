import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import type { Summary } from './summary.ts';
import { tap } from './tap.ts';
import { terminal } from './terminal.ts';

/** A kind of report. */
export interface Format {
  /** Of its file, without the dot. */
  readonly extension: string;
  render(summary: Summary): string;
}

/** A name that `--format` takes. */
export type FormatName = 'terminal' | 'tap' | 'junit' | 'json' | 'markdown';

/** All kinds of reports. */
export const formats: Readonly<Record<FormatName, Format>> = {
  terminal: { extension: 'txt', render: (summary) => terminal(summary) },
  tap: { extension: 'tap', render: tap },
  junit: { extension: 'xml', render: junit },
  json: { extension: 'json', render: json },
  markdown: { extension: 'md', render: markdown },
};
