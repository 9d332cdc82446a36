import { expect, test } from 'vitest';
import { fixture } from '../run/process.testing.ts';
import type { Mutation } from './plan.ts';
import { nodeCommand, type Planted, PlantedTarget } from './planted.testing.ts';

const cpt = await PlantedTarget.of('cpt', nodeCommand('buggy-cpt.mjs'));

/** With seeds by which they are found and made small soon: each try takes a fresh process. */
const planted: readonly Planted[] = [
  { bug: 'cross-session', oracle: 'neighbour', moves: 3 },
  { bug: 'ack-declined', oracle: 'breach', moves: 2, seed: 4 },
  { bug: 'trace', oracle: 'leak', moves: 2, seed: 4 },
  { bug: 'bad-utf8', oracle: 'death', moves: 2, seed: 5 },
  { bug: 'nul', oracle: 'death', moves: 2, seed: 4 },
];

// An answer that comes late on a busy machine is another answer.
test.each(planted)('finds, confirms and minimises $bug', { timeout: 120_000, retry: 2 }, (one) =>
  cpt.proves(one),
);

test('finds nothing where nothing is planted', { timeout: 120_000 }, async () => {
  const { all, executions } = await cpt.campaign([], { until: { executions: 300 } });
  expect(all).toEqual([]);
  expect(executions).toBe(300);
});

const debatable: readonly {
  readonly what: string;
  readonly protocol: string;
  readonly server: string;
  readonly message: string;
  readonly fields: object;
  readonly mutation: Mutation;
}[] = [
  {
    what: 'a blank at the end',
    protocol: 'ws_2017',
    server: 'buggy-ws2017.mjs',
    message: 'cpong',
    fields: {},
    mutation: { kind: 'add', at: '/x', value: ' ' },
  },
  {
    what: 'JSON deeper than spar reads',
    protocol: fixture('pantry'),
    server: 'pantry/server.mjs',
    message: 'hello',
    fields: { id: 1, op: 'hello', name: 'ada', more: 1 },
    mutation: { kind: 'deepen', at: '/more', times: 1000 },
  },
];

test.each(debatable)(
  'a server may take or refuse $what',
  async ({ protocol, server, message, fields, mutation }) => {
    const target = await PlantedTarget.of(protocol, nodeCommand(server));
    const peer = 'p1';
    const { all, executions } = await target.campaign([], {
      corpus: [
        {
          plan: 1,
          moves: [
            { do: 'open', peer },
            { do: 'send', peer, message, fields, mutations: [mutation] },
          ],
        },
      ],
      until: { executions: 1 },
    });
    expect(all).toEqual([]);
    expect(executions).toBe(1);
  },
);
