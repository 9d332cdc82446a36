import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, vi } from 'vitest';
import { type Running, root, start, workshop } from './program.testing.ts';

// Each test starts programs of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

/** Waits until the program has printed all of these, in this order, since the last wait. */
function follower(running: Running): (...texts: readonly string[]) => Promise<void> {
  let heard = '';
  let wake = (): void => undefined;
  running.child.stdout?.on('data', (text: string) => {
    heard += text;
    wake();
  });
  return async (...texts) => {
    for (;;) {
      const end = endOf(texts, heard);
      if (end !== undefined) {
        heard = heard.slice(end);
        return;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
}

/** Where the last of these ends, which follow one another in a text. */
function endOf(texts: readonly string[], text: string): number | undefined {
  let end = 0;
  for (const one of texts) {
    const at = text.indexOf(one, end);
    if (at < 0) return undefined;
    end = at + one.length;
  }
  return end;
}

describe('spar run --watch', () => {
  it('runs again when a suite file, the program or the settings change, and says what is new', async ({
    expect,
  }) => {
    const { folder, clear } = await workshop();
    for (const name of ['parrot', 'repeats', 'minds-a-word'])
      await cp(join(root, 'fixtures', 'targets', `${name}.mjs`), join(folder, `${name}.mjs`));
    const server = join(folder, 'server.mjs');
    const suite = join(folder, 'parrot', 'server', 'say.yaml');
    await cp(join(folder, 'repeats.mjs'), server);
    await writeFile(join(folder, 'spar.yaml'), 'confirm: 1\nformat: none\n');
    const words = ['run', './parrot', '--spawn', `"${process.execPath}" server.mjs {port}`, '--watch'];
    const running = start(words, folder);
    const until = follower(running);
    await until('4 passed', 'Exit 0', 'Watching 6 files');

    await writeFile(server, await readFile(join(folder, 'minds-a-word.mjs')));
    await until(
      'Changed: server.mjs',
      'Exit 1',
      '1 case newly failing (parrot/server/say/poison)',
      'Watching',
    );

    const steps = await readFile(suite, 'utf8');
    await writeFile(suite, steps.replace('alice <: SAID poison', 'alice <: SAID p*****'));
    await until('Changed: say.yaml', 'Exit 0', '1 case fixed (parrot/server/say/poison)', 'Watching');

    await writeFile(suite, 'cases: [');
    await until('Changed: say.yaml', 'Watching');
    await writeFile(suite, steps);
    await until('Changed: say.yaml', 'Exit 1', 'Watching');

    await writeFile(join(folder, 'spar.yaml'), 'confirm: 1\nformat: none\nfilter: "*greeting"\n');
    await until('Changed: spar.yaml', '1 passed', 'Exit 0', 'Watching');

    running.child.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect(code).toBe(0);
    expect(stderr).toContain('this is not YAML');
    expect(stderr).toContain('parrot/server/say.yaml:');
    await clear();
  });

  it('does not go together with what changes files or holds several suites', async ({ expect }) => {
    const { folder, clear } = await workshop();
    for (const more of ['--all', '--accept']) {
      const ended = await start(['run', './parrot', '--watch', more], folder).ended;
      expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining(`together with ${more}`) });
    }
    await clear();
  });
});
