import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { protocolFolder, readSuite } from '../cli/folders.ts';
import { systemClock } from '../net/system-clock.ts';
import { readSource } from '../problem/source.ts';
import { clientReferenceOf } from '../reference/bundled.ts';
import { referenceClients } from '../reference/reference-clients.ts';
import { type ClientMaker, clientTargetOf } from '../run/client-target.ts';
import { holdOne } from '../run/hold-one.ts';
import { spawnedClients } from '../run/spawned-client.ts';
import type { Target } from '../run/target.ts';
import type { Case } from '../suite/case.ts';
import { loadSuite } from '../suite/load-suite.ts';
import { type CampaignWishes, campaignOf } from './campaign.testing.ts';
import type { CampaignResult } from './campaign-options.ts';
import type { Finding } from './finding.ts';
import { findingCase } from './finding-case.ts';
import { modelOf } from './model.ts';
import type { Move, Mutation, Plan } from './plan.ts';
import type { Planted } from './planted.testing.ts';

const program = fileURLToPath(new URL('../../fixtures/targets/buggy-client.mjs', import.meta.url));
const suite = await readSuite(await protocolFolder('cpt'));
const model = modelOf(suite, [], { role: 'client' });

function clients(bugs: readonly string[]): ClientMaker {
  const command = [
    `"${process.execPath}" "${program}" {host} {port} {name}`,
    ...bugs.map((bug) => `--bug ${bug}`),
  ];
  const bindings = { send: { stdin: '/send {target} {text}' }, sync: { stdin: '/sync {group} {after}' } };
  return spawnedClients(command.join(' '), bindings, {}, {}, 60_000, () => undefined);
}

function targetOf(maker: ClientMaker): Target {
  const listening = { transport: 'tcp', host: '127.0.0.1' } as const;
  return clientTargetOf(maker, listening, { segment: 'as-is', random: Math.random });
}

function campaign(target: Target, wishes: Pick<CampaignWishes, 'until' | 'corpus'>): Promise<CampaignResult> {
  return campaignOf({ suite, model, target: { target }, budget: 30, hang: 2000, role: 'client', ...wishes });
}

async function replay(finding: Finding, bugs: readonly string[]): Promise<string> {
  const source = readSource('F1.yaml', findingCase(suite.protocol, finding));
  const { cases } = loadSuite(suite.protocol, suite.requirements, [{ source, name: 'F1', role: 'server' }]);
  const [one] = cases as [Case];
  expect(one.role).toBe('client');
  const options = { clock: systemClock, facts: {}, deadline: 4000 };
  const { verdict, failures } = await holdOne(suite, one, targetOf(clients(bugs)), options);
  return verdict === 'pass' || bugs.length > 0 ? verdict : `${failures[0]?.message}`;
}

const open: Move = { do: 'open', peer: 'p1' };
const hear: Move = { do: 'hear', peer: 'p1' };
const sent = (message: string, fields: object, ...mutations: Mutation[]): Move => ({
  do: 'send',
  peer: 'p1',
  message,
  fields,
  mutations,
});
const accept = sent('ACCEPT', {});
const fields = { group: 'lobby', sender: 'bob', timestamp: '1700000000', message: 'hi' };
const spare = sent('MSG', fields);
/** From these it is known how long a client takes that is well. */
const harmless: Plan = { plan: 1, moves: [open, hear, accept] };

const planted: readonly (Pick<Planted, 'bug' | 'oracle' | 'moves'> & {
  readonly harm: readonly Move[];
})[] = [
  {
    bug: 'long-text',
    oracle: 'death',
    moves: 2,
    harm: [sent('MSG', fields, { kind: 'fill', at: '/message', text: 'x', times: 512 })],
  },
  {
    bug: 'time',
    oracle: 'death',
    moves: 2,
    harm: [sent('MSG', fields, { kind: 'replace', at: '/timestamp', value: 'NaN' })],
  },
  {
    bug: 'bare-decline',
    oracle: 'death',
    moves: 3,
    harm: [sent('DECLINE', { reason: 'no' }, { kind: 'drop', at: '/reason' })],
  },
  { bug: 'endless', oracle: 'hang', moves: 2, harm: [sent('ENDSYNC', {})] },
  { bug: 'talks', oracle: 'breach', moves: 2, harm: [spare] },
  { bug: 'many', oracle: 'growth', moves: 5, harm: [spare, spare, spare, spare] },
];

test.each(planted)('finds, confirms and minimises $bug', { timeout: 240_000 }, async (one) => {
  const plan: Plan = { plan: 1, moves: [open, hear, accept, spare, ...one.harm, spare] };
  const { all } = await campaign(targetOf(clients([one.bug])), {
    corpus: [harmless, harmless, plan],
    until: { executions: 3, findings: 1 },
  });
  const [found] = all as [Finding];
  expect(found.symptom.oracle).toBe(one.oracle);
  expect(found.confirmed).toEqual({ times: 2, of: 2 });
  const moves = found.plans.reduce((sum, { moves: left }) => sum + left.length, 0);
  expect(moves).toBeLessThanOrEqual(one.moves + 1);
  expect(await replay(found, [one.bug])).toBe('fail');
  expect(await replay(found, [])).toBe('pass');
});

test('draws what kills a client by itself', { timeout: 240_000 }, async () => {
  const { all } = await campaign(targetOf(clients(['time', 'long-text', 'bare-decline', 'endless'])), {
    until: { executions: 300, findings: 1 },
  });
  expect(all).toHaveLength(1);
});

test('a client that is well gives no finding', { timeout: 240_000 }, async () => {
  const { all, stopped } = await campaign(targetOf(clients([])), { until: { executions: 8 } });
  expect(all).toEqual([]);
  expect(stopped).toBe('executions');
});

test('the reference client gives no finding', { timeout: 240_000 }, async () => {
  const reference = await clientReferenceOf('cpt');
  const maker = referenceClients(reference as NonNullable<typeof reference>, new Set(), {}, undefined, 'cpt');
  const { all, executions } = await campaign(targetOf(maker), { until: { executions: 40 } });
  expect(all).toEqual([]);
  expect(executions).toBe(40);
});

test('nothing is held with a client that holds no valid conversation', { timeout: 240_000 }, async () => {
  const mute = spawnedClients(`"${process.execPath}" -e ""`, {}, {}, {}, 500, () => undefined);
  const { stopped, executions } = await campaign(targetOf(mute), { until: { executions: 10 } });
  expect(stopped).toBe('invalid');
  expect(executions).toBe(0);
});
