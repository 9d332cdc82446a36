import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Protocol } from '../protocol/definition.ts';
import { protocolOf } from '../protocol/protocol.testing.ts';
import { makePacket } from './packet.ts';
import type { Mutation } from './plan.ts';

const say = { from: 'client', line: 'SAY <to> <text...>' };
const line = protocolOf({ messages: { SAY: say } });
const crlf = protocolOf({ framing: 'crlf', messages: { SAY: say } });
const len32 = protocolOf({ framing: 'len32be', messages: { SAY: say } });
const http = protocolOf({
  framing: 'content-length',
  payload: 'json',
  messages: { say: { from: 'client', match: { type: 'say' } } },
});
const json = protocolOf({
  transport: 'ws',
  framing: 'message',
  payload: 'json',
  messages: { say: { from: 'client', match: { type: 'say' } } },
});
const fields = { to: 'bob', text: 'hi you' };
const object = { type: 'say', text: 'hi', list: [1, 2], deep: { at: 'x' } };

describe('a packet of a line protocol', () => {
  test.each<[string, Mutation[], string]>([
    ['valid', [], 'SAY bob hi you\n'],
    ['drop', [{ kind: 'drop', at: '/to' }], 'SAY hi you\n'],
    ['replace', [{ kind: 'replace', at: '/to', value: '*' }], 'SAY * hi you\n'],
    ['add', [{ kind: 'add', at: '/x', value: 'more' }], 'SAY bob hi you more\n'],
    ['swap', [{ kind: 'swap', at: '/to', with: '/text' }], 'SAY hi you bob\n'],
    ['repeat', [{ kind: 'repeat', at: '/to', times: 3 }], 'SAY bobbobbob hi you\n'],
    ['fill', [{ kind: 'fill', at: '/to', text: 'x', times: 4 }], 'SAY xxxx hi you\n'],
    ['insert', [{ kind: 'insert', at: '/to', offset: 1, text: '\n' }], 'SAY b\nob hi you\n'],
    ['insert at the end', [{ kind: 'insert', at: '/to', offset: -1, text: '!' }], 'SAY bob! hi you\n'],
    [
      'insert-octets',
      [{ kind: 'insert-octets', at: '/to', offset: 1, hex: 'ff00' }],
      'SAY b\xff\0ob hi you\n',
    ],
    ['deepen', [{ kind: 'deepen', at: '/to', times: 2 }], 'SAY [["bob"]] hi you\n'],
    ['set-octets', [{ kind: 'set-octets', offset: 1, hex: '2a2a' }], 'S** bob hi you\n'],
    ['cut', [{ kind: 'cut', offset: 0, length: 4 }], 'bob hi you\n'],
    ['no-end', [{ kind: 'no-end' }], 'SAY bob hi you'],
    ['other-end', [{ kind: 'other-end', hex: '0d' }], 'SAY bob hi you\r'],
    ['again', [{ kind: 'again', times: 1 }], 'SAY bob hi you\nSAY bob hi you\n'],
    ['announce', [{ kind: 'announce', length: 5 }], 'SAY bob hi you\n'],
    ['graft', [{ kind: 'graft', at: '/to', from: 'LOGIN', value: 'pw' }], 'SAY pw hi you\n'],
    ['swell', [{ kind: 'swell', at: '/to', times: 2 }], 'SAY bob x x hi you\n'],
    ['word', [{ kind: 'word', text: 'say' }], 'say bob hi you\n'],
    ['respace', [{ kind: 'respace', text: '\t' }], 'SAY\tbob\thi\tyou\n'],
    ['set-octets from the end', [{ kind: 'set-octets', offset: -2, hex: '2a' }], 'SAY bob hi yo*\n'],
    ['put-octets', [{ kind: 'put-octets', offset: 4, hex: 'ff' }], 'SAY \xffbob hi you\n'],
    ['flip', [{ kind: 'flip', offset: 0, bit: 5 }], 'sAY bob hi you\n'],
    ['stop-at', [{ kind: 'stop-at', offset: 5 }], 'SAY b'],
    ['stop-at from the end', [{ kind: 'stop-at', offset: -3 }], 'SAY bob hi y'],
    ['rewrite, which is for JSON', [{ kind: 'rewrite', as: 'nan' }], 'SAY bob hi you\n'],
    ['what is not there', [{ kind: 'drop', at: '/none' }], 'SAY bob hi you\n'],
  ])('%s', (_, mutations, octets) => {
    expect(sent(line, 'SAY', fields, mutations)).toBe(octets);
  });

  test('a member given twice', () => {
    expect(sent(line, 'SAY', fields, [{ kind: 'double', at: '/to' }])).toBe('SAY bob bob hi you\n');
  });

  test('an end of two octets goes as one', () => {
    expect(sent(crlf, 'SAY', fields, [{ kind: 'no-end' }])).toBe('SAY bob hi you');
  });

  test('pieces', () => {
    expect(pieces(line, [{ kind: 'split', offset: 3 }])).toEqual(['SAY', ' bob hi you\n']);
    expect(pieces(line, [{ kind: 'split', offset: -1 }])).toEqual(['SAY bob hi you', '\n']);
    expect(pieces(line, [{ kind: 'split', offset: 99 }])).toEqual(['SAY bob hi you\n']);
    expect(pieces(line, [{ kind: 'drip' }])).toEqual([...'SAY bob hi you\n']);
  });
});

describe('a packet with a length', () => {
  test.each<[string, Protocol, Mutation[], string]>([
    ['valid', len32, [], '\0\0\0\x0eSAY bob hi you'],
    ['announce', len32, [{ kind: 'announce', length: 2 ** 31 }], '\x80\0\0\0SAY bob hi you'],
    ['no-end', len32, [{ kind: 'no-end' }], '\0\0\0\x0eSAY bob hi yo'],
    ['other-end', len32, [{ kind: 'other-end', hex: '0a' }], '\0\0\0\x0eSAY bob hi you'],
    [
      'longer text',
      len32,
      [{ kind: 'fill', at: '/to', text: 'x', times: 300 }],
      `\0\0\x01\x37SAY ${'x'.repeat(300)} hi you`,
    ],
  ])('%s', (_, protocol, mutations, octets) => {
    expect(sent(protocol, 'SAY', fields, mutations)).toBe(octets);
  });

  test('a header that lies', () => {
    expect(sent(http, 'say', { type: 'say' }, [{ kind: 'announce', length: 7 }])).toBe(
      'Content-Length: 7\r\n\r\n{"type":"say"}',
    );
  });
});

describe('a packet of JSON', () => {
  test.each<[string, Mutation[], string]>([
    ['valid', [], JSON.stringify(object)],
    ['drop', [{ kind: 'drop', at: '/deep/at' }], JSON.stringify({ ...object, deep: {} })],
    ['drop of an item', [{ kind: 'drop', at: '/list/0' }], JSON.stringify({ ...object, list: [2] })],
    [
      'double',
      [{ kind: 'double', at: '/text' }],
      '{"type":"say","text":"hi","text":"hi","list":[1,2],"deep":{"at":"x"}}',
    ],
    ['double a list', [{ kind: 'double', at: '/list' }], JSON.stringify({ ...object, list: [1, 2, 1, 2] })],
    ['replace', [{ kind: 'replace', at: '/text', value: null }], JSON.stringify({ ...object, text: null })],
    ['deepen', [{ kind: 'deepen', at: '/text', times: 3 }], JSON.stringify({ ...object, text: [[['hi']]] })],
    [
      'insert',
      [{ kind: 'insert', at: '/text', offset: 1, text: '\0' }],
      JSON.stringify({ ...object, text: 'h\0i' }),
    ],
    [
      'insert-octets',
      [{ kind: 'insert-octets', at: '/text', offset: 1, hex: 'eda080' }],
      JSON.stringify({ ...object, text: 'h\xed\xa0\x80i' }),
    ],
  ])('%s', (_, mutations, octets) => {
    expect(sent(json, 'say', object, mutations)).toBe(octets);
  });
});

describe('any mutations', () => {
  const at = fc.constantFrom('/to', '/text', '/list', '/list/0', '/deep/at', '/none', '', '/__proto__');
  const offset = fc.integer({ min: -20, max: 40 });
  const hex = fc.uint8Array({ maxLength: 4 }).map((octets) => Buffer.from(octets).toString('hex'));
  const times = fc.nat(20);
  const mutation = fc.oneof<fc.Arbitrary<Mutation>[]>(
    fc.record({ kind: fc.constantFrom('drop', 'double'), at }),
    fc.record({ kind: fc.constantFrom('replace', 'add'), at, value: fc.jsonValue() }),
    fc.record({ kind: fc.constant('swap'), at, with: at }),
    fc.record({ kind: fc.constantFrom('deepen', 'repeat'), at, times }),
    fc.record({ kind: fc.constant('fill'), at, text: fc.string(), times }),
    fc.record({ kind: fc.constant('insert'), at, offset, text: fc.string() }),
    fc.record({ kind: fc.constant('insert-octets'), at, offset, hex }),
    fc.record({ kind: fc.constant('set-octets'), offset: fc.nat(40), hex }),
    fc.record({ kind: fc.constant('cut'), offset: fc.nat(40), length: times }),
    fc.record({ kind: fc.constant('announce'), length: fc.nat() }),
    fc.record({ kind: fc.constantFrom('no-end', 'drip') }),
    fc.record({ kind: fc.constant('other-end'), hex }),
    fc.record({ kind: fc.constant('split'), offset }),
    fc.record({ kind: fc.constant('again'), times }),
  );
  const protocols = [line, crlf, len32, http, json];

  test('give the same octets each time, and no marker of ours', () => {
    fc.assert(
      fc.property(fc.nat(protocols.length - 1), fc.array(mutation, { maxLength: 5 }), (index, mutations) => {
        const protocol = protocols[index] as Protocol;
        const all = { ...fields, ...object };
        const name = protocol.payload === 'json' ? 'say' : 'SAY';
        const octets = sent(protocol, name, all, mutations);
        expect(sent(protocol, name, all, mutations)).toBe(octets);
        expect(Buffer.from(octets, 'latin1').includes('\uE000')).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

test('packets that are made larger again and again stay within bounds', () => {
  const times = 65_536;
  const larger: Mutation[] = [
    { kind: 'fill', at: '/text', text: 'x', times },
    { kind: 'repeat', at: '/text', times },
    { kind: 'repeat', at: '/text', times },
    { kind: 'again', times: 6 },
  ];
  expect(sent(line, 'SAY', fields, larger).length).toBeLessThan(2 ** 26);
});

test('a deep value is repeated within bounds', () => {
  const mutations: Mutation[] = [
    { kind: 'deepen', at: '/text', times: 5000 },
    { kind: 'repeat', at: '/text', times: 65_537 },
  ];
  expect(sent(json, 'say', object, mutations).length).toBeLessThan(1 << 24);
});

test.each(['swell', 'repeat'] as const)('long items are added to a list within bounds: %s', (kind) => {
  const definition = json.messages.get('say');
  const long = { type: 'say', list: ['x'.repeat(100_000)] };
  const { pieces: made } = makePacket(json, definition, long, [{ kind, at: '/list', times: 20_000 }]);
  const size = made.reduce((sum, { length }) => sum + length, 0);
  expect(size).toBeGreaterThan(1 << 22);
  expect(size).toBeLessThan(1 << 23);
});

function pieces(protocol: Protocol, mutations: readonly Mutation[]): string[] {
  const packet = makePacket(protocol, protocol.messages.get('SAY'), fields, mutations);
  return packet.pieces.map((piece) => Buffer.from(piece).toString('latin1'));
}

/** The octets of a packet, each a character. */
function sent(protocol: Protocol, name: string, values: object, mutations: readonly Mutation[]): string {
  const packet = makePacket(protocol, protocol.messages.get(name), values, mutations);
  return Buffer.concat(packet.pieces).toString('latin1');
}

describe('a JSON packet', () => {
  test.each<[Mutation, string]>([
    [{ kind: 'retype', at: '/n', to: 'string' }, '{"n":"1","o":{"x":"y"}}'],
    [{ kind: 'retype', at: '/o/x', to: 'number' }, '{"n":1,"o":{"x":7}}'],
    [{ kind: 'retype', at: '/n', to: 'boolean' }, '{"n":true,"o":{"x":"y"}}'],
    [{ kind: 'retype', at: '/n', to: 'null' }, '{"n":null,"o":{"x":"y"}}'],
    [{ kind: 'retype', at: '/n', to: 'array' }, '{"n":[1],"o":{"x":"y"}}'],
    [{ kind: 'retype', at: '/n', to: 'object' }, '{"n":{"value":1},"o":{"x":"y"}}'],
    [{ kind: 'rename', at: '/o/x', to: 'X' }, '{"n":1,"o":{"X":"y"}}'],
    [{ kind: 'rename', at: '/n', to: '__proto__' }, '{"__proto__":1,"o":{"x":"y"}}'],
    [{ kind: 'swell', at: '/o', times: 2 }, '{"n":1,"o":{"x":"y","x0":0,"x1":1}}'],
    [{ kind: 'rewrite', as: 'trailing-comma' }, '{"n":1,"o":{"x":"y"},}'],
    [{ kind: 'rewrite', as: 'comment' }, '/* x */{"n":1,"o":{"x":"y"}}// x'],
    [{ kind: 'rewrite', as: 'single-quotes' }, "{'n':1,'o':{'x':'y'}}"],
    [{ kind: 'rewrite', as: 'nan' }, '{"n":1,"o":{"x":"y"},"x":NaN}'],
    [{ kind: 'rewrite', as: 'byte-order-mark' }, '\xef\xbb\xbf{"n":1,"o":{"x":"y"}}'],
    [{ kind: 'rewrite', as: 'in-a-list' }, '[{"n":1,"o":{"x":"y"}}]'],
    [{ kind: 'rewrite', as: 'followed-by-another' }, '{"n":1,"o":{"x":"y"}}{"n":1,"o":{"x":"y"}}'],
    [{ kind: 'rewrite', as: 'unclosed' }, '{"n":1,"o":{"x":"y"}'],
    [{ kind: 'rewrite', as: 'blank-lines' }, '\n\n \t{"n":1,"o":{"x":"y"}}\n\n'],
  ])('%j', (mutation, octets) => {
    expect(sent(json, 'say', { n: 1, o: { x: 'y' } }, [mutation])).toBe(octets);
  });

  test('in UTF-16', () => {
    expect(sent(json, 'say', {}, [{ kind: 'rewrite', as: 'utf-16' }])).toBe('{\0}\0');
  });
});
