import { type Move, type Mutation, type Plan, peersOf, type SendMove, withPeers } from './plan.ts';

/** Asks whether conversations still show the same symptom on a fresh target. */
export type StillHappens = (plans: readonly Plan[]) => Promise<boolean>;

/** What is left when nothing more can be taken away. */
export interface Minimised {
  readonly plans: readonly Plan[];
  /** Executions that it took. */
  readonly spent: number;
}

/**
 * Makes a history as small as it can be while the symptom stays: fewer conversations, then fewer moves, one
 * session instead of several, fewer mutations, and smaller numbers and texts. Since mutations are a list upon
 * a valid packet, taking them away leads towards the valid conversation. At most `budget` questions are asked.
 */
export async function minimise(
  plans: readonly Plan[],
  stillHappens: StillHappens,
  budget: number,
): Promise<Minimised> {
  const search = new Search(stillHappens, budget);
  let best = await search.shortest(plans, (kept) => kept);
  // What is sent before a connection is reset may or may not arrive: an answer that is waited for tells.
  const patient = best.map(awaited);
  if (patient.some((plan, index) => plan !== best[index]) && (await search.holds(patient))) best = patient;
  best = await fewerMoves(search, best);
  const one = inOneSession(best);
  if (one && (await search.holds(one))) best = await fewerMoves(search, one);
  const lighter = await fewerMutations(search, best);
  // A packet may have been there only for what another one no longer lacks.
  best = mutationsIn(lighter) === mutationsIn(best) ? best : await fewerMoves(search, lighter);
  best = await eachMove(best, (all, at) => smaller(search, all, at));
  return { plans: best, spent: search.spent };
}

function fewerMoves(search: Search, plans: readonly Plan[]): Promise<readonly Plan[]> {
  return eachPlan(plans, async (all, index) => {
    const kept = await search.shortest(all[index]?.moves ?? [], (moves) => withPlan(all, index, moves));
    return withPlan(all, index, await fewerPeers(kept, (moves) => search.holds(withPlan(all, index, moves))));
  });
}

/** Takes away all that a peer does: what it does may be there only for its other moves. */
async function fewerPeers(
  moves: readonly Move[],
  holds: (moves: readonly Move[]) => Promise<boolean>,
): Promise<readonly Move[]> {
  let left = moves;
  for (const name of new Set(moves.map(({ peer }) => peer))) {
    const others = left.filter(({ peer }) => peer !== name);
    if (others.length > 0 && others.length < left.length && (await holds(others))) left = others;
  }
  return left;
}

function fewerMutations(search: Search, plans: readonly Plan[]): Promise<readonly Plan[]> {
  return eachMove(plans, async (all, at) => {
    const move = moveAt(all, at);
    if (move?.do !== 'send' || move.mutations.length === 0) return all;
    const kept = await search.shortest(move.mutations, (mutations) =>
      withMove(all, at, { ...move, mutations }),
    );
    return withMove(all, at, { ...move, mutations: kept });
  });
}

/** A plan in which each packet waits for its answer, but for those of peers that read none. */
function awaited(plan: Plan): Plan {
  const deaf = new Set(plan.moves.flatMap((move) => (move.do === 'stop-reading' ? [move.peer] : [])));
  const hurries = (move: Move): move is SendMove =>
    move.do === 'send' && move.pipelined === true && !deaf.has(move.peer);
  if (!plan.moves.some(hurries)) return plan;
  return { ...plan, moves: plan.moves.map((move) => (hurries(move) ? unhurried(move) : move)) };
}

function unhurried({ pipelined: _, ...move }: SendMove): SendMove {
  return move;
}

function mutationsIn(plans: readonly Plan[]): number {
  return plans.reduce(
    (sum, { moves }) =>
      sum + moves.reduce((inner, move) => inner + (move.do === 'send' ? move.mutations.length : 0), 0),
    0,
  );
}

/** What several peers do, done by one on one connection; nothing where that is already so, or they are clients. */
function inOneSession(plans: readonly Plan[]): readonly Plan[] | undefined {
  const moves = plans.flatMap((plan) => asOne(plan));
  const opens = plans.flatMap((plan) => plan.moves.filter(({ do: what }) => what === 'open'));
  const [first] = opens;
  if (!first || opens.length === 1 || opens.some((open) => 'with' in open)) return undefined;
  if (moves.some(({ do: what }) => what === 'stimulate' || what === 'hear')) return undefined;
  return [{ plan: 1, moves: [{ do: 'open', peer: sole }, ...moves] }];
}

const sole = 'p1';

/** The moves of a plan but for the beginnings and ends of its connections, all of the same peer. */
function asOne(plan: Plan): Move[] {
  const movers = new Set(plan.moves.map(({ peer }) => peer));
  const others = peersOf(plan).filter((peer) => !movers.has(peer));
  const names = new Map(others.map((peer, index) => [peer, `p${index + 2}`]));
  return plan.moves
    .filter(({ do: what }) => !connects.has(what))
    .map((move) => ({
      ...(withPeers(move, (peer) => names.get(peer) ?? (movers.has(peer) ? sole : peer)) as Move),
      peer: sole,
    }));
}

const connects: ReadonlySet<Move['do']> = new Set<Move['do']>(['open', 'close', 'reset', 'half-close']);

/** Questions more that a number must stand which is near those that are harmless. */
const steady = 3;
/** Numbers from here on may be sizes of a stack or a heap, whose ends differ from process to process. */
const large = 256;
/** The share of a number by which it keeps away from such an end. */
const margin = 1 / 8;

class Search {
  spent = 0;
  readonly #ask: StillHappens;
  readonly #budget: number;
  readonly #asked = new Map<string, boolean>();

  constructor(ask: StillHappens, budget: number) {
    this.#ask = ask;
    this.#budget = budget;
  }

  async holds(plans: readonly Plan[]): Promise<boolean> {
    const key = JSON.stringify(plans);
    const known = this.#asked.get(key);
    if (known !== undefined) return known;
    if (this.spent >= this.#budget) return false;
    this.spent += 1;
    const answer = await this.#ask(plans);
    this.#asked.set(key, answer);
    return answer;
  }

  /** Whether what was answered before is so again and again. */
  async stays(plans: readonly Plan[], answer: boolean): Promise<boolean> {
    for (let count = 0; count < steady && this.spent < this.#budget; count += 1) {
      this.spent += 1;
      if ((await this.#ask(plans)) !== answer) return false;
    }
    return true;
  }

  /** The fewest items that still show it: the tail by bisection, then what is before it piece by piece (ddmin). */
  async shortest<T>(
    items: readonly T[],
    plansOf: (items: readonly T[]) => readonly Plan[],
  ): Promise<readonly T[]> {
    let kept = items;
    if (kept.length === 0) return kept;
    if (await this.holds(plansOf([]))) return [];
    for (let cut = Math.floor(kept.length / 2); cut >= 1 && kept.length > 1; ) {
      const shorter = kept.slice(0, kept.length - cut);
      if (await this.holds(plansOf(shorter))) kept = shorter;
      else cut = Math.floor(cut / 2);
    }
    for (
      let size = Math.max(1, Math.floor(kept.length / 2));
      size >= 1;
      size = size === 1 ? 0 : Math.ceil(size / 2)
    ) {
      for (let from = 0; from < kept.length; ) {
        const without = [...kept.slice(0, from), ...kept.slice(from + size)];
        if (without.length < kept.length && (await this.holds(plansOf(without)))) kept = without;
        else from += size;
      }
    }
    return kept;
  }
}

type At = readonly [plan: number, move: number];

async function eachPlan(
  plans: readonly Plan[],
  act: (all: readonly Plan[], index: number) => Promise<readonly Plan[]>,
): Promise<readonly Plan[]> {
  let all = plans;
  for (let index = all.length - 1; index >= 0; index -= 1) all = await act(all, index);
  return all.filter(({ moves }) => moves.length > 0);
}

async function eachMove(
  plans: readonly Plan[],
  act: (all: readonly Plan[], at: At) => Promise<readonly Plan[]>,
): Promise<readonly Plan[]> {
  let all = plans;
  for (const [plan, { moves }] of plans.entries()) {
    for (const move of moves.keys()) all = await act(all, [plan, move]);
  }
  return all;
}

function withPlan(plans: readonly Plan[], index: number, moves: readonly Move[]): readonly Plan[] {
  return plans.map((plan, at) => (at === index ? { ...plan, moves } : plan));
}

function moveAt(plans: readonly Plan[], [plan, move]: At): Move | undefined {
  return plans[plan]?.moves[move];
}

function withMove(plans: readonly Plan[], [plan, move]: At, made: Move): readonly Plan[] {
  return plans.map((one, at) =>
    at === plan ? { ...one, moves: one.moves.map((old, index) => (index === move ? made : old)) } : one,
  );
}

/** Numbers by bisection, texts and octets by halves. */
async function smaller(search: Search, plans: readonly Plan[], at: At): Promise<readonly Plan[]> {
  let all = plans;
  const move = moveAt(all, at);
  if (move?.do === 'octets') {
    const pairs = move.hex.match(/../g) ?? [];
    const kept = await search.shortest(pairs, (some) => withMove(all, at, { ...move, hex: some.join('') }));
    return withMove(all, at, { ...move, hex: kept.join('') });
  }
  if (move?.do !== 'send') return all;
  if (move.pipelined === true) {
    const slower = withMove(all, at, unhurried(move));
    if (await search.holds(slower)) all = slower;
  }
  for (const index of move.mutations.keys()) all = await smallerMutation(search, all, at, index);
  return all;
}

/** What of a mutation is a number, a text, or octets. */
const sizes = ['times', 'length', 'offset'] as const;

async function smallerMutation(
  search: Search,
  plans: readonly Plan[],
  at: At,
  index: number,
): Promise<readonly Plan[]> {
  let all = plans;
  const now = (): Mutation | undefined => {
    const move = moveAt(all, at);
    return move?.do === 'send' ? move.mutations[index] : undefined;
  };
  const put = (key: string, value: unknown): readonly Plan[] => {
    const move = moveAt(all, at);
    if (move?.do !== 'send') return all;
    const mutations = move.mutations.map((old, place) =>
      place === index ? ({ ...old, [key]: value } as Mutation) : old,
    );
    return withMove(all, at, { ...move, mutations });
  };
  const parts = { ...now() } as Readonly<Record<string, unknown>>;
  for (const key of sizes) {
    const value = parts[key];
    if (typeof value !== 'number' || value <= 1) continue;
    const least = await leastNumber(value, (tried) => search.holds(put(key, tried)));
    all = put(
      key,
      await steadyNumber(least, value, (tried, answer) => search.stays(put(key, tried), answer)),
    );
  }
  const shorter = async (items: readonly string[], key: string): Promise<readonly Plan[]> => {
    if (items.length < 2) return all;
    return put(key, (await search.shortest(items, (kept) => put(key, kept.join('')))).join(''));
  };
  const { kind, value, text, hex } = parts;
  if ((kind === 'replace' || kind === 'add' || kind === 'graft') && typeof value === 'string')
    all = await shorter([...value], 'value');
  if ((kind === 'insert' || kind === 'fill' || kind === 'word') && typeof text === 'string')
    all = await shorter([...text], 'text');
  if (typeof hex === 'string') all = await shorter(hex.match(/../g) ?? [], 'hex');
  return all;
}

/** The least number that still shows it, if smaller ones are harmless; by bisection. */
async function leastNumber(value: number, holds: (tried: number) => Promise<boolean>): Promise<number> {
  let [harmless, harmful] = [0, value];
  while (harmful - harmless > 1) {
    const middle = Math.floor((harmless + harmful) / 2);
    if (await holds(middle)) harmful = middle;
    else harmless = middle;
  }
  return harmful;
}

/**
 * The least number if it shows it again and again, and the one below never: else one that is away from
 * where that is left to chance.
 */
async function steadyNumber(
  least: number,
  most: number,
  stays: (tried: number, answer: boolean) => Promise<boolean>,
): Promise<number> {
  if ((await stays(least, true)) && (least < large || (await stays(least - 1, false)))) return least;
  let number = least;
  for (let step = Math.ceil(least * margin); number < most; step *= 2) {
    number = Math.min(most, number + step);
    if (await stays(number, true)) break;
  }
  return number;
}
