import type { RunEvent } from '../events/event.ts';
import { type Paint, plain } from './paint.ts';
import { duration } from './words.ts';

/** How far a run has come. */
export interface Progress {
  readonly total: number;
  readonly done: number;
  readonly failing: number;
  /** Milliseconds since the run began, as of the last event. */
  readonly at: number;
}

/** Before the first event. */
export const noProgress: Progress = { total: 0, done: 0, failing: 0, at: 0 };

/** The progress after one more event. */
export function advance(progress: Progress, event: RunEvent): Progress {
  if (event.event === 'run-started') return { ...noProgress, total: event.cases.length };
  const { at } = event;
  if (event.event !== 'case-finished') return { ...progress, at };
  const bad = (event.verdict === 'fail' || event.verdict === 'error') && event.expected === undefined;
  return { ...progress, at, done: progress.done + 1, failing: progress.failing + (bad ? 1 : 0) };
}

/** One line: cases done, failing, and the time left by the pace so far. `now`: milliseconds since the run began. */
export function progressLine(progress: Progress, now: number, paint: Paint = plain): string {
  const { total, done, failing } = progress;
  const counted = `${done} of ${total} cases`;
  const bad = failing > 0 ? ` · ${paint.bad(`${failing} failing`)}` : '';
  const open = total - done;
  const left = done > 0 && open > 0 ? ` · about ${duration((now / done) * open)} left` : '';
  return `${counted}${bad}${left}`;
}
