import { expect, test } from 'vitest';
import { Recent } from './recent.ts';

test('a full map forgets its oldest entry', () => {
  const recent = new Recent<string, number>(2).set('a', 1).set('b', 2).set('a', 3);
  expect([...recent]).toEqual([
    ['a', 3],
    ['b', 2],
  ]);
  recent.set('c', 4);
  expect([...recent.keys()]).toEqual(['b', 'c']);
});
