import type { Cause, Failure } from '../events/event.ts';
import type { Case } from '../suite/case.ts';
import { growthBy, mebibyte, mib } from './growth.ts';
import type { Target } from './target.ts';

/** A client that takes as much memory as its case does not allow, or more, at the end of its conversation. */
export function tooMuch(one: Case, below: number, octets: number | undefined): readonly Failure[] {
  if (octets === undefined) return untold(one);
  if (octets < below * mebibyte) return [];
  return failure(one, 'memory', `the target takes ${mib(octets)} MiB; below ${below} is allowed`);
}

/** A server that a conversation leaves memory behind in: `again` holds it once more, under a number, and tells what went wrong. */
export async function notSteady(
  one: Case,
  target: Target,
  again: (number: number) => Promise<readonly Failure[]>,
): Promise<readonly Failure[]> {
  if ((await target.memory?.()) === undefined) return untold(one);
  let held = 1;
  let failed: readonly Failure[] = [];
  const grown = await growthBy(async (count) => {
    for (let left = count; left > 0 && failed.length === 0; left -= 1) {
      failed = await again(held);
      held += 1;
    }
    return (await target.memory?.()) ?? 0;
  });
  if (grown === undefined || failed.length > 0) return failed;
  return failure(
    one,
    'memory',
    `the memory of the target grew by ${mib(grown)} MiB in ${held} such conversations`,
  );
}

function untold(one: Case): readonly Failure[] {
  return failure(one, 'needs-process', 'the system does not tell its memory');
}

function failure({ proves }: Case, cause: Cause, message: string): readonly Failure[] {
  return [{ cause, message, requirements: cause === 'memory' ? proves : [] }];
}
