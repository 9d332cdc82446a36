/**
 * A plan is plain data: what some peers do with a target, move by move, and on each packet the
 * mutations that make it hostile. One format serves as corpus entry, as finding and, written in the
 * suite language, as case. Without its mutations every packet of a plan is valid, so that taking
 * mutations away always leads towards the valid conversation.
 */
export interface Plan {
  /** Format of the file; 1. */
  readonly plan: 1;
  readonly moves: readonly Move[];
}

/** The peers of a plan: those that move, and those that are only spoken of. */
export function peersOf({ moves }: Plan): string[] {
  const named = JSON.stringify(moves).matchAll(/\$\{(p\d+)\./g);
  return [...new Set([...moves.map(({ peer }) => peer), ...[...named].map(([, peer]) => peer as string)])];
}

/** One move of a peer. Peers are called `p1`, `p2`, …; they open before they do anything else. */
export type Move =
  | { readonly do: 'open'; readonly peer: string }
  | SendMove
  /** Octets that are no message at all, as they are (hexadecimal). */
  | { readonly do: 'octets'; readonly peer: string; readonly hex: string }
  | { readonly do: 'close' | 'reset' | 'half-close' | 'stop-reading'; readonly peer: string };

export interface SendMove {
  readonly do: 'send';
  readonly peer: string;
  /** Name of the message in the definition. */
  readonly message: string;
  /**
   * The valid packet: the places of a line, or the JSON value. Texts may refer to what is only known
   * while it runs: `${p2.name}`, `${p1.token}`.
   */
  readonly fields: unknown;
  readonly mutations: readonly Mutation[];
  /** Goes on without waiting for the answer. */
  readonly pipelined?: boolean;
}

/**
 * One change of a valid packet. `at` is a JSON Pointer into its fields for structure and text,
 * absent for the whole packet; octet ranges are of the encoded frame.
 */
export type Mutation =
  // Structure
  | { readonly kind: 'drop'; readonly at: string }
  | { readonly kind: 'double'; readonly at: string }
  | { readonly kind: 'replace'; readonly at: string; readonly value: unknown }
  | { readonly kind: 'add'; readonly at: string; readonly value: unknown }
  | { readonly kind: 'swap'; readonly at: string; readonly with: string }
  | { readonly kind: 'deepen'; readonly at: string; readonly times: number }
  // Text of a field
  | { readonly kind: 'repeat'; readonly at: string; readonly times: number }
  /** The text is this one, so often; for lengths that do not depend on the names of a run. */
  | { readonly kind: 'fill'; readonly at: string; readonly text: string; readonly times: number }
  | { readonly kind: 'insert'; readonly at: string; readonly offset: number; readonly text: string }
  /** Octets put into the encoded field, for what no text can say: invalid UTF-8, a lone surrogate. */
  | { readonly kind: 'insert-octets'; readonly at: string; readonly offset: number; readonly hex: string }
  // Octets of the frame
  | { readonly kind: 'set-octets'; readonly offset: number; readonly hex: string }
  | { readonly kind: 'cut'; readonly offset: number; readonly length: number }
  /** A length that lies: what a length-prefixed or headed frame announces. */
  | { readonly kind: 'announce'; readonly length: number }
  | { readonly kind: 'no-end' }
  | { readonly kind: 'other-end'; readonly hex: string }
  // How it is written
  | { readonly kind: 'split'; readonly offset: number }
  | { readonly kind: 'drip' }
  | { readonly kind: 'again'; readonly times: number };
