import { parentPort } from 'node:worker_threads';
import { type Problem, SparError } from '../problem/problem.ts';
import { advance, noProgress, type Progress } from '../report/progress.ts';
import { type Handle, type Held, hold } from './hold.ts';
import type { RunOptions } from './run-options.ts';

/** What a worker is told: hold this run, or end the one that goes on. */
export type ToWorker = { readonly hold: RunOptions } | 'interrupt';

/** What a worker tells. */
export type FromWorker =
  | { readonly progress: Progress }
  | { readonly held: Held }
  | { readonly problems: readonly Problem[] }
  | { readonly fault: string };

/** Milliseconds between two reports of progress. */
const pause = 80;

let handle: Handle | undefined;
let interrupted = false;

parentPort?.on('message', (message: ToWorker) => {
  if (message !== 'interrupt') {
    void answer(message.hold);
    return;
  }
  // A run that has not begun yet ends as soon as it does.
  interrupted = true;
  handle?.interrupt();
});

async function answer(options: RunOptions): Promise<void> {
  parentPort?.postMessage(await held(options));
}

async function held(options: RunOptions): Promise<FromWorker> {
  let progress = noProgress;
  let last = 0;
  try {
    const done = await hold(
      options,
      (event) => {
        progress = advance(progress, event);
        if (performance.now() - last < pause) return;
        last = performance.now();
        parentPort?.postMessage({ progress } satisfies FromWorker);
      },
      (begun) => {
        handle = begun;
        if (interrupted) begun.interrupt();
      },
    );
    return { held: done };
  } catch (error) {
    if (error instanceof SparError) return { problems: error.problems };
    return { fault: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  } finally {
    handle = undefined;
  }
}
