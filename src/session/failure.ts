import type { Cause, Failure } from '../events/event.ts';
import { type ExpressionError, NoValueError } from '../match/expression.ts';
import type { Step } from '../suite/step.ts';

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

/** A failure together with the innermost step and those requirements that are to blame. */
export class BlamedFailure extends Error {
  override readonly name = 'BlamedFailure';
  readonly inner: StepFailure;
  readonly step: Step;
  readonly proves: readonly string[];

  constructor(inner: StepFailure, step: Step, proves: readonly string[]) {
    super(inner.message);
    this.inner = inner;
    this.step = step;
    this.proves = proves;
  }
}

/** A name without a value is the case's own fault; a value that is not as it should be came from the target. */
export function unreckonable(error: ExpressionError): StepFailure {
  return error instanceof NoValueError
    ? new MissingValue('harness', error.message)
    : new StepFailure('check', error.message);
}

/** A step needs a name that nothing has given a value. */
export class MissingValue extends StepFailure {}
