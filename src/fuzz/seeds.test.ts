import { expect, test } from 'vitest';
import { protocolFolder, readSuite } from '../cli/folders.ts';
import { protocolOf } from '../protocol/protocol.testing.ts';
import { suiteOf } from '../suite/suite.testing.ts';
import { seedsOf } from './seeds.ts';

test('CPT has samples of each request and conversations', async () => {
  const { samples, plans } = seedsOf(await readSuite(await protocolFolder('cpt')));
  expect([...samples.keys()]).toEqual(expect.arrayContaining(['CONNECT', 'SEND', 'SYNC']));
  expect(samples.get('CONNECT')).toContainEqual({ username: '${self.name}' });
  expect(plans).toContainEqual({
    plan: 1,
    moves: [
      { do: 'open', peer: 'p1' },
      { do: 'send', peer: 'p1', message: 'CONNECT', fields: { username: '${p1.name}' }, mutations: [] },
    ],
  });
  for (const list of samples.values()) {
    const texts = list.map((one) => JSON.stringify(one));
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts.join()).not.toContain('facts.');
  }
});

test('what a pattern captures is what the peer was told', () => {
  const protocol = protocolOf({
    messages: {
      HELLO: { from: 'client', line: 'HELLO' },
      TOKEN: { from: 'server', line: 'TOKEN <token>' },
      USE: { from: 'client', line: 'USE <token>' },
    },
  });
  const steps = ['a connects', { 'a >': 'HELLO' }, { 'a <': 'TOKEN <token>' }, { 'a >': 'USE ${token}' }];
  const { plans } = seedsOf(suiteOf(protocol, [{ id: 'one', proves: 'R1', peers: ['a'], steps }]));
  expect(plans[0]?.moves.at(-1)).toEqual({
    do: 'send',
    peer: 'p1',
    message: 'USE',
    fields: { token: '${p1.said.token}' },
    mutations: [],
  });
});

/** A suite that says nothing. */
const connects = [{ id: 'one', proves: 'R1', peers: ['a'], steps: ['a connects'] }];

test('without a suite the state table tells what a client is told, with what it said in it', () => {
  const protocol = protocolOf({
    identity: { name: '[a-z]{8}' },
    messages: {
      HELLO: { from: 'client', line: 'HELLO <name>' },
      SAY: { from: 'client', line: 'SAY <text...>' },
      GREETING: { from: 'server', line: 'HI <name>' },
      WELCOME: { from: 'server', line: 'WELCOME <name>' },
      SAID: { from: 'server', line: 'SAID <text...> BY <who>' },
    },
    start: 'new',
    states: {
      new: { connect: 'GREETING -> fresh' },
      fresh: { HELLO: 'WELCOME -> known' },
      known: { SAY: ['SAID', 'closed'] },
    },
  });
  const { openings } = seedsOf(suiteOf(protocol, connects), new Set(), 'client');
  const said = (message: string, fields: object) => ({
    do: 'send',
    peer: 'p1',
    message,
    fields,
    mutations: [],
  });
  const hear = { do: 'hear', peer: 'p1' };
  expect(openings[1]?.moves).toEqual([
    { do: 'open', peer: 'p1' },
    said('GREETING', { name: '${p1.name}' }),
    hear,
    said('WELCOME', { name: '${p1.said.name}' }),
    hear,
    said('SAID', { text: '${p1.said.text}', who: '1' }),
  ]);
  expect(seedsOf(suiteOf(protocol, connects)).openings).toEqual([]);
});

test('without a suite a message of JSON is what its pattern and its schema ask for, and an answer has the id', () => {
  const protocol = protocolOf({
    payload: 'json',
    correlate: 'id',
    identity: { user: '[a-z]{6}' },
    messages: {
      login: {
        from: 'client',
        match: { op: 'login' },
        schema: {
          required: ['id', 'user'],
          properties: {
            id: { type: 'integer' },
            user: { type: 'string', minLength: 1 },
            age: { type: 'number' },
          },
        },
      },
      ok: {
        from: 'server',
        match: { ok: true },
        schema: { required: ['id'], properties: { id: { type: 'integer' } } },
      },
    },
    states: { fresh: { login: 'ok' } },
  });
  const { samples } = seedsOf(suiteOf(protocol, connects));
  expect(samples.get('login')).toEqual([{ op: 'login', id: expect.any(Number), user: '${self.user}' }]);
  const { openings } = seedsOf(suiteOf(protocol, connects), new Set(), 'client');
  expect(openings[0]?.moves.at(-1)).toMatchObject({
    message: 'ok',
    fields: { ok: true, id: '${p1.said.id}' },
  });
});
