import { test } from 'vitest';
import { nodeCommand, type Planted, PlantedTarget } from './planted.testing.ts';

const cpt = await PlantedTarget.of('cpt', nodeCommand('buggy-cpt.mjs'));

/** Those that take more than some seconds; planted.test.ts has the others. */
const planted: readonly Planted[] = [
  { bug: 'long-target', oracle: 'death', moves: 3 },
  { bug: 'name-64', oracle: 'death', moves: 2 },
  { bug: 'negative-after', oracle: 'hang', moves: 2, hang: 1000 },
  { bug: 'cut-line', oracle: 'death', moves: 2, seed: 3 },
  { bug: 'third-send', oracle: 'death', moves: 6 },
  { bug: 'twice', oracle: 'breach', moves: 2 },
  { bug: 'deaf', oracle: 'hang', moves: 3, hang: 1000 },
  { bug: 'leak', oracle: 'growth', moves: 2 },
];

test.each(planted)('finds, confirms and minimises $bug', { timeout: 240_000 }, (one) => cpt.proves(one));
