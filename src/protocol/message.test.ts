import { describe, expect, it } from 'vitest';
import { payloadBytes, readMessage } from './message.ts';
import { protocolOf } from './protocol.testing.ts';

const encoder = new TextEncoder();

function read(
  data: Record<string, unknown>,
  payload: string | Uint8Array,
  awaits = false,
): { is: string | undefined; payload: unknown; fields: unknown; oddities: readonly string[] } {
  const bytes = typeof payload === 'string' ? encoder.encode(payload) : payload;
  const frame = { payload: bytes, raw: bytes, notes: [] };
  const message = readMessage(protocolOf(data), 'server', frame, () => awaits);
  return {
    is: message.definition?.name,
    payload: message.payload,
    fields: message.fields,
    oddities: message.oddities,
  };
}

const lines = {
  messages: {
    HELLO: { from: 'server', line: '<anything...>', awaited: true },
    OK: { from: 'server', line: ['OK', 'OK <why...>'] },
    HI: { from: 'client', line: 'HI' },
    BOTH: { from: 'both', line: 'BOTH' },
  },
};

const objects = {
  payload: 'json',
  messages: {
    pong: {
      from: 'server',
      match: { cmd: 'pong' },
      schema: { required: ['id'], properties: { id: { type: 'integer' } } },
    },
    error: { from: 'server', match: { error: { $type: 'string' } } },
    other: { from: 'server', match: { cmd: { $any: true } } },
  },
};

describe('a line', () => {
  it.each<[line: string, is: string | undefined, fields: object]>([
    ['OK', 'OK', { line: 'OK', is: 'OK' }],
    ['OK fine then', 'OK', { why: 'fine then', line: 'OK fine then', is: 'OK' }],
    ['BOTH', 'BOTH', { line: 'BOTH', is: 'BOTH' }],
    ['HI', undefined, { line: 'HI' }],
    ['ok', undefined, { line: 'ok' }],
    ['', undefined, { line: '' }],
  ])('"%s" is %s', (line, is, fields) => {
    const message = read(lines, line);
    expect(message).toMatchObject({ is, fields });
    expect(message.oddities).toEqual(is === undefined ? ['unknown-message'] : []);
  });

  it('of any text is a greeting only where one is awaited', () => {
    expect(read(lines, 'welcome here', true).is).toBe('HELLO');
    expect(read(lines, 'welcome here', false).is).toBeUndefined();
  });

  it('loses blanks at its end, or keeps them', () => {
    expect(read(lines, 'OK  ')).toMatchObject({ is: 'OK', payload: 'OK', oddities: ['trailing-blank'] });
    expect(read({ ...lines, 'trailing-blanks': 'keep' }, 'OK ')).toMatchObject({
      is: undefined,
      payload: 'OK ',
    });
  });

  it('of many blanks costs no more than their number', () => {
    const line = `OK ${' '.repeat(1_000_000)}x `;
    expect(read(lines, line)).toMatchObject({ is: 'OK', payload: line.slice(0, -1) });
  });

  it('minds the case of words unless told otherwise', () => {
    expect(read({ ...lines, 'ignore-case': true }, 'ok Fine')).toMatchObject({
      is: 'OK',
      fields: { why: 'Fine' },
    });
  });

  it('that is no text in the encoding is told with the octet', () => {
    const message = read(lines, Uint8Array.of(0x4f, 0x4b, 0xff));
    expect(message).toMatchObject({ is: undefined, payload: undefined });
    expect(message.oddities).toEqual([expect.stringMatching(/^bad-encoding: .* at octet 2$/)]);
    expect(
      read({ ...lines, encoding: 'latin-1' }, Uint8Array.of(0x4f, 0x4b, 0x20, 0xff)).fields,
    ).toMatchObject({ why: 'ÿ' });
  });
});

describe('an object', () => {
  it.each<[json: string, is: string | undefined, oddities: unknown[]]>([
    ['{"cmd": "pong", "id": 7}', 'pong', []],
    ['{"cmd": "pong", "error": "x", "id": 7}', 'pong', []],
    ['{"cmd": "ping", "error": "x"}', 'error', []],
    ['{"cmd": 1}', 'other', []],
    ['{}', undefined, ['unknown-message']],
    ['[1]', undefined, ['unknown-message']],
    ['{"cmd": "pong"}', 'pong', [expect.stringMatching(/^schema: .*'id'/)]],
    ['{"cmd": "pong", "id": "7"}', 'pong', ['schema: /id must be integer']],
    ["{'cmd': 1}", undefined, [expect.stringMatching(/^bad-json: .* at octet 1$/), 'single-quotes']],
    ['{"cmd": 1,}', undefined, [expect.stringMatching(/^bad-json/), 'trailing-comma']],
    ['{"cmd": 1, "cmd": 2}', 'other', [expect.stringMatching(/^duplicate-member/)]],
  ])('%s is %s', (json, is, oddities) => {
    const message = read(objects, json);
    expect(message.is).toBe(is);
    expect(message.oddities).toEqual(oddities);
  });
});

it('a payload that the encoding lacks cannot be sent', () => {
  expect(() => payloadBytes(protocolOf({ ...lines, encoding: 'ascii' }), 'grün')).toThrow(
    'cannot be sent in ascii',
  );
  expect(payloadBytes(protocolOf({ ...lines, encoding: 'latin-1' }), 'ü')).toEqual(Uint8Array.of(0xfc));
  expect(payloadBytes(protocolOf(objects), { a: 'ü' })).toEqual(encoder.encode('{"a":"ü"}'));
});

it('an expression of a schema cannot be frozen by what it meets', () => {
  const slow = {
    payload: 'json',
    messages: {
      m: { from: 'server', match: {}, schema: { properties: { t: { type: 'string', pattern: '^(a+)+$' } } } },
    },
  };
  expect(read(slow, JSON.stringify({ t: `${'a'.repeat(10_000)}!` })).oddities).toEqual([
    'schema: /t must match pattern "^(a+)+$"',
  ]);
});
