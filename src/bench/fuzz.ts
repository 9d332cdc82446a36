import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { protocolFolder, readSuite } from '../cli/folders.ts';
import { Campaign } from '../fuzz/campaign.ts';
import type { CampaignResult } from '../fuzz/campaign-options.ts';
import { execute } from '../fuzz/execute.ts';
import { type Finding, oracles } from '../fuzz/finding.ts';
import { findingCase } from '../fuzz/finding-case.ts';
import { fuzzLimits } from '../fuzz/fuzz-limits.ts';
import { minimise } from '../fuzz/minimise.ts';
import { modelOf } from '../fuzz/model.ts';
import type { Move, Plan } from '../fuzz/plan.ts';
import { spendMemory } from '../net/spare-memory.ts';
import { systemClock } from '../net/system-clock.ts';
import { readSource } from '../problem/source.ts';
import { holdOne } from '../run/hold-one.ts';
import { addressTarget, type SpawnedTarget, spawnedTarget, type Wiring } from '../run/live-target.ts';
import type { Target } from '../run/target.ts';
import { randomFrom } from '../session/random.ts';
import type { World } from '../session/world.ts';
import type { Case } from '../suite/case.ts';
import { loadSuite } from '../suite/load-suite.ts';
import { bareLoop } from './bare-loop.ts';
import { serve } from './children.ts';
import { type Operation, recording } from './recorded.ts';
import { median, type Row, row } from './row.ts';

const wiring: Wiring = { segment: 'as-is', random: randomFrom(1) };
const jobs = 8;
const suite = await readSuite(await protocolFolder('cpt'));
const model = modelOf(suite, []);
const limits = fuzzLimits;

/** What fuzzing costs, by the name of the part. */
export function fuzzing(short: boolean): Readonly<Record<string, () => Promise<readonly Row[]>>> {
  return {
    fuzz: async () => [await conversations(short ? 500 : 5000, short ? 1 : 3)],
    'fuzz-fresh': () => freshProcesses(short ? 50 : 400),
    'fuzz-small': async () => [await minimising()],
    'fuzz-depth': async () => [await depth(short ? 3 : 20)],
    'fuzz-replay': async () => [await replays()],
    'fuzz-memory': async () => [await flatMemory(short ? 2000 : 80_000)],
  };
}

/** Valid conversations of one peer, every reply parsed and judged, beside bare sockets with the same octets. */
async function conversations(count: number, rounds: number): Promise<Row> {
  // As spar fuzz does.
  spendMemory();
  const plan = model.openings.at(-1) as Plan;
  const plain: Move = {
    do: 'send',
    peer: 'p1',
    message: 'SEND',
    fields: { target: '$' + '{group}', message: 'hello' },
    mutations: [],
  };
  const whole: Plan = { plan: 1, moves: [...plan.moves, plain] };
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const recorded = await onServer(async (target) => {
      const all: Operation[][] = [];
      for (let index = 0; index < count; index += 1) {
        const operations: Operation[] = [];
        await execute(worldOf(recording(target, operations), round), rules, whole, `${index}`);
        all.push(operations);
      }
      return all;
    });
    const other = await serve('cpt');
    bare.push((1000 * count) / (await bareLoop(recorded, other.address, jobs)));
    await other.stop();
    ours.push(
      await onServer(async (target) => {
        const world = worldOf(target, round + 1000);
        let next = 0;
        const worker = async (): Promise<void> => {
          while (next < count) {
            next += 1;
            const { symptoms } = await execute(world, rules, whole, `${next}`);
            if (symptoms[0]) throw new Error(symptoms[0].message);
          }
        };
        const began = performance.now();
        await Promise.all(Array.from({ length: jobs }, worker));
        return (1000 * count) / (performance.now() - began);
      }),
    );
  }
  return row({
    name: `fuzz cpt: conversations per second, ${count}`,
    unit: 'conv/s',
    spar: ours,
    beside: bare,
    besideName: 'bare sockets',
    wanted: 'at least 0.5',
  });
}

const rules = { hang: 5000, warnings: new Set<string>() };

function worldOf(target: Target, seed: number): World {
  return {
    protocol: suite.protocol,
    preambles: suite.preambles.server,
    role: 'server',
    clock: systemClock,
    facts: {},
    seed,
    limits,
    quiet: 50,
    open: (peer, wishes, sink) => target.open(peer, wishes, sink),
    random: (name) => randomFrom(`${seed}/${name}`),
    deadline: () => 5000,
    answered: () => undefined,
  };
}

async function onServer<T>(act: (target: Target) => Promise<T>): Promise<T> {
  const server = await serve('cpt');
  try {
    return await act(addressTarget(server.address, wiring));
  } finally {
    await server.stop();
  }
}

/** A process for each conversation: a server of C, where there is a compiler. */
async function freshProcesses(count: number): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'spar-bench-'));
  try {
    const binary = join(folder, 'server');
    const { status } = spawnSync(process.env['CC'] ?? 'cc', [
      '-O1',
      '-o',
      binary,
      'fixtures/targets/buggy-cpt.c',
    ]);
    if (status !== 0) return [];
    const { executions, ms } = await campaign(`"${binary}" {port}`, 1, { executions: count }, true);
    const rate = (1000 * executions) / ms;
    return [
      row({
        name: 'fuzz cpt: a fresh process for each conversation',
        unit: 'conv/s',
        spar: [rate],
        ratio: 1,
        wanted: 'at least 80',
      }),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Three steps, hidden in a hundred, that only together do harm. */
async function minimising(): Promise<Row> {
  const step = (text: string): Move => ({
    do: 'send',
    peer: 'p1',
    message: 'SEND',
    fields: { target: 'x', message: text },
    mutations: [],
  });
  const moves = Array.from({ length: 100 }, (_, index) =>
    step([17, 50, 83].includes(index) ? `harm ${index}` : 'nothing'),
  );
  const happens = async (plans: readonly Plan[]): Promise<boolean> => {
    const text = JSON.stringify(plans);
    return [17, 50, 83].every((index) => text.includes(`harm ${index}`));
  };
  const { spent } = await minimise([{ plan: 1, moves }], happens, 1000);
  return row({
    name: 'fuzz: 3 of 100 steps minimised',
    unit: 'runs',
    spar: [spent],
    ratio: 1,
    wanted: 'at most 60',
  });
}

const buggy = (bug: string): string =>
  `"${process.execPath}" fixtures/targets/buggy-cpt.mjs {port} --bug ${bug}`;

/** Conversations until a crash after login is found. */
async function depth(seeds: number): Promise<Row> {
  const found: number[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const until = { executions: 6000, findings: 1 };
    const { executions, all } = await campaign(buggy('long-target'), seed, until, false);
    found.push(all.length > 0 ? executions : Number.POSITIVE_INFINITY);
  }
  return row({
    name: `fuzz cpt: a crash after login, median of ${seeds} seeds`,
    unit: 'conv',
    spar: [median(found)],
    ratio: 1,
    wanted: 'within 2000',
  });
}

/** Findings whose file fails on a fresh process. */
async function replays(): Promise<Row> {
  const bugs = ['long-target', 'name-64', 'bad-utf8', 'nul', 'ack-declined', 'twice', 'trace'];
  let [all, again] = [0, 0];
  for (const bug of bugs) {
    const result = await campaign(buggy(bug), 1, { executions: 2000, findings: 1 }, false, 200);
    for (const finding of result.all) {
      all += 1;
      if (await replayed(finding, buggy(bug))) again += 1;
    }
  }
  return row({
    name: `fuzz cpt: findings that replay from their file, of ${all}`,
    unit: '%',
    spar: [(100 * again) / Math.max(1, all)],
    ratio: 1,
    wanted: 'at least 95',
  });
}

async function replayed(finding: Finding, command: string): Promise<boolean> {
  const source = readSource('F1.yaml', findingCase(suite.protocol, finding));
  const { cases } = loadSuite(suite.protocol, suite.requirements, [{ source, name: 'F1', role: 'server' }]);
  const target = await started(command);
  try {
    const options = { clock: systemClock, facts: {}, deadline: 2000 };
    return (await holdOne(suite, cases[0] as Case, target, options)).verdict === 'fail';
  } finally {
    await target.stop();
  }
}

/** Memory of the fuzzer in the last quarter of a campaign, beside that in its second one. */
async function flatMemory(count: number): Promise<Row> {
  // As spar fuzz does.
  spendMemory();
  const server = await serve('cpt');
  const quarters: [number[], number[], number[], number[]] = [[], [], [], []];
  try {
    await campaignWith(
      addressTarget(server.address, wiring),
      1,
      { executions: count },
      false,
      0,
      (executions) => {
        const quarter = Math.min(3, Math.floor((4 * executions) / count));
        quarters[quarter]?.push(process.memoryUsage.rss() / (1 << 20));
      },
    );
  } finally {
    await server.stop();
  }
  return row({
    name: `fuzz cpt: memory in the last quarter of ${count} conversations`,
    unit: 'MB',
    spar: quarters[3],
    // In the first quarter the corpus fills, and the heap finds its size.
    beside: quarters[1],
    besideName: 'in the second',
    wanted: 'about 1',
    note: `in the first ${median(quarters[0]).toFixed(0)}`,
  });
}

async function campaign(
  command: string,
  seed: number,
  until: { readonly executions: number; readonly findings?: number },
  fresh: boolean,
  budget = 0,
): Promise<CampaignResult> {
  const target = await started(command);
  try {
    return await campaignWith(target, seed, until, fresh, budget, () => undefined);
  } finally {
    await target.stop();
  }
}

function campaignWith(
  target: Target & Partial<Pick<SpawnedTarget, 'fresh' | 'output'>>,
  seed: number,
  until: { readonly executions: number; readonly findings?: number },
  fresh: boolean,
  budget: number,
  tell: (executions: number) => void,
): Promise<CampaignResult> {
  const { fresh: restart, output } = target;
  return new Campaign({
    suite,
    model,
    target: { target, ...(restart && output ? { fresh: restart, output } : {}) },
    clock: systemClock,
    seed,
    facts: {},
    limits,
    jobs: until.findings === undefined ? jobs : 1,
    fresh,
    until,
    oracles: new Set(oracles),
    budget,
    confirm: 1,
    hang: 5000,
    corpus: [],
    tell: (event) => {
      if (event.event === 'status') tell(event.status.executions);
    },
  }).run();
}

function started(command: string): Promise<SpawnedTarget> {
  return spawnedTarget(
    {
      command,
      placeholders: {},
      readyTimeoutMs: 20_000,
      stdio: false,
      addressOf: (host, port) => ({ kind: 'tcp', host, port }),
    },
    wiring,
    () => undefined,
  );
}
