import { expect, test } from 'vitest';
import { fixture } from '../run/process.testing.ts';
import { nodeCommand, type Planted, PlantedTarget } from './planted.testing.ts';

const pantry = await PlantedTarget.of(fixture('pantry'), nodeCommand('pantry/server.mjs'));

const planted: readonly Planted[] = [
  { bug: 'long-item', oracle: 'death', moves: 3 },
  { bug: 'item-64', oracle: 'death', moves: 3 },
  { bug: 'caught-item', oracle: 'death', moves: 3 },
  { bug: 'count-wraps', oracle: 'breach', moves: 3 },
  { bug: 'length-wraps', oracle: 'death', moves: 2 },
  { bug: 'half-prefix', oracle: 'death', moves: 2 },
  { bug: 'endless-take', oracle: 'hang', moves: 3, seed: 3, hang: 2000 },
  { bug: 'deep', oracle: 'death', moves: 2 },
  { bug: 'surrogate', oracle: 'death', moves: 2 },
  { bug: 'prototype', oracle: 'breach', moves: 3, seed: 100 },
  { bug: 'misdirected', oracle: 'neighbour', moves: 5 },
  { bug: 'foreign-id', oracle: 'breach', moves: 4 },
  { bug: 'loose-hello', oracle: 'accepted', moves: 2 },
  { bug: 'twice', oracle: 'breach', moves: 3 },
  { bug: 'trace', oracle: 'leak', moves: 2 },
  { bug: 'leak', oracle: 'growth', moves: 2 },
];

test.each(planted)('finds, confirms and minimises $bug', { timeout: 240_000 }, (one) => pantry.proves(one));

test('finds nothing where nothing is planted', { timeout: 240_000 }, async () => {
  const { all } = await pantry.campaign([], { until: { executions: 300 } });
  expect(all).toEqual([]);
});
