import type { Role } from '../events/verdict.ts';
import type { Step } from './step.ts';

/** What a case says of the memory of the target's process. */
export type CaseMemory = 'steady' | { readonly below: number };

/** One scripted conversation. */
export interface Case {
  /** `protocol/role/section/case`, and `[row]` where it is a row of a table. */
  readonly id: string;
  readonly title: string;
  readonly section: string;
  readonly role: Role;
  readonly file: string;
  readonly line: number;
  readonly proves: readonly string[];
  /** The dialects under which it holds, with the values that will do. */
  readonly dialect: Readonly<Record<string, unknown>>;
  /** Cannot share the target with other cases. */
  readonly alone: boolean;
  /**
   * What the target's process may take: `steady` if the conversation, held again and again, must leave nothing
   * behind; `below` so many MiB at its end.
   */
  readonly memory?: CaseMemory;
  /** `clean` if the target's process must print no report of a crash while the case is held. */
  readonly output?: 'clean';
  /** Null targets on which it passes rightly. */
  readonly passesOn: readonly string[];
  /** The id of the case that shows that the valid form of this exchange is accepted. */
  readonly control?: string;
  /** Names of facts that it uses. */
  readonly facts: readonly string[];
  /** Names of stimuli that it uses. */
  readonly stimuli: readonly string[];
  /** Kinds of what a client shows that it reads. */
  readonly shows: readonly string[];
  /** Names of its peers. */
  readonly peers: readonly string[];
  /** Values of its row of a table. */
  readonly row: Readonly<Record<string, unknown>>;
  readonly steps: readonly Step[];
}
