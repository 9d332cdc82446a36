import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunEvent } from '../events/event.ts';

/** The root of the project, with a slash. */
export const root: string = fileURLToPath(new URL('../../', import.meta.url));
const program = join(root, 'dist', 'cli', 'main.js');

/** What a run of the built program left behind. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built program while it runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** Starts the built program in a folder. */
export function start(words: readonly string[], folder: string, env: Record<string, string> = {}): Running {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GITHUB_'));
  const child = spawn(process.execPath, [program, ...words], {
    cwd: folder,
    env: { ...Object.fromEntries(inherited), ...env },
  });
  const out = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      out[name] += text;
    });
  }
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => resolve({ code, ...out }));
  });
  return { child, ended };
}

/** Runs the built program in a folder to its end. */
export function spar(
  words: readonly string[],
  folder: string,
  env: Record<string, string> = {},
): Promise<Ended> {
  return start(words, folder, env).ended;
}

/** A fresh folder that holds `parrot`, a small protocol; to be removed by `clear`. */
export async function workshop(): Promise<{ readonly folder: string; clear(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'spar-test-'));
  await cp(join(root, 'fixtures', 'parrot'), join(folder, 'parrot'), { recursive: true });
  return { folder, clear: () => rm(folder, { recursive: true, force: true }) };
}

/** The command that starts one of `fixtures/targets`. */
export function target(name: string): string {
  return `"${process.execPath}" "${join(root, 'fixtures', 'targets', `${name}.mjs`)}" {port}`;
}

/** The only run in a folder of reports. */
export async function onlyRun(reports: string): Promise<string> {
  const runs = await readdir(reports);
  if (runs.length !== 1) throw new Error(`${reports} holds ${runs.length} runs`);
  return join(reports, runs[0] as string);
}

/** The events of a run. */
export async function eventsOf(run: string): Promise<RunEvent[]> {
  const text = await readFile(join(run, 'events.ndjson'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent);
}

/** What the program wrote, without what differs from run to run. */
export function golden(ended: Ended, folder: string): string {
  const text = `exit ${ended.code}\n${ended.stdout}${ended.stderr}`;
  return text
    .replaceAll(folder, '…')
    .replaceAll(root, '')
    .replaceAll(process.execPath, 'node')
    .replaceAll(/(127\.0\.0\.1|port) ?:?\d{4,5}\b/g, '$1:PORT')
    .replaceAll(/running as \d+/g, 'running as PID');
}
