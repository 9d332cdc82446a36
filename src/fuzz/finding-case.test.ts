import { expect, test } from 'vitest';
import { protocolFolder, readSuite } from '../cli/folders.ts';
import { systemClock } from '../net/system-clock.ts';
import { readSource } from '../problem/source.ts';
import type { Protocol } from '../protocol/definition.ts';
import { protocolOf } from '../protocol/protocol.testing.ts';
import { holdOne } from '../run/hold-one.ts';
import type { Target } from '../run/target.ts';
import { memoryLinks } from '../session/memory-link.ts';
import type { Case } from '../suite/case.ts';
import { loadSuite, type Suite } from '../suite/load-suite.ts';
import { suiteOf } from '../suite/suite.testing.ts';
import { findingCase } from './finding-case.ts';
import { plansFrom } from './generate.ts';
import { modelOf } from './model.ts';
import { makePacket } from './packet.ts';
import type { Move, Mutation, Plan } from './plan.ts';

test('every plan can be written as a suite', async () => {
  for (const name of ['cpt', 'ws_2017', 'chat-network']) {
    const suite = await readSuite(await protocolFolder(name));
    const model = modelOf(suite, []);
    expect(written(suite, plansFrom(model, model.plans, 9, 12)).cases).toHaveLength(1);
  }
});

const line = protocolOf({ messages: { SAY: { from: 'client', line: 'SAY <to> <text...>' } } });
const len32 = protocolOf({
  framing: 'len32be',
  messages: { SAY: { from: 'client', line: 'SAY <to> <text...>' } },
});
const fields = { to: 'bob', text: 'a b' };

const mutations: readonly (readonly Mutation[])[] = [
  [],
  [{ kind: 'drop', at: '/to' }],
  [{ kind: 'fill', at: '/to', text: 'x', times: 400 }],
  [{ kind: 'insert', at: '/to', offset: 1, text: '\n' }],
  [{ kind: 'insert', at: '/to', offset: 1, text: '\0' }],
  [{ kind: 'insert-octets', at: '/to', offset: 1, hex: 'ff80' }],
  [{ kind: 'replace', at: '/to', value: '${x}' }],
  [{ kind: 'announce', length: 2 ** 31 }],
  [{ kind: 'no-end' }],
  [{ kind: 'other-end', hex: '0d' }],
  [{ kind: 'split', offset: 3 }],
  [{ kind: 'drip' }],
  [{ kind: 'again', times: 3 }],
];

test.each([
  ['a line protocol', line],
  ['a protocol with lengths', len32],
])('the case sends the octets of the plan: %s', async (_, protocol) => {
  const suite = suiteOf(protocol, [{ id: 'any', proves: 'R1' }]);
  await Promise.all(
    mutations.map(async (list) => {
      const plan: Plan = {
        plan: 1,
        moves: [
          { do: 'open', peer: 'p1' },
          { do: 'send', peer: 'p1', message: 'SAY', fields: fields, mutations: list },
        ],
      };
      expect(await octetsOf(suite, plan), JSON.stringify(list)).toBe(packetOf(protocol, list));
    }),
  );
});

const named = protocolOf({
  identity: { name: '[a-z]{8}' },
  messages: { SAY: { from: 'client', line: 'SAY <to> <text...>' } },
});

test.each<[string, Mutation, RegExp]>([
  ['behind a name', { kind: 'set-octets', offset: 13, hex: 'ff' }, /^SAY [a-z]{8} \xff b\n$/],
  ['put behind a name', { kind: 'put-octets', offset: 13, hex: 'ff' }, /^SAY [a-z]{8} \xffa b\n$/],
  ['within a name', { kind: 'set-octets', offset: 5, hex: 'ff' }, /^SAY x\xffx{6} a b\n$/],
  ['from the end', { kind: 'flip', offset: -2, bit: 0 }, /^SAY [a-z]{8} a c\n$/],
])('octets are counted as if names stood there: %s', async (_, mutation, octets) => {
  const suite = suiteOf(named, [{ id: 'any', proves: 'R1' }]);
  const plan: Plan = {
    plan: 1,
    moves: [
      { do: 'open', peer: 'p1' },
      {
        do: 'send',
        peer: 'p1',
        message: 'SAY',
        fields: { to: '${p2.name}', text: 'a b' },
        mutations: [mutation],
      },
    ],
  };
  expect(await octetsOf(suite, plan)).toMatch(octets);
});

test('the case logs in where the campaign did so to see that a hostile packet was read', async () => {
  const suite = await readSuite(await protocolFolder('cpt'));
  const said = (...mutated: readonly Mutation[]): Move => ({
    do: 'send',
    peer: 'p1',
    message: 'SEND',
    fields: { target: 'bob', message: 'hi' },
    mutations: mutated,
  });
  const open: Move = { do: 'open', peer: 'p1' };
  const hostile = said({ kind: 'fill', at: '/target', text: 'x', times: 3 });
  const octets = await octetsOf(suite, { plan: 1, moves: [open, hostile, hostile, said()] });
  expect(octets).toMatch(/^SEND xxx hi\nCONNECT \w+\nSEND xxx hi\nSEND bob hi\n/);
});

test.each<[string, readonly Mutation[]]>([
  ['as it is', []],
  ['mutated', [{ kind: 'double', at: '/to' }]],
])('what only looks like a reference is sent as it looks: %s', async (_, list) => {
  const move: Move = {
    do: 'send',
    peer: 'p1',
    message: 'SAY',
    fields: { to: 'bob', text: '$${x} b' },
    mutations: list,
  };
  const suite = suiteOf(line, [{ id: 'any', proves: 'R1' }]);
  expect(await octetsOf(suite, { plan: 1, moves: [{ do: 'open', peer: 'p1' }, move] })).toMatch(
    / \$\{x\} b\n$/,
  );
});

test('what goes out without waiting is one write', async () => {
  const suite = suiteOf(line, [{ id: 'any', proves: 'R1' }]);
  const send = (mutations: readonly Mutation[], more: object): Move => ({
    do: 'send',
    peer: 'p1',
    message: 'SAY',
    fields,
    mutations,
    ...more,
  });
  const moves: Move[] = [
    { do: 'open', peer: 'p1' },
    send([], { pipelined: true }),
    send([{ kind: 'drop', at: '/to' }], { pipelined: true }),
    send([], {}),
  ];
  const text = findingCase(line, { ...finding, plans: [{ plan: 1, moves }] });
  expect(text.match(/p1 sends:/g)).toHaveLength(1);
  expect(await octetsOf(suite, { plan: 1, moves })).toBe('SAY bob a b\nSAY a b\nSAY bob a b\n');
});

test('a finding tells what was sent, heard and printed, and nothing in it breaks a line', async () => {
  const moves: Move[] = [
    { do: 'open', peer: 'p1' },
    {
      do: 'send',
      peer: 'p1',
      message: 'SAY',
      fields,
      mutations: [{ kind: 'insert', at: '/to', offset: 2, text: '\n' }],
    },
  ];
  const text = findingCase(line, {
    ...finding,
    plans: [{ plan: 1, moves }],
    free: [
      { plan: 0, move: 1, part: '/text', instead: 'other' },
      { plan: 0, move: 1, part: 'mutations/0/offset', instead: 3 },
    ],
    transcript: [
      { at: 0, peer: 'p1', what: 'connect', text: '' },
      { at: 1, peer: 'p1', what: 'send', text: 'SAY bo\\nb a b\\n', size: 13, message: 'SAY' },
      { at: 2, peer: 'p1', what: 'receive', text: 'x'.repeat(300) },
      { at: 3, peer: 'p1', what: 'reset', text: '' },
    ],
    output: 'starting\n\u001b[31mpanic\u0000 at line 1\n\n',
  });
  await expect(text).toMatchFileSnapshot('../../fixtures/golden/fuzz/finding.yaml');
});

const login = protocolOf({
  payload: 'json',
  identity: { name: '[a-z]{8}', password: '[a-z]{10}' },
  messages: {
    login: { from: 'client', match: { op: 'login' } },
    no: { from: 'server', match: { ok: false } },
  },
});

test.each([
  ['leak: password in no', (asked: { password: string }) => `wrong password: ${asked.password}`, 'fail'],
  ['leak: password in no', () => 'wrong password', 'pass'],
  ['leak: reply no', () => 'at login (/srv/login.js:3:14)', 'fail'],
  ['leak: reply no', () => 'wrong password', 'pass'],
] as const)('a case tells of JSON that shows what it should not: %s, %s', async (bucket, why, verdict) => {
  const fields = { op: 'login', user: '${p1.name}', password: '${p1.password}' };
  const moves: Move[] = [
    { do: 'open', peer: 'p1' },
    { do: 'send', peer: 'p1', message: 'login', fields, mutations: [] },
  ];
  const symptom = { oracle: 'leak', bucket, message: 'a leak' } as const;
  const text = findingCase(login, { ...finding, symptom, plans: [{ plan: 1, moves }] });
  const suite = suiteOf(login, [{ id: 'any', proves: 'R1' }]);
  const { cases } = loadSuite(login, suite.requirements, [
    { source: readSource('F1.yaml', text), name: 'F1', role: 'server' },
  ]);
  const target = answering((line) => `${JSON.stringify({ ok: false, more: [why(JSON.parse(line))] })}\n`);
  const options = { clock: systemClock, facts: {}, deadline: 1000 };
  expect((await holdOne(suite, cases[0] as Case, target, options)).verdict, text).toBe(verdict);
});

const finding = {
  id: 'F1',
  symptom: { oracle: 'death', bucket: 'death: exited', message: 'the target exited' },
  confirmed: { times: 3, of: 3 },
  spent: 1,
  transcript: [],
  output: '',
  hits: 1,
} as const;

function packetOf(protocol: Protocol, list: readonly Mutation[]): string {
  const packet = makePacket(protocol, protocol.messages.get('SAY'), fields, list);
  return Buffer.concat(packet.pieces).toString('latin1');
}

/** What a target hears when the case of a plan is held. */
async function octetsOf(suite: Suite, plan: Plan): Promise<string> {
  let heard = '';
  const target = answering((octets) => {
    heard += octets;
    return '';
  });
  const [one] = written(suite, [plan]).cases;
  if (!one) throw new Error('no case was written');
  await holdOne(suite, one, target, { clock: systemClock, facts: {}, deadline: 1000 });
  return heard;
}

/** Answers each piece that comes in. */
function answering(answer: (octets: string) => string): Target {
  return {
    kind: 'address',
    label: 'a listener',
    deaths: 0,
    open: async (_peer, _options, sink) => {
      const [ours, theirs] = memoryLinks();
      ours.attach(sink);
      theirs.attach({
        data: (octets) => {
          const said = answer(Buffer.from(octets).toString('latin1'));
          if (said !== '') theirs.write(Buffer.from(said));
        },
        ended: () => undefined,
      });
      return ours;
    },
    revive: async () => false,
  };
}

function written({ protocol, requirements }: Suite, plans: readonly Plan[]): Suite {
  const text = findingCase(protocol, { ...finding, plans });
  const source = readSource('F1.yaml', text);
  return loadSuite(protocol, requirements, [{ source, name: 'F1', role: 'server' }]);
}
