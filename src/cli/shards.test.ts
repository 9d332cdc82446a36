import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { onlyRun, spar, target, workshop } from './program.testing.ts';

// Each test starts programs of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const shards = ['1/3', '2/3', '3/3'];
const held = ['run', './parrot', '--spawn', target('minds-a-word'), '--confirm', '1'];

let folder = '';
let clear: () => Promise<void>;
let codes: (number | null)[] = [];
const folderOf = (shard: string): string => `shard-${shard[0]}`;

beforeAll(async () => {
  ({ folder, clear } = await workshop());
  const whole = spar([...held, '--seed', '1', '--format', 'json,junit,tap', '--reports', 'whole'], folder);
  const parts = shards.map((shard) =>
    spar([...held, '--shard', shard, '--reports', folderOf(shard), '--format', 'none'], folder),
  );
  codes = (await Promise.all([whole, ...parts])).map(({ code }) => code);
});

afterAll(() => clear());

/** A report without what differs from one run to another: times, ids of runs, names and ports of peers. */
function timeless(text: string): string {
  return text
    .replaceAll(/"(ms|at)": [\d.]+/g, '"$1": 0')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replaceAll(/\b(time=|milliseconds: )"?[\d.]+"?/g, '$1')
    .replaceAll(/parrot-server-[\d-]+/g, 'RUN')
    .replaceAll(/(WELCOME|HELLO|SAY|SAID) [a-z]{7,}\b/g, '$1 NAME')
    .replaceAll(/127\.0\.0\.1:\d+/g, 'ADDRESS')
    .replaceAll(/running as \d+/g, 'PID')
    .replaceAll(/ *[\d.]+ ?ms\b/g, ' MS')
    .replaceAll(/ \d+\.\d s\b/g, ' MS');
}

async function runsOfShards(): Promise<string[]> {
  return Promise.all(shards.map((shard) => onlyRun(join(folder, folderOf(shard)))));
}

describe('the shards of a run, merged', () => {
  it.for([
    ['json', 'report.json'],
    ['junit', 'report.xml'],
    ['tap', 'report.tap'],
  ] as const)(
    'are the %s report of the whole run, with its exit code',
    async ([format, file], { expect }) => {
      const merged = await spar(['report', '--merge', ...(await runsOfShards()), '--format', format], folder);
      const whole = await readFile(join(await onlyRun(join(folder, 'whole')), file), 'utf8');
      const drop = (text: string): string =>
        format === 'json' ? JSON.stringify(comparable(JSON.parse(text)), null, 1) : timeless(text);
      expect(drop(merged.stdout)).toBe(drop(whole));
      expect(merged.stderr).toBe('');
      expect(merged.code).toBe(codes[0]);
    },
  );

  it('have held some cases each; those that are fine end well', ({ expect }) => {
    expect(codes[0]).toBe(1);
    expect([...new Set(codes.slice(1))].sort()).toEqual([0, 1]);
  });

  it('are refused without --merge, and where one comes twice', async ({ expect }) => {
    const [first = ''] = await runsOfShards();
    const plain = await spar(['report', first, first], folder);
    expect(plain).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--merge if these are the shards'),
    });
    const twice = await spar(['report', '--merge', first, first], folder);
    expect(twice).toMatchObject({ code: 2, stderr: expect.stringContaining('stands in two shards') });
  });

  it('a shard that is none is told', async ({ expect }) => {
    const { code, stderr } = await spar([...held, '--shard', '4/3'], folder);
    expect(code).toBe(2);
    expect(stderr).toContain('--shard takes 1/3, 2/3 or 3/3');
  });
});

/** The parts of the JSON report that do not depend on where and when; options name the folder of reports. */
function comparable(report: { run: { options: Record<string, unknown> }; target: object }): unknown {
  const { reports: _reports, format: _format, seed: _seed, ...options } = report.run.options;
  const same = { ...report, run: { ...report.run, options }, target: undefined };
  return JSON.parse(timeless(JSON.stringify(same, null, 1)));
}
