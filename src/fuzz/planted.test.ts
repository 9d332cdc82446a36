import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { protocolFolder, readSuite } from '../cli/folders.ts';
import { systemClock } from '../net/system-clock.ts';
import { holdOne } from '../run/hold-one.ts';
import { type SpawnedTarget, spawnedTarget } from '../run/live-target.ts';
import { usualLimits } from '../run/run-suite.ts';
import { Campaign, type CampaignEvent, type CampaignResult } from './campaign.ts';
import { type Finding, type Oracle, oracles } from './finding.ts';
import { findingCase } from './finding-case.ts';
import { modelOf } from './model.ts';

const server = fileURLToPath(new URL('../../fixtures/targets/buggy-cpt.mjs', import.meta.url));
const folder = await protocolFolder('cpt');
const suite = await readSuite(folder);
const model = modelOf(suite, []);

interface Planted {
  readonly bug: string;
  readonly oracle: Oracle;
  readonly seed: number;
  /** Moves of the shortest conversation that shows it. */
  readonly moves: number;
}

const planted: readonly Planted[] = [
  { bug: 'long-target', oracle: 'death', seed: 1, moves: 3 },
  { bug: 'name-64', oracle: 'death', seed: 1, moves: 2 },
  { bug: 'cut-line', oracle: 'death', seed: 1, moves: 2 },
  { bug: 'third-connect', oracle: 'death', seed: 1, moves: 5 },
  { bug: 'cross-session', oracle: 'neighbour', seed: 1, moves: 3 },
  { bug: 'ack-declined', oracle: 'breach', seed: 1, moves: 2 },
  { bug: 'twice', oracle: 'breach', seed: 1, moves: 2 },
  { bug: 'trace', oracle: 'leak', seed: 1, moves: 2 },
  { bug: 'bad-utf8', oracle: 'death', seed: 1, moves: 2 },
  { bug: 'nul', oracle: 'death', seed: 1, moves: 2 },
  { bug: 'negative-after', oracle: 'hang', seed: 1, moves: 2 },
];

test.each(planted)('finds, confirms and minimises $bug', async ({ bug, oracle, seed, moves }) => {
  const { all } = await campaign([bug], seed, { executions: 1500, findings: 1 });
  const [found] = all;
  expect(found?.symptom.oracle).toBe(oracle);
  expect(found?.confirmed).toEqual({ times: 2, of: 2 });
  const length = found?.plans.reduce((sum, plan) => sum + plan.moves.length, 0) ?? 0;
  expect(Math.abs(length - moves)).toBeLessThanOrEqual(1);
  expect(await replay(found as Finding, [bug])).toBe('fail');
  expect(await replay(found as Finding, [])).toBe('pass');
});

test('finds nothing where nothing is planted', async () => {
  const { all, executions } = await campaign([], 1, { executions: 500 });
  expect(all).toEqual([]);
  expect(executions).toBe(500);
});

async function campaign(
  bugs: readonly string[],
  seed: number,
  until: { readonly executions: number; readonly findings?: number },
): Promise<CampaignResult> {
  const target = await started(bugs);
  try {
    return await new Campaign({
      suite,
      model,
      target: { target, fresh: () => target.fresh(), output: () => target.output() },
      clock: systemClock,
      seed,
      facts: {},
      limits: { ...usualLimits, messages: 20_000 },
      jobs: 1,
      fresh: false,
      until,
      oracles: new Set(oracles),
      budget: 200,
      confirm: 2,
      hang: 1000,
      corpus: [],
      tell: log,
    }).run();
  } finally {
    await target.stop();
  }
}

function log(event: CampaignEvent): void {
  if (event.event !== 'status' && event.event !== 'corpus') console.log(JSON.stringify(event).slice(0, 1500));
}

/** What becomes of the case of a finding. */
async function replay(finding: Finding, bugs: readonly string[]): Promise<string> {
  const work = await mkdtemp(join(tmpdir(), 'spar-finding-'));
  const target = await started(bugs);
  try {
    const file = join(work, 'F1.yaml');
    await writeFile(file, findingCase(suite.protocol, finding));
    const { cases } = await readSuite(folder, {}, [file]);
    const one = cases.find(({ id }) => id.endsWith('f1'));
    if (!one) throw new Error('the file holds no case');
    const finished = await holdOne(suite, one, target, { clock: systemClock, facts: {}, deadline: 1000 });
    console.log(bugs, finished.verdict, finished.failures[0]?.message);
    return finished.verdict;
  } finally {
    await target.stop();
    await rm(work, { recursive: true });
  }
}

function started(bugs: readonly string[]): Promise<SpawnedTarget> {
  return spawnedTarget(
    {
      command: [`"${process.execPath}" "${server}" {port}`, ...bugs.map((bug) => `--bug ${bug}`)].join(' '),
      placeholders: {},
      readyTimeoutMs: 10_000,
      stdio: false,
      addressOf: (host, port) => ({ kind: 'tcp', host, port }),
    },
    { segment: 'as-is', random: Math.random },
    () => undefined,
  );
}
