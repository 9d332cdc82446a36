import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { parse } from 'yaml';
import { wrongInSarif } from '../report/sarif.testing.ts';
import { type Ended, onlyRun, root, target, workshop } from './program.testing.ts';

// Each test starts programs of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

interface Step {
  readonly name?: string;
  readonly shell?: string;
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Record<string, unknown>;
  readonly env?: Record<string, string>;
}

interface Action {
  readonly inputs: Record<string, { description: string; required?: boolean; default?: string }>;
  readonly runs: { readonly using: string; readonly steps: readonly Step[] };
}

let action: Action;
let folder = '';
let clear: () => Promise<void>;

beforeAll(async () => {
  action = parse(await readFile(join(root, 'action.yml'), 'utf8')) as Action;
  ({ folder, clear } = await workshop());
});

afterAll(() => clear());

/** Does what GitHub does with a step of a composite action: fills in its env and runs it with bash. */
function runStep(name: string, inputs: Record<string, string>): Promise<Ended> {
  const step = action.runs.steps.find((one) => one.name === name);
  if (step?.run === undefined || step.shell !== 'bash') throw new Error(`there is no step ${name}`);
  const env = Object.entries(step.env ?? {}).map(([key, text]) => [
    key,
    text.replaceAll(/\$\{\{ *([\w.-]+) *\}\}/g, (_, of: string) => {
      if (of === 'github.action_path') return root.replace(/\/$/, '');
      const known = action.inputs[of.replace('inputs.', '')];
      if (!known) throw new Error(`${of} is no input`);
      return inputs[of.replace('inputs.', '')] ?? known.default ?? '';
    }),
  ]);
  const summary = { GITHUB_STEP_SUMMARY: join(folder, 'summary.md') };
  const github = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: folder, ...summary };
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
    cwd: folder,
    env: { ...process.env, ...Object.fromEntries(env), ...github },
  });
  const out = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      out[stream] += text;
    });
  }
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, ...out }));
  });
}

describe('action.yml', () => {
  it('says what each input is, and uses each', async ({ expect }) => {
    const text = await readFile(join(root, 'action.yml'), 'utf8');
    expect(action.runs.using).toBe('composite');
    for (const [name, input] of Object.entries(action.inputs)) {
      expect(input.description.length).toBeGreaterThan(10);
      expect(text).toContain(`inputs.${name}`);
      expect(input.required === true || typeof input.default === 'string').toBe(true);
    }
    for (const { uses } of action.runs.steps) expect(uses ?? 'a/b@v1').toMatch(/^[\w-]+\/[\w/-]+@v\d+$/);
  });

  it('never lets an input into a script, where it would be obeyed', ({ expect }) => {
    for (const { run = '' } of action.runs.steps) expect(run).not.toContain('${{');
  });

  it('holds a suite: marks on its files, the summary of the job, reports to keep', async ({ expect }) => {
    const ended = await runStep('spar run', {
      protocol: './parrot',
      spawn: target('minds-a-word'),
      strict: 'true',
      args: '--confirm 1  --filter *poison',
    });
    expect(ended.stderr).toBe('');
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/^::stop-commands::(\S+)\n[\s\S]*\n::\1::\n::error /);
    expect(ended.stdout).toContain(
      '\n::error file=parrot/server/say.yaml,line=30,title=parrot/server/say/poison%3A Any word is said again::',
    );
    expect(await readFile(join(folder, 'summary.md'), 'utf8')).toContain('### Broken requirements');
    const run = await onlyRun(join(folder, 'reports'));
    expect((await readdir(run)).sort()).toEqual([
      'events.ndjson',
      'report.html',
      'report.json',
      'report.md',
      'report.xml',
    ]);
    const { run: told } = JSON.parse(await readFile(join(run, 'report.json'), 'utf8')) as {
      run: { strict: boolean };
    };
    expect(told.strict).toBe(true);
  });

  it('is green where all holds, without a mark', async ({ expect }) => {
    const inputs = { protocol: './parrot', spawn: target('repeats'), reports: 'green', shard: '1/1' };
    const ended = await runStep('spar run', inputs);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).not.toMatch(/^::(error|warning)/m);
  });

  it('fuzzes for a time', async ({ expect }) => {
    const ended = await runStep('spar fuzz', { protocol: 'cpt', fuzz: '300ms', reports: 'fuzzed' });
    expect(ended.stdout).toContain('Fuzzing');
    const run = await onlyRun(join(folder, 'fuzzed'));
    expect(wrongInSarif(await readFile(join(run, 'findings.sarif'), 'utf8'))).toEqual([]);
  });
});
