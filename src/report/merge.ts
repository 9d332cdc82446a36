import type { CaseFinished, CaseInfo, RunEvent, RunFinished, RunStarted } from '../events/event.ts';
import { areSkipped } from '../events/verdict.ts';
import { SparError } from '../problem/problem.ts';
import { staleEntries } from '../suite/stale-entries.ts';

/**
 * The events of shards of one run as the events of the whole run, in the order of the shards. The last
 * event is missing if a shard lacks its own. Raises a `SparError` if a shard holds no run, if the shards
 * are not of one run, or if two of them have the same case.
 */
export function* mergeRuns(shards: readonly Iterable<RunEvent>[]): Generator<RunEvent, void, undefined> {
  const readers = shards.map((shard) => shard[Symbol.iterator]());
  const start = startOfAll(readers.map(startOf));
  yield start;
  const finished: RunFinished[] = [];
  const results: CaseFinished[] = [];
  for (const reader of readers) {
    for (let next = reader.next(); !next.done; next = reader.next()) {
      const event = next.value;
      if (event.event === 'run-finished') {
        finished.push(event);
        continue;
      }
      if (event.event === 'case-finished') results.push(event);
      yield event;
    }
  }
  if (finished.length === shards.length) yield endOfAll(finished, start, results);
}

function startOf(reader: Iterator<RunEvent>, index: number): RunStarted {
  const first = reader.next();
  if (!first.done && first.value.event === 'run-started') return first.value;
  throw userError(`shard ${index + 1} does not begin with run-started`);
}

/** What shards of one run have in common. A target's label may name another port or machine. */
const common = ['spar', 'protocol', 'role', 'seed', 'dialects', 'strict', 'expected'] as const;

function startOfAll(started: readonly RunStarted[]): RunStarted {
  const [first, ...others] = started;
  if (!first) throw userError('there are no shards to merge');
  for (const [index, other] of others.entries()) {
    const field = common.find((name) => JSON.stringify(first[name]) !== JSON.stringify(other[name]));
    if (field) throw userError(`shards 1 and ${index + 2} are not of one run: ${field} differs`);
  }
  const { shard: _, ...options } = first.options;
  return {
    ...first,
    options,
    time: started.map(({ time }) => time).sort()[0] ?? first.time,
    requirements: union(started.map(({ requirements }) => requirements)),
    rules: union(started.map(({ rules }) => rules)),
    cases: disjoint(started.flatMap(({ cases }) => cases)),
  };
}

function disjoint(cases: readonly CaseInfo[]): readonly CaseInfo[] {
  const ids = new Set<string>();
  for (const { id } of cases) {
    if (ids.has(id)) throw userError(`the case ${id} stands in two shards`);
    ids.add(id);
  }
  return cases;
}

function endOfAll(
  finished: readonly RunFinished[],
  start: RunStarted,
  results: readonly CaseFinished[],
): RunFinished {
  const early = finished.find(({ stopped }) => stopped);
  const stale = early ? [] : staleEntries(start, results);
  const worst = Math.max(stale.length > 0 ? 1 : 0, ...finished.map(({ exit }) => exit));
  const message = finished.find((end) => end.message !== undefined)?.message;
  return {
    event: 'run-finished',
    at: Math.max(...finished.map(({ at }) => at)),
    time:
      finished
        .map(({ time }) => time)
        .sort()
        .at(-1) ?? '',
    ...(early?.stopped && { stopped: early.stopped }),
    ...(message !== undefined && { message }),
    stale,
    exit: worst === 0 && areSkipped(results) ? 2 : worst,
  };
}

function union<T extends { readonly id: string }>(lists: readonly (readonly T[])[]): T[] {
  return [...new Map(lists.flat().map((item) => [item.id, item])).values()];
}

function userError(what: string): SparError {
  return new SparError({ fault: 'user', what, mend: 'merge the events.ndjson of the shards of one run' });
}
