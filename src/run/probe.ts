import type { Cause } from '../events/event.ts';
import type { Clock } from '../session/clock.ts';
import type { Suite } from '../suite/load-suite.ts';
import { aliveCase, readProbes } from '../suite/probes.ts';
import { holdOne } from './hold-one.ts';
import type { Target } from './target.ts';

/** What could be seen of one dialect from outside. */
export interface Seen {
  readonly dialect: string;
  /** The option that the target speaks; absent where none of the questions was answered. */
  readonly option?: string;
  /** Why nothing was seen. */
  readonly why?: string;
}

/** What a probe needs of the program around it. */
export interface ProbeWorld {
  readonly clock: Clock;
  readonly facts: Readonly<Record<string, unknown>>;
  /** Milliseconds for an answer. */
  readonly deadline: number;
  /** The suite with these dialects chosen. */
  load(dialects: Readonly<Record<string, string>>): Promise<Suite>;
  /** A target that speaks as this suite's protocol does. */
  target(suite: Suite): Target;
}

/** Milliseconds for an answer where several options are tried at once. */
const hurried = 500;

/** The dialects by which a message is found and told apart: without them nothing else can be asked. */
const carriers = ['transport', 'framing', 'envelope', 'quotes', 'ok-style'];

/** Asks a target harmless questions until its dialects are known as far as they can be seen. */
export async function probe(world: ProbeWorld, chosen: Readonly<Record<string, string>>): Promise<Seen[]> {
  const seen: Seen[] = [];
  const known: Record<string, string> = { ...chosen };
  const first = await world.load(known);
  const order = first.protocol.dialects.filter(({ name }) => carriers.includes(name) && !(name in chosen));
  const alive = await speaks(world, known);
  if (!alive.holds) {
    const found = await findCarrier(
      world,
      known,
      order.map(({ name, options }) => [name, options] as const),
    );
    if (!found) return [{ dialect: 'framing', why: alive.message }];
    Object.assign(known, found);
  }
  for (const { name } of order) {
    const suite = await world.load(known);
    seen.push({ dialect: name, option: known[name] ?? suite.protocol.dialect[name] ?? '' });
  }
  for (const dialect of first.protocol.dialects) {
    if (order.includes(dialect) || dialect.name in chosen) continue;
    const one = await probeDialect(world, known, dialect.name);
    if (!one) continue;
    seen.push(one);
    if (one.option !== undefined) known[dialect.name] = one.option;
  }
  return seen;
}

/** True if the target answers the protocol's own question for life in these dialects. */
export async function speaks(
  world: ProbeWorld,
  dialects: Readonly<Record<string, string>>,
): Promise<{ readonly holds: boolean; readonly cause?: Cause; readonly message: string }> {
  const suite = await world.load(dialects);
  const one = aliveCase(suite.protocol);
  if (!one) return { holds: true, message: '' };
  const result = await holdOne(suite, one, world.target(suite), world);
  const [failure] = result.failures;
  const holds =
    result.verdict === 'pass' ||
    result.verdict === 'warn' ||
    result.failures.every(({ cause }) => cause === 'rule');
  return { holds, message: failure?.message ?? '', ...(failure ? { cause: failure.cause } : {}) };
}

/** The first single change of a carrying dialect in which the target answers. */
export async function findCarrier(
  world: ProbeWorld,
  known: Readonly<Record<string, string>>,
  carriersToTry: readonly (readonly [string, readonly string[]])[],
): Promise<Record<string, string> | undefined> {
  const tries = carriersToTry.flatMap(([name, options]) =>
    options.map((option) => ({ ...known, [name]: option })),
  );
  const quick = { ...world, deadline: Math.min(world.deadline, hurried) };
  const answers = await Promise.all(tries.map((tried) => speaks(quick, tried)));
  return tries.find((_, index) => answers[index]?.holds === true);
}

/** The names and options of the dialects that carry messages. */
export function carriersOf(suite: Suite): (readonly [string, readonly string[]])[] {
  return suite.protocol.dialects
    .filter(({ name }) => carriers.includes(name))
    .map(({ name, options }) => [name, options] as const);
}

async function probeDialect(
  world: ProbeWorld,
  known: Readonly<Record<string, string>>,
  dialect: string,
): Promise<Seen | undefined> {
  const base = await world.load(known);
  const questions = readProbes(base.protocol).filter((one) => one.dialect === dialect);
  if (questions.length === 0) return undefined;
  let why = '';
  for (const { option } of questions) {
    const suite = await world.load({ ...known, [dialect]: option });
    const question = readProbes(suite.protocol).find(
      (one) => one.dialect === dialect && one.option === option,
    );
    if (!question) continue;
    const result = await holdOne(suite, question.case, world.target(suite), world);
    if (result.failures.every(({ cause }) => cause === 'rule')) return { dialect, option };
    why = result.failures[0]?.message ?? '';
  }
  return { dialect, why };
}
