import { createServer, type Server } from 'node:net';
import { expect, test } from 'vitest';
import { protocolFolder, readSuite } from '../cli/folders.ts';
import { campaignOf, whileServing } from './campaign.testing.ts';
import type { CampaignEvent, CampaignResult } from './campaign-options.ts';
import type { Oracle } from './finding.ts';
import { modelOf } from './model.ts';
import type { Plan } from './plan.ts';

const suite = await readSuite(await protocolFolder('cpt'));
const model = modelOf(suite, []);

/** Says what a CPT server says; `admits` tells whether it serves a connection, `thinks` how long it takes for an answer. */
function server(admits: () => boolean, thinks: () => number = () => 0): Server {
  return createServer((socket) => {
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
        const answer = joins ? 'ACCEPT\n' : reads ? 'ENDSYNC\n' : 'DECLINE invalid_command\n';
        online ||= joins;
        const ms = thinks();
        if (ms > 0) setTimeout(() => socket.write(answer), ms);
        else socket.write(answer);
      }
    });
  });
}

async function campaign(
  made: Server,
  executions: number,
  corpus: readonly Plan[] = [],
): Promise<CampaignResult & { readonly events: readonly CampaignEvent[] }> {
  const events: CampaignEvent[] = [];
  const result = await whileServing(made, (target) =>
    campaignOf({
      suite,
      model,
      target,
      seed: 3,
      jobs: 2,
      until: { executions },
      oracles: new Set<Oracle>(['death', 'hang']),
      confirm: 1,
      corpus,
      tell: (event) => events.push(event),
    }),
  );
  return { ...result, events };
}

test('a target that turns away who comes too often is named, and is no finding', {
  timeout: 60_000,
}, async () => {
  let [served, turned, last] = [0, 0, 0];
  // After each forty connections it turns away who comes, until nobody has come for a while.
  const made = server(() => {
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

test('a target that takes its time where it is asked often is named', { timeout: 60_000 }, async () => {
  let [answers, last] = [0, 0];
  const made = server(
    () => true,
    () => {
      const now = performance.now();
      if (now - last > 500) answers = 0;
      [answers, last] = [answers + 1, now];
      return answers > 150 ? 40 : 0;
    },
  );
  const { limits, all } = await campaign(made, 140);
  expect(limits).toMatch(/^answers take \d+ ms instead of \d+\.\d when it is asked often$/);
  expect(all).toEqual([]);
});

test('a target that only has much to do at once limits nothing', { timeout: 60_000 }, async () => {
  let answers = 0;
  const made = server(
    () => true,
    () => {
      answers += 1;
      return answers > 60 && open() > 2 ? 40 : 0;
    },
  );
  const connections = new Set<unknown>();
  const open = (): number => connections.size;
  made.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  const { limits, executions } = await campaign(made, 70);
  expect(limits).toBeUndefined();
  expect(executions).toBe(70);
});

test('of a target that serves everybody no limit is told', { timeout: 60_000 }, async () => {
  const { limits, executions, left, allStates } = await campaign(
    server(() => true),
    60,
  );
  expect(limits).toBeUndefined();
  expect(executions).toBe(60);
  expect(left).toBe(0);
  expect(allStates).toBe(2);
});

test('a campaign goes on from the corpus of another: its shapes come first', {
  timeout: 60_000,
}, async () => {
  const first = await campaign(
    server(() => true),
    80,
  );
  const corpus = first.events.flatMap((event) => (event.event === 'corpus' ? [event.plan] : []));
  expect(corpus.length).toBeGreaterThan(5);
  const count = corpus.length + (corpus.length % 2);
  const second = await campaign(
    server(() => true),
    count,
    corpus,
  );
  const without = await campaign(
    server(() => true),
    count,
  );
  expect(second.shapes).toBeGreaterThan(without.shapes);
});
