import type { Role } from '../events/verdict.ts';
import type { Clock } from '../session/clock.ts';
import type { Limits } from '../session/world.ts';
import type { Suite } from '../suite/load-suite.ts';
import type { Finding, Oracle } from './finding.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import type { Model } from './model.ts';
import type { Plan } from './plan.ts';

/** What a campaign is told. */
export interface CampaignOptions {
  readonly suite: Suite;
  readonly model: Model;
  readonly target: FuzzTarget;
  readonly clock: Clock;
  readonly seed: number;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly limits: Limits;
  /** Conversations at once. */
  readonly jobs: number;
  /** A fresh process for each conversation. */
  readonly fresh: boolean;
  /** Ends after so many ms, executions or findings, whichever comes first. */
  readonly until: { readonly ms?: number; readonly executions?: number; readonly findings?: number };
  readonly oracles: ReadonlySet<Oracle>;
  /** Executions that making a finding small may take; 0 leaves it as it is. */
  readonly budget: number;
  /** How often a finding is tried on a fresh target. */
  readonly confirm: number;
  /** Milliseconds without an answer after which a target hangs. */
  readonly hang: number;
  /** Plans of earlier campaigns. They are held first. */
  readonly corpus: readonly Plan[];
  /** What the target is; a server if absent. */
  readonly role?: Role;
  tell(event: CampaignEvent): void;
}

/** What a campaign tells. */
export type CampaignEvent =
  | { readonly event: 'corpus'; readonly plan: Plan; readonly why: string }
  | { readonly event: 'finding'; readonly finding: Finding }
  | { readonly event: 'again'; readonly bucket: string; readonly hits: number }
  | { readonly event: 'note'; readonly text: string }
  | { readonly event: 'status'; readonly status: CampaignStatus };

export interface CampaignStatus {
  readonly executions: number;
  readonly ms: number;
  readonly states: number;
  /** States that the protocol has. */
  readonly allStates: number;
  /** Answers of the state table that came, and how many it has. */
  readonly transitions: number;
  readonly allTransitions: number;
  readonly shapes: number;
  /** Edges of the target's code, where it tells. */
  readonly edges?: number;
  /** Milliseconds until the campaign ends, as far as that can be told. */
  readonly left?: number;
  readonly corpus: number;
  readonly findings: number;
  readonly restarts: number;
}

export interface CampaignResult extends CampaignStatus {
  readonly all: readonly Finding[];
  readonly stopped: 'time' | 'executions' | 'findings' | 'interrupted' | 'target-dead' | 'invalid';
  /** What keeps the target from serving as often as it is asked, in words. */
  readonly limits?: string;
}
