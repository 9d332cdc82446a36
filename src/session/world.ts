import type { Role } from '../events/verdict.ts';
import type { Regex } from '../match/regex.ts';
import type { Protocol } from '../protocol/definition.ts';
import type { Step } from '../suite/step.ts';
import type { Clock } from './clock.ts';
import type { Link, LinkSink } from './link.ts';

/** What one conversation may take of the target at the most. */
export interface Limits {
  /** Octets of one message. */
  readonly frame: number;
  /** Octets that one peer takes in over the conversation. */
  readonly octets: number;
  /** Messages that one peer takes in over the conversation. */
  readonly messages: number;
  /** What one peer holds or has passed over without a step that looked at it. */
  readonly unread: { readonly messages: number; readonly octets: number };
}

/** What a client under test can be made to do, bound to something that does it. */
export interface Stimuli {
  /** Makes the client of a peer do something. Rejects when it cannot be done. */
  run(peer: string, name: string, values: Readonly<Record<string, unknown>>): Promise<void>;
  /** The client's own output so far, of the peer's process. */
  shown(peer: string): string;
}

/** Everything around a conversation: the same engine serves live runs, replays and tests. */
export interface World {
  readonly protocol: Protocol;
  readonly preambles: ReadonlyMap<string, readonly Step[]>;
  /** What the target is. */
  readonly role: Role;
  readonly clock: Clock;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly limits: Limits;
  readonly stimuli?: Stimuli;
  /** How each kind of what a client shows is read from a line of its output: named groups are its parts. */
  readonly shows?: ReadonlyMap<string, Regex>;
  /** Names that the next peer to connect has already, where its client was there before the case. */
  identities?(): Readonly<Record<string, unknown>>;
  /** Makes the connection of a peer. Rejects when there is none to be had. */
  open(peer: string, options: Readonly<Record<string, unknown>>, sink: LinkSink): Promise<Link>;
  /** Done once all steps are held, before the connections are ended. */
  leaving?(): Promise<void>;
  /** A generator for this name, the same for the same seed. */
  random(name: string): () => number;
  /** Milliseconds that an answer may take now. */
  deadline(): number;
  /** Milliseconds that a connection may take, where not those of an answer. */
  readonly connectLimit?: number;
  /** Milliseconds of silence that stand for nothing more where there is no barrier. */
  readonly quiet: number;
  /** An answer took so many milliseconds. */
  answered(ms: number): void;
}
