import { SparError } from '../problem/problem.ts';
import type { Exit } from './target-process.ts';

/** Why a target did not start: no such program, it ended, or it does not listen. */
export type TargetFailure = 'no-program' | 'exited' | 'not-listening';

/** A spawned target that could not be started. The program exits with 3. */
export class TargetError extends SparError {
  readonly failure: TargetFailure;
  /** How it ended, for `exited`. */
  readonly ended: Exit | undefined;

  constructor(failure: TargetFailure, what: string, mend: string, ended?: Exit) {
    super({ fault: failure === 'no-program' ? 'user' : 'target', what, mend }, 3);
    this.failure = failure;
    this.ended = ended;
  }
}
