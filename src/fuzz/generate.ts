import fc from 'fast-check';
import { enabled, firstState, type Model, stateAfter } from './model.ts';
import type { Move, Mutation, Plan, SendMove } from './plan.ts';

/** How a campaign's plans are made up, in shares of 100. */
interface Shares {
  /** Moves that the state table does not have. */
  readonly illegal: number;
  /** Plans that build on one that is known, instead of a fresh walk. */
  readonly known: number;
}

const shares: Shares = { illegal: 12, known: 50 };

const numbers = [
  0,
  -1,
  1,
  255,
  256,
  65535,
  65536,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 32,
  2 ** 53,
  2 ** 53 + 2,
  1.5,
  1e300,
  -0,
];
const texts = [
  '',
  ' ',
  'system',
  '%s%n%x',
  '../../x',
  '<script>',
  'NaN',
  'null',
  '0x10',
  '+5',
  '00',
  '1e9',
  '9223372036854775807',
  '9223372036854775808',
  '\u202e',
  '😀',
  'é',
  'e\u0301',
  '__proto__',
  'constructor',
  "' OR '1'='1",
  '${x}',
  '-',
  '#',
  '*',
];
const injected = [
  '\n',
  '\r',
  '\r\n',
  '\0',
  '\t',
  ' ',
  '  ',
  '\u001b',
  '\u2028',
  '\u0085',
  '"',
  "'",
  '\\',
  '<',
  ',',
  '{',
  '}',
];
const octets = ['ff', 'c080', 'eda080', 'f4908080', 'fe', '80', '00'];
const lengths = [
  2, 8, 15, 16, 17, 31, 32, 33, 64, 100, 127, 128, 129, 255, 256, 257, 512, 1024, 4096, 65_536,
];
const ends = ['0a', '0d', '0d0a', '00', '0a0d', '', '0d0d0a', 'c285'];

/** One step of a walk, in numbers that are mapped onto what is possible there. */
interface Choice {
  readonly peer: number;
  readonly pick: number;
  readonly illegal: number;
  readonly sample: number;
  readonly pipelined: number;
}

/** A mutation in numbers, mapped onto the packet that it hits. */
interface Hit {
  readonly move: number;
  readonly kind: number;
  readonly at: number;
  readonly offset: number;
  readonly size: number;
  /** Index into the values of the model. */
  readonly value: number;
}

interface Recipe {
  readonly known: number;
  readonly base: number;
  readonly walk: readonly Choice[];
  readonly hits: readonly Hit[];
  readonly tail: number;
  readonly splice: number;
}

/** Plans out of a seed: fast-check draws numbers, the model maps them onto moves and mutations. */
export function plansFrom(model: Model, corpus: readonly Plan[], seed: number, count: number): Plan[] {
  const recipes = fc.sample(recipe(model), { seed, numRuns: count });
  return recipes.map((one) => cook(model, corpus, one));
}

const recipes = new WeakMap<Model, fc.Arbitrary<Recipe>>();
const values = new WeakMap<Model, readonly unknown[]>();

/** Any code points, lone surrogates too. (fc.string takes a second to set up its units of all planes.) */
const anyText = fc
  .array(fc.nat(0x10ffff), { maxLength: 12 })
  .map((points) => String.fromCodePoint(...points));

/** Values to put in the place of valid ones: boundaries, the dictionary, and what fast-check makes up. */
function valuesOf(model: Model): readonly unknown[] {
  const before = values.get(model);
  if (before) return before;
  const plain: unknown[] = [
    ...numbers,
    ...texts,
    null,
    true,
    false,
    [],
    {},
    [[]],
    { a: 1 },
    ...model.dictionary,
  ];
  const made = [
    ...fc.sample(anyText, { seed: 1, numRuns: 60 }),
    ...fc.sample(fc.jsonValue({ maxDepth: 2 }), { seed: 1, numRuns: 60 }),
  ];
  const all = [...plain, ...plain, ...plain, ...made];
  values.set(model, all);
  return all;
}

function recipe(model: Model): fc.Arbitrary<Recipe> {
  const before = recipes.get(model);
  if (before) return before;
  const nat = fc.nat(1 << 20);
  const small = fc.nat(99);
  const made = fc.record({
    known: small,
    base: nat,
    walk: fc.array(fc.record({ peer: fc.nat(2), pick: nat, illegal: small, sample: nat, pipelined: small }), {
      minLength: 1,
      maxLength: 8,
    }),
    hits: fc.array(fc.record({ move: nat, kind: nat, at: nat, offset: fc.nat(200), size: nat, value: nat }), {
      maxLength: 3,
    }),
    tail: small,
    splice: small,
  });
  recipes.set(model, made);
  return made;
}

function cook(model: Model, corpus: readonly Plan[], one: Recipe): Plan {
  const known = corpus[one.base % Math.max(1, corpus.length)];
  let moves: Move[];
  if (known && one.known < shares.known) {
    moves = [...known.moves];
    if (one.splice < 40) moves = spliced(model, moves, one);
  } else moves = walk(model, one.walk);
  for (const hit of one.hits) moves = struck(model, moves, hit);
  return { plan: 1, moves: ended(moves, one.tail) };
}

/** A walk along the state table, several peers interleaved. */
function walk(model: Model, choices: readonly Choice[]): Move[] {
  const states = new Map<string, string>();
  return choices.flatMap((choice) => {
    const peer = `p${(choice.peer % 3) + 1}`;
    const opening: Move[] = states.has(peer) ? [] : [{ do: 'open', peer }];
    const state = states.get(peer) ?? firstState(model.protocol);
    const illegal = choice.illegal < shares.illegal;
    const from = illegal ? model.requests : enabled(model, state);
    const message = from[choice.pick % Math.max(1, from.length)];
    if (message === undefined) return opening;
    states.set(peer, illegal ? state : stateAfter(model.protocol, state, message));
    return [...opening, send(model, peer, message, choice)];
  });
}

function send(
  model: Model,
  peer: string,
  message: string,
  choice: Pick<Choice, 'sample' | 'pipelined'>,
): SendMove {
  const samples = model.samples.get(message) ?? [{}];
  const fields = ownedBy(samples[choice.sample % samples.length], peer);
  return {
    do: 'send',
    peer,
    message,
    fields,
    mutations: [],
    ...(choice.pipelined < 8 ? { pipelined: true } : {}),
  };
}

/** A sample with `self` standing for the peer that sends it. */
function ownedBy(fields: unknown, peer: string): unknown {
  if (typeof fields === 'string') return fields.replaceAll('${self.', `\${${peer}.`);
  if (Array.isArray(fields)) return fields.map((one) => ownedBy(one, peer));
  if (fields !== null && typeof fields === 'object') {
    return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, ownedBy(value, peer)]));
  }
  return fields;
}

/** A known plan with moves put in, left out or repeated. */
function spliced(model: Model, moves: readonly Move[], one: Recipe): Move[] {
  const [choice] = one.walk;
  if (!choice) return [...moves];
  const at = choice.pick % (moves.length + 1);
  const peers = moves.slice(0, at).flatMap((move) => (move.do === 'open' ? [move.peer] : []));
  const peer = peers[choice.peer % Math.max(1, peers.length)];
  if (peer === undefined) return [...moves];
  const message = model.requests[choice.sample % Math.max(1, model.requests.length)];
  if (choice.illegal < 30) return moves.filter((move, index) => index !== at || move.do === 'open');
  if (choice.illegal < 50)
    return [
      ...moves.slice(0, at),
      ...moves.slice(Math.max(0, at - 1), at).filter(({ do: what }) => what !== 'open'),
      ...moves.slice(at),
    ];
  if (choice.illegal < 65)
    return [...moves.slice(0, at), { do: 'reset', peer }, { do: 'open', peer }, ...moves.slice(at)];
  if (message === undefined) return [...moves];
  return [...moves.slice(0, at), send(model, peer, message, choice), ...moves.slice(at)];
}

/** A plan with one of its packets mutated. */
function struck(model: Model, moves: readonly Move[], hit: Hit): Move[] {
  const sends = moves.flatMap((move, index) => (move.do === 'send' ? [index] : []));
  const index = sends[hit.move % Math.max(1, sends.length)];
  const move = index === undefined ? undefined : moves[index];
  if (move?.do !== 'send') return [...moves];
  const mutation = mutationOf(model, move, hit);
  return moves.map((one, at) => (at === index ? { ...move, mutations: [...move.mutations, mutation] } : one));
}

const onFields = [
  'drop',
  'double',
  'replace',
  'replace',
  'add',
  'swap',
  'repeat',
  'fill',
  'fill',
  'insert',
  'insert',
  'insert-octets',
  'deepen',
] as const;
const onFrames = [
  'set-octets',
  'cut',
  'announce',
  'no-end',
  'other-end',
  'split',
  'split',
  'drip',
  'again',
] as const;

function mutationOf(model: Model, move: SendMove, hit: Hit): Mutation {
  const pool = valuesOf(model);
  const value = pool[hit.value % pool.length];
  const pointers = pointersOf(move.fields);
  const at = pointers[hit.at % Math.max(1, pointers.length)] ?? '/x';
  const many = lengths[hit.size % lengths.length] ?? 2;
  const kinds = [...onFields, ...onFields, ...onFrames];
  const kind = kinds[hit.kind % kinds.length] ?? 'drop';
  switch (kind) {
    case 'drop':
    case 'double':
      return { kind, at };
    case 'replace':
      return { kind, at, value: replacement(model, move, at, hit, value) };
    case 'add':
      return { kind, at: `/${['x', 'from', 'id', 'admin', '__proto__'][hit.size % 5]}`, value };
    case 'swap':
      return { kind, at, with: pointers[(hit.at + 1 + hit.size) % Math.max(1, pointers.length)] ?? at };
    case 'deepen':
      return { kind, at, times: [10, 100, 600, 5000, 100_000][hit.size % 5] ?? 10 };
    case 'repeat':
      return { kind, at, times: many };
    case 'fill':
      return { kind, at, text: hit.size % 7 === 0 ? 'é' : 'x', times: many };
    case 'insert':
      return { kind, at, offset: hit.offset % 12, text: injected[hit.size % injected.length] ?? ' ' };
    case 'insert-octets':
      return { kind, at, offset: hit.offset % 12, hex: octets[hit.size % octets.length] ?? 'ff' };
    case 'set-octets':
      return { kind, offset: hit.offset, hex: octets[hit.size % octets.length] ?? 'ff' };
    case 'cut':
      return { kind, offset: hit.offset % 40, length: 1 + (hit.size % 8) };
    case 'announce':
      return {
        kind,
        length: [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0xffff, 100_000_000][hit.size % 7] ?? 0,
      };
    case 'other-end':
      return { kind, hex: ends[hit.size % ends.length] ?? '' };
    case 'split':
      return { kind, offset: hit.size % 3 === 0 ? -1 - (hit.offset % 3) : 1 + (hit.offset % 24) };
    case 'again':
      return { kind, times: 1 + (hit.size % 6) };
    case 'no-end':
    case 'drip':
      return { kind };
  }
}

/** In the place of a number it is mostly another one. */
function replacement(model: Model, move: SendMove, at: string, hit: Hit, value: unknown): unknown {
  const old = at
    .split('/')
    .slice(1)
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | null)?.[key], move.fields);
  const numeric = typeof old === 'number' || (typeof old === 'string' && /^\d+$/.test(old));
  const made = numeric && hit.size % 4 > 0 ? numbers[hit.value % numbers.length] : value;
  return model.protocol.payload === 'text' ? plainText(made) : made;
}

function plainText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** JSON Pointers of all that is inside a value. */
export function pointersOf(value: unknown, base = ''): string[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = `${base}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return [at, ...pointersOf(inner, at)];
  });
}

function ended(moves: readonly Move[], tail: number): Move[] {
  const last = moves.at(-1)?.peer ?? 'p1';
  if (tail < 4) return [...moves, { do: 'half-close', peer: last }];
  if (tail < 7) return [...moves, { do: 'reset', peer: last }];
  return [...moves];
}
