import { expect, test } from 'vitest';
import { nodeCommand, type Planted, PlantedTarget } from './planted.testing.ts';

const cpt = await PlantedTarget.of('cpt', nodeCommand('buggy-cpt.mjs'));

const planted: readonly Planted[] = [
  { bug: 'long-target', oracle: 'death', moves: 3 },
  { bug: 'name-64', oracle: 'death', moves: 2 },
  { bug: 'negative-after', oracle: 'hang', moves: 2, hang: 1000 },
  { bug: 'cut-line', oracle: 'death', moves: 2, seed: 3 },
  { bug: 'third-send', oracle: 'death', moves: 6 },
  { bug: 'cross-session', oracle: 'neighbour', moves: 3 },
  { bug: 'ack-declined', oracle: 'breach', moves: 2 },
  { bug: 'twice', oracle: 'breach', moves: 2 },
  { bug: 'trace', oracle: 'leak', moves: 2 },
  { bug: 'bad-utf8', oracle: 'death', moves: 2 },
  { bug: 'nul', oracle: 'death', moves: 2 },
  { bug: 'deaf', oracle: 'hang', moves: 3, hang: 1000 },
];

test.each(planted)('finds, confirms and minimises $bug', { timeout: 120_000 }, (one) => cpt.proves(one));

test('finds nothing where nothing is planted', { timeout: 120_000 }, async () => {
  const { all, executions } = await cpt.campaign([], { seed: 1, executions: 300 });
  expect(all).toEqual([]);
  expect(executions).toBe(300);
});
