import type { Target } from '../run/target.ts';
import type { Coverage } from './edges.ts';

/** What a campaign needs of a target beside its connections. */
export interface FuzzTarget {
  readonly target: Target;
  /** Starts its process anew, whatever it is doing; absent for a server that is simply up. */
  fresh?(): Promise<void>;
  /** What its process has printed since it was last started. */
  output?(): string;
  /** Memory of its process tree in octets. */
  memory?(): Promise<number | undefined>;
  /** The code that it has run through, where it tells. */
  readonly coverage?: Coverage;
}
