import type { Outcome } from './case-summary.ts';
import { type RequirementSummary, type Status, statuses } from './ledger.ts';
import { shownTo } from './shown.ts';
import type { Summary } from './summary.ts';

/** Outcomes of cases, worst first. */
const outcomes: readonly (readonly [Outcome, string])[] = [
  ['pass', 'passed'],
  ['fail', 'failed'],
  ['error', "stopped by a fault of spar's own"],
  ['warn', 'warned'],
  ['expected', 'failed as expected'],
  ['skip', 'skipped'],
  ['unfinished', 'not finished'],
  ['not-held', 'not held'],
];

/** `80 passed, 1 failed (1 flaky), 1 skipped`. */
export function caseCounts({ counts }: Summary): string {
  const words = outcomes
    .filter(([outcome]) => counts[outcome] > 0)
    .map(([outcome, word]) => `${counts[outcome]} ${word}`);
  if (counts.flaky > 0) words.push(`${counts.flaky} flaky`);
  return words.join(', ') || 'none';
}

/** Each status in words. */
export const statusWords: Readonly<Record<Status, string>> = {
  held: 'held',
  broken: 'broken',
  warned: 'warned',
  unproven: 'not proven',
  skipped: 'skipped',
  'not-run': 'not run',
  untestable: 'not testable',
  missing: 'without a case',
};

/** `held`, or `skipped: needs fact clock`: what is known of a requirement, and why it is not more. */
export function requirementWords({ status, why }: RequirementSummary): string {
  return why.length === 0 ? statusWords[status] : `${statusWords[status]}: ${shownTo(400, why.join('; '))}`;
}

/** `68 held, 1 broken, 2 not testable`. */
export function requirementCounts({ requirements }: Summary): string {
  const words = statuses.flatMap((wanted) => {
    const count = requirements.filter(({ status }) => status === wanted).length;
    return count > 0 ? [`${count} ${statusWords[wanted]}`] : [];
  });
  return words.join(', ') || 'none';
}
