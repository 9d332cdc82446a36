import type { Comparison } from './compare.ts';

/** A kind of comparison. */
interface ComparisonFormat {
  /** Of its file, without the dot. */
  readonly extension: string;
  /** What makes it is loaded when it is wanted. */
  render(comparison: Comparison): Promise<string>;
}

/** A name that `spar compare --format` takes besides `terminal`. */
export type ComparisonFormatName = 'markdown' | 'json' | 'html';

/** The kinds of comparisons that are written to files. */
export const comparisonFormats: Readonly<Record<ComparisonFormatName, ComparisonFormat>> = {
  markdown: {
    extension: 'md',
    render: async (comparison) => (await import('./as-markdown.ts')).comparisonMarkdown(comparison),
  },
  json: {
    extension: 'json',
    render: async (comparison) => (await import('./as-json.ts')).comparisonJson(comparison),
  },
  html: {
    extension: 'html',
    render: async (comparison) => (await import('./as-html.ts')).comparisonHtml(comparison),
  },
};
