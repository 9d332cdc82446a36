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
