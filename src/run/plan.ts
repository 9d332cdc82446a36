import type { ExpectedFailure } from '../events/event.ts';
import type { Role } from '../events/verdict.ts';
import type { Clock } from '../session/clock.ts';
import type { Limits } from '../session/world.ts';
import type { Case } from '../suite/case.ts';
import type { Suite } from '../suite/load-suite.ts';
import type { Target } from './target.ts';

/** Everything that a run is told. */
export interface RunPlan {
  readonly suite: Suite;
  readonly cases: readonly Case[];
  readonly role: Role;
  readonly target: Target;
  readonly clock: Clock;
  readonly run: string;
  /** The version of spar, for the record. */
  readonly version: string;
  readonly seed: number;
  /** Makes names of this run differ from those of another run with the same seed. */
  readonly stamp: string;
  readonly facts: Readonly<Record<string, unknown>>;
  /** How many cases are held side by side. */
  readonly jobs: number;
  /** How often each case is held. */
  readonly repeat: number;
  /** Stop after so many failing cases. */
  readonly bail?: number;
  /** Milliseconds for an answer; learned if absent. */
  readonly deadline?: number;
  /** Milliseconds of silence where there is no barrier. */
  readonly quiet: number;
  readonly limits: Limits;
  readonly strict: boolean;
  /** Asks after a failing case whether the target lives, and stops early on a dead one. */
  readonly giveUp: boolean;
  /** How often a failing case is held before it is believed. */
  readonly confirm: number;
  /** Transcripts of passing cases too. */
  readonly verbose: boolean;
  readonly expected: readonly ExpectedFailure[];
  /** It is one of several shards: which expected failures are stale is judged when they are merged. */
  readonly shard?: boolean;
  /** What the target is called where several are compared. */
  readonly targetName?: string;
  /** What the record says of the options. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The command that holds one case again. */
  repeatCommand(id: string): string;
}

/** Limits that no conversation of a bundled suite comes near. */
export const usualLimits: Limits = {
  frame: 1 << 20,
  octets: 32 << 20,
  messages: 50_000,
  unread: { messages: 5000, octets: 4 << 20 },
};

/** What every plan has to say. */
type Essentials = 'suite' | 'cases' | 'role' | 'target' | 'clock';

/** A plan that holds each case once and leaves no report, but for what it says otherwise. */
export function plainPlan(plan: Pick<RunPlan, Essentials> & Partial<RunPlan>): RunPlan {
  return {
    run: 'one',
    version: '',
    seed: 1,
    stamp: '',
    facts: {},
    jobs: 1,
    repeat: 1,
    quiet: 200,
    limits: usualLimits,
    strict: false,
    giveUp: false,
    confirm: 1,
    verbose: false,
    expected: [],
    options: {},
    repeatCommand: () => '',
    ...plan,
  };
}
