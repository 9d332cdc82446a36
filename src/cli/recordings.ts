import { readText } from '../net/disk.ts';
import { SparError } from '../problem/problem.ts';
import { type RecordedTry, type RecordingHead, recordedTarget } from '../run/recording.ts';
import type { Clock } from '../session/clock.ts';
import type { LiveTarget } from './make-target.ts';
import type { RunOptions } from './run-options.ts';

/** What stands in the first line of a recording beside what the run has to know. */
export interface RecordingStart extends RecordingHead {
  /** Milliseconds since 1970 when the run began. */
  readonly wall: number;
  /** Milliseconds of silence where there is no barrier. */
  readonly quiet: number;
}

/** A recording, read. */
export interface Recording {
  readonly head: RecordingStart;
  readonly tries: readonly RecordedTry[];
}

/** Reads a recording. Raises a SparError for a file that is none. */
export async function readRecording(file: string): Promise<Recording> {
  const lines = (await readText(file)).split('\n').filter((line) => line !== '');
  try {
    const [head, ...tries] = lines.map((line) => JSON.parse(line) as unknown);
    if ((head as RecordingStart | undefined)?.recording === 1) {
      return { head: head as RecordingStart, tries: tries as RecordedTry[] };
    }
  } catch {
    // told below
  }
  throw new SparError({
    fault: 'user',
    what: `${file} is no recording`,
    mend: 'spar run … --record FILE makes one.',
  });
}

/** The options of the run that was recorded, with the wishes of this one. */
export function optionsOf(options: RunOptions, { head }: Recording): RunOptions {
  const { deadline = 1000 } = options;
  return {
    ...options,
    protocol: options.protocol ?? head.protocol,
    role: head.role,
    dialect: head.dialects,
    seed: head.seed,
    quiet: Math.min(options.quiet, 50),
    deadline,
  };
}

/** The recording in the place of a target. */
export function recordedLive(recording: Recording, stimuli: ReadonlySet<string>): LiveTarget {
  return {
    target: recordedTarget(recording.head, recording.tries, stimuli),
    facts: recording.head.facts,
    stop: async () => undefined,
  };
}

/** A clock on which it is as late as it was then. */
export function clockOf(recording: Recording, clock: Clock): Clock {
  const began = clock.now();
  return { ...clock, wall: () => recording.head.wall + (clock.now() - began) };
}
