import { expect, test } from 'vitest';
import type { CaseFinished, RunEvent } from '../events/event.ts';
import { advance, noProgress, progressLine } from './progress.ts';

const ended: CaseFinished = {
  event: 'case-finished',
  at: 10,
  case: 'a',
  verdict: 'pass',
  ms: 1,
  attempts: [],
  failures: [],
  notes: [],
};

test('counts what is done and what fails, but not what is expected to', () => {
  const events: RunEvent[] = [
    { event: 'case-started', at: 3, case: 'a' },
    ended,
    { ...ended, verdict: 'fail' },
    { ...ended, verdict: 'fail', expected: '#12', at: 20 },
  ];
  expect(events.reduce(advance, { ...noProgress, total: 8 })).toEqual({
    total: 8,
    done: 3,
    failing: 1,
    at: 20,
  });
});

test.each([
  [{ total: 82, done: 0, failing: 0, at: 0 }, 40, '0 of 82 cases'],
  [{ total: 80, done: 20, failing: 0, at: 0 }, 1_000, '20 of 80 cases · about 3.0 s left'],
  [{ total: 80, done: 20, failing: 2, at: 0 }, 60_000, '20 of 80 cases · 2 failing · about 3 min 0 s left'],
  [{ total: 80, done: 80, failing: 0, at: 0 }, 1_000, '80 of 80 cases'],
])('%o', (progress, now, line) => {
  expect(progressLine(progress, now)).toBe(line);
});
