import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { Parser } from 'tap-parser';
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { type Ended, onlyRun, spar, target, workshop } from './program.testing.ts';

// Each test starts programs of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const hasProve = spawnSync('prove', ['--version']).status === 0;

interface JUnitSuite {
  readonly testcase?: readonly (Record<`@_${string}`, string> & { failure?: Record<string, string> })[];
}

let folder = '';
let clear: () => Promise<void>;
let ended: Ended;
let run = '';
const text = (file: string): Promise<string> => readFile(join(run, file), 'utf8');

beforeAll(async () => {
  ({ folder, clear } = await workshop());
  const words = ['run', './parrot', '--spawn', target('says-escapes'), '--confirm', '1', '--deadline', '500'];
  ended = await spar([...words, '--format', 'tap,junit,json,markdown,html'], folder, {
    GITHUB_STEP_SUMMARY: join(folder, 'step.md'),
    FORCE_COLOR: '1',
  });
  run = await onlyRun(join(folder, 'reports'));
});

afterAll(() => clear());

describe('the reports of a run with a target that is wrong and hostile', () => {
  it('say that it is wrong, without a colour where no terminal is', ({ expect }) => {
    expect(ended.code).toBe(1);
    expect(ended.stdout).not.toContain('\x1b');
    expect(ended.stderr).toBe('');
  });

  it('TAP is read by a strict parser', async ({ expect }) => {
    const results = Parser.parse(await text('report.tap'), { strict: true });
    const complete = results.find(([kind]) => kind === 'complete')?.[1] as { ok: boolean; failures: unknown };
    expect(complete).toMatchObject({ ok: false, count: 4 });
  });

  it('JUnit is XML, with each case once', async ({ expect }) => {
    const xml = await text('report.xml');
    expect(XMLValidator.validate(xml)).toBe(true);
    expect(xml.match(/<testcase /g)).toHaveLength(4);
    expect(() => new XMLParser({ ignoreAttributes: false }).parse(xml)).not.toThrow();
  });

  it.skipIf(!hasProve)('TAP is read by prove, which tells what failed', async ({ expect }) => {
    const prove = spawnSync('prove', ['--exec', 'cat', join(run, 'report.tap')], { encoding: 'utf8' });
    expect(prove.stdout).toMatch(/Failed (tests|4\/4)/);
    expect(prove.stdout).not.toContain('Parse errors');
    expect(prove.status).toBe(1);
    const fine = await spar(
      ['run', './parrot', '--spawn', target('repeats'), '--reports', 'fine', '--format', 'tap'],
      folder,
    );
    expect(fine.code).toBe(0);
    const file = join(await onlyRun(join(folder, 'fine')), 'report.tap');
    const good = spawnSync('prove', ['--exec', 'cat', file], { encoding: 'utf8' });
    expect(good.stdout).toContain('Result: PASS');
  });

  it('JUnit has what GitLab and Jenkins show: names of their own, files, seconds, words', async ({
    expect,
  }) => {
    const parser = new XMLParser({
      ignoreAttributes: false,
      isArray: (name) => /^test(suite|case)$/.test(name),
    });
    const { testsuites } = parser.parse(await text('report.xml')) as {
      testsuites: { testsuite: JUnitSuite[] };
    };
    const cases = testsuites.testsuite.flatMap((suite) => suite.testcase ?? []);
    expect(cases).toHaveLength(4);
    const names = cases.map((one) => `${one['@_classname']} ${one['@_name']}`);
    expect(new Set(names).size).toBe(cases.length);
    for (const one of cases) {
      expect(one['@_classname']).toBe('parrot.server.say');
      expect(one['@_file']).toBe('parrot/server/say.yaml');
      expect(one['@_time']).toMatch(/^\d+\.\d{3}$/);
    }
    const failures = cases.flatMap(({ failure }) => (failure ? [failure] : []));
    expect(failures).toHaveLength(3);
    for (const failure of failures) {
      expect(failure['#text']).toMatch(/\S/);
      expect(failure['@_message']).toMatch(/\S/);
    }
  });

  it('JSON is as the published schema has it', async ({ expect }) => {
    const schema = await spar(['schema', 'report'], folder);
    const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, validateFormats: false });
    const check = ajv.compile(JSON.parse(schema.stdout) as object);
    check(JSON.parse(await text('report.json')));
    expect(check.errors).toBe(null);
  });

  it('Markdown is also the summary of a step in CI', async ({ expect }) => {
    expect(await readFile(join(folder, 'step.md'), 'utf8')).toBe(await text('report.md'));
  });

  it.for(['terminal', 'tap', 'junit', 'json', 'markdown', 'html', 'badge'])(
    '%s can be made again',
    async (format, { expect }) => {
      const again = await spar(['report', run, '--format', format], folder);
      expect(again).toMatchObject({ code: 0, stderr: '' });
      const files: Record<string, string> = {
        tap: 'report.tap',
        junit: 'report.xml',
        markdown: 'report.md',
        html: 'report.html',
      };
      const file = files[format];
      if (file !== undefined) expect(again.stdout).toBe(await text(file));
    },
  );
});

describe('a place where no reports can be written', () => {
  it('is told before the run, where it is none', async ({ expect }) => {
    await writeFile(join(folder, 'file'), '');
    const words = ['run', './parrot', '--spawn', target('repeats'), '--reports', 'file/below'];
    const { code, stderr } = await spar(words, folder);
    expect(code).toBe(2);
    expect(stderr).toContain('a part of the path is a file (ENOTDIR)');
  });

  it('is told after the run, where it fills up: nothing is called whole that is not', async ({ expect }) => {
    const words = ['run', './parrot', '--spawn', target('repeats'), '--reports', 'full', '--format', 'tap'];
    const { code, stdout, stderr } = await spar(words, folder, { GITHUB_STEP_SUMMARY: '/dev/full' });
    expect(stdout).toContain('4 passed');
    expect(stdout).toContain(
      'Exit 2: everything that was tested holds, but its reports could not be written.',
    );
    expect(stderr).toContain('the disk is full (ENOSPC)');
    expect(code).toBe(2);
    expect(await readdir(await onlyRun(join(folder, 'full')))).toEqual(['events.ndjson', 'report.tap']);
  });
});
