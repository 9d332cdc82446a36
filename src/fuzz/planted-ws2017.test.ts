import { expect, test } from 'vitest';
import { nodeCommand, type Planted, PlantedTarget } from './planted.testing.ts';

const ws2017 = await PlantedTarget.of('ws_2017', nodeCommand('buggy-ws2017.mjs'));

const planted: readonly Planted[] = [
  { bug: 'name-64', oracle: 'death', moves: 2 },
  { bug: 'long-text', oracle: 'death', moves: 3 },
  { bug: 'fifth-rename', oracle: 'death', moves: 7, apart: 6 },
  { bug: 'quit-delivery', oracle: 'death', moves: 6 },
  // Not all seeds say the same thing twice so soon.
  { bug: 'receipt-again', oracle: 'death', moves: 5, seed: 3 },
  { bug: 'cut-ending', oracle: 'death', moves: 2 },
  { bug: 'odd-marks', oracle: 'hang', moves: 2, hang: 1000 },
  { bug: 'overheard', oracle: 'breach', moves: 5 },
  { bug: 'refused-relay', oracle: 'breach', moves: 3 },
  { bug: 'loose-name', oracle: 'accepted', moves: 2 },
  { bug: 'eight-bit', oracle: 'deaf', moves: 2, hang: 1000 },
  { bug: 'trace', oracle: 'leak', moves: 2 },
  { bug: 'leak', oracle: 'growth', moves: 2 },
];

test.each(planted)('finds, confirms and minimises $bug', { timeout: 240_000 }, (one) => ws2017.proves(one));

test('finds nothing where nothing is planted', { timeout: 240_000 }, async () => {
  const { all } = await ws2017.campaign([], { until: { executions: 300 } });
  expect(all).toEqual([]);
});
