import { expect, it } from 'vitest';
import type { Failure } from '../../events/event.ts';
import { difference } from './difference.ts';

function marksOf(failure: Partial<Failure>): string[] {
  const text = String(difference({ cause: 'mismatch', message: '', requirements: [], ...failure }));
  return [...text.matchAll(/<mark[^>]*>(.*?)<\/mark>/g)].map(([, marked]) => marked as string);
}

it.each<[string, Partial<Failure>, string[]]>([
  ['a letter', { expected: 'ACK', actual: 'ACX', differsAt: 2 }, ['K', 'X']],
  ['an escape, whole', { expected: 'A\\x1b', actual: 'A\\x1c', differsAt: 1 }, ['\\x1b', '\\x1c']],
  ['a backslash, whole', { expected: 'A\\\\', actual: 'A\\n', differsAt: 1 }, ['\\\\', '\\n']],
  ['the end of the shorter one', { expected: 'ACK', actual: 'AC', differsAt: 2 }, ['K', '␃']],
  ['what means something to HTML', { expected: '<', actual: '&', differsAt: 0 }, ['&lt;', '&amp;']],
  [
    'the member that is wrong',
    { expected: '{a: 1, code: 0}', actual: '{"a":1,"code":1}', details: ['/code: expected 0, got 1'] },
    ['0', '1'],
  ],
  ['nothing, if it is not known', { expected: 'ACK', actual: 'ACX' }, []],
  ['nothing, if there is one side only', { actual: 'ACX', differsAt: 2 }, []],
])('marks %s', (_, failure, marks) => {
  expect(marksOf(failure)).toEqual(marks);
});

it('shows nothing where neither side is known', () => {
  expect(difference({ cause: 'silent', message: '', requirements: [] })).toBeNull();
});
