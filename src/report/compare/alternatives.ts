import { groupBy } from '../group-by.ts';
import type { LaidRun } from './laid-run.ts';

/** A step that allows several ways, and which of them each run took. */
export interface Alternative {
  readonly step: string;
  readonly file: string;
  /** The cases in which the runs took these ways. */
  readonly cases: readonly string[];
  /** What these cases prove; nothing for a step of a preamble, which every case may have. */
  readonly requirements: readonly string[];
  /** For each run the ways that it took: several where peers took different ones, null if it took none. */
  readonly took: readonly (readonly string[] | null)[];
}

interface Taken {
  readonly step: string;
  readonly file: string;
  readonly case: string;
  readonly requirements: readonly string[];
  readonly ways: Set<string>[];
}

/**
 * Which ways each run took, step by step. Steps are told apart by the case and their text, since lines
 * move from version to version; cases in which all runs took the same ways stand together.
 */
export function alternativesOf(runs: readonly LaidRun[]): Alternative[] {
  const taken = new Map<string, Taken>();
  for (const [index, run] of runs.entries()) {
    for (const one of run.cases) {
      for (const { step, took } of one.choices) {
        const own = step.file === one.file;
        const key = JSON.stringify([one.id, step.file, step.text]);
        const before = taken.get(key) ?? {
          step: step.text,
          file: step.file,
          case: one.id,
          requirements: own ? one.requirements : [],
          ways: runs.map(() => new Set<string>()),
        };
        taken.set(key, before);
        before.ways[index]?.add(took);
      }
    }
  }
  const rows = [...taken.values()].map(({ ways, ...rest }) => ({
    ...rest,
    took: ways.map((set) => (set.size === 0 ? null : [...set].sort())),
  }));
  const alike = groupBy(rows, ({ step, file, requirements, took, ...rest }) => [
    JSON.stringify([step, file, requirements, requirements.length > 0 ? rowless(rest.case) : '', took]),
  ]);
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { step, file, requirements, took } = first;
    return [{ step, file, cases: group.map((one) => one.case), requirements, took }];
  });
}

/** The id of a case without the row of its table. */
function rowless(id: string): string {
  return id.replace(/\[[^\]]*\]$/, '');
}

/** True if runs took different ways; those that did not come to the step do not count. */
export function isDisputed({ took }: Pick<Alternative, 'took'>): boolean {
  const ways = took.filter((one) => one !== null).map((one) => JSON.stringify(one));
  return new Set(ways).size > 1;
}
