import type { Cause, Failure } from '../events/event.ts';

/** Ends a conversation: something does not hold, or cannot be found out. */
export class StepFailure extends Error {
  override readonly name = 'StepFailure';
  readonly failure: Omit<Failure, 'requirements'>;

  constructor(
    cause: Cause,
    message: string,
    more: Omit<Partial<Failure>, 'cause' | 'message' | 'requirements'> = {},
  ) {
    super(message);
    this.failure = { cause, message, ...more };
  }
}
