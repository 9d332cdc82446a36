import type { FreePart } from './finding.ts';
import type { StillHappens } from './minimise.ts';
import type { Move, Mutation, Plan, SendMove } from './plan.ts';
import { pointersOf, valueAt, withValueAt } from './pointers.ts';

/** What was tried, and what does not matter. */
export interface Explained {
  readonly free: readonly FreePart[];
  /** Executions that it took. */
  readonly spent: number;
}

/**
 * Tells which parts of a minimal history do not matter: each value that is left is exchanged for another,
 * and where the symptom stays, any would do. At most `budget` questions are asked.
 */
export async function explain(
  plans: readonly Plan[],
  stillHappens: StillHappens,
  budget: number,
): Promise<Explained> {
  const free: FreePart[] = [];
  let spent = 0;
  for (const [plan, move, change] of changesOf(plans)) {
    if (spent >= budget) break;
    spent += 1;
    if (await stillHappens(changed(plans, plan, move, change.move)))
      free.push({ plan, move, part: change.part, instead: change.instead });
  }
  return { free, spent };
}

interface Change {
  readonly part: string;
  readonly instead: unknown;
  readonly move: Move;
}

/** The last moves first: they are the nearest to the symptom. */
function changesOf(plans: readonly Plan[]): (readonly [plan: number, move: number, change: Change])[] {
  return plans
    .flatMap(({ moves }, plan) =>
      moves.map((move, index) => changesOfMove(move).map((change) => [plan, index, change] as const)),
    )
    .reverse()
    .flat();
}

function changesOfMove(move: Move): Change[] {
  if (move.do === 'octets' && move.hex.length > 2) {
    const hex = otherOctets(move.hex);
    return [{ part: 'hex', instead: hex, move: { ...move, hex } }];
  }
  if (move.do !== 'send') return [];
  return [...changesOfMutations(move), ...changesOfFields(move)];
}

/** A text that a mutation leaves as it is, or puts something into, may matter; what it replaces does not. */
function changesOfFields(move: SendMove): Change[] {
  const gone = move.mutations.flatMap((mutation) =>
    'at' in mutation && ['replace', 'fill', 'drop', 'graft'].includes(mutation.kind) ? [mutation.at] : [],
  );
  return pointersOf(move.fields)
    .filter((at) => !gone.some((one) => at === one || at.startsWith(`${one}/`)))
    .flatMap((at) => {
      const instead = otherValue(valueAt(move.fields, at));
      return instead === undefined
        ? []
        : [{ part: at, instead, move: { ...move, fields: withValueAt(move.fields, at, instead) } }];
    });
}

function changesOfMutations(move: SendMove): Change[] {
  return move.mutations.flatMap((mutation, index) =>
    ['value', 'text', 'hex', 'times', 'length', 'offset', 'bit', 'to'].flatMap((key) => {
      const old = (mutation as unknown as Record<string, unknown>)[key];
      if (mutation.kind === 'retype' || (mutation.kind === 'fill' && key === 'offset')) return [];
      const instead = key === 'hex' ? otherOctets(String(old ?? '')) : otherValue(old, key !== 'value');
      if (old === undefined || instead === undefined || instead === old) return [];
      const made = { ...mutation, [key]: instead } as Mutation;
      const mutations = move.mutations.map((one, place) => (place === index ? made : one));
      return [{ part: `mutations/${index}/${key}`, instead, move: { ...move, mutations } }];
    }),
  );
}

/** Another value of the same kind; nothing for what has inner parts of its own. */
function otherValue(value: unknown, small = false): unknown {
  if (typeof value === 'string') return value === 'other' ? 'another' : 'other';
  if (typeof value === 'number') return small ? value + 1 : value === 7 ? 8 : 7;
  if (typeof value === 'boolean') return !value;
  return undefined;
}

function otherOctets(hex: string): string {
  return hex.replace(/../g, (octet) => (octet === '78' ? '79' : '78'));
}

function changed(plans: readonly Plan[], plan: number, index: number, move: Move): readonly Plan[] {
  return plans.map((one, at) =>
    at === plan ? { ...one, moves: one.moves.map((old, place) => (place === index ? move : old)) } : one,
  );
}
