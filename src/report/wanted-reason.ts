import type { CaseSummary } from './case-summary.ts';
import { many } from './words.ts';

/** A line that asks for the reasons that nobody has filled in since `--accept` wrote them, if there are any. */
export function wantedReasonLines(cases: readonly CaseSummary[]): string[] {
  const wanted = cases.filter(({ expected }) => /^TODO\b/.test(expected ?? '')).length;
  if (wanted === 0) return [];
  return [`${many(wanted, 'reason')} to fill in: the list of expected failures says TODO`];
}
