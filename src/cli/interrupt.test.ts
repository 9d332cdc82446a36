import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, it, vi } from 'vitest';
import { eventsOf, onlyRun, type Running, root, spar, start, target, workshop } from './program.testing.ts';

// Each test starts programs of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

/** A run that hangs on a target that says nothing, once its cases have begun. */
async function hanging(folder: string): Promise<{ running: Running; reports: string }> {
  const words = ['run', './parrot', '--spawn', target('accepts-and-says-nothing'), '--deadline', '60000'];
  const running = start([...words, '--format', 'tap,junit,json,markdown'], folder);
  const reports = join(folder, 'reports');
  for (;;) {
    const events = await onlyRun(reports)
      .then(eventsOf)
      .catch(() => []);
    if (events.some((event) => event.event === 'case-started')) return { running, reports };
    await pause(20);
  }
}

/** Processes whose command line names this folder or target, of those that `running` has started. */
async function children(running: Running): Promise<number[]> {
  const pid = running.child.pid;
  const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return list.trim().split(' ').filter(Boolean).map(Number);
}

/** Resolves when none of these processes lives any more: what was killed may take a while to go. */
async function gone(pids: readonly number[]): Promise<void> {
  for (const pid of pids) while (await lives(pid)) await pause(20);
}

async function lives(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat !== '' && !/\) [ZX] /.test(stat);
}

describe.runIf(process.platform === 'linux')('Ctrl-C', () => {
  it('ends the run with all its reports, and the target with it', async ({ expect }) => {
    const { folder, clear } = await workshop();
    const { running, reports } = await hanging(folder);
    const targets = await children(running);
    running.child.kill('SIGINT');
    const { code, stdout } = await running.ended;
    expect(code).toBe(1);
    expect(stdout).toContain('interrupted');
    const run = await onlyRun(reports);
    expect((await readdir(run)).sort()).toEqual([
      'events.ndjson',
      'report.json',
      'report.md',
      'report.tap',
      'report.xml',
    ]);
    const last = (await eventsOf(run)).at(-1);
    expect(last).toMatchObject({ event: 'run-finished', stopped: 'interrupted', exit: 1 });
    expect(targets).toHaveLength(1);
    await gone(targets);
    await clear();
  });

  it('twice leaves at once, and still ends the target; the events are there', async ({ expect }) => {
    const { folder, clear } = await workshop();
    const { running, reports } = await hanging(folder);
    const targets = await children(running);
    running.child.kill('SIGINT');
    if (running.child.stderr) await once(running.child.stderr, 'data');
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(1);
    await gone(targets);
    const run = await onlyRun(reports);
    const report = await spar(['report', run, '--format', 'tap'], folder);
    expect(report.code).toBe(0);
    expect(report.stdout).toContain('TAP version 13');
    await clear();
  });

  it('ends all suites that are being held, and begins no other', async ({ expect }) => {
    const { folder, clear } = await workshop();
    const running = start(['run', '--all', '--role', 'server', '--jobs', '1'], folder);
    const reports = join(folder, 'reports');
    while ((await readdir(reports).catch(() => [])).length === 0) await pause(20);
    running.child.kill('SIGINT');
    const { code, stdout } = await running.ended;
    expect(code).toBe(1);
    const runs = await readdir(reports);
    expect(runs.length).toBeLessThan(4);
    expect(stdout).toContain(`${runs.length} of ${runs.length} runs failed`);
    for (const run of runs) {
      const last = (await eventsOf(join(reports, run))).at(-1);
      expect(last).toMatchObject({ event: 'run-finished', stopped: 'interrupted' });
    }
    await clear();
  });

  it('while the target is being started leaves at once, with the target', async ({ expect }) => {
    const { folder, clear } = await workshop();
    const program = `node "${root}fixtures/programs/never-listens.mjs"`;
    const running = start(['run', './parrot', '--spawn', program, '--ready-timeout', '60000'], folder);
    let targets: number[] = [];
    while (targets.length === 0) {
      await pause(20);
      targets = await children(running);
    }
    running.child.kill('SIGINT');
    expect((await running.ended).code).toBe(1);
    await gone(targets);
    await clear();
  });

  it('a run that was killed leaves events of which a report can be made', async ({ expect }) => {
    const { folder, clear } = await workshop();
    const { running, reports } = await hanging(folder);
    const targets = await children(running);
    running.child.kill('SIGKILL');
    expect((await running.ended).code).toBe(null);
    for (const pid of targets) process.kill(pid, 'SIGKILL');
    const report = await spar(['report', await onlyRun(reports)], folder);
    expect(report.code).toBe(0);
    expect(report.stdout).toContain('parrot');
    await clear();
  });
});
