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
  const peers = new Set(moves.map(({ peer }) => peer));
  for (const move of moves) addSpokenOf(move, peers);
  return [...peers];
}

function addSpokenOf(value: unknown, peers: Set<string>): void {
  if (typeof value === 'string') {
    if (value.includes('${')) withPeers(value, (name) => (peers.add(name), name));
  } else if (value !== null && typeof value === 'object')
    for (const inner of Object.values(value)) addSpokenOf(inner, peers);
}

/** A plan without the moves of peers that are not open: nothing is done for these. */
export function opened(plan: Plan): Plan {
  const open = new Set<string>();
  const moves = plan.moves.filter(({ do: what, peer }) => {
    if (what === 'open') open.add(peer);
    return open.has(peer);
  });
  return { ...plan, moves };
}

/** A value with the peers that its `${…}` speak of renamed. */
export function withPeers(value: unknown, rename: (peer: string) => string): unknown {
  if (typeof value === 'string') {
    if (!value.includes('${')) return value;
    return value.replace(/\$\{[^}]*\}/g, (slot) =>
      slot.replace(/(?<![\w.'"-])(?:p\d+|self|other|another)(?=\.)/g, rename),
    );
  }
  if (Array.isArray(value)) return value.map((one) => withPeers(one, rename));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withPeers(inner, rename)]));
}

/** One move of a peer. Peers are called `p1`, `p2`, …; they open before they do anything else. */
export type Move =
  /** `with`: what a client under test is started with beside the names of its peer. */
  | { readonly do: 'open'; readonly peer: string; readonly with?: Readonly<Record<string, unknown>> }
  | SendMove
  | StimulateMove
  /** Waits for the next message of a client under test, which spar then answers. */
  | { readonly do: 'hear'; readonly peer: string }
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

/** Makes a client under test do something. */
export interface StimulateMove {
  readonly do: 'stimulate';
  readonly peer: string;
  readonly stimulus: string;
  readonly with: Readonly<Record<string, unknown>>;
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
  /** A value of another message. */
  | { readonly kind: 'graft'; readonly at: string; readonly from: string; readonly value: unknown }
  /** The same value as another type of JSON: text, number, boolean, null, in a list, in a mapping. */
  | { readonly kind: 'retype'; readonly at: string; readonly to: JsonType }
  /** The member is called otherwise. */
  | { readonly kind: 'rename'; readonly at: string; readonly to: string }
  | { readonly kind: 'deepen'; readonly at: string; readonly times: number }
  /** So many more members in a mapping, items in a list, words in a text. */
  | { readonly kind: 'swell'; readonly at: string; readonly times: number }
  // Text of a field
  | { readonly kind: 'repeat'; readonly at: string; readonly times: number }
  /** The text is this one, so often; for lengths that do not depend on the names of a run. */
  | { readonly kind: 'fill'; readonly at: string; readonly text: string; readonly times: number }
  | { readonly kind: 'insert'; readonly at: string; readonly offset: number; readonly text: string }
  /** Octets put into the encoded field, for what no text can say: invalid UTF-8, a lone surrogate. */
  | { readonly kind: 'insert-octets'; readonly at: string; readonly offset: number; readonly hex: string }
  // Text of the whole packet
  /** JSON text that is none any more, or only just. */
  | { readonly kind: 'rewrite'; readonly as: Rewriting }
  /** The first word of a line. */
  | { readonly kind: 'word'; readonly text: string }
  /** What stands between the words of a line. */
  | { readonly kind: 'respace'; readonly text: string }
  // Octets of the frame; offsets below 0 count from its end
  | { readonly kind: 'set-octets'; readonly offset: number; readonly hex: string }
  | { readonly kind: 'put-octets'; readonly offset: number; readonly hex: string }
  | { readonly kind: 'flip'; readonly offset: number; readonly bit: number }
  | { readonly kind: 'cut'; readonly offset: number; readonly length: number }
  /** Only so many octets of it are sent. */
  | { readonly kind: 'stop-at'; readonly offset: number }
  /** A length that lies: what a length-prefixed or headed frame announces. */
  | { readonly kind: 'announce'; readonly length: number }
  | { readonly kind: 'no-end' }
  | { readonly kind: 'other-end'; readonly hex: string }
  // How it is written
  | { readonly kind: 'split'; readonly offset: number }
  | { readonly kind: 'drip' }
  | { readonly kind: 'again'; readonly times: number };

export type JsonType = 'string' | 'number' | 'boolean' | 'null' | 'array' | 'object';

export const rewritings = [
  'trailing-comma',
  'comment',
  'single-quotes',
  'nan',
  'byte-order-mark',
  'in-a-list',
  'followed-by-another',
  'unclosed',
  'utf-16',
  'blank-lines',
] as const;

export type Rewriting = (typeof rewritings)[number];

/** True if a mutation changes the encoded frame, or how it is written, and not what is in it. */
export function isOnFrame(kind: Mutation['kind']): boolean {
  return onFrame.has(kind);
}

const onFrame: ReadonlySet<Mutation['kind']> = new Set<Mutation['kind']>([
  'set-octets',
  'put-octets',
  'flip',
  'cut',
  'stop-at',
  'announce',
  'no-end',
  'other-end',
  'split',
  'drip',
  'again',
]);
