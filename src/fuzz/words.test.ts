import { expect, test } from 'vitest';
import { moveInWords, mutationInWords } from './words.ts';

test('a mutation in words', () => {
  expect(mutationInWords({ kind: 'repeat', at: '/target', times: 4096 })).toBe(
    '`target` repeated 4,096 times',
  );
  expect(mutationInWords({ kind: 'insert', at: '/username', offset: 2, text: '\n' })).toBe(
    'LF inside `username`',
  );
  expect(mutationInWords({ kind: 'announce', length: 2 ** 31 })).toBe('length says 2,147,483,648');
  expect(mutationInWords({ kind: 'drop', at: '' })).toBe('`the packet` left out');
  expect(mutationInWords({ kind: 'fill', at: '/to', text: 'x', times: 300 })).toBe('`to` is 300 times "x"');
});

test('a move in words', () => {
  expect(moveInWords({ do: 'open', peer: 'p1' })).toBe('p1 connects');
  expect(moveInWords({ do: 'octets', peer: 'p2', hex: 'ff00' })).toBe('p2 sends 2 raw octets');
  expect(
    moveInWords({
      do: 'send',
      peer: 'p1',
      message: 'SEND',
      fields: {},
      mutations: [{ kind: 'drip' }, { kind: 'again', times: 1 }],
    }),
  ).toBe('p1 sends SEND (sent octet by octet; sent 2 times)');
});
