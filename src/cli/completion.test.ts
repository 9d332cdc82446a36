import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, it, vi } from 'vitest';
import { root, spar } from './program.testing.ts';

// Each test starts programs of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let script = '';

beforeAll(async () => {
  script = (await spar(['completion'], root)).stdout;
});

/** What bash offers when TAB is pressed after these words. */
async function offered(...words: string[]): Promise<string[]> {
  const lines = [
    `spar() { "${process.execPath}" "${root}dist/cli/main.js" "$@"; }`,
    script,
    'COMP_WORDS=("$@")',
    'COMP_CWORD=$(($# - 1))',
    '_spar_yargs_completions',
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ];
  const ended = await promisify(execFile)('bash', ['-c', lines.join('\n'), 'bash', ...words]);
  return ended.stdout.trim().split('\n').filter(Boolean);
}

describe('completion in bash', () => {
  it.concurrent.for<[string[], string[]]>([
    [
      ['spar', 're'],
      ['replay', 'report'],
    ],
    [
      ['spar', 'run', 'c'],
      ['chat-network', 'cpt'],
    ],
    [['spar', 'run', 'cpt', '--shar'], ['--shard']],
    [['spar', 'explain', 'CPT-04'], Array.from({ length: 10 }, (_, at) => `CPT-04${at}`)],
  ])('%j', async ([words, wanted], { expect }) => {
    expect((await offered(...words)).sort()).toEqual(wanted);
  });

  it('offers the cases of a protocol', async ({ expect }) => {
    const cases = await offered('spar', 'run', 'cpt', '--filter', 'cpt/server/sync/');
    expect(cases.length).toBeGreaterThan(3);
    for (const id of cases) expect(id).toMatch(/^cpt\/server\/sync\//);
  });

  it('leaves to the shell what it does not know: files and addresses', async ({ expect }) => {
    expect(await offered('spar', 'report', '')).toEqual([]);
  });
});
