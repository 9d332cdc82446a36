/**
 * The programme interface of spar: load a protocol, hold its suite with a target, read the events.
 *
 * ```ts
 * import { loadSuite, runSuite } from 'spar';
 *
 * const suite = await loadSuite('cpt');
 * for await (const event of runSuite({ suite, target: 'tcp://127.0.0.1:39168' })) {
 *   if (event.event === 'case-finished') console.log(event.case, event.verdict);
 * }
 * ```
 */
import { protocolFolder, readSuite, version } from './cli/folders.ts';
import { serverTarget } from './cli/make-target.ts';
import { toRunOptions } from './cli/run-options.ts';
import type { RunEvent } from './events/event.ts';
import { freshSeed } from './net/random.ts';
import type { Segmentation } from './net/segment.ts';
import { systemClock } from './net/system-clock.ts';
import { plainPlan } from './run/plan.ts';
import { Run } from './run/run-suite.ts';
import type { Suite } from './suite/load-suite.ts';
import { select } from './suite/select.ts';

export type {
  CaseFinished,
  Cause,
  Failure,
  RequirementInfo,
  RunEvent,
  TranscriptEntry,
} from './events/event.ts';
export type { Level, Role, Verdict } from './events/verdict.ts';
export type { Segmentation } from './net/segment.ts';
export { type Fault, type Place, type Problem, SparError } from './problem/problem.ts';
export { type Summary, summarise } from './report/summary.ts';
export type { Case } from './suite/case.ts';
export type { Suite } from './suite/load-suite.ts';

/**
 * Reads a protocol with its requirements and suites: a bundled name, or the path of a folder with a
 * `protocol.yaml`. Rejects with a SparError that holds every problem of the files.
 */
export async function loadSuite(
  protocol: string,
  dialects: Readonly<Record<string, string>> = {},
): Promise<Suite> {
  return readSuite(await protocolFolder(protocol), dialects);
}

/** What `runSuite` is told. */
export interface RunSuiteOptions {
  readonly suite: Suite;
  /** Address of a server that is up; the bundled reference server if neither this nor `spawn` is given. */
  readonly target?: string;
  /** Command that starts the server; `{host}` and `{port}` are filled in. */
  readonly spawn?: string;
  /** Globs on ids of cases. */
  readonly filters?: readonly string[];
  readonly seed?: number;
  /** Cases side by side; 8 if absent. */
  readonly jobs?: number;
  /** How what spar sends is cut into segments; `as-is` if absent. */
  readonly segment?: Segmentation;
  /** Milliseconds for an answer; learned from the answers if absent. */
  readonly deadline?: number;
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Ends the run early; the events of what has happened still come. */
  readonly signal?: AbortSignal;
}

/**
 * Holds a suite with a server and yields the events as they happen. Writes no files. Rejects with a
 * SparError where the target cannot be reached or started.
 */
export async function* runSuite(options: RunSuiteOptions): AsyncGenerator<RunEvent, void, void> {
  const { suite } = options;
  const settings = toRunOptions(
    {
      target: options.target,
      spawn: options.spawn,
      jobs: options.jobs,
      segment: options.segment,
      deadline: options.deadline,
    },
    { facts: options.facts ?? {} },
    '.',
  );
  const seed = options.seed ?? freshSeed();
  const queue = new EventQueue();
  const began = systemClock.now();
  const live = await serverTarget(suite.protocol, settings, seed, (event) =>
    queue.push({ event: 'target', at: systemClock.now() - began, ...event }),
  );
  const selection = options.filters
    ? { role: 'server' as const, filters: options.filters }
    : { role: 'server' as const };
  const run = new Run(
    plainPlan({
      suite,
      cases: select(suite, selection),
      role: 'server',
      target: live.target,
      clock: systemClock,
      run: `${suite.protocol.name}-${seed}`,
      version: await version(),
      seed,
      stamp: Date.now().toString(36),
      facts: live.facts,
      jobs: settings.jobs,
      ...(settings.deadline === undefined ? {} : { deadline: settings.deadline }),
      quiet: settings.quiet,
      giveUp: true,
      confirm: settings.confirm,
      verbose: true,
      repeatCommand: (id) => `npx spar run ${suite.protocol.name} --filter '${id}' --seed ${seed}`,
    }),
    (event) => queue.push(event),
  );
  const stop = (): void => run.interrupt();
  options.signal?.addEventListener('abort', stop);
  const held = run.hold().finally(() => queue.end());
  try {
    yield* queue;
    await held;
  } finally {
    options.signal?.removeEventListener('abort', stop);
    run.interrupt();
    await held.catch(() => undefined);
    await live.stop();
  }
}

/** Hands events from a callback to a loop. */
class EventQueue implements AsyncIterable<RunEvent> {
  readonly #events: RunEvent[] = [];
  #ended = false;
  #wake: (() => void) | undefined;

  push(event: RunEvent): void {
    this.#events.push(event);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RunEvent, void, void> {
    for (;;) {
      const event = this.#events.shift();
      if (event) yield event;
      else if (this.#ended) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
