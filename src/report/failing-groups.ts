import type { CaseSummary } from './case-summary.ts';
import { groupBy } from './group-by.ts';

/**
 * The failing cases. Those that break nothing but the same rules are one matter, told by its first case;
 * every other case stands for itself.
 */
export function failingGroups(cases: readonly CaseSummary[]): readonly (readonly CaseSummary[])[] {
  const failing = cases.filter(({ outcome }) => outcome === 'fail');
  return [...groupBy(failing, (one) => [groupKey(one)]).values()];
}

function groupKey({ id, failures }: CaseSummary): string {
  const rules = failures.map(({ cause, rule, requirements }) =>
    cause === 'rule' ? (rule ?? requirements.join(',')) : undefined,
  );
  return rules.length === 0 || rules.includes(undefined)
    ? `case ${id}`
    : `rules ${[...new Set(rules)].join(' ')}`;
}
