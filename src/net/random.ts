import { randomInt } from 'node:crypto';

const SEEDS = 2 ** 31;

/** A seed that nobody chose: a whole number from 0 to 2³¹ − 1, short enough to be typed again. */
export function freshSeed(): number {
  return randomInt(SEEDS);
}
