import { expect, test } from 'vitest';
import { Shapes } from './shapes.ts';

test('shapes are new once, and not without end', () => {
  const shapes = new Shapes();
  expect(shapes.add(['a', 'b', 'a'])).toEqual(['a', 'b']);
  expect(shapes.add(['b', 'c'])).toEqual(['c']);
  for (let index = 0; index < 60_000; index += 1) shapes.add([`${index}`]);
  expect(shapes.size).toBe(50_000);
  expect(shapes.add(['d'])).toEqual([]);
});
