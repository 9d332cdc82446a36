import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { onlyRun, root, spar, target, workshop } from './program.testing.ts';

// Each test starts programs of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let folder = '';
let clear: () => Promise<void>;

beforeAll(async () => {
  ({ folder, clear } = await workshop());
  const fault = ['section: FAULT', 'cases:', '  - id: fault', '    title: Not connected', '    proves: P-2'];
  const steps = ['    peers: [alice]', '    steps:', '      - alice >: SAY hello'];
  await writeFile(join(folder, 'parrot', 'server', 'fault.yaml'), `${[...fault, ...steps].join('\n')}\n`);
  await writeFile(join(folder, 'wrong.yaml'), 'jobs: none\n');
});

afterAll(() => clear());

const say = ['--filter', '*/say/*', '--confirm', '1'];
const buggy = `"${process.execPath}" "${root}fixtures/targets/buggy-cpt.mjs" {port} --bug nul`;

/** Interrupted runs have their tests in interrupt.test.ts, unwritten reports in reports.test.ts. */
describe('the exit code', () => {
  it.concurrent.for<[number, string, string[]]>([
    [0, 'all holds', ['run', './parrot', '--spawn', target('repeats'), ...say]],
    [1, 'a requirement is broken', ['run', './parrot', '--spawn', target('minds-a-word'), ...say]],
    [
      1,
      'a warning under --strict',
      ['run', './parrot', '--spawn', target('repeats-twice'), '--strict', ...say],
    ],
    [2, 'an option that is none', ['run', './parrot', '--spwan', 'x']],
    [2, 'settings that are wrong', ['run', './parrot', '--config', 'wrong.yaml']],
    [2, 'a protocol that is none', ['check', './nowhere']],
    [3, 'nobody listens', ['run', './parrot', 'tcp://127.0.0.1:1']],
    [3, 'the program is missing', ['run', './parrot', '--spawn', 'no-such-program {port}']],
    [4, 'a suite that spar cannot hold', ['run', './parrot', '--spawn', target('repeats')]],
  ])('%i: %s', async ([exit, name, words], { expect }) => {
    const reports = join(folder, name.replaceAll(' ', '-'));
    const { code, stdout } = await spar(
      [...words, ...(words[0] === 'run' ? ['--reports', reports] : [])],
      folder,
    );
    expect(code).toBe(exit);
    if (exit === 2 || exit === 3) return;
    expect(stdout).toContain(`Exit ${exit}: `);
    const report = JSON.parse(await readFile(join(await onlyRun(reports), 'report.json'), 'utf8')) as {
      run: { exit: number };
    };
    expect(report.run.exit).toBe(exit);
  });

  it('1: a finding was made, and happens again', async ({ expect }) => {
    const limits = ['--findings', '1', '--minimise', 'off', '--seed', '1', '--reports', 'fuzzed'];
    const fuzzed = await spar(['fuzz', 'cpt', '--spawn', buggy, ...limits], folder);
    expect(fuzzed.code).toBe(1);
    const finding = join(await onlyRun(join(folder, 'fuzzed')), 'findings', 'F1.yaml');
    expect((await spar(['replay', finding, '--spawn', buggy], folder)).code).toBe(1);
  });

  it('2: all that was chosen was skipped', async ({ expect }) => {
    const words = ['run', 'cpt', '--spawn', buggy, '--filter', '*/default-port', '--reports', 'skipped'];
    const { code, stdout } = await spar(words, folder);
    expect(stdout).toContain('Exit 2: nothing was tested, since each case that was chosen lacks something.');
    expect(code).toBe(2);
  });

  it('0: nothing was found', async ({ expect }) => {
    const { code } = await spar(['fuzz', 'cpt', '--executions', '8', '--reports', 'nothing'], folder);
    expect(code).toBe(0);
  });
});
