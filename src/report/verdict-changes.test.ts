import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { RunEvent } from '../events/event.ts';
import { type Summary, summarise } from './summary.ts';
import { verdictChanges } from './verdict-changes.ts';

const file = new URL('../../fixtures/events/all-pass.ndjson', import.meta.url);
const lines = readFileSync(file, 'utf8').trim().split('\n');
const good = summarise(lines.map((line) => JSON.parse(line) as RunEvent));
const [first, second] = good.cases.map(({ id }) => id);

function failing(...ids: (string | undefined)[]): Summary {
  return {
    ...good,
    cases: good.cases.map((one) => (ids.includes(one.id) ? { ...one, outcome: 'fail' as const } : one)),
  };
}

it.each<[string, Summary, Summary, string]>([
  ['nothing', good, good, 'no verdict changed'],
  ['still failing', failing(first), failing(first), 'no verdict changed'],
  ['newly failing', good, failing(first), `1 case newly failing (${first})`],
  ['fixed', failing(first), good, `1 case fixed (${first})`],
  ['both', failing(first), failing(second), `1 case newly failing (${second}), 1 case fixed (${first})`],
])('%s', (_, before, after, words) => {
  expect(verdictChanges(before, after)).toBe(`Since the run before: ${words}.`);
});
