import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { golden, root, spar, workshop } from './program.testing.ts';

// Each test starts programs of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const file = (name: string): string => `../../fixtures/golden/cli/${name}.txt`;
const program = (name: string): string => `node "${root}fixtures/programs/${name}.mjs" {port}`;

let folder = '';
let clear: () => Promise<void>;

beforeAll(async () => {
  ({ folder, clear } = await workshop());
});

afterAll(() => clear());

describe('a command line that cannot be meant so is told what is wrong, and what was meant', () => {
  it.concurrent.for<[string, string[]]>([
    ['no-command', []],
    ['unknown-command', ['rnu']],
    ['unknown-option', ['run', './parrot', '--spwan', 'x']],
    ['option-without-value', ['run', './parrot', '--filter']],
    ['word-too-many', ['run', './parrot', 'tcp://127.0.0.1:1', 'more']],
    ['not-a-choice', ['run', './parrot', '--segment', 'bite']],
    ['not-a-number', ['run', './parrot', '--jobs', 'many']],
    ['unknown-format', ['run', './parrot', '--format', 'jnit']],
    ['unknown-level', ['run', './parrot', '--level', 'MUSST']],
    ['unknown-requirement', ['run', './parrot', '--requirement', 'P-11']],
    ['no-such-case', ['run', './parrot', '--filter', 'said-agian']],
    ['unknown-protocol', ['run', 'cptt']],
    ['folder-without-protocol', ['run', '.']],
    ['no-target', ['run', './parrot']],
    ['two-targets', ['run', './parrot', 'tcp://127.0.0.1:1', '--spawn', 'x']],
    ['no-such-settings', ['run', './parrot', '--config', 'nowhere.yaml']],
    ['report-of-nothing', ['report', 'nowhere']],
  ])('%s', async ([name, words], { expect }) => {
    const ended = await spar(words, folder);
    expect(ended.code).toBe(2);
    await expect(golden(ended, folder)).toMatchFileSnapshot(file(name));
  });
});

describe('a target that cannot be had is told once, with code 3', () => {
  it.concurrent.for<[string, string[]]>([
    ['closed-port', ['tcp://127.0.0.1:1']],
    ['missing-program', ['--spawn', 'no-such-program {port}']],
    ['exits-at-once', ['--spawn', program('exits-at-once')]],
    ['never-listens', ['--spawn', program('never-listens'), '--ready-timeout', '400']],
  ])('%s', async ([name, words], { expect }) => {
    const ended = await spar(['run', './parrot', ...words], folder);
    expect(ended.code).toBe(3);
    await expect(golden(ended, folder)).toMatchFileSnapshot(file(name));
  });

  it.concurrent('wrong-host', async ({ expect }) => {
    const { code, stderr } = await spar(['run', './parrot', 'tcp://no-such-host.invalid:4000'], folder);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^target: no connection to tcp:.*: the host (is unknown|cannot be looked up)/);
  });
});
