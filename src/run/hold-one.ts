import type { CaseFinished } from '../events/event.ts';
import type { Clock } from '../session/clock.ts';
import type { Case } from '../suite/case.ts';
import type { Suite } from '../suite/load-suite.ts';
import { plainPlan } from './plan.ts';
import { Run } from './run-suite.ts';
import type { Target } from './target.ts';

/** Holds one case once, outside of any report, and tells what became of it. */
export async function holdOne(
  suite: Suite,
  one: Case,
  target: Target,
  with_: {
    readonly clock: Clock;
    readonly facts: Readonly<Record<string, unknown>>;
    readonly deadline: number;
  },
): Promise<CaseFinished> {
  let finished: CaseFinished | undefined;
  const run = new Run(
    plainPlan({
      suite,
      cases: [one],
      role: one.role,
      target,
      stamp: `${with_.clock.wall()}`,
      clock: with_.clock,
      facts: with_.facts,
      deadline: with_.deadline,
    }),
    (event) => {
      if (event.event === 'case-finished') finished = event;
    },
  );
  await run.hold();
  if (!finished) throw new Error('a case was held and did not finish');
  return finished;
}
