import { expect, test } from 'vitest';
import { readMessage } from '../protocol/message.ts';
import { protocolOf } from '../protocol/protocol.testing.ts';
import { faultsOf } from './faults.ts';

const lines = protocolOf({
  messages: { HELLO: { from: 'client', line: ['HELLO <name>', 'I AM <name> AGED <age:[0-9]+>'] } },
});
const join = {
  from: 'client',
  match: { type: 'join' },
  schema: {
    type: 'object',
    required: ['type', 'rooms'],
    properties: { rooms: { type: 'array', items: { type: 'string' } } },
  },
};
const objects = protocolOf({ framing: 'lf', payload: 'json', messages: { join } });

test.each<[string, readonly string[]]>([
  ['HELLO ', ['no <name>']],
  ['HELLO ann bob', ['more after its end']],
  ['HELLO ann ', ['trailing-blank']],
  ['HELLO', ['an early end']],
  ['I AM ann', ['an early end']],
  ['I AM ann AGED x', ['no <age>']],
  ['I AM bob AGED 1y', ['no <age>']],
  ['HOLA ann', ['other words']],
  ['HELLO an\u00ff', ['bad-encoding']],
])('of the line %j it is %j', (text, faults) => {
  const payload = Buffer.from(text, 'latin1');
  const frame = { payload, raw: payload, notes: [] };
  const message = readMessage(lines, 'client', frame, () => true);
  expect(faultsOf(message, lines.messages.get('HELLO'))).toEqual(faults);
});

test.each<[string, readonly string[]]>([
  ['{"type":"join","rooms":["a",1,"b"]}', ['/rooms/* must be string']],
  ['{"type":"join","rooms":[1]}', ['/rooms/* must be string']],
  ['{"type":"join"}', ["/ must have required property 'rooms'"]],
  ['{"type":"leave"}', ['unknown-message']],
  ['{"type":"join","type":"join","rooms":[]}', ['duplicate-member']],
  ['{"type":', ['bad-json', 'cut-off']],
])('of the value %s it is %j', (text, faults) => {
  const payload = Buffer.from(text);
  const frame = { payload, raw: payload, notes: [] };
  const message = readMessage(objects, 'client', frame, () => true);
  expect(faultsOf(message, objects.messages.get('join'))).toEqual(faults);
});
