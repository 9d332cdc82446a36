import type { Case } from './case.ts';
import { isRowOf } from './select.ts';

/** One part of a run that is held in several: the `index`th (from 1 on) of `of`. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

/** Reads `2/3`; nothing if it is no shard. */
export function shardOf(text: string): Shard | undefined {
  const [, index, of] = /^([1-9]\d{0,5})\/([1-9]\d{0,5})$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  return shard.index <= shard.of ? shard : undefined;
}

/**
 * The cases of one shard, in their order. The same cases always fall into the same shards, each case into
 * one; a case stands with its control twins; and shards differ by no more cases than hang together.
 */
export function casesOfShard<T extends Pick<Case, 'id' | 'control'>>(cases: readonly T[], shard: Shard): T[] {
  const loads = new Array<number>(shard.of).fill(0);
  const mine = new Set<T>();
  const groups = groupsOf(cases).sort((left, right) => right.length - left.length);
  for (const group of groups) {
    const lightest = loads.indexOf(Math.min(...loads));
    loads[lightest] = (loads[lightest] ?? 0) + group.length;
    if (lightest === shard.index - 1) for (const one of group) mine.add(one);
  }
  return cases.filter((one) => mine.has(one));
}

/** Cases that must be held in one run, since one is the control twin of another. */
function groupsOf<T extends Pick<Case, 'id' | 'control'>>(cases: readonly T[]): T[][] {
  const groupOf = new Map<T, T[]>(cases.map((one) => [one, [one]]));
  for (const one of cases) {
    const { control } = one;
    if (control === undefined) continue;
    for (const twin of cases) {
      const [mine, theirs] = [groupOf.get(one) ?? [], groupOf.get(twin) ?? []];
      if (mine === theirs || !isRowOf(twin, control)) continue;
      for (const other of theirs) groupOf.set(other, mine);
      mine.push(...theirs);
    }
  }
  return [...new Set(groupOf.values())];
}
