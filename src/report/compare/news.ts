import type { CaseRow, RequirementResult, RequirementRow } from './compare.ts';
import type { LaidRun } from './laid-run.ts';

/** Ids of requirements, and of cases. */
export interface Ids {
  readonly requirements: readonly string[];
  readonly cases: readonly string[];
}

/** How a run differs from the baseline. */
export interface RunNews {
  /** Index of the run. */
  readonly run: number;
  /** What fails, and did not fail in the baseline. */
  readonly failing: Ids;
  /** What holds, and was known to the baseline and did not hold there. */
  readonly holding: Ids;
  /** What only warns, and neither warned nor failed in the baseline. */
  readonly warning: Ids;
  /** What held in the baseline, and now neither holds nor fails nor warns. */
  readonly lost: Ids;
  /** Cases that the baseline has not; told where both runs have cases of one kind. */
  readonly added: readonly string[];
  /** Cases that only the baseline has. */
  readonly removed: readonly string[];
}

interface Rows {
  readonly runs: readonly LaidRun[];
  readonly requirements: readonly RequirementRow[];
  readonly cases: readonly CaseRow[];
}

/** What is new in a run since the baseline. */
export function newsOf({ runs, requirements, cases }: Rows, run: number, baseline: number): RunNews {
  const strict = runs[run]?.strict === true;
  const changes = [
    ...requirements.map(({ id, results }) => ({
      kind: 'requirements' as const,
      id,
      before: stateOfRequirement(results[baseline], runs[baseline]?.strict === true),
      now: stateOfRequirement(results[run], strict),
      alone: true,
    })),
    ...cases.map(({ id, outcomes, requirements: proven }) => ({
      kind: 'cases' as const,
      id,
      before: stateOfCase(outcomes[baseline], runs[baseline]?.strict === true),
      now: stateOfCase(outcomes[run], strict),
      // A case that the baseline has not is judged by its requirements, if it has any.
      alone: (outcomes[baseline] ?? null) !== null || proven.length === 0,
    })),
  ];
  const ids = (fits: (change: (typeof changes)[number]) => boolean): Ids => ({
    requirements: changes.filter((one) => one.kind === 'requirements' && fits(one)).map(({ id }) => id),
    cases: changes.filter((one) => one.kind === 'cases' && fits(one)).map(({ id }) => id),
  });
  const alike = (runs[run]?.source === 'spar') === (runs[baseline]?.source === 'spar');
  const only = (wanted: number, other: number): string[] =>
    alike ? cases.filter(({ outcomes }) => outcomes[wanted] && !outcomes[other]).map(({ id }) => id) : [];
  return {
    run,
    failing: ids(({ before, now, alone }) => now === 'fails' && before !== 'fails' && alone),
    holding: ids(({ before, now }) => now === 'holds' && before !== undefined && before !== 'holds'),
    warning: ids(({ before, now }) => now === 'warns' && before !== 'warns' && before !== 'fails'),
    lost: ids(({ before, now }) => before === 'holds' && now === 'open'),
    added: only(run, baseline),
    removed: only(baseline, run),
  };
}

/** What it comes to: undefined where the run does not know it. */
type State = 'holds' | 'fails' | 'warns' | 'open' | undefined;

function stateOfRequirement(result: RequirementResult | null | undefined, strict: boolean): State {
  if (!result) return undefined;
  const { status, expected } = result;
  if (status === 'held') return 'holds';
  if (expected) return 'open';
  if (status === 'warned') return strict ? 'fails' : 'warns';
  return status === 'broken' ? 'fails' : 'open';
}

function stateOfCase(outcome: CaseRow['outcomes'][number] | undefined, strict: boolean): State {
  if (!outcome) return undefined;
  if (outcome === 'pass') return 'holds';
  if (outcome === 'warn') return strict ? 'fails' : 'warns';
  return outcome === 'fail' || outcome === 'error' ? 'fails' : 'open';
}
