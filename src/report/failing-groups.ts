import type { CaseSummary } from './case-summary.ts';

/**
 * The failing cases. Those that break nothing but the same rules are one matter, told by its first case;
 * every other case stands for itself.
 */
export function failingGroups(cases: readonly CaseSummary[]): readonly (readonly CaseSummary[])[] {
  const groups = new Map<string, CaseSummary[]>();
  for (const one of cases) {
    if (one.outcome !== 'fail') continue;
    const key = groupKey(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()];
}

function groupKey({ id, failures }: CaseSummary): string {
  const rules = failures.map(({ cause, rule, requirements }) =>
    cause === 'rule' ? (rule ?? requirements.join(',')) : undefined,
  );
  return rules.length === 0 || rules.includes(undefined)
    ? `case ${id}`
    : `rules ${[...new Set(rules)].join(' ')}`;
}
