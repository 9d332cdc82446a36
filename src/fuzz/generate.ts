import fc from 'fast-check';
import { chooseMutation, type Hit } from './choose-mutation.ts';
import { garbage } from './hostile-values.ts';
import { firstState, type Model, rowsOf, stateAfter } from './model.ts';
import { type Move, type Plan, type SendMove, type StimulateMove, withPeers } from './plan.ts';
import { pointersOf, valueAt, withValueAt } from './pointers.ts';
import { validFields } from './valid-fields.ts';

/** How a campaign's plans are made up, in shares of 100. */
const shares = {
  /** Plans that build on one that is known, instead of a fresh walk. */
  known: 45,
  /** Of these, those in which moves are put in, left out or exchanged. */
  edited: 45,
  /** Peers that begin by coming into a state as the protocol file tells, instead of just connecting. */
  opening: 65,
  /** Moves that the state table does not have. */
  illegal: 12,
  /** Requests that belong to the present state, where others are allowed in any. */
  own: 70,
  /** Packets with values of our own making, instead of those of the suite. */
  made: 25,
  /** Packets that go out without waiting for the answer. */
  pipelined: 8,
  /** Plans in which a packet holds what another peer was told, or is called. */
  borrowed: 10,
};

/** Connections that are opened beside a conversation, where there are to be many. */
const crowds = [8, 20, 40];

/** What a plan that was built upon again and again comes to at the most: its moves, and the mutations of a packet. */
const most = { moves: 64, mutations: 6 };

/** One step of a walk, in numbers that are mapped onto what is possible there. */
interface Choice {
  readonly peer: number;
  readonly opening: number;
  readonly way: number;
  readonly own: number;
  readonly pick: number;
  readonly illegal: number;
  readonly made: number;
  readonly sample: number;
  readonly pipelined: number;
}

interface Recipe {
  readonly known: number;
  readonly base: number;
  readonly peers: number;
  readonly walk: readonly Choice[];
  readonly hits: readonly Hit[];
  readonly edit: number;
  readonly edited: number;
  readonly at: number;
  readonly borrow: number;
  readonly tail: number;
}

/** Plans out of a seed: fast-check draws numbers, the model maps them onto moves and mutations. */
export function plansFrom(model: Model, corpus: readonly Plan[], seed: number, count: number): Plan[] {
  return fc.sample(recipe, { seed, numRuns: count }).map((one) => cook(model, corpus, one));
}

const nat = fc.nat(1 << 20);
const share = fc.nat(99);

const recipe: fc.Arbitrary<Recipe> = fc.record({
  known: share,
  base: nat,
  peers: share,
  walk: fc.array(
    fc.record({
      peer: nat,
      opening: share,
      way: nat,
      own: share,
      pick: nat,
      illegal: share,
      made: share,
      sample: nat,
      pipelined: share,
    }),
    { minLength: 1, maxLength: 8 },
  ),
  hits: fc.array(fc.record({ move: nat, kind: nat, at: nat, offset: fc.nat(200), size: nat, value: nat }), {
    maxLength: 3,
  }),
  edit: share,
  edited: share,
  at: nat,
  borrow: share,
  tail: share,
});

function cook(model: Model, corpus: readonly Plan[], one: Recipe): Plan {
  // What the suite has is not lost among what was found.
  const from = one.base % 2 === 0 ? model.plans : corpus;
  const known = from[(one.base >> 1) % Math.max(1, from.length)];
  let moves: readonly Move[];
  if (known && one.known < shares.known) {
    moves = one.edited < shares.edited ? edited(model, known.moves, one) : known.moves;
  } else moves = walk(model, one);
  if (one.borrow < shares.borrowed) moves = borrowed(model, moves, one);
  for (const hit of one.hits) moves = struck(model, moves, hit);
  return { plan: 1, moves: possible(ended(moves.slice(0, most.moves), one)) };
}

// Walks

/** A walk along the state table, several peers interleaved. */
function walk(model: Model, { walk: choices, peers }: Recipe): Move[] {
  const count = peers < 50 ? 1 : peers < 85 ? 2 : 3;
  const states = new Map<string, string>();
  return choices.flatMap((choice) => {
    const peer = `p${(choice.peer % count) + 1}`;
    const opening = states.has(peer) ? [] : openingOf(model, peer, choice);
    const state = opening.reduce(
      (before, move) =>
        move.do === 'send' ? stateAfter(model.protocol, before, move.message) : firstState(model.protocol),
      states.get(peer) ?? firstState(model.protocol),
    );
    if (model.role === 'client') return [...opening, ...answered(model, peer, choice)];
    const illegal = choice.illegal < shares.illegal;
    const from = illegal ? model.requests : enabled(model, state, choice);
    const message = from[choice.pick % Math.max(1, from.length)];
    states.set(peer, illegal || message === undefined ? state : stateAfter(model.protocol, state, message));
    return message === undefined ? opening : [...opening, send(model, peer, message, choice)];
  });
}

/** What a client under test is made to do, what it says then, and what it hears for that. */
function answered(model: Model, peer: string, choice: Choice): Move[] {
  const stimulus = model.stimuli[choice.way % Math.max(1, model.stimuli.length)];
  const message = model.requests[choice.pick % Math.max(1, model.requests.length)];
  return [
    ...(stimulus && choice.own < shares.own
      ? [{ ...stimulus, peer, with: ownedBy(stimulus.with, peer) as StimulateMove['with'] }]
      : []),
    ...(choice.illegal < shares.illegal ? [] : [{ do: 'hear' as const, peer }]),
    ...(message === undefined ? [] : [send(model, peer, message, choice)]),
  ];
}

/** The requests that the state table has in a state; all of them where it has none. */
function enabled(model: Model, state: string, { own: share }: Choice): readonly string[] {
  const { own, any } = rowsOf(model, state);
  if (own.length > 0 && (any.length === 0 || share < shares.own)) return own;
  return any.length > 0 ? any : model.requests;
}

function openingOf(model: Model, peer: string, { opening, way }: Choice): Move[] {
  const plan = model.openings[way % Math.max(1, model.openings.length)];
  if (!plan || opening >= shares.opening) return [{ do: 'open', peer }];
  return withPeers(
    plan.moves.map((move) => ({ ...move, peer })),
    () => peer,
  ) as Move[];
}

function send(
  model: Model,
  peer: string,
  message: string,
  choice: Pick<Choice, 'sample' | 'made' | 'pipelined'>,
): SendMove {
  const samples = model.samples.get(message) ?? [{}];
  const made = choice.made < shares.made ? validFields(model, message) : [];
  const from = made.length > 0 ? made : samples;
  return {
    do: 'send',
    peer,
    message,
    fields: ownedBy(from[choice.sample % from.length], peer),
    mutations: [],
    ...(choice.pipelined < shares.pipelined ? { pipelined: true } : {}),
  };
}

/** A sample as a peer sends it, with the next ones in the place of those that it speaks of. */
function ownedBy(fields: unknown, peer: string): unknown {
  const index = Number(peer.slice(1)) - 1;
  const next = (steps: number): string => `p${((index + steps) % 3) + 1}`;
  const roles: Readonly<Record<string, string>> = { self: peer, other: next(1), another: next(2) };
  return withPeers(fields, (role) => roles[role] ?? role);
}

// Order

/** A known plan with moves put in, left out, repeated, exchanged or sent late. */
function edited(model: Model, moves: readonly Move[], one: Recipe): readonly Move[] {
  const at = one.at % (moves.length + 1);
  const open = moves.slice(0, at).flatMap((move) => (move.do === 'open' ? [move.peer] : []));
  const [choice] = one.walk;
  const peer = open[(choice?.peer ?? 0) % Math.max(1, open.length)];
  if (!choice || peer === undefined) return moves;
  const [before, after] = [moves.slice(0, at), moves.slice(at)];
  const last = before.at(-1);
  const edit = one.edit;
  if (edit < 15) return moves.filter((move, index) => index !== at || move.do === 'open');
  if (edit < 30) return last && last.do !== 'open' ? [...before, last, ...after] : moves;
  if (edit < 40 && last && after[0]) return [...before.slice(0, -1), after[0], last, ...after.slice(1)];
  if (edit < 50 && last && last.do !== 'open') return [...before.slice(0, -1), ...after, last];
  if (edit < 58) return [...before, { do: 'reset', peer }, { do: 'open', peer }, ...after];
  if (edit < 64)
    return [
      ...before,
      { do: 'octets', peer, hex: garbage[choice.sample % garbage.length] ?? '00' },
      ...after,
    ];
  if (edit < 69) return [...before, { do: 'stop-reading', peer }, ...after];
  if (edit < 72)
    return [
      ...before,
      ...crowd(model.role === 'client' ? 2 : (crowds[choice.sample % crowds.length] ?? 8)),
      ...after,
    ];
  const message = model.requests[choice.pick % Math.max(1, model.requests.length)];
  return message === undefined ? moves : [...before, send(model, peer, message, choice), ...after];
}

function crowd(size: number): Move[] {
  return Array.from({ length: size }, (_, index) => ({ do: 'open', peer: `p${index + 4}` }));
}

/** What a target said to one peer, or what another peer is called, in the packet of a third. */
function borrowed(model: Model, moves: readonly Move[], one: Recipe): readonly Move[] {
  const sends = moves.flatMap((move, index) => (move.do === 'send' ? [index] : []));
  const index = sends[one.at % Math.max(1, sends.length)];
  const move = index === undefined ? undefined : moves[index];
  if (move?.do !== 'send') return moves;
  const texts = pointersOf(move.fields).filter((at) => typeof valueAt(move.fields, at) === 'string');
  const references = texts.filter((at) => String(valueAt(move.fields, at)).includes('${'));
  const places = references.length > 0 && one.edit < 70 ? references : texts;
  const at = places[one.base % Math.max(1, places.length)];
  if (at === undefined) return moves;
  const peer = `p${(one.peers % 3) + 1}`;
  const names = [...model.protocol.identity].flatMap(([name, { per }]) => (per === 'peer' ? [name] : []));
  const paths = [...model.told.map((path) => `said.${path}`), ...names];
  if (paths.length === 0) return moves;
  const value = `\${${peer}.${paths[one.tail % paths.length]}}`;
  return moves.map((old, place) =>
    place === index ? { ...move, fields: withValueAt(move.fields, at, value) } : old,
  );
}

// Mutations

/** A plan with one of its packets mutated; the later ones, which have a state behind them, more often. */
function struck(model: Model, moves: readonly Move[], hit: Hit): readonly Move[] {
  const sends = moves.flatMap((move, index) => (move.do === 'send' ? [index] : []));
  const from = hit.move % 2 === 0 ? Math.floor(sends.length / 2) : 0;
  const index = sends[from + ((hit.move >> 1) % Math.max(1, sends.length - from))];
  const move = index === undefined ? undefined : moves[index];
  if (move?.do !== 'send') return moves;
  const mutation = chooseMutation(model, move, hit);
  const mutations = [...move.mutations, mutation].slice(-most.mutations);
  return moves.map((one, at) => (at === index ? { ...move, mutations } : one));
}

function ended(moves: readonly Move[], { tail }: Recipe): readonly Move[] {
  const last = moves.at(-1);
  const peer = last?.peer ?? 'p1';
  // What is not sent whole is mostly left at that.
  const half =
    last?.do === 'send' && last.mutations.some(({ kind }) => kind === 'stop-at' || kind === 'no-end');
  if (tail < (half ? 40 : 4)) return [...moves, { do: 'half-close', peer }];
  if (tail < (half ? 80 : 7)) return [...moves, { do: 'reset', peer }];
  if (tail < 9) return [...moves, { do: 'octets', peer, hex: garbage[tail % garbage.length] ?? '00' }];
  return moves;
}

/** Peers open before they do anything else, and after they ended; one that does not read does not wait. */
function possible(moves: readonly Move[]): Move[] {
  const open = new Set<string>();
  const deaf = new Set<string>();
  return moves.flatMap((move): Move[] => {
    const { peer } = move;
    if (move.do === 'open') {
      open.add(peer);
      deaf.delete(peer);
      return [move];
    }
    if (!open.has(peer)) return [];
    if (move.do === 'close' || move.do === 'reset' || move.do === 'half-close') open.delete(peer);
    if (move.do === 'stop-reading') deaf.add(peer);
    return [move.do === 'send' && deaf.has(peer) ? { ...move, pipelined: true } : move];
  });
}
