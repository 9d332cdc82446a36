import { expect, test } from 'vitest';
import { protocolOf } from '../protocol/protocol.testing.ts';
import { besideValid } from './beside-valid.ts';
import type { Mutation } from './plan.ts';

const protocol = protocolOf({
  identity: { name: '[a-z]{8}' },
  messages: { HELLO: { from: 'client', line: 'HELLO <name>' } },
});

test.each<[Mutation, string]>([
  [{ kind: 'insert', at: '/name', offset: 99, text: '{' }, 'HELLO ${p1.name}{\\n'],
  [{ kind: 'drop', at: '/name' }, 'HELLO\\n'],
  [{ kind: 'set-octets', offset: -3, hex: 'c0' }, 'HELLO xxxxxx\\xc0x\\n'],
  [{ kind: 'cut', offset: 7, length: 2 }, 'HELLO xxxxxx\\n'],
])('%j is shown as %s', (mutation, sent) => {
  const fields = { name: '$' + '{p1.name}' };
  const move = { do: 'send', peer: 'p1', message: 'HELLO', fields, mutations: [mutation] } as const;
  const beside = besideValid(protocol, move);
  expect(beside?.sent).toBe(sent);
  expect(beside?.valid).toBe(sent.includes('xx') ? 'HELLO xxxxxxxx\\n' : 'HELLO ${p1.name}\\n');
});
