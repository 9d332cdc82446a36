import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../session/random.ts';
import { freshText } from './fresh-text.ts';

describe('a fresh text', () => {
  it.each([
    '[a-z][a-z0-9]{2,15}',
    '[a-z]{8}',
    'u\\d+',
    '[A-Fa-f0-9]{4}-[0-9]?x*',
    '\\[\\]\\.',
    '[\\w.-]{3,}',
    '[\\]a]+',
    '^[a-z]{8}\\$$',
  ])('of /%s/ matches it, whatever the seed', (pattern) => {
    const whole = new RegExp(`^(?:${pattern})$`);
    fc.assert(fc.property(fc.string(), (seed) => whole.test(freshText(pattern, randomFrom(seed)))));
  });

  it('is as long as it takes never to meet another', () => {
    const random = randomFrom('names');
    const made = new Set(Array.from({ length: 10_000 }, () => freshText('[a-z][a-z0-9]{2,15}', random)));
    expect(made.size).toBe(10_000);
  });

  it.each(['(a|b)', 'a|b', 'a$b', '[^a]+', '[a-z'])('cannot be made of /%s/', (pattern) => {
    expect(() => freshText(pattern, () => 0)).toThrow('is too much for fresh names');
  });
});
