import type { TranscriptEntry } from '../events/event.ts';
import type { Role } from '../events/verdict.ts';
import type { Plan } from './plan.ts';

/** What decides that a conversation went wrong. */
export type Oracle =
  | 'death' // the process ended, or printed the report of a crash
  | 'hang' // it does not serve anybody any more
  | 'deaf' // the connection is open and nothing is answered on it
  | 'breach' // a reply breaks the protocol: schema, state table, rule
  | 'accepted' // something malformed was answered as if it were well
  | 'neighbour' // another session was disturbed or heard what is not its own
  | 'leak' // a stack trace, a path or a secret in a reply
  | 'growth'; // its memory grows without end

export const oracles: readonly Oracle[] = [
  'death',
  'hang',
  'deaf',
  'breach',
  'accepted',
  'neighbour',
  'leak',
  'growth',
];

/** Something that went wrong, seen once. */
export interface Symptom {
  readonly oracle: Oracle;
  /** What it has in common with others of the same fault; leaves out names, numbers and texts. */
  readonly bucket: string;
  readonly message: string;
  /** MiB that a client may take for its conversation, where it takes more. */
  readonly below?: number;
  /** The target did not end: it printed the report of a crash. */
  readonly livesOn?: boolean;
  /** What was taken for well: what is wrong with it, and in which state. */
  readonly accepted?: { readonly faults: readonly string[]; readonly state: string };
}

/** A value of a minimal history that does not matter: with another in its place the same happens. */
export interface FreePart {
  readonly plan: number;
  readonly move: number;
  /** A JSON Pointer into the fields of the packet, or `mutations/0/times`, or `hex`. */
  readonly part: string;
  /** What was tried in its place. */
  readonly instead: unknown;
}

/** A fault of the target: confirmed, minimised, ready to be kept. */
export interface Finding {
  readonly id: string;
  /** What the target is; a server if absent. */
  readonly role?: Role;
  readonly symptom: Symptom;
  /** Conversations on a fresh target, the last of which shows the symptom. */
  readonly plans: readonly Plan[];
  /** How often it happened of how many tries on a fresh target. */
  readonly confirmed: { readonly times: number; readonly of: number };
  /** Executions that minimising took. */
  readonly spent: number;
  /** What was sent and heard in the last conversation. */
  readonly transcript: readonly TranscriptEntry[];
  /** What the target printed. */
  readonly output: string;
  /** How often the same bucket was hit in the campaign. */
  readonly hits: number;
  /** What of it does not matter, as far as that was tried. */
  readonly free?: readonly FreePart[];
}
