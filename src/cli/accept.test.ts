import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it, vi } from 'vitest';
import { spar, target, workshop } from './program.testing.ts';

// Each test starts programs of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const run = (folder: string, name: string, more: readonly string[]): ReturnType<typeof spar> =>
  spar(['run', './parrot', '--spawn', target(name), '--confirm', '1', ...more], folder);

describe('spar run --accept', () => {
  it('writes what fails now, keeps what is there, and takes out what is stale', async ({ expect }) => {
    const { folder, clear } = await workshop();
    const list = join(folder, 'known.yaml');
    const own = '# ours\nP-3: it may say it twice # for now\n';
    await writeFile(list, `${own}# mended in May\nparrot/server/say/greeting: it did not greet\n`);

    const accepted = await run(folder, 'minds-a-word', ['--accept', 'known.yaml']);
    expect(accepted.code).toBe(1);
    expect(accepted.stdout).toContain('known.yaml: 1 failure accepted, 2 stale entries taken out.');
    const text = await readFile(list, 'utf8');
    expect(text).not.toContain('greeting');
    expect(text).toMatch(/^# ours\n\nparrot\/server\/say\/poison: "?TODO say why: .*SAID p\*{5}/);

    const next = await run(folder, 'minds-a-word', ['--expected-failures', 'known.yaml']);
    expect(next.code).toBe(0);
    expect(next.stdout).toContain('1 reason to fill in: the list of expected failures says TODO');

    await writeFile(list, text.replace(/TODO say why: [^"]*/, 'it is polite'));
    const reasoned = await run(folder, 'minds-a-word', ['--expected-failures', 'known.yaml']);
    expect(reasoned.code).toBe(0);
    expect(reasoned.stdout).not.toContain('to fill in');

    const mended = await run(folder, 'repeats', ['--expected-failures', 'known.yaml']);
    expect(mended.code).toBe(1);
    expect(mended.stdout).toContain('1 expected failure holds now');
    await clear();
  });

  it('writes the list that the settings name, or one of the usual name', async ({ expect }) => {
    const { folder, clear } = await workshop();
    const usual = await run(folder, 'minds-a-word', ['--accept']);
    expect(usual.stdout).toContain('expected-failures.yaml: 1 failure accepted');
    await writeFile(join(folder, 'spar.yaml'), 'expected-failures: ours.yaml\n');
    const settled = await run(folder, 'minds-a-word', ['--accept']);
    expect(settled.stdout).toContain('ours.yaml: 1 failure accepted');
    expect((await run(folder, 'minds-a-word', [])).code).toBe(0);
    await clear();
  });

  it('writes nothing of a run that did not come to its end, and of no part of one', async ({ expect }) => {
    const { folder, clear } = await workshop();
    const cut = await run(folder, 'minds-a-word', ['--accept', '--bail', '1']);
    expect(cut.code).toBe(2);
    expect(cut.stderr).toContain('expected-failures.yaml stays as it is, since the run stopped');
    const part = await run(folder, 'minds-a-word', ['--shard', '1/2', '--accept']);
    expect(part).toMatchObject({ code: 2, stderr: expect.stringContaining('not of a shard') });
    const more = ['--target', 'tcp://127.0.0.1:1', '--target', 'tcp://127.0.0.1:2', '--accept'];
    const several = await spar(['run', './parrot', ...more], folder);
    expect(several).toMatchObject({ code: 2, stderr: expect.stringContaining('--accept is for one target') });
    const address = await run(folder, 'minds-a-word', ['--accept', 'tcp://127.0.0.1:1']);
    expect(address).toMatchObject({ code: 2, stderr: expect.stringContaining('--accept takes a file') });
    await expect(readFile(join(folder, 'expected-failures.yaml'))).rejects.toThrow('ENOENT');
    await clear();
  });
});
