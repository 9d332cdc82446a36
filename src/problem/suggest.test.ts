import { expect, it } from 'vitest';
import { didYouMean, nearest } from './suggest.ts';

it.each([
  ['setps', ['steps', 'sets'], 'steps'],
  ['framign', ['framing', 'port'], 'framing'],
  ['Title', ['title'], 'title'],
  ['ab', ['ba'], 'ba'],
  ['x', ['y', 'z'], 'y'],
  ['alpha', ['omega', 'delta'], undefined],
  ['', ['abc'], undefined],
])('"%s" out of %j is %s', (word, known, meant) => {
  expect(nearest(word, known)).toBe(meant);
});

it('tells what is known where nothing is near', () => {
  expect(didYouMean('speling', ['spelling', 'x'])).toBe('Did you mean "spelling"?');
  expect(didYouMean('abcdef', ['one', 'two'])).toBe('Known: one, two.');
  expect(didYouMean('abcdef', [])).toBe('');
  const many = Array.from({ length: 20 }, (_, index) => `word-${index}`);
  expect(didYouMean('quite other', many)).toMatch(/^Known: word-0, .*, word-11, …\.$/);
});
