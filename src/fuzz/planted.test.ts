import { expect, test } from 'vitest';
import { nodeCommand, type Planted, PlantedTarget } from './planted.testing.ts';

const cpt = await PlantedTarget.of('cpt', nodeCommand('buggy-cpt.mjs'));

const planted: readonly Planted[] = [
  { bug: 'cross-session', oracle: 'neighbour', moves: 3 },
  { bug: 'ack-declined', oracle: 'breach', moves: 2 },
  { bug: 'trace', oracle: 'leak', moves: 2 },
  { bug: 'bad-utf8', oracle: 'death', moves: 2 },
  { bug: 'nul', oracle: 'death', moves: 2 },
];

// An answer that comes late on a busy machine is another answer.
test.each(planted)('finds, confirms and minimises $bug', { timeout: 120_000, retry: 2 }, (one) =>
  cpt.proves(one),
);

test('finds nothing where nothing is planted', { timeout: 120_000 }, async () => {
  const { all, executions } = await cpt.campaign([], { until: { executions: 300 } });
  expect(all).toEqual([]);
  expect(executions).toBe(300);
});
