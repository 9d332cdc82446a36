import type { CaseFinished } from '../events/event.ts';
import type { Clock } from '../session/clock.ts';
import type { Case } from '../suite/case.ts';
import type { Suite } from '../suite/load-suite.ts';
import { Run, usualLimits } from './run-suite.ts';
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
    {
      suite,
      cases: [one],
      role: one.role,
      target,
      clock: with_.clock,
      run: 'one',
      version: '',
      seed: 0,
      stamp: `${with_.clock.wall()}`,
      facts: with_.facts,
      jobs: 1,
      repeat: 1,
      deadline: with_.deadline,
      quiet: 200,
      limits: usualLimits,
      strict: false,
      giveUp: false,
      confirm: 1,
      verbose: false,
      expected: [],
      options: {},
      repeatCommand: () => '',
    },
    (event) => {
      if (event.event === 'case-finished') finished = event;
    },
  );
  await run.hold();
  if (!finished) throw new Error('a case was held and did not finish');
  return finished;
}
