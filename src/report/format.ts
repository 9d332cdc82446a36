import type { Summary } from './summary.ts';

/** A kind of report. */
export interface Format {
  /** Of its file, without the dot. */
  readonly extension: string;
  /** What makes it is loaded when it is wanted. */
  render(summary: Summary): Promise<string>;
}

/** A name that `--format` takes. */
export type FormatName =
  | 'terminal'
  | 'tap'
  | 'tap14'
  | 'junit'
  | 'json'
  | 'markdown'
  | 'html'
  | 'badge'
  | 'sarif';

/** All kinds of reports. */
export const formats: Readonly<Record<FormatName, Format>> = {
  terminal: {
    extension: 'txt',
    render: async (summary) => (await import('./terminal.ts')).terminal(summary),
  },
  tap: { extension: 'tap', render: async (summary) => (await import('./tap.ts')).tap(summary) },
  tap14: { extension: '14.tap', render: async (summary) => (await import('./tap.ts')).tap(summary, 14) },
  junit: { extension: 'xml', render: async (summary) => (await import('./junit.ts')).junit(summary) },
  json: { extension: 'json', render: async (summary) => (await import('./json.ts')).json(summary) },
  markdown: { extension: 'md', render: async (summary) => (await import('./markdown.ts')).markdown(summary) },
  html: {
    extension: 'html',
    render: async (summary) => (await import('./html/html.ts')).htmlReport(summary),
  },
  sarif: { extension: 'sarif', render: async (summary) => (await import('./sarif.ts')).sarif(summary) },
  badge: { extension: 'svg', render: async (summary) => (await import('./badge.ts')).badge(summary) },
};
