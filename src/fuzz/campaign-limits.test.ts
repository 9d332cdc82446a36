import { type AddressInfo, createServer, type Server } from 'node:net';
import { expect, test } from 'vitest';
import { protocolFolder, readSuite } from '../cli/folders.ts';
import { systemClock } from '../net/system-clock.ts';
import { addressTarget } from '../run/live-target.ts';
import { usualLimits } from '../run/plan.ts';
import { Campaign, type CampaignEvent, type CampaignResult } from './campaign.ts';
import { oracles } from './finding.ts';
import { modelOf } from './model.ts';
import type { Plan } from './plan.ts';

const suite = await readSuite(await protocolFolder('cpt'));
const model = modelOf(suite, []);

/** Says what a CPT server says; `admits` tells whether it serves a connection. */
function server(admits: () => boolean): Promise<Server> {
  const made = createServer((socket) => {
    socket.on('error', () => undefined);
    if (!admits()) {
      socket.destroy();
      return;
    }
    let online = false;
    let pending = '';
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      const lines = (pending + chunk).split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) {
        const joins = /^CONNECT [^ ]+ *$/.test(line) && !online;
        const reads = online && /^SYNC [^ ]+ \d+ *$/.test(line);
        socket.write(joins ? 'ACCEPT\n' : reads ? 'ENDSYNC\n' : 'DECLINE invalid_command\n');
        online ||= joins;
      }
    });
  });
  return new Promise((resolve) => made.listen(0, '127.0.0.1', () => resolve(made)));
}

async function campaign(
  made: Server,
  executions: number,
  corpus: readonly Plan[] = [],
): Promise<CampaignResult & { readonly events: readonly CampaignEvent[] }> {
  const { port } = made.address() as AddressInfo;
  const events: CampaignEvent[] = [];
  try {
    const target = addressTarget(
      { kind: 'tcp', host: '127.0.0.1', port },
      { segment: 'as-is', random: Math.random },
    );
    const result = await new Campaign({
      suite,
      model,
      target: { target },
      clock: systemClock,
      seed: 3,
      facts: {},
      limits: usualLimits,
      jobs: 2,
      fresh: false,
      until: { executions },
      oracles: new Set(oracles.filter((one) => one === 'death' || one === 'hang')),
      budget: 0,
      confirm: 1,
      hang: 10_000,
      corpus,
      tell: (event) => events.push(event),
    }).run();
    return { ...result, events };
  } finally {
    made.close();
  }
}

test('a target that turns away who comes too often is named, and is no finding', {
  timeout: 60_000,
}, async () => {
  let [served, turned, last] = [0, 0, 0];
  // After each forty connections it turns away who comes, until nobody has come for a while.
  const made = await server(() => {
    const gap = performance.now() - last;
    last = performance.now();
    if (served < 40) {
      served += 1;
      return true;
    }
    turned += 1;
    if (turned > 4 && gap > 90) [served, turned] = [0, 0];
    return served === 0;
  });
  const { limits, all, events } = await campaign(made, 120);
  expect(limits).toMatch(/^it serves nobody for about \d+ ms once it has been asked often$/);
  expect(all).toEqual([]);
  expect(events).toContainEqual({ event: 'note', text: `the target limits its pace: ${limits}` });
});

test('of a target that serves everybody no limit is told', { timeout: 60_000 }, async () => {
  const { limits, executions, left, allStates } = await campaign(await server(() => true), 60);
  expect(limits).toBeUndefined();
  expect(executions).toBe(60);
  expect(left).toBe(0);
  expect(allStates).toBe(2);
});

test('a campaign goes on from the corpus of another: its shapes come first', {
  timeout: 60_000,
}, async () => {
  const first = await campaign(await server(() => true), 80);
  const corpus = first.events.flatMap((event) => (event.event === 'corpus' ? [event.plan] : []));
  expect(corpus.length).toBeGreaterThan(5);
  const count = corpus.length + (corpus.length % 2);
  const second = await campaign(await server(() => true), count, corpus);
  const without = await campaign(await server(() => true), count);
  expect(second.shapes).toBeGreaterThan(without.shapes);
});
