import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { connect } from './connect.ts';
import { rss } from './rss.ts';
import { stdioLink } from './stdio-link.ts';
import type { Exit, TargetError } from './target-error.ts';
import { spawnTarget, type TargetEvents, type TargetOptions, type TargetProcess } from './target-process.ts';

const WAITED = { readyTimeoutMs: 20_000 };
const started: TargetProcess[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((target) => target.stop(0)));
});

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

function program(name: string): string {
  return here(`../../fixtures/programs/${name}.mjs`);
}

async function start(
  name: string,
  options: Partial<TargetOptions> = WAITED,
  events: TargetEvents = {},
): Promise<TargetProcess> {
  const command = [process.execPath, program(name), '{port}'];
  const target = await spawnTarget({ command, ...options }, events);
  started.push(target);
  return target;
}

function failure(options: TargetOptions): Promise<TargetError> {
  return spawnTarget(options).then(
    async (target) => {
      await target.stop(0);
      throw new Error('it started');
    },
    (error: TargetError) => error,
  );
}

/** Whether a process runs; an orphan that nobody collects does not count. */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
}

async function send(target: TargetProcess, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    connect(
      { kind: 'tcp', host: target.host, port: target.port },
      { timeoutMs: 10_000 },
      {
        data: (chunk) => resolve(Buffer.from(chunk).toString()),
        ended: (kind) => resolve(kind),
      },
    ).then((link) => link.write(Buffer.from(text)), reject);
  });
}

describe('a target that is spawned', () => {
  it('is ready once it takes connections, and stops', async () => {
    const target = await start('echo');
    expect(await send(target, 'hello')).toBe('hello');
    const { pid } = target;
    await target.stop();
    expect(lives(pid)).toBe(false);
    expect(target.exit).toEqual({ code: null, signal: 'SIGTERM' });
    await target.stop();
  });

  it('is told host and port in its environment too', async () => {
    const target = await start('echo', { ...WAITED, command: [process.execPath, program('echo')] });
    expect(await send(target, 'hello')).toBe('hello');
  });

  it('is started from a command line', async () => {
    const target = await start('echo', {
      ...WAITED,
      command: `"${process.execPath}" '${program('echo')}' {port}`,
    });
    expect(await send(target, 'hello')).toBe('hello');
  });

  it('starts again on the same port', async () => {
    const exits: Exit[] = [];
    const target = await start('echo', WAITED, { onExit: (exit) => exits.push(exit) });
    const { pid, port } = target;
    await target.restart();
    expect(lives(pid)).toBe(false);
    expect(target.pid).not.toBe(pid);
    expect(target.port).toBe(port);
    expect(await send(target, 'again')).toBe('again');
    expect(exits).toEqual([]);
  });

  it.each([
    ['code', { code: 7, signal: null }],
    ['abort', { code: null, signal: 'SIGABRT' }],
  ])('is seen to end by itself (%s)', async (order, how) => {
    const exit = await new Promise<Exit>((resolve, reject) => {
      start('dies-when-told', WAITED, { onExit: resolve }).then((target) => send(target, order), reject);
    });
    expect(exit).toEqual(how);
  });

  it('is killed when it ignores the request to stop', async () => {
    const target = await start('ignores-sigterm');
    await target.stop(50);
    expect(lives(target.pid)).toBe(false);
    expect(target.exit).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('is stopped with its children, also when it is gone itself', async () => {
    const target = await start('leaves-grandchild');
    await until(() => /child \d+\n/.test(target.output()));
    const child = Number(/child (\d+)/.exec(target.output())?.[1]);
    expect(await send(target, 'die')).toMatch(/fin|reset/);
    await until(() => target.exit !== undefined);
    expect(lives(child)).toBe(true);
    await target.stop();
    expect(lives(child)).toBe(false);
  });

  it('keeps and hands on what it writes', async () => {
    const pieces: string[] = [];
    const onOutput = (chunk: Uint8Array, stream: string): void => {
      pieces.push(`${stream}: ${Buffer.from(chunk)}`);
    };
    const target = await start('exits-at-once', {}, { onOutput });
    await until(() => pieces.length === 2);
    expect(pieces.sort()).toEqual(['stderr: no settings found\n', 'stdout: loading the settings\n']);
    expect(target.output()).toContain('no settings found');
  });

  it('tells its memory, its children included', async () => {
    const target = await start('leaves-grandchild');
    await until(() => /child \d+\n/.test(target.output()));
    const child = Number(/child (\d+)/.exec(target.output())?.[1]);
    const [both, one] = [await rss(target.pid), await rss(child)];
    if (process.platform !== 'linux') return expect(both).toBeUndefined();
    expect(one).toBeGreaterThan(1_000_000);
    expect(both).toBeGreaterThan((one ?? 0) + 1_000_000);
    await target.stop(0);
    expect(await rss(target.pid)).toBeUndefined();
  });

  it('dies with the program that spawned it', async () => {
    const script = `
      import { runnerImport } from 'vite';
      const { module } = await runnerImport(${JSON.stringify(here('./target-process.ts'))});
      const command = [process.execPath, ${JSON.stringify(program('ignores-sigterm'))}, '{port}'];
      const target = await module.spawnTarget({ command, readyTimeoutMs: 20_000 });
      console.log(target.pid);
      process.exit(0);
    `;
    const cwd = here('../..');
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd });
    const pid = Number(stdout.toString());
    expect(pid, stderr.toString()).toBeGreaterThan(0);
    await until(() => !lives(pid));
  });
});

describe('a target over standard input and output', () => {
  it('is a link', async () => {
    const target = await start('echo-stdio', { stdio: true });
    let text = '';
    const kind = await new Promise((resolve) => {
      const link = stdioLink(target, {
        data(chunk) {
          text += Buffer.from(chunk);
          link.end();
        },
        ended: resolve,
      });
      link.write(Buffer.from('hello'));
    });
    expect([text, kind]).toEqual(['hello', 'fin']);
    await until(() => target.exit !== undefined);
    expect(target.exit).toEqual({ code: 0, signal: null });
  });
});

describe('a target that does not start', () => {
  it('because it ends at once', async () => {
    const error = await failure({ command: [process.execPath, program('exits-at-once')], ...WAITED });
    expect(error).toMatchObject({ failure: 'exited', exit: 3, ended: { code: 3, signal: null } });
    expect(error.message).toContain('ended with code 3');
    expect(error.message).toContain('no settings found');
  });

  it('because it never listens; it is not left behind', async () => {
    const error = await failure({
      command: [process.execPath, program('never-listens')],
      readyTimeoutMs: 1000,
    });
    expect(error).toMatchObject({ failure: 'not-listening', exit: 3, problems: [{ fault: 'target' }] });
    const pid = Number(/running as (\d+)/.exec(error.message)?.[1]);
    expect(pid).toBeGreaterThan(0);
    expect(lives(pid)).toBe(false);
  });

  it('because there is no such program', async () => {
    const error = await failure({ command: 'no-such-program --port {port}', ...WAITED });
    expect(error).toMatchObject({ failure: 'no-program', exit: 3, problems: [{ fault: 'user' }] });
    expect(error.message).toContain('no-such-program could not be started: ENOENT');
  });

  it('because its folder does not exist', async () => {
    const error = await failure({ command: process.execPath, cwd: '/no/such/folder', ...WAITED });
    expect(error.problems[0]?.mend).toContain('/no/such/folder');
  });

  it('because it may not be executed, or was meant to be in this folder', async () => {
    const cwd = await mkdtemp(join(tmpdir(), 'spar-net-'));
    await writeFile(join(cwd, 'server'), '#!/bin/sh\n');
    await chmod(join(cwd, 'server'), 0o644);
    const barred = await failure({ command: './server', cwd, ...WAITED });
    expect(barred.problems[0]?.mend).toContain('chmod +x ./server');
    const near = await failure({ command: 'server', cwd, ...WAITED });
    expect(near.problems[0]?.mend).toBe('Did you mean ./server?');
    await rm(cwd, { recursive: true });
  });

  it('because the command is empty', async () => {
    expect(await failure({ command: '  ' })).toMatchObject({ exit: 2, problems: [{ fault: 'user' }] });
  });
});
