import type { CaseFinished, Failure } from '../events/event.ts';
import type { Verdict } from '../events/verdict.ts';
import type { Requirements } from '../suite/requirements.ts';

/**
 * The verdict that failures amount to: a warning where all they break are requirements that only warn,
 * and nothing died of it.
 */
export function verdictOf(failures: readonly Failure[], requirements: Requirements): Verdict {
  if (failures.length === 0) return 'pass';
  if (failures.some((failure) => failure.cause === 'harness')) return 'error';
  return failures.every((failure) => onlyWarns(failure, requirements)) ? 'warn' : 'fail';
}

function onlyWarns(failure: Failure, requirements: Requirements): boolean {
  return (
    failure.cause !== 'died' &&
    failure.requirements.length > 0 &&
    failure.requirements.every((id) => requirements.byId.get(id)?.warn === true)
  );
}

/** True if this result makes the run fail. */
export function isBad(result: Pick<CaseFinished, 'verdict' | 'expected'>, strict: boolean): boolean {
  if (result.expected !== undefined) return false;
  return result.verdict === 'fail' || result.verdict === 'error' || (strict && result.verdict === 'warn');
}
