import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { SparError } from '../problem/problem.ts';
import { renderProblem } from '../problem/render.ts';
import { readRuns } from './laid-runs.ts';
import { type Ended, golden, root, spar, target, workshop } from './program.testing.ts';

// Each test starts programs of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const goldenFile = (name: string): string => `../../fixtures/golden/cli/${name}.txt`;

let folder = '';
let clear: () => Promise<void>;
let ended: Ended;
/** The runs by the names of their targets, and the folder of their comparison. */
const runs: Record<string, string> = {};
let compared = '';

/** What the program wrote, without what differs from run to run. */
function told(what: Ended): string {
  return golden(what, folder)
    .replaceAll(/\d{8}-\d{6}-\d{3}/g, 'STAMP')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'TIME')
    .replaceAll(/in \d+(\.\d)? m?s/g, 'in TIME')
    .replaceAll(/\b\d+(\.\d)? ms/g, 'N ms')
    .replaceAll(/seed \d+/g, 'seed N');
}

/** A case that leaves the target a choice. */
const ways = [
  'section: SAY',
  'cases:',
  '  - id: said-as-often-as-it-likes',
  '    title: What is said may be said again and again',
  '    proves: P-2',
  '    given: [alice known]',
  '    steps:',
  '      - alice >: SAY hello',
  '      - alice < either: [SAID hello, SAID nothing]',
  '      - alice <?: SAID hello',
];

beforeAll(async () => {
  ({ folder, clear } = await workshop());
  await writeFile(join(folder, 'parrot', 'server', 'ways.yaml'), `${ways.join('\n')}\n`);
  const spawns = ['repeats', 'repeats-twice'].flatMap((name) => ['--spawn', `${name}=${target(name)}`]);
  const words = ['run', './parrot', '--confirm', '1', '--deadline', '2000', '--filter', '*/said-*'];
  ended = await spar([...words, ...spawns], folder, { GITHUB_STEP_SUMMARY: join(folder, 'step.md') });
  for (const name of await readdir(join(folder, 'reports'))) {
    const path = join('reports', name);
    if (name.endsWith('-compared')) {
      compared = path;
      continue;
    }
    const [start = '{}'] = (await readFile(join(folder, path, 'events.ndjson'), 'utf8')).split('\n');
    runs[(JSON.parse(start) as { target: { name: string } }).target.name] = path;
  }
});

afterAll(() => clear());

const compare = (...words: string[]): Promise<Ended> => spar(['compare', ...words], folder);
const run = (name: string): string => runs[name] as string;

describe('a run with several targets', () => {
  it('holds each, and lays them side by side', async ({ expect }) => {
    expect(ended).toMatchObject({ code: 1, stderr: '' });
    const side = ended.stdout.slice(
      ended.stdout.indexOf('A parrot that repeats lines (parrot) · server · 2 runs'),
    );
    await expect(told({ ...ended, stdout: side })).toMatchFileSnapshot(goldenFile('several-targets'));
  });

  it('writes reports for each, and the comparison in each format', async ({ expect }) => {
    expect(Object.keys(runs).sort()).toEqual(['repeats', 'repeats-twice']);
    expect((await readdir(join(folder, compared))).sort()).toEqual([
      'compare.html',
      'compare.json',
      'compare.md',
    ]);
    const schema = JSON.parse((await spar(['schema', 'comparison'], folder)).stdout) as object;
    const check = new Ajv2020({ allErrors: true, validateFormats: false }).compile(schema);
    check(JSON.parse(await readFile(join(folder, compared, 'compare.json'), 'utf8')));
    expect(check.errors).toBe(null);
    const written = await readFile(join(folder, compared, 'compare.md'), 'utf8');
    expect((await readFile(join(folder, 'step.md'), 'utf8')).endsWith(written)).toBe(true);
  });

  it.concurrent('goes on when one cannot be reached, and ends with the worst code', async ({ expect }) => {
    const words = [
      '--filter',
      '*/said-again',
      '--reports',
      'unreached',
      '--spawn',
      `up=${target('repeats')}`,
    ];
    const { code, stdout, stderr } = await spar(
      ['run', './parrot', '--target', 'down=tcp://127.0.0.1:1', ...words],
      folder,
    );
    expect(code).toBe(3);
    expect(stderr).toContain('target: no connection to tcp://127.0.0.1:1');
    expect(stdout).toContain('1 passed');
    expect(stdout).not.toContain('side by side');
  });

  it.concurrent('needs a protocol', async ({ expect }) => {
    const { code, stderr } = await spar(
      ['run', '--target', 'tcp://127.0.0.1:1', '--target', 'tcp://127.0.0.1:2'],
      folder,
    );
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('which protocol?') });
  });

  it.concurrent('cannot be recorded in one file', async ({ expect }) => {
    const words = ['run', './parrot', '--target', 'tcp://127.0.0.1:1', '--target', 'tcp://127.0.0.1:2'];
    const { code, stderr } = await spar([...words, '--record', 'x'], folder);
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--record is for one target'),
    });
  });

  it.concurrent('is one run where one target has a name', async ({ expect }) => {
    const words = ['run', './parrot', '--filter', '*/said-again', '--reports', 'named'];
    const { code } = await spar([...words, '--spawn', `alone=${target('repeats')}`], folder);
    expect(code).toBe(0);
    expect(await readdir(join(folder, 'named'))).toHaveLength(1);
  });
});

describe('compare', () => {
  it.concurrent('ends with 1 where something newly fails, and with 0 where something newly holds', async ({
    expect,
  }) => {
    const worse = await compare(run('repeats'), run('repeats-twice'));
    expect(worse).toMatchObject({
      code: 1,
      stderr: '',
      stdout: expect.stringContaining('✗ newly failing in 2'),
    });
    const better = await compare(run('repeats'), run('repeats-twice'), '--baseline', run('repeats-twice'));
    expect(better).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('✓ newly holding in 1'),
    });
  });

  it.concurrent('takes the folder, the events and the report of a run for the same', async ({ expect }) => {
    const [events, report] = ['events.ndjson', 'report.json'].map((name) => join(run('repeats'), name));
    const { code, stdout } = await compare(
      `a=${run('repeats')}`,
      `b=${events}`,
      `c=${report}`,
      '--format',
      'json',
    );
    const { runs: columns, news } = JSON.parse(stdout) as Record<string, { label: string; held: number }[]>;
    expect(code).toBe(0);
    expect(columns?.map(({ label, held }) => [label, held])).toEqual([
      ['a', 2],
      ['b', 2],
      ['c', 2],
    ]);
    expect(news).toHaveLength(2);
  });

  it.concurrent('lays other harnesses beside it, and a baseline that is not among the runs', async ({
    expect,
  }) => {
    await writeFile(
      join(folder, 'theirs.tap'),
      '1..3\nok 1 - P-2 again\nnot ok 2 - p_3 once\nok 3 - quick\n',
    );
    const xml = '<testsuites><testsuite><testcase name="P-2"><failure/></testcase></testsuite></testsuites>';
    await writeFile(join(folder, 'theirs.xml'), xml);
    const beside = await compare(run('repeats'), 'theirs.tap', 'theirs.xml');
    await expect(told(beside)).toMatchFileSnapshot(goldenFile('compare-harnesses'));
    const since = await compare('theirs.tap', '--baseline', 'theirs.xml', '--protocol', './parrot');
    await expect(told(since)).toMatchFileSnapshot(goldenFile('compare-without-spar'));
  });

  it.concurrent('tells of a run that was cut off', async ({ expect }) => {
    await mkdir(join(folder, 'cut'));
    const text = await readFile(join(folder, run('repeats'), 'events.ndjson'), 'utf8');
    await writeFile(join(folder, 'cut', 'events.ndjson'), text.trimEnd().slice(0, -9));
    const { code, stdout, stderr } = await compare(run('repeats'), 'cut');
    expect(code).toBe(0);
    expect(stdout).toContain('the run was cut off');
    expect(stderr).toContain('the last event is cut off');
  });
});

describe('what cannot be compared is told', () => {
  it.concurrent.for<[string, string[]]>([
    ['compare-one-run', []],
    ['compare-format', ['nowhere', '--format', 'htlm']],
  ])('%s', async ([name, words], { expect }) => {
    const what = await compare(run('repeats'), ...words);
    expect(what.code).toBe(2);
    await expect(told(what)).toMatchFileSnapshot(goldenFile(name));
  });

  it('whatever is wrong with the file', async ({ expect }) => {
    const at = (name: string): string => join(folder, name);
    await writeFile(at('words.txt'), 'hello\nworld\n');
    await writeFile(at('other.json'), '{"name": "package"}\n');
    await writeFile(at('half.json'), '{"run": \n');
    await writeFile(at('page.html'), '<html></html>\n');
    await writeFile(at('half.xml'), '<testsuite>\n<testcase>');
    await writeFile(at('no-tests.tap'), '1..0 # SKIP no cases\n');
    await writeFile(at('no-run.ndjson'), '{"event":"case-started","at":1,"case":"x"}\n');
    const [start = ''] = (await readFile(at(join(run('repeats'), 'events.ndjson')), 'utf8')).split('\n');
    await writeFile(at('begun.ndjson'), `${start}\n`);
    await writeFile(at('odd.ndjson'), `${start}\nnull\n`);
    await cp(join(root, 'fixtures', 'events', 'all-pass.ndjson'), at('cpt.ndjson'));
    const report = JSON.parse(await readFile(at(join(run('repeats'), 'report.json')), 'utf8'));
    await writeFile(at('client.json'), JSON.stringify({ ...report, run: { ...report.run, role: 'client' } }));
    const words: string[] = [];
    for (const name of [
      'nowhere',
      'reports',
      'words.txt',
      'other.json',
      'half.json',
      'page.html',
      'half.xml',
      'no-tests.tap',
      'no-run.ndjson',
      'begun.ndjson',
      'odd.ndjson',
      'cpt.ndjson',
      'client.json',
    ]) {
      const error: unknown = await readRuns([at(run('repeats')), at(name)], undefined, []).catch(
        (thrown) => thrown,
      );
      if (!(error instanceof SparError)) throw new Error(`${name} can be compared`);
      expect(error.exit).toBe(2);
      words.push(...error.problems.map(renderProblem));
    }
    const all = { code: 2, stdout: `${words.join('\n\n')}\n`, stderr: '' };
    await expect(told(all)).toMatchFileSnapshot(goldenFile('compare-bad-files'));
  });
});

describe('explain', () => {
  const explain = (...words: string[]): Promise<Ended> => spar(['explain', ...words], folder);

  it.concurrent('tells the last verdict of a requirement', async ({ expect }) => {
    await expect(told(await explain('P-2', './parrot'))).toMatchFileSnapshot(goldenFile('explain-broken'));
  });

  it.concurrent('tells that there was no run, or none that came to it', async ({ expect }) => {
    const none = await explain('P-2', './parrot', '--reports', 'nowhere');
    expect(none).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('none: there is no run of parrot in nowhere'),
    });
    const other = await explain('P-1', './parrot');
    expect(other.stdout).toContain('not run: not chosen for this run');
  });

  it.concurrent('takes the newest run that came to it, from the folder that the settings name', async ({
    expect,
  }) => {
    const reports = join(folder, 'settled', 'kept');
    await mkdir(reports, { recursive: true });
    const start = async (name: string, time: string, more: object, lines: number): Promise<void> => {
      const text = await readFile(join(folder, run('repeats'), 'events.ndjson'), 'utf8');
      const [first = '', ...rest] = text.split('\n');
      const changed = JSON.stringify({ ...JSON.parse(first), time, ...more });
      await mkdir(join(reports, name));
      await writeFile(join(reports, name, 'events.ndjson'), [changed, ...rest.slice(0, lines)].join('\n'));
    };
    await start('older', '2026-01-01T00:00:00.000Z', { target: { kind: 'address', label: 'older' } }, 99);
    await start('newer', '2026-01-02T00:00:00.000Z', { target: { kind: 'address', label: 'newer' } }, 99);
    await start('begun', '2026-01-03T00:00:00.000Z', { target: { kind: 'address', label: 'begun' } }, 0);
    await start(
      'other',
      '2026-01-04T00:00:00.000Z',
      { protocol: { name: 'other', title: 'Other', path: '' } },
      99,
    );
    await mkdir(join(reports, 'odd'));
    await writeFile(join(reports, 'odd', 'events.ndjson'), 'null\n');
    await writeFile(join(folder, 'settled', 'spar.yaml'), 'reports: kept\n');
    const { stdout } = await explain('P-2', './parrot', '--config', join('settled', 'spar.yaml'));
    expect(stdout).toMatch(/Last verdict:\n {2}held\n {2}2026-01-02 00:00:00 UTC, server newer\n/);
  });
});
