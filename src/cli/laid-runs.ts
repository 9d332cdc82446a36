import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { RunEvent } from '../events/event.ts';
import { readText } from '../net/disk.ts';
import { type Problem, SparError } from '../problem/problem.ts';
import { type ForeignRun, type Known, laidForeign } from '../report/compare/foreign-run.ts';
import type { LaidRun } from '../report/compare/laid-run.ts';
import { laidSpar, whyNoReport } from '../report/compare/of-spar.ts';
import { summarise } from '../report/summary.ts';
import { readEvents } from './commands/report.ts';
import { labelled } from './labelled.ts';
import { named } from './named.ts';
import { isRunStart } from './run-start.ts';

/** A run that was read, before what is known of the protocol is put to it. */
type Read =
  | { readonly kind: 'spar'; readonly run: LaidRun }
  | { readonly kind: 'foreign'; readonly run: ForeignRun; readonly file: string; readonly label: string };

/**
 * Reads runs to be laid side by side: `PATH` or `name=PATH`, where the path is the folder of a run, its
 * events.ndjson or report.json, a TAP file or a JUnit file. Raises a SparError.
 */
export async function readRuns(
  words: readonly string[],
  known: Known | undefined,
  problems: Problem[],
): Promise<LaidRun[]> {
  const read: Read[] = [];
  for (const word of words) read.push(await readRun(word, problems));
  const ofSpar = read.flatMap((one) => (one.kind === 'spar' ? [one.run] : []));
  mustBeAlike(ofSpar);
  const all = knownTo(ofSpar, known);
  const runs = read.map((one) =>
    one.kind === 'spar' ? one.run : laidForeign(one.run, all, one.file, one.label),
  );
  return labelled(runs);
}

async function readRun(word: string, problems: Problem[]): Promise<Read> {
  const { name, rest: path } = existsSync(word) ? { rest: word } : named(word);
  const file = await fileOf(path);
  const text = await readText(file);
  const label = name ?? basename(path);
  const begins = text.trimStart();
  if (begins.startsWith('<')) {
    const { readJUnit } = await import('../report/compare/read-junit.ts');
    return foreign(readJUnit(text, file), file, label);
  }
  if (begins.startsWith('{')) return { kind: 'spar', run: await ofSpar(text, file, name, problems) };
  const { looksLikeTap, readTap } = await import('../report/compare/read-tap.ts');
  if (looksLikeTap(text)) return foreign(readTap(text), file, label);
  throw noRun(file);
}

function foreign(run: ForeignRun, file: string, label: string): Read {
  if (run.tests.length > 0) return { kind: 'foreign', run, file, label };
  const what = `${file} holds no tests${run.stopped === undefined ? '' : `: ${run.stopped}`}`;
  throw new SparError({ fault: 'user', what, mend: 'Leave it out, or make it again.' });
}

/** The file to read: of a folder its events, or its report. */
async function fileOf(path: string): Promise<string> {
  const folder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!folder) return path;
  for (const name of ['events.ndjson', 'report.json']) {
    if (existsSync(join(path, name))) return join(path, name);
  }
  const inside = await readdir(path);
  const run = inside.sort().findLast((name) => existsSync(join(path, name, 'events.ndjson')));
  throw new SparError({
    fault: 'user',
    what: `${path} is not the folder of a run: it holds no events.ndjson and no report.json`,
    mend: run === undefined ? 'spar run writes such folders.' : `Name one run in it: ${join(path, run)}.`,
  });
}

async function ofSpar(
  text: string,
  file: string,
  label: string | undefined,
  problems: Problem[],
): Promise<LaidRun> {
  const report = firstLineIsEvent(text) ? await summaryOf(file, problems) : parsed(text, file);
  const wrong = whyNoReport(report);
  if (wrong !== undefined) throw noRun(file, wrong);
  const run = laidSpar(report as Parameters<typeof laidSpar>[0], file, label);
  if (run.cases.some(({ outcome }) => outcome !== 'not-held' && outcome !== 'unfinished')) return run;
  throw new SparError({
    fault: 'user',
    what: `${file} is of a run that held no case to its end${run.stopped === undefined ? '' : `: ${run.stopped}`}`,
    mend: 'There is nothing to compare: leave it out, or hold it again.',
  });
}

function firstLineIsEvent(text: string): boolean {
  try {
    return isEvent(JSON.parse(text.trimStart().split('\n', 1)[0] ?? ''));
  } catch {
    return false;
  }
}

function isEvent(value: unknown): boolean {
  return typeof (value as RunEvent | null)?.event === 'string';
}

async function summaryOf(file: string, problems: Problem[]): Promise<unknown> {
  const events: RunEvent[] = await readEvents(file, problems);
  if (!isRunStart(events[0])) throw noRun(file, 'its events do not begin with run-started');
  const odd = events.findIndex((event) => !isEvent(event));
  if (odd >= 0) throw noRun(file, `line ${odd + 1} is no event`);
  return summarise(events);
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw noRun(file, error instanceof Error ? error.message : String(error));
  }
}

function noRun(file: string, why?: string): SparError {
  return new SparError({
    fault: 'user',
    what: `${file} is no run that can be read${why === undefined ? '' : `: ${why}`}`,
    mend: 'Name the folder of a run, its events.ndjson or report.json, a TAP file, or a JUnit file.',
  });
}

/** Runs of different protocols or roles have no row in common. */
function mustBeAlike(runs: readonly LaidRun[]): void {
  const [first, ...others] = runs;
  for (const other of others) {
    for (const [what, a, b] of [
      ['protocol', first?.protocol?.name, other.protocol?.name],
      ['role', first?.role, other.role],
    ] as const) {
      if (a === b) continue;
      throw new SparError({
        fault: 'user',
        what: `these are runs of more than one ${what}: ${a} in ${first?.from}, ${b} in ${other.from}`,
        mend: `Compare runs of one ${what}.`,
      });
    }
  }
}

function knownTo(runs: readonly LaidRun[], more: Known | undefined): Known {
  return {
    requirements: new Map([
      ...(more?.requirements ?? []),
      ...runs.flatMap((run) => run.requirements.map((one) => [one.id, one] as const)),
    ]),
    cases: new Map([
      ...(more?.cases ?? []),
      ...runs.flatMap((run) => run.cases.map((one) => [one.id, one] as const)),
    ]),
  };
}
