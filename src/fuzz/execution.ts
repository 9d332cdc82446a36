import type { TranscriptEntry } from '../events/event.ts';
import type { Crossed } from '../net/meter.ts';
import type { Answer } from '../protocol/states.ts';
import type { Symptom } from './finding.ts';
import type { Latency } from './latency.ts';
import type { Secrets } from './secrets.ts';
import type { Traces } from './traces.ts';

/** What came of one execution. */
export interface Execution {
  readonly symptoms: readonly Symptom[];
  /** What the target did, without names and values: new ones enter the corpus. */
  readonly shapes: ReadonlySet<string>;
  /** States that were reached. */
  readonly states: ReadonlySet<string>;
  readonly ms: number;
  /** A connection could not be made at all. */
  readonly unreachable: boolean;
  /** The answers of the state table that came. */
  readonly walked: ReadonlySet<Answer>;
  /** What clients printed. */
  readonly output?: string;
  /** A client ended its connection before spar did. */
  readonly left: boolean;
  /** The target said something. */
  readonly heard: boolean;
  /** Messages of a client that were waited for and did not come. */
  readonly missed: number;
  transcript(): readonly TranscriptEntry[];
}

/** What an execution may take for granted. */
export interface ExecutionRules {
  /** Milliseconds without any answer after which a target hangs. */
  hang: number;
  /** Rules whose breach only warns. */
  readonly warnings: ReadonlySet<string>;
  /** How long clients usually take to connect. */
  readonly connects?: Latency;
  /** How long clients usually take to end after spar has ended their connection. */
  readonly leaves?: Latency;
  /** How long answers usually take. */
  readonly latency?: Latency;
  /** No other conversation goes on beside: what rules say of contents can be judged. */
  readonly alone?: boolean;
  /** The passwords that were sent. */
  readonly secrets?: Secrets;
  /** What was said that looks like the inside of a target; that of this execution if absent. */
  readonly traces?: Traces;
  /** A client under test ends its connection soon after spar has: one that does not any more hangs. */
  noticesEnd?: boolean;
  /** What hangs on when octets come is given more time: for the few executions that a finding is looked into with. */
  patient?: boolean;
}

/** What else is known and done of the clients under test of one execution. */
export interface Backstage {
  /**
   * True if the client of a peer surely says no more by itself, to judge by what crossed this end; absent
   * where that cannot be told.
   */
  rests?(peer: string, crossed: Crossed): boolean;
  /** Done before they are left: some of what they are is only seen while they live. */
  leaving?(): Promise<void>;
}
