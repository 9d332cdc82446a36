import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { RunEvent, RunFinished, RunStarted } from '../events/event.ts';
import { mergeRuns } from './merge.ts';
import { summarise } from './summary.ts';

const folder = fileURLToPath(new URL('../../fixtures/events/', import.meta.url));

function eventsOf(run: string): RunEvent[] {
  const lines = readFileSync(`${folder}${run}.ndjson`, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as RunEvent);
}

/** The events of each shard, had every `of`th case been held by itself. */
function shardsOf(events: readonly RunEvent[], of: number): RunEvent[][] {
  const start = events.find((event): event is RunStarted => event.event === 'run-started');
  const ids = start?.cases.map(({ id }) => id) ?? [];
  return Array.from({ length: of }, (_, shard) => {
    const mine = new Set(ids.filter((_id, index) => index % of === shard));
    return events.flatMap((event): RunEvent[] => {
      if (event.event === 'run-started') {
        return [{ ...event, cases: event.cases.filter(({ id }) => mine.has(id)) }];
      }
      if (event.event === 'target') return shard === 0 ? [event] : [];
      return event.event === 'run-finished' || mine.has(event.case) ? [event] : [];
    });
  });
}

describe.each(['all-pass', 'broken', 'interrupted'])('shards of the run "%s"', (run) => {
  test.each([1, 2, 5])('%i of them give the report of the whole', (of) => {
    const events = eventsOf(run);
    expect(summarise(mergeRuns(shardsOf(events, of)))).toEqual(summarise(events));
  });
});

function endOf(events: Iterable<RunEvent>): RunFinished | undefined {
  return [...events].find((event) => event.event === 'run-finished');
}

function withEnd(events: readonly RunEvent[], end: Partial<RunFinished>): RunEvent[] {
  return events.map((event) => (event.event === 'run-finished' ? { ...event, ...end } : event));
}

test('a shard that was cut off cuts off the whole', () => {
  const [first = [], second = []] = shardsOf(eventsOf('all-pass'), 2);
  expect(endOf(mergeRuns([first, second.slice(0, -1)]))).toBeUndefined();
});

test('the worst exit and the first stop are those of the whole', () => {
  const [first = [], second = []] = shardsOf(eventsOf('all-pass'), 2);
  const end = endOf(
    mergeRuns([withEnd(first, { exit: 0 }), withEnd(second, { exit: 3, stopped: 'target-dead' })]),
  );
  expect(end).toMatchObject({ exit: 3, stopped: 'target-dead' });
});

test('an expected failure is stale where it holds in all shards, and the whole fails for it', () => {
  const expected = [{ entry: 'cpt/*', reason: '#12' }];
  const [first = [], second = []] = shardsOf(eventsOf('all-pass'), 2).map((events) =>
    events.map((event): RunEvent => (event.event === 'run-started' ? { ...event, expected } : event)),
  );
  expect(endOf(mergeRuns([first, second]))).toMatchObject({ exit: 1, stale: expected });
  const failing = first.map(
    (event): RunEvent =>
      event.event === 'case-finished' ? { ...event, verdict: 'fail', expected: '#12' } : event,
  );
  expect(endOf(mergeRuns([failing, second]))).toMatchObject({ exit: 0, stale: [] });
});

test.each<[string, (events: RunEvent[]) => RunEvent[][]]>([
  ['there are no shards', () => []],
  ['stands in two shards', (events) => [events, events]],
  ['does not begin with run-started', (events) => [events.slice(1)]],
  [
    'seed differs',
    (events) => [
      events,
      events.map(
        (event): RunEvent => (event.event === 'run-started' ? { ...event, seed: 8, cases: [] } : event),
      ),
    ],
  ],
])('refused: %s', (message, shards) => {
  expect(() => [...mergeRuns(shards(eventsOf('all-pass')))]).toThrow(message);
});
