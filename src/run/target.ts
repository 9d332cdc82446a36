import type { Crossed } from '../net/meter.ts';
import type { Link, LinkSink } from '../session/link.ts';
import type { Stimuli } from '../session/world.ts';

/** What one try of a case needs of a target for itself alone: the processes of its clients, a recording. */
export interface Stage {
  open(peer: string, options: Readonly<Record<string, unknown>>, sink: LinkSink): Promise<Link>;
  readonly stimuli?: Stimuli;
  /** Names that the next peer to connect has already: its client was started in an earlier case. */
  identities?(): Readonly<Record<string, unknown>>;
  /**
   * True if the client of a peer has heard all that it was sent, has nothing left to do but to listen, and all
   * that it said has come, to judge by what crossed spar's end; absent where that cannot be told.
   */
  isAtRest?(peer: string, crossed: Crossed): boolean;
  /** Memory of its processes in octets, where it can be told. */
  memory?(): Promise<number | undefined>;
  /**
   * Ends what the try has started; how a client of it crashed, if one did. `lag`: milliseconds that a client
   * without a connection may take to end by itself.
   */
  end(lag?: number): Promise<string | undefined>;
}

/** What a run is held against. Made by `net` and `cli`; the run only asks. */
export interface Target {
  readonly kind: 'reference' | 'address' | 'spawn';
  readonly label: string;
  /** Octets come as a stream, which keeps no messages apart. */
  readonly isStream?: boolean;
  /** A connection for a peer. Rejects with a ConnectError when there is none to be had. */
  open(peer: string, options: Readonly<Record<string, unknown>>, sink: LinkSink): Promise<Link>;
  /** Names of stimuli that can be given. */
  readonly stimuli?: ReadonlySet<string>;
  /** How what a client shows is read: kinds, each with the expression for a line of its output. */
  readonly shows?: Readonly<Record<string, string>>;
  /** Sets up what one try needs; absent where all tries share the target. */
  stage?(id: string, attempt: number): Stage;
  /** Milliseconds that a client may take to connect, where not those of an answer. */
  readonly connectLimit?: number;
  /** Memory of its process tree in octets, where spar started it and the system tells. */
  memory?(): Promise<number | undefined>;
  /** What its process printed last, where spar started it. */
  output?(): string;
  /** How often its process has died so far; the last way of it. */
  readonly deaths: number;
  readonly lastDeath?: string;
  /** Starts its process anew after a death, where it has one; false if it cannot. */
  revive(): Promise<boolean>;
}
