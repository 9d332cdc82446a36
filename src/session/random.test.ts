import fc from 'fast-check';
import { expect, it } from 'vitest';
import { randomFrom } from './random.ts';

function numbers(seed: number | string, count = 20): number[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => random());
}

it('gives the same numbers for the same seed, others for another', () => {
  fc.assert(
    fc.property(fc.oneof(fc.integer(), fc.string()), fc.oneof(fc.integer(), fc.string()), (one, two) => {
      expect(numbers(one)).toEqual(numbers(one));
      if (one !== two) expect(numbers(one)).not.toEqual(numbers(two));
    }),
  );
});

it('never changes: a seed that a report names must repeat the run', () => {
  expect(numbers(7, 3)).toMatchInlineSnapshot(`
    [
      0.04900959390215576,
      0.16556235309690237,
      0.9298532083630562,
    ]
  `);
  expect(numbers('alice', 3)).toMatchInlineSnapshot(`
    [
      0.8068011819850653,
      0.22597622382454574,
      0.04000157187692821,
    ]
  `);
});

it('fills [0, 1) evenly', () => {
  const tenths = new Array<number>(10).fill(0);
  for (const number of numbers(1, 100_000)) {
    expect(number >= 0 && number < 1).toBe(true);
    const tenth = Math.floor(number * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(400);
});
