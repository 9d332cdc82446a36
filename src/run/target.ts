import type { Link, LinkSink } from '../session/link.ts';
import type { Stimuli } from '../session/world.ts';

/** What a run is held against. Made by `net` and `cli`; the run only asks. */
export interface Target {
  readonly kind: 'reference' | 'address' | 'spawn';
  readonly label: string;
  /** A connection for a peer. Rejects with a ConnectError when there is none to be had. */
  open(peer: string, options: Readonly<Record<string, unknown>>, sink: LinkSink): Promise<Link>;
  readonly stimuli?: Stimuli;
  /** How often its process has died so far; the last way of it. */
  readonly deaths: number;
  readonly lastDeath?: string;
  /** Starts its process anew after a death, where it has one; false if it cannot. */
  revive(): Promise<boolean>;
}
