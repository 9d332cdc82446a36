import { expect, test } from 'vitest';
import { protocolFolder, readSuite } from '../cli/folders.ts';
import type { Protocol } from '../protocol/definition.ts';
import { protocolOf } from '../protocol/protocol.testing.ts';
import type { RawConversation } from '../suite/load-suite.ts';
import { movesOf } from './harvest.ts';
import type { Move } from './plan.ts';

const toy = protocolOf({
  payload: 'json',
  framing: 'len32be',
  identity: { name: '[a-z]{8}', group: { pattern: 'g[a-z]{8}', per: 'case' } },
  messages: {
    hello: { from: 'client', match: { do: 'hello' } },
    use: { from: 'client', match: { do: 'use' } },
    welcome: { from: 'server', match: { do: 'welcome' } },
  },
  classes: { words: { one: 'first', two: '${ada.name}s' } },
  given: {
    known: {
      with: { greeting: 'hi' },
      steps: [
        'self connects',
        { 'self >': { do: 'hello', name: '${self.name}', greeting: '${greeting}' } },
        { 'self <': { do: 'welcome', $as: 'self.reply' } },
        { that: '${self.reply}', is: { inner: { token: { $type: 'string', $as: 'self.token' } } } },
      ],
    },
    meets: { with: { whom: undefined }, steps: [{ 'self >': { do: 'use', whom: '${whom.name}' } }] },
  },
});

test.each<[string, Partial<RawConversation>, unknown]>([
  [
    'what a preamble captures, at a path inside a captured whole',
    { given: ['ada known'], steps: [{ 'ada >': { do: 'use', token: '${ada.token}' } }] },
    { do: 'use', token: '${p1.said.inner.token}' },
  ],
  [
    'what a pattern captures among alternatives and in a list',
    {
      given: ['ada known'],
      steps: [
        { 'ada <': { $either: [{ list: { $contains: [{ id: { $as: 'found' } }] } }, { code: 1 }] } },
        { 'ada >': { do: 'use', id: '${found}', text: 'x${found}y' } },
      ],
    },
    { do: 'use', id: '${p1.said.list.0.id}', text: 'x${p1.said.list.0.id}y' },
  ],
  [
    'what another peer was told',
    {
      given: ['ada known', 'bob known'],
      steps: [{ 'ada >': { do: 'use', token: '${bob.token}', to: '${bob.name}' } }],
    },
    { do: 'use', token: '${p2.said.inner.token}', to: '${p2.name}' },
  ],
  [
    'a peer that is an argument',
    { given: ['ada known', 'bob known'], steps: [{ 'ada meets': { whom: 'bob' } }] },
    { do: 'use', whom: '${p2.name}' },
  ],
  [
    'what was set, and expressions of it',
    {
      given: ['ada known'],
      steps: [
        { set: { text: '${group}-${ada.name}' } },
        { 'ada >': { do: 'use', a: '${text}', b: '${text | upper}', c: "${'x' * 3}" } },
      ],
    },
    {
      do: 'use',
      a: '${group}-${p1.name}',
      b: "${((group + '-' + p1.name) | upper)}",
      c: "${('x' * 3)}",
    },
  ],
  [
    'a value of a row that refers to a peer',
    {
      given: ['ada known'],
      rows: [{ word: '${ada.name}s' }],
      steps: [{ 'ada >': { do: 'use', word: '${word}' } }],
    },
    { do: 'use', word: '${p1.name}s' },
  ],
  [
    'an item of a loop',
    {
      given: ['ada known'],
      steps: [{ each: { in: 'words', as: 'word', steps: [{ 'ada >': { do: 'use', word: '${word}' } }] } }],
    },
    { do: 'use', word: '${p1.name}s' },
  ],
  [
    'what follows the first of several answers',
    {
      given: ['ada known'],
      steps: [
        {
          'ada < either': [
            { closed: 'any' },
            Object.fromEntries([
              ['<', { code: { $as: 'code' } }],
              ['then', [{ 'ada >': { do: 'use', code: '${code}' } }]],
            ]),
            { other: 1 },
          ],
        },
      ],
    },
    { do: 'use', code: '${p1.said.code}' },
  ],
])('fills in %s', (_, raw, fields) => {
  expect(sent(toy, raw).at(-1)).toEqual(fields);
});

test('a step that needs what only a case knows is passed over', () => {
  const steps = [
    { 'ada < all': { each: { a: 1 }, until: { b: 1 }, as: 'run' } },
    { 'ada >': { do: 'use', count: '${run | length}' } },
    { 'ada >': { do: 'use', fact: '${facts.unknown}' } },
  ];
  expect(sent(toy, { given: ['ada known'], steps })).toHaveLength(1);
});

test('a crowd has three members, and each of them does it', () => {
  const raw = {
    peers: { crowd: 20 },
    steps: ['crowd connects', { 'crowd >': { do: 'use', me: '${self.name}' } }],
  };
  expect(moves(toy, raw).filter((move) => move.do === 'open')).toHaveLength(3);
  expect(sent(toy, raw)).toEqual(['p1', 'p2', 'p3'].map((peer) => ({ do: 'use', me: `\${${peer}.name}` })));
});

test('octets, joined and cut messages, and the end of a connection', () => {
  const steps = [
    { 'ada sends': { hex: 'ff 00' } },
    {
      'ada sends': {
        messages: [
          { do: 'use', n: 1 },
          { do: 'use', n: 2 },
        ],
      },
    },
    { 'ada sends': { message: { do: 'use' }, cut: [1, -1] } },
    'ada stops reading',
    'ada half-closes',
  ];
  expect(moves(toy, { given: ['ada known'], steps }).slice(2)).toMatchObject([
    { do: 'octets', hex: 'ff00' },
    { do: 'send', fields: { n: 1 }, pipelined: true },
    { do: 'send', fields: { n: 2 } },
    {
      do: 'send',
      mutations: [
        { kind: 'split', offset: 1 },
        { kind: 'split', offset: -1 },
      ],
    },
    { do: 'stop-reading' },
    { do: 'half-close' },
  ]);
});

test('a place of a line that captures is the place of the message', async () => {
  const { protocol } = await readSuite(await protocolFolder('cpt'));
  const steps = [{ 'ada <': 'MSG ${group} <who> <when> hi' }, { 'ada >': 'SEND ${who} at ${when}' }];
  expect(sent(protocol, { given: ['ada online'], steps }).at(-1)).toEqual({
    target: '${p1.said.sender}',
    message: 'at ${p1.said.timestamp}',
  });
});

function moves(protocol: Protocol, raw: Partial<RawConversation>): Move[] {
  const whole: RawConversation = { role: 'server', peers: {}, given: [], steps: [], rows: [{}], ...raw };
  const options = { protocol, role: 'server', facts: new Set<string>(), valid: () => undefined } as const;
  return movesOf(options, whole, whole.rows[0] ?? {});
}

function sent(protocol: Protocol, raw: Partial<RawConversation>): unknown[] {
  return moves(protocol, raw).flatMap((move) => (move.do === 'send' ? [move.fields] : []));
}
