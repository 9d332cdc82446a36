import { expect, it } from 'vitest';
import { regex } from './regex.ts';

it('finds and matches in whole', () => {
  expect(regex('b+').test('abbc')).toBe(true);
  expect(regex('b+').full('abbc')).toBe(false);
  expect(regex('a|ab').full('ab')).toBe(true);
  expect(regex('a.c').full('a\nc')).toBe(true);
  expect(regex('ü{2}').full('üü')).toBe(true);
});

it('takes nothing that needs to go back', () => {
  for (const source of ['(a)\\1', '(?=a)', '(?<!a)b', '(', '[z-a]']) expect(() => regex(source)).toThrow();
});

it('ends on texts that freeze expressions that go back', () => {
  const text = `${'a'.repeat(50_000)}!`;
  expect(regex('(a+)+$').full(text)).toBe(false);
  expect(regex('(a|aa)+').full(text)).toBe(false);
  expect(regex('(.*a){12}b').test(text.slice(0, 5000))).toBe(false);
});
