import type { Move, Mutation, Plan } from './plan.ts';

/** Asks whether conversations still show the same symptom on a fresh target. */
export type StillHappens = (plans: readonly Plan[]) => Promise<boolean>;

/** What is left when nothing more can be taken away. */
export interface Minimised {
  readonly plans: readonly Plan[];
  /** Executions that it took. */
  readonly spent: number;
}

/**
 * Makes a history as small as it can be while the symptom stays: fewer conversations, then fewer moves,
 * fewer mutations, and smaller numbers and texts. Since mutations are a list upon a valid packet, taking
 * them away leads towards the valid conversation. At most `budget` questions are asked.
 */
export async function minimise(
  plans: readonly Plan[],
  stillHappens: StillHappens,
  budget: number,
): Promise<Minimised> {
  const search = new Search(stillHappens, budget);
  let best = await search.shortest(plans, (kept) => kept);
  best = await eachPlan(best, (all, index) =>
    search
      .shortest(all[index]?.moves ?? [], (moves) => withPlan(all, index, moves))
      .then((moves) => withPlan(all, index, moves)),
  );
  best = await eachMove(best, async (all, at) => {
    const move = moveAt(all, at);
    if (move?.do !== 'send' || move.mutations.length === 0) return all;
    const kept = await search.shortest(move.mutations, (mutations) =>
      withMove(all, at, { ...move, mutations }),
    );
    return withMove(all, at, { ...move, mutations: kept });
  });
  best = await eachMove(best, (all, at) => smaller(search, all, at));
  return { plans: best, spent: search.spent };
}

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
    const { pipelined: _, ...awaited } = move;
    if (await search.holds(withMove(all, at, awaited))) all = withMove(all, at, awaited);
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
    all = put(key, await leastNumber(value, (tried) => search.holds(put(key, tried))));
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
