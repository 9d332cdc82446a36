import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ExpectedFailure, RunEvent } from '../events/event.ts';
import { appendText, readText, writeAtomic } from '../net/disk.ts';
import { EventFile } from '../net/event-file.ts';
import { freshSeed } from '../net/random.ts';
import { spareMemory } from '../net/spare-memory.ts';
import { systemClock } from '../net/system-clock.ts';
import { type Problem, SparError } from '../problem/problem.ts';
import { readSource } from '../problem/source.ts';
import { didYouMean, nearest } from '../problem/suggest.ts';
import { escapedJson } from '../report/escaped-json.ts';
import { formats } from '../report/format.ts';
import { createSummariser, type Summary } from '../report/summary.ts';
import { loadExpectedFailures } from '../run/expected-failures.ts';
import { usualLimits } from '../run/plan.ts';
import { recordingOf } from '../run/recording.ts';
import { Run } from '../run/run-suite.ts';
import type { Case } from '../suite/case.ts';
import type { Suite } from '../suite/load-suite.ts';
import { select } from '../suite/select.ts';
import { casesOfShard } from '../suite/shard.ts';
import { asAddressed } from './as-addressed.ts';
import { checkFacts } from './facts.ts';
import { protocolFolder, readSuite, shown, version } from './folders.ts';
import { clientTarget } from './make-client-target.ts';
import { type LiveTarget, serverTarget } from './make-target.ts';
import { quoted } from './quoted.ts';
import { clockOf, optionsOf, type RecordingStart, readRecording, recordedLive } from './recordings.ts';
import type { RunOptions } from './run-options.ts';

/** A run that has ended. */
export interface Held {
  readonly summary: Summary;
  readonly exit: number;
  /** The folder of its reports. */
  readonly folder: string;
  /** What went wrong with the reports themselves. */
  readonly problems: readonly Problem[];
}

/** What a run can be told while it goes on. */
export interface Handle {
  interrupt(): void;
}

/** Cases beyond which what is kept of them takes more memory than it is worth to be quick with. */
const manyCases = 500;

/** Holds the suite of one protocol with one target: from the options to the written reports. */
export async function hold(
  wished: RunOptions,
  tell: (event: RunEvent) => void,
  begun: (handle: Handle) => void,
): Promise<Held> {
  const recording = wished.recording === undefined ? undefined : await readRecording(wished.recording);
  const told = recording ? optionsOf(wished, recording) : wished;
  const protocol = told.protocol ?? 'cpt';
  const folder = await protocolFolder(protocol);
  const options = await asAddressed(folder, told);
  let suite = await readSuite(folder, options.dialect, options.also);
  const chooseCases = (): Case[] =>
    select(suite, {
      role: options.role,
      ...(options.filter.length > 0 ? { filters: options.filter } : {}),
      ...(options.requirement.length > 0 ? { requirements: checked(options.requirement, suite) } : {}),
      ...(options.level.length > 0 ? { levels: options.level } : {}),
    });
  if (chooseCases().length === 0) throw nothingSelected(options, suite);
  const expected = await expectedFailures(options, suite);
  checkFacts(suite.protocol, options);
  // Shards of one run share its seed, though nobody told them.
  const seed = options.seed ?? (options.shard ? 1 : freshSeed());
  const started = new Date();
  const run = `${suite.protocol.name}-${options.role}-${stamp(started)}`;
  const reports = resolve(options.reports, run);
  const problems: Problem[] = [];
  let file: EventFile | undefined;
  const summariser = createSummariser({ allTranscripts: options.verbose });
  const began = systemClock.now();
  let ready = false;
  const early: RunEvent[] = [];
  const emit = (event: RunEvent): void => {
    if (!ready && event.event !== 'run-started') {
      early.push(event);
      return;
    }
    file?.append(escapedJson(event));
    summariser.add(event);
    tell(event);
    if (event.event === 'run-started') {
      ready = true;
      for (const before of early.splice(0)) emit(before);
    }
  };
  let live: LiveTarget | undefined;
  try {
    const make = options.role === 'client' ? clientTarget : serverTarget;
    live = recording
      ? recordedLive(recording, new Set(suite.protocol.stimuli.keys()))
      : await make(suite.protocol, options, seed, (event) =>
          emit({ event: 'target', at: Math.round(systemClock.now() - began), ...event }),
        );
    if (live.target.kind !== 'reference' && options.role === 'server' && !recording) {
      suite = await inItsDialect(folder, suite, live, options);
    }
    file = await EventFile.open(join(reports, 'events.ndjson'), (error) => problems.push(...error.problems));
    const nameStamp = recording?.head.stamp ?? started.getTime().toString(36);
    const tape =
      options.record === undefined
        ? undefined
        : await EventFile.open(resolve(options.record), (error) => problems.push(...error.problems));
    tape?.append(JSON.stringify(recordingStart(suite, options, live, seed, nameStamp, started)));
    const plan = {
      suite,
      cases: options.shard ? casesOfShard(chooseCases(), options.shard) : chooseCases(),
      role: options.role,
      target: tape ? recordingOf(live.target, (one) => tape.append(JSON.stringify(one))) : live.target,
      clock: recording ? clockOf(recording, systemClock) : systemClock,
      run,
      version: await version(),
      seed,
      stamp: nameStamp,
      facts: live.facts,
      jobs: options.reconnects ? 1 : options.jobs,
      repeat: options.repeat,
      ...(options.bail === undefined ? {} : { bail: options.bail }),
      ...(options.deadline === undefined ? {} : { deadline: options.deadline }),
      quiet: options.quiet,
      limits: usualLimits,
      strict: options.strict,
      giveUp: true,
      confirm: options.confirm,
      verbose: options.verbose,
      expected,
      shard: options.shard !== undefined,
      ...(options.targetName === undefined ? {} : { targetName: options.targetName }),
      options: record(options),
      repeatCommand: (id: string) => repeatCommand(options, protocol, seed, id),
    };
    if (plan.cases.length * plan.repeat > manyCases) spareMemory();
    const running = new Run(plan, emit);
    begun(running);
    const exit = await running.hold();
    const summary = summariser.summary();
    await file.close();
    await tape?.close();
    await writeReports(reports, options, summary, problems);
    return { summary, exit: problems.length > 0 && exit === 0 ? 2 : exit, folder: reports, problems };
  } finally {
    await live?.stop();
  }
}

function recordingStart(
  suite: Suite,
  options: RunOptions,
  live: LiveTarget,
  seed: number,
  nameStamp: string,
  started: Date,
): RecordingStart {
  return {
    recording: 1,
    protocol: options.protocol ?? suite.protocol.name,
    role: options.role,
    seed,
    stamp: nameStamp,
    dialects: suite.protocol.dialect,
    facts: live.facts,
    label: live.target.label,
    ...(live.target.shows ? { shows: live.target.shows } : {}),
    wall: started.getTime(),
    quiet: options.quiet,
  };
}

/** The suite in the dialects that the target speaks: those found by asking, or those chosen if it answers in them. */
async function inItsDialect(
  folder: string,
  suite: Suite,
  live: LiveTarget,
  options: RunOptions,
): Promise<Suite> {
  const { mustSpeak, probeTarget } = await import('./probing.ts');
  if (!options.autoDialect) {
    await mustSpeak(folder, suite, live.target, live.facts, options.dialect);
    return suite;
  }
  const seen = await probeTarget(folder, live.target, live.facts, options.dialect);
  const found = seen.flatMap(({ dialect, option }) =>
    option === undefined ? [] : [[dialect, option] as const],
  );
  return readSuite(folder, { ...options.dialect, ...Object.fromEntries(found) }, options.also);
}

/** Writes the wished formats beside the events. */
export async function writeReports(
  folder: string,
  options: Pick<RunOptions, 'format'>,
  summary: Summary,
  problems: Problem[],
): Promise<void> {
  const step = process.env['GITHUB_STEP_SUMMARY'];
  for (const name of options.format) {
    if (name === 'none') continue;
    const format = formats[name];
    await keep(problems, async () =>
      writeAtomic(join(folder, `report.${format.extension}`), await format.render(summary)),
    );
  }
  if (step !== undefined && step !== '') {
    await keep(problems, async () => appendText(step, await formats.markdown.render(summary)));
  }
}

async function keep(problems: Problem[], write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof SparError)) throw error;
    problems.push(...error.problems);
  }
}

async function expectedFailures(options: RunOptions, suite: Suite): Promise<ExpectedFailure[]> {
  if (options.expectedFailures === undefined) return [];
  const file = resolve(options.expectedFailures);
  if (options.accept && !existsSync(file)) return [];
  const source = readSource(shown(file), await readText(file));
  if (source.value === null) return [];
  return loadExpectedFailures(
    source,
    suite.cases.map((one) => one.id),
    new Set(suite.requirements.byId.keys()),
  );
}

function checked(requirements: readonly string[], suite: Suite): readonly string[] {
  for (const id of requirements) {
    if (suite.requirements.byId.has(id)) continue;
    throw new SparError({
      fault: 'user',
      what: `there is no requirement "${id}"`,
      mend: didYouMean(id, suite.requirements.byId.keys()),
    });
  }
  return requirements;
}

function nothingSelected(options: RunOptions, suite: Suite): SparError {
  const ofRole = suite.cases.filter((one) => one.role === options.role);
  const what =
    ofRole.length === 0 ? `${suite.protocol.name} has no cases for a ${options.role}` : 'no case is selected';
  const near = nearest(
    options.filter[0] ?? '',
    ofRole.flatMap((one) => [one.id, one.id.split('/').at(-1) ?? '']),
  );
  return new SparError({
    fault: 'user',
    what,
    mend: near ? `Did you mean "${near}"?` : `spar list ${suite.protocol.name} shows the cases.`,
  });
}

function stamp(time: Date): string {
  const digits = time.toISOString().replace(/[-:T]/g, '').replace('.', '-').replace('Z', '');
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}${digits.slice(14)}`;
}

function record(options: RunOptions): Record<string, unknown> {
  const { facts: _facts, folder: _folder, source: _source, ...rest } = options;
  return Object.fromEntries(
    Object.entries(rest).filter(([, value]) => !(Array.isArray(value) && value.length === 0)),
  );
}

function repeatCommand(options: RunOptions, protocol: string, seed: number, id: string): string {
  const words = ['npx spar run', protocol];
  if (options.target !== undefined) words.push(options.target);
  if (options.spawn !== undefined) words.push(`--spawn ${quoted(options.spawn)}`);
  if (options.role === 'client') words.push('--role client');
  for (const path of options.also) words.push(`--also ${quoted(path)}`);
  words.push(`--filter ${quoted(id)}`, `--seed ${seed}`);
  for (const [name, value] of Object.entries(options.dialect)) words.push(`--dialect ${name}=${value}`);
  for (const defect of options.defect) words.push(`--defect ${defect}`);
  if (options.segment !== 'as-is') words.push(`--segment ${options.segment}`);
  return words.join(' ');
}
