import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { CaseFinished } from '../events/event.ts';
import { readText, writeAtomic } from '../net/disk.ts';
import { type Ended, eventsOf, onlyRun, spar, target, workshop } from './program.testing.ts';

// Each test starts programs of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let folder = '';
let clear: () => Promise<void>;
let fuzzed: Ended;

/** The command of a server that dies of a NUL, and of one that does not. */
const [buggy, mended] = [`${target('buggy-cpt')} --bug nul`, target('buggy-cpt')];

beforeAll(async () => {
  ({ folder, clear } = await workshop());
  const words = ['fuzz', 'cpt', '--spawn', buggy, '--seed', '1', '--jobs', '1', '--findings', '1'];
  fuzzed = await spar([...words, '--reports', 'hunt', '--confirm', '2', '--executions', '3000'], folder);
});

afterAll(() => clear());

interface Held extends Ended {
  readonly cases: readonly CaseFinished[];
}

/** Holds the suite and the findings of the campaign with a server. */
async function hold(server: string, reports: string, filters: readonly string[]): Promise<Held> {
  const ended = await spar(
    [
      ...['run', 'cpt', '--spawn', server, '--also', 'hunt', '--reports', reports, '--confirm', '1'],
      ...filters.flatMap((filter) => ['--filter', filter]),
    ],
    folder,
  );
  const events = await eventsOf(await onlyRun(join(folder, reports)));
  return { ...ended, cases: events.filter((event) => event.event === 'case-finished') };
}

test('a finding is a case that fails until its fault is mended', async () => {
  expect(fuzzed.code).toBe(1);
  const red = await hold(buggy, 'red', ['findings/*', 'cpt/server/accept/*']);
  expect(red.code).toBe(1);
  expect(red.cases.length).toBeGreaterThan(3);
  expect(red.cases.filter(({ verdict }) => verdict === 'fail').map(({ case: id }) => id)).toEqual([
    'cpt/findings/F1/f1',
  ]);
  expect(red.stdout).toContain('--also hunt --filter cpt/findings/F1/f1');
  const green = await hold(mended, 'green', ['findings/*']);
  expect(green.code).toBe(0);
  expect(green.cases.map(({ case: id, verdict }) => [id, verdict])).toEqual([['cpt/findings/F1/f1', 'pass']]);
});

test('the file of a finding tells all that there is to know', async () => {
  const run = await onlyRun(join(folder, 'hunt'));
  const text = await readText(join(run, 'findings', 'F1.yaml'));
  for (const words of [
    '# - p1 connects',
    '# Beside the valid packet:',
    '# What was sent and heard in the end:',
    '# What the target printed last:',
    '# What does not matter:',
    '# Again:\n# npx spar replay hunt/',
    "--spawn '",
  ])
    expect(text).toContain(words);
});

test('a campaign holds the findings of its corpus first', async () => {
  const words = ['fuzz', 'cpt', '--spawn', buggy, '--seed', '2', '--jobs', '1', '--findings', '1'];
  const again = await spar([...words, '--corpus', 'hunt', '--executions', '60', '--minimise', 'off'], folder);
  expect(again).toMatchObject({ code: 1, stdout: expect.stringContaining('1 finding in ') });
  const other = await spar(['run', 'ws_2017', '--also', 'hunt', '--filter', 'findings/*'], folder);
  expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('no case is selected') });
});

test('a finding of a protocol of its own is held again from anywhere, and is no suite of that protocol by itself', async () => {
  await spar(['init', './own'], folder);
  const own = join(folder, 'own');
  const server = join(own, 'server.mjs');
  const right = await readText(server);
  const wrong = right.replace('SAY (.+)', 'SAY (.*)').replace('text && known', 'known');
  await writeAtomic(server, wrong);
  const spawn = ['--spawn', `"${process.execPath}" "${server}" {port}`];
  const saying = { do: 'send', peer: 'p1', message: 'SAY', fields: { text: '' }, mutations: [] };
  const hello = { ...saying, message: 'HELLO', fields: { name: 'somebody' } };
  const plan = { plan: 1, moves: [{ do: 'open', peer: 'p1' }, hello, saying] };
  await writeAtomic(join(own, 'kept', 'plan.json'), JSON.stringify(plan));
  const brief = ['--corpus', 'kept', '--findings', '1', '--minimise', 'off', '--confirm', '1'];
  const found = await spar(['fuzz', '.', ...spawn, ...brief], own);
  expect(found).toMatchObject({ code: 1, stdout: expect.stringContaining('F1.yaml --spawn ') });
  const file = join(await onlyRun(join(own, 'reports')), 'findings', 'F1.yaml');
  for (const from of [own, folder])
    expect((await spar(['replay', file, '--times', '1', ...spawn], from)).code).toBe(1);
  await writeAtomic(server, right);
  expect((await spar(['replay', file, '--times', '1', ...spawn], folder)).code).toBe(0);
  expect((await spar(['run', '.', ...spawn], own)).stdout).toContain('4 cases in');
});
