import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { protocolFolder, readSuite } from '../cli/folders.ts';
import { systemClock } from '../net/system-clock.ts';
import { readSource } from '../problem/source.ts';
import { holdOne } from '../run/hold-one.ts';
import { type SpawnedTarget, spawnedTarget } from '../run/live-target.ts';
import { usualLimits } from '../run/plan.ts';
import type { Case } from '../suite/case.ts';
import { loadSuite } from '../suite/load-suite.ts';
import { Campaign, type CampaignResult } from './campaign.ts';
import { type Finding, type Oracle, oracles } from './finding.ts';
import { findingCase } from './finding-case.ts';
import { modelOf } from './model.ts';

const server = fileURLToPath(new URL('../../fixtures/targets/buggy-cpt.mjs', import.meta.url));
const suite = await readSuite(await protocolFolder('cpt'));
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
  { bug: 'cut-line', oracle: 'death', seed: 2, moves: 2 },
  { bug: 'bad-utf8', oracle: 'death', seed: 1, moves: 2 },
  { bug: 'nul', oracle: 'death', seed: 1, moves: 2 },
  { bug: 'cross-session', oracle: 'neighbour', seed: 1, moves: 3 },
  { bug: 'ack-declined', oracle: 'breach', seed: 1, moves: 2 },
  { bug: 'twice', oracle: 'breach', seed: 1, moves: 2 },
  { bug: 'trace', oracle: 'leak', seed: 1, moves: 2 },
];

test.each(planted)('finds, confirms and minimises $bug', { timeout: 60_000 }, async (one) => {
  const { all } = await campaign([one.bug], one.seed, { executions: 1500, findings: 1 });
  const [found] = all as [Finding];
  expect(found.symptom.oracle).toBe(one.oracle);
  expect(found.confirmed).toEqual({ times: 2, of: 2 });
  const moves = found.plans.reduce((sum, plan) => sum + plan.moves.length, 0);
  expect(Math.abs(moves - one.moves)).toBeLessThanOrEqual(1);
  expect(await replayed(found, [one.bug])).toContain('fail');
  expect(await replay(found, [])).toBe('pass');
});

test('finds nothing where nothing is planted', { timeout: 60_000 }, async () => {
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
      tell: () => undefined,
    }).run();
  } finally {
    await target.stop();
  }
}

/** As `spar replay` does: what hangs on how the octets are cut up may take a second try. */
async function replayed(finding: Finding, bugs: readonly string[]): Promise<string[]> {
  const verdicts: string[] = [];
  while (verdicts.length < 3 && !verdicts.includes('fail')) verdicts.push(await replay(finding, bugs));
  return verdicts;
}

/** What becomes of the case of a finding. */
async function replay(finding: Finding, bugs: readonly string[]): Promise<string> {
  const source = readSource('F1.yaml', findingCase(suite.protocol, finding));
  const { cases } = loadSuite(suite.protocol, suite.requirements, [{ source, name: 'F1', role: 'server' }]);
  const target = await started(bugs);
  try {
    const finished = await holdOne(suite, cases[0] as Case, target, {
      clock: systemClock,
      facts: {},
      deadline: 1000,
    });
    return finished.verdict;
  } finally {
    await target.stop();
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
