import { join } from 'node:path';
import { listFiles, sizeOf } from '../net/disk.ts';
import { SparError } from '../problem/problem.ts';
import { renderProblem } from '../problem/render.ts';
import { advance, noProgress, type Progress, progressLine } from '../report/progress.ts';
import { terminal } from '../report/terminal.ts';
import { acceptRun } from './accept.ts';
import { bundledProtocols, protocolFolder, shown } from './folders.ts';
import { forGitHub } from './github.ts';
import type { Handle, Held } from './hold.ts';
import { paint } from './paint.ts';
import type { RunOptions } from './run-options.ts';
import { holdAll } from './run-pool.ts';
import { summaryTable } from './summary-table.ts';

/** Holds one suite and shows what came of it. The result is the exit code. */
export async function tellRun(options: RunOptions): Promise<number> {
  return (await holdAndTell(options)).exit;
}

/** Holds one suite and shows what came of it. */
export async function holdAndTell(options: RunOptions): Promise<Held> {
  await mustNameProtocol(options);
  if (options.accept && options.shard) throw oneRun('a shard');
  const held = await watched(options);
  process.stdout.write(`${told(held)}Reports: ${shown(held.folder)}\n`);
  if (options.accept && options.expectedFailures !== undefined)
    process.stdout.write(`${await acceptRun(options.expectedFailures, held.summary)}\n`);
  for (const problem of held.problems) process.stderr.write(`${renderProblem(problem)}\n`);
  return held;
}

/** Raises a SparError where no protocol is named. */
export async function mustNameProtocol({ protocol }: RunOptions): Promise<void> {
  if (protocol !== undefined) return;
  throw new SparError({
    fault: 'user',
    what: 'which protocol?',
    mend: `spar run NAME with one of ${(await bundledProtocols()).join(', ')}, or the path of a folder with a protocol.yaml.`,
  });
}

/** Holds every bundled suite with the bundled references, and shows one table. */
export async function tellRuns(options: RunOptions): Promise<number> {
  if (options.accept) throw oneRun('all suites');
  const protocols = await bundledProtocols();
  const runs = protocols.flatMap((protocol) => options.roles.map((role) => ({ ...options, protocol, role })));
  const ordered = await largestFirst(runs);
  const held = await interruptible((show, begun) => holdAll(ordered, show, begun));
  held.sort((one, other) => one.folder.localeCompare(other.folder));
  for (const one of held) {
    if (one.exit !== 0) process.stdout.write(`${told(one)}\n`);
  }
  process.stdout.write(
    summaryTable(
      held.map((one) => ({ ...one, folder: shown(one.folder) })),
      paint(),
    ),
  );
  return Math.max(...held.map((one) => one.exit));
}

/** The runs of which there is most to hold are begun first, so that no core is left alone with one at the end. */
async function largestFirst(runs: readonly RunOptions[]): Promise<RunOptions[]> {
  const sized = await Promise.all(
    runs.map(async (run) => {
      const folder = join(await protocolFolder(run.protocol ?? ''), run.role);
      return { run, size: await sizeOf(await listFiles(folder, '.yaml')) };
    }),
  );
  return sized.sort((one, other) => other.size - one.size).map(({ run }) => run);
}

function oneRun(what: string): SparError {
  return new SparError({
    fault: 'user',
    what: `--accept takes the failures of one whole run, not of ${what}`,
  });
}

/** What a person reads of a run, and GitHub in a job of it. */
export function told({ summary, exit }: Held): string {
  const report = terminal(summary, { paint: paint(), width: process.stdout.columns ?? 100, exit });
  return process.env['GITHUB_ACTIONS'] === 'true' ? forGitHub(report, summary) : report;
}

/** Holds a run with a progress line on a terminal, and ends it on Ctrl-C. */
export async function watched(options: RunOptions): Promise<Held> {
  const { hold } = await import('./hold.ts');
  let progress = noProgress;
  return interruptible((show, begun) =>
    hold(
      options,
      (event) => {
        progress = advance(progress, event);
        show(progress);
      },
      begun,
    ),
  );
}

/** Does what can be interrupted, with a progress line on a terminal. */
async function interruptible<T>(
  act: (show: (progress: Progress) => void, begun: (handle: Handle) => void) => Promise<T>,
): Promise<T> {
  const live = process.stderr.isTTY === true && !process.env['CI'];
  let handle: Handle | undefined;
  let last = 0;
  const show = (progress: Progress): void => {
    const now = performance.now();
    if (!live || now - last < 80) return;
    last = now;
    process.stderr.write(`\r\u001B[K${progressLine(progress, progress.at, paint())}`);
  };
  let interrupts = 0;
  const interrupt = (): void => {
    interrupts += 1;
    // Before the run has begun there is nothing to report; the target that is being started goes too.
    if (interrupts > 1 || !handle) process.exit(1);
    process.stderr.write(
      '\nInterrupted: ending the run and writing its reports. Once more to leave at once.\n',
    );
    handle.interrupt();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    return await act(show, (begun) => {
      handle = begun;
    });
  } finally {
    if (live) process.stderr.write('\r\u001B[K');
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  }
}
