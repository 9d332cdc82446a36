import { copyFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { eventsOf, golden, onlyRun, root, spar, target, workshop } from './program.testing.ts';

// Each test starts programs of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const bad = join(root, 'fixtures', 'bad', 'cli');
const file = (name: string): string => `../../fixtures/golden/cli/${name}.txt`;

/** Runs in a folder of its own. */
async function apart(act: (folder: string) => Promise<void>): Promise<void> {
  const { folder, clear } = await workshop();
  try {
    await act(folder);
  } finally {
    await clear();
  }
}

describe('a suite file that is wrong is told with its place, before any target is asked', () => {
  it.concurrent.for([
    'misspelt-key',
    'undeclared-peer',
    'unknown-names',
    'bad-pattern',
    'not-yaml',
    'alias-bomb',
    'empty',
    'not-text',
  ])('%s', async (name, { expect }) => {
    await apart(async (folder) => {
      await copyFile(join(bad, 'suites', `${name}.yaml`), join(folder, 'parrot', 'server', `${name}.yaml`));
      const ended = await spar(['run', './parrot', 'tcp://127.0.0.1:1'], folder);
      expect(ended.code).toBe(2);
      await expect(golden(ended, folder)).toMatchFileSnapshot(file(`suite-${name}`));
      expect(await readdir(folder)).toEqual(['parrot']);
    });
  });
});

describe('files beside the suite', () => {
  it('a settings file with a misspelt key', async () => {
    await apart(async (folder) => {
      await copyFile(join(bad, 'settings', 'misspelt-key.yaml'), join(folder, 'spar.yaml'));
      const ended = await spar(['run'], folder);
      expect(ended.code).toBe(2);
      await expect(golden(ended, folder)).toMatchFileSnapshot(file('settings-misspelt-key'));
    });
  });

  it('a list of known failures that names nothing', async () => {
    await apart(async (folder) => {
      await copyFile(join(bad, 'settings', 'expected-failures.yaml'), join(folder, 'known.yaml'));
      const words = ['run', './parrot', '--spawn', target('repeats'), '--expected-failures', 'known.yaml'];
      const ended = await spar(words, folder);
      expect(ended.code).toBe(2);
      await expect(golden(ended, folder)).toMatchFileSnapshot(file('expected-failures-of-nothing'));
    });
  });

  it('a known failure that passes is stale: the run fails', async () => {
    await apart(async (folder) => {
      await writeFile(join(folder, 'known.yaml'), 'P-2: it does not repeat\n');
      const words = ['run', './parrot', '--spawn', target('repeats'), '--expected-failures', 'known.yaml'];
      const { code, stdout } = await spar(words, folder);
      expect(code).toBe(1);
      expect(stdout).toContain('P-2');
      const last = (await eventsOf(await onlyRun(join(folder, 'reports')))).at(-1);
      expect(last).toMatchObject({ event: 'run-finished', exit: 1, stale: [{ entry: 'P-2' }] });
    });
  });

  it('all that spar.yaml says counts, and the command line stands above it', async () => {
    await apart(async (folder) => {
      const settings = [
        'protocol: ./parrot',
        `spawn: ${JSON.stringify(target('repeats'))}`,
        'reports: out',
        'format: [tap]',
        'seed: 5',
        'filter: "*said-again"',
      ];
      await writeFile(join(folder, 'spar.yaml'), `${settings.join('\n')}\n`);
      const { code } = await spar(['run', '--seed', '7', '--repeat', '2'], folder);
      expect(code).toBe(0);
      const run = await onlyRun(join(folder, 'out'));
      expect((await readdir(run)).sort()).toEqual(['events.ndjson', 'report.tap']);
      const events = await eventsOf(run);
      expect(events[0]).toMatchObject({ event: 'run-started', seed: 7 });
      const finished = events.filter((event) => event.event === 'case-finished');
      expect(finished.map((event) => [event.case, event.attempts.length])).toEqual([
        ['parrot/server/say/said-again', 2],
      ]);
    });
  });
});
