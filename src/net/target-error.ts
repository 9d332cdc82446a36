import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SparError } from '../problem/problem.ts';

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

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

/** The error of a program that the system did not start. */
export function cannotStart(
  program: string,
  cwd: string | undefined,
  error: NodeJS.ErrnoException,
): TargetError {
  const what = `${program} could not be started: ${error.code ?? error.message}`;
  return new TargetError('no-program', what, mendStart(program, cwd ?? '.', error.code));
}

function mendStart(program: string, cwd: string, code: string | undefined): string {
  if (!existsSync(cwd)) return `The folder ${cwd}, in which it should run, does not exist.`;
  if (code === 'EACCES')
    return `Make it executable (chmod +x ${program}), or name its interpreter before it.`;
  if (!program.includes('/') && existsSync(resolve(cwd, program))) return `Did you mean ./${program}?`;
  return 'Is the name right, is it installed, and is it on the PATH?';
}
