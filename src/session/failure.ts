import type { Cause, Failure } from '../events/event.ts';

/** Ends a conversation: something does not hold, or cannot be found out. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  readonly failure: Omit<Failure, 'requirements'>;
  /** The requirements that are to blame, where they are not those of the step. */
  readonly proves: readonly string[] | undefined;

  constructor(
    cause: Cause,
    message: string,
    more: Omit<Partial<Failure>, 'cause' | 'message' | 'requirements'> = {},
    proves?: readonly string[],
  ) {
    super(message);
    this.proves = proves;
    this.failure = { cause, message, ...more };
  }
}
