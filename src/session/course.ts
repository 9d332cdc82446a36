import type { Cause, Choice, Failure, TranscriptEntry } from '../events/event.ts';
import type { Mismatch, Pattern } from '../match/pattern.ts';
import type { Step } from '../suite/step.ts';
import { StepFailure } from './failure.ts';
import type { Peer } from './peer.ts';
import type { CaseScope, Names } from './scope.ts';
import { Transcript } from './transcript.ts';
import type { World } from './world.ts';

/** Where in a case the engine is: under which names, and who is blamed. */
export interface Frame {
  readonly scope: CaseScope;
  readonly proves: readonly string[];
  readonly step?: Step;
}

/** One try of a case as it goes: what was noted of it, how far it is, and whether it is to end. */
export class Course {
  readonly world: World;
  readonly names: Names;
  readonly transcript: Transcript = new Transcript();
  readonly failures: Failure[] = [];
  readonly notes: Set<string> = new Set();
  readonly choices: Map<string, Choice> = new Map();
  readonly rules: Set<string> = new Set();
  readonly wall = (): number => this.world.clock.wall();
  stepIndex = -1;
  readonly #began: number;
  readonly #sleepers = new Set<() => void>();
  #aborted: StepFailure | undefined;

  constructor(world: World, names: Names) {
    this.world = world;
    this.names = names;
    this.#began = world.clock.now();
  }

  /** Ends the try as soon as it waits for something. */
  abort(cause: Cause, message: string): void {
    this.#aborted ??= new StepFailure(cause, message);
    for (const wake of this.#sleepers) wake();
  }

  isAbort(failure: StepFailure): boolean {
    return this.#aborted === failure;
  }

  /** Raises the failure of an abort. */
  check(): void {
    if (this.#aborted) throw this.#aborted;
  }

  /** Milliseconds that a step may take: its own, or else the usual ones. */
  limit(step: Step, scope: CaseScope, usual: number = this.world.deadline()): number {
    return step.within ? count(step.within(scope)) : usual;
  }

  /** Milliseconds since the try began. */
  at(): number {
    return this.world.clock.now() - this.#began;
  }

  capture(scope: CaseScope, name: string, value: unknown): void {
    scope.capture(name, value);
    if (typeof value === 'string') this.names.own.add(value);
  }

  log(peer: Peer, what: TranscriptEntry['what'], text: string): void {
    this.transcript.add({ at: this.at(), peer: peer.name, what, text, step: this.stepIndex });
  }

  /** Holds a value against a pattern; what that captures is kept if it fits. */
  matches(pattern: Pattern, value: unknown, frame: Frame): readonly Mismatch[] {
    const captures: [string, unknown][] = [];
    const taken: string[] = [];
    const found = pattern.match(value, { scope: frame.scope, wall: this.wall, captures, taken });
    if (found.length > 0) return found;
    for (const [name, captured] of captures) this.capture(frame.scope, name, captured);
    for (const way of taken) this.took(frame, way);
    return found;
  }

  /** Keeps which way the target took at a step that allows several. */
  took({ step }: Frame, way: string): void {
    if (!step) return;
    const { text, file, line } = step;
    const key = `${file} ${line} ${text} ${way}`;
    if (!this.choices.has(key)) this.choices.set(key, { step: { text, file, line }, took: way });
  }

  async wait(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        cancel();
        this.#sleepers.delete(wake);
        resolve();
      };
      const cancel = this.world.clock.after(ms, wake);
      this.#sleepers.add(wake);
    });
    this.check();
  }

  /** Waits for what cannot be hurried, but not after an abort; what comes too late for that is dropped. */
  unlessAborted<T>(work: Promise<T>, drop: (late: T) => void = () => undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const wake = (): void => {
        this.#sleepers.delete(wake);
        reject(this.#aborted);
      };
      this.#sleepers.add(wake);
      work.then((done) => (this.#sleepers.delete(wake) ? resolve(done) : drop(done)), reject);
    });
  }
}

/** A number that a step is given in milliseconds, or as a count. */
export function count(value: unknown): number {
  const number = Number(value);
  if (value !== '' && Number.isFinite(number)) return number;
  throw new StepFailure('harness', `${JSON.stringify(value)} is no number`);
}
