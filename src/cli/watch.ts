import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { splitCommand } from '../net/command-line.ts';

import { changedFiles, looksOf } from '../net/file-watch.ts';
import { SparError } from '../problem/problem.ts';
import type { Summary } from '../report/summary.ts';
import { verdictChanges } from '../report/verdict-changes.ts';
import { few, many } from '../report/words.ts';
import { filesOfProtocol, forgetSuites, protocolFolder } from './folders.ts';
import type { RunOptions } from './run-options.ts';
import { tellError } from './spar.ts';
import { holdAndTell } from './tell-run.ts';

/**
 * Holds a suite again whenever a file of it, the settings or the target's program changes, until Ctrl-C. The
 * result is the exit code of the last run. `read` reads the options, anew for each run.
 */
export async function tellWatch(read: () => Promise<readonly RunOptions[]>): Promise<number> {
  let options = await one(read);
  let before: Summary | undefined;
  let exit = 0;
  for (;;) {
    const looks = await looksOf(await filesOf(options));
    try {
      options = await one(read);
      forgetSuites();
      const held = await holdAndTell(options);
      exit = held.exit;
      if (before) process.stdout.write(`${verdictChanges(before, held.summary)}\n`);
      before = held.summary;
      if (held.summary.run.stopped === 'interrupted') return exit;
    } catch (error) {
      exit = tellError(error);
    }
    const ended = new AbortController();
    const end = (): void => ended.abort();
    process.once('SIGINT', end);
    process.once('SIGTERM', end);
    process.stdout.write(`Watching ${many(looks.size, 'file')}; Ctrl-C ends.\n`);
    const files = await changedFiles(() => filesOf(options), looks, ended.signal);
    process.off('SIGINT', end);
    process.off('SIGTERM', end);
    if (ended.signal.aborted) return exit;
    process.stdout.write(`\nChanged: ${few(files.map((file) => basename(file)))}\n\n`);
  }
}

/** The options of the one run that is watched. */
async function one(read: () => Promise<readonly RunOptions[]>): Promise<RunOptions> {
  const [options, ...more] = await read();
  const clash =
    more.length > 0 ? 'several targets' : options?.all ? '--all' : options?.accept ? '--accept' : '';
  if (options && clash === '') return options;
  throw new SparError({ fault: 'user', what: `--watch does not go together with ${clash}` });
}

/** The suite's files, the settings, the list of known failures, and what of the target's command is a file. */
async function filesOf(options: RunOptions): Promise<string[]> {
  const folder = await protocolFolder(options.protocol ?? 'cpt').catch(() => undefined);
  const suite = folder === undefined ? [] : await filesOfProtocol(folder).catch(() => []);
  const command =
    options.spawn === undefined ? [] : splitCommand(options.spawn).filter((word) => existsSync(word));
  const named = [options.source?.file, options.expectedFailures].filter((file) => file !== undefined);
  return [...new Set([...suite, ...named, ...command].map((file) => resolve(file)))];
}
