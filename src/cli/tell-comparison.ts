import { comparisonTerminal } from '../report/compare/as-terminal.ts';
import type { Comparison } from '../report/compare/compare.ts';
import { type ComparisonFormatName, comparisonFormats } from '../report/compare/formats.ts';
import { paint } from './paint.ts';

/** A comparison in a format: one of those for files, else as a person at the terminal reads it. */
export async function tellComparison(comparison: Comparison, format: string, all: boolean): Promise<string> {
  if (Object.hasOwn(comparisonFormats, format)) {
    return comparisonFormats[format as ComparisonFormatName].render(comparison);
  }
  return comparisonTerminal(comparison, { paint: paint(), width: process.stdout.columns ?? 100, all });
}
