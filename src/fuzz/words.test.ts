import { expect, test } from 'vitest';
import { type Mutation, rewritings } from './plan.ts';
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

test.each<[Mutation, string]>([
  [{ kind: 'double', at: '/id' }, '`id` given twice'],
  [{ kind: 'replace', at: '/id', value: -1 }, '`id` is -1'],
  [{ kind: 'add', at: '/admin', value: true }, '`admin` added: true'],
  [{ kind: 'swap', at: '/from', with: '/to' }, '`from` and `to` exchanged'],
  [{ kind: 'graft', at: '/session', from: 'signin', value: 'bob' }, '`session` is that of signin: "bob"'],
  [{ kind: 'retype', at: '/id', to: 'array' }, '`id` inside a list'],
  [{ kind: 'retype', at: '/id', to: 'string' }, '`id` as a text'],
  [{ kind: 'rename', at: '/type', to: 'Type' }, '`type` called "Type"'],
  [{ kind: 'deepen', at: '/data', times: 5000 }, '`data` 5,000 levels deep'],
  [{ kind: 'swell', at: '/list', times: 1000 }, '1,000 more items in `list`'],
  [{ kind: 'insert-octets', at: '/name', offset: 0, hex: 'c080' }, 'octets c080 inside `name`'],
  [{ kind: 'rewrite', as: 'trailing-comma' }, 'a comma behind its last member'],
  [{ kind: 'word', text: 'connect' }, 'its first word is "connect"'],
  [{ kind: 'respace', text: '\t' }, 'TAB between its words'],
  [{ kind: 'set-octets', offset: 3, hex: 'ff' }, 'octets ff at offset 3 of the frame'],
  [{ kind: 'put-octets', offset: -1, hex: '00' }, 'octets 00 put in 1 octets before the end'],
  [{ kind: 'flip', offset: 7, bit: 3 }, 'bit 3 flipped at offset 7 of the frame'],
  [{ kind: 'cut', offset: 2, length: 3 }, '3 octets cut out at offset 2'],
  [{ kind: 'stop-at', offset: 5 }, 'only its first 5 octets sent'],
  [{ kind: 'stop-at', offset: -2 }, 'the last 2 octets not sent'],
  [{ kind: 'no-end' }, 'no end of the message'],
  [{ kind: 'other-end', hex: '0d' }, 'ended by 0d'],
  [{ kind: 'split', offset: -1 }, 'cut in two 1 octets before the end'],
])('%j in words', (mutation, words) => {
  expect(mutationInWords(mutation)).toBe(words);
});

test('every way to write a JSON text has its words', () => {
  const words = rewritings.map((as) => mutationInWords({ kind: 'rewrite', as }));
  expect(new Set(words).size).toBe(rewritings.length);
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
