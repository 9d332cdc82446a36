import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { SparError } from '../problem/problem.ts';
import { noProgress, type Progress } from '../report/progress.ts';
import type { Handle, Held } from './hold.ts';
import type { RunOptions } from './run-options.ts';
import type { FromWorker, ToWorker } from './run-worker.ts';

/**
 * Holds several runs, as many side by side as the machine has cores, each in a thread. The results are in
 * the order of the runs; after an interruption no further run is begun, and those that were not are left out.
 */
export async function holdAll(
  runs: readonly RunOptions[],
  tell: (progress: Progress) => void,
  begun: (handle: Handle) => void,
): Promise<Held[]> {
  const workers = Array.from(
    { length: Math.min(availableParallelism(), runs.length) },
    () => new Worker(new URL('./run-worker.js', import.meta.url)),
  );
  const results: Held[] = [];
  const progress = runs.map(() => noProgress);
  let next = 0;
  begun({
    interrupt: () => {
      next = runs.length;
      for (const worker of workers) worker.postMessage('interrupt' satisfies ToWorker);
    },
  });
  const work = async (worker: Worker): Promise<void> => {
    for (let index = next; index < runs.length; index = next) {
      next += 1;
      results[index] = await heldBy(worker, runs[index] as RunOptions, (one) => {
        progress[index] = one;
        tell(sum(progress));
      });
    }
  };
  try {
    await Promise.all(workers.map(work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return results.filter((one) => one !== undefined);
}

function heldBy(worker: Worker, run: RunOptions, tell: (progress: Progress) => void): Promise<Held> {
  return new Promise((resolve, reject) => {
    const heard = (message: FromWorker): void => {
      if ('progress' in message) {
        tell(message.progress);
        return;
      }
      worker.off('message', heard);
      worker.off('error', reject);
      if ('held' in message) resolve(message.held);
      else reject('problems' in message ? new SparError(message.problems) : new Error(message.fault));
    };
    worker.on('message', heard);
    worker.on('error', reject);
    worker.postMessage({ hold: run } satisfies ToWorker);
  });
}

function sum(all: readonly Progress[]): Progress {
  return all.reduce((one, other) => ({
    total: one.total + other.total,
    done: one.done + other.done,
    failing: one.failing + other.failing,
    at: Math.max(one.at, other.at),
  }));
}
