import type { Cause } from '../events/event.ts';
import { type Problem, SparError } from '../problem/problem.ts';
import type { Protocol } from '../protocol/definition.ts';
import type { Dialect } from '../protocol/dialects.ts';
import type { Clock } from '../session/clock.ts';
import type { Suite } from '../suite/load-suite.ts';
import { aliveCase, readProbes } from '../suite/probes.ts';
import { isLineEnding, lines } from '../wire/lines.ts';
import { holdOne } from './hold-one.ts';
import type { Target } from './target.ts';

/** What could be seen of one dialect from outside. */
export interface Seen {
  readonly dialect: string;
  /** The option that the target speaks; absent where it shows none. */
  readonly option?: string;
  /** Why nothing was seen. */
  readonly why?: string;
  /** True if no question can tell. */
  readonly hidden?: boolean;
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

type Chosen = Readonly<Record<string, string>>;

/** Asks a target harmless questions until its dialects are known as far as they can be seen. */
export async function probe(world: ProbeWorld, chosen: Chosen): Promise<Seen[]> {
  const { dialects } = (await world.load(chosen)).protocol;
  const found = await firstWords(world, chosen);
  if (typeof found === 'string') return [{ dialect: 'framing', why: found }];
  const known: Record<string, string> = { ...chosen, ...found };
  const seen: Seen[] = [];
  for (const dialect of dialects) {
    if (dialect.name in chosen) continue;
    const one = await seeDialect(world, known, dialect);
    seen.push(one);
    if (one.option !== undefined) known[dialect.name] = one.option;
  }
  return seen;
}

/** The dialects without which the target cannot be asked anything; a text says why there are none to be found. */
export async function firstWords(
  world: ProbeWorld,
  chosen: Chosen,
): Promise<Record<string, string> | string> {
  const alive = await speaks(world, chosen);
  const found = alive.holds ? {} : await findCarrier(world, chosen);
  if (!found) return alive.message;
  return { ...found, ...(await findLineEnding(world, chosen, { ...chosen, ...found })) };
}

async function seeDialect(world: ProbeWorld, known: Chosen, dialect: Dialect): Promise<Seen> {
  const before = known[dialect.name];
  if (before !== undefined) return { dialect: dialect.name, option: before };
  if (carries(dialect)) return { dialect: dialect.name, option: dialect.default };
  return probeDialect(world, known, dialect);
}

/** True if the target answers the protocol's own question for life in these dialects. */
export async function speaks(
  world: ProbeWorld,
  dialects: Chosen,
): Promise<{ readonly holds: boolean; readonly cause?: Cause; readonly message: string }> {
  return answers(world, await world.load(dialects));
}

async function answers(world: ProbeWorld, suite: Suite): ReturnType<typeof speaks> {
  const one = aliveCase(suite.protocol);
  if (!one) return { holds: true, message: '' };
  const target = world.target(suite);
  if (target.isStream && suite.protocol.framing.name === 'message')
    return { holds: false, cause: 'garbage', message: 'a stream does not tell messages apart' };
  const { failures } = await holdOne(suite, one, target, world);
  const [failure] = failures;
  const holds = failures.every(({ cause }) => cause === 'rule');
  return { holds, message: failure?.message ?? '', ...(failure ? { cause: failure.cause } : {}) };
}

/** True for what decides how a message is found at all: without it nothing else can be asked. */
function carries({ changes }: Dialect): boolean {
  return Object.values(changes).some(
    (change) =>
      change !== null && typeof change === 'object' && ('framing' in change || 'transport' in change),
  );
}

/**
 * The first single change of a dialect in which the target answers. Those that say how messages are told
 * apart are tried before those that change what is in them.
 */
export async function findCarrier(
  world: ProbeWorld,
  known: Chosen,
): Promise<Record<string, string> | undefined> {
  const { protocol } = await world.load(known);
  const tries = protocol.dialects.flatMap((dialect) => {
    const { name, options, default: usual, changes } = dialect;
    if (name in known) return [];
    const others = options.filter((option) => option !== usual);
    const first = carries(dialect);
    return others
      .filter((option) => first || touchesLife(protocol, changes[option]))
      .map((option) => ({ first, dialects: { ...known, [name]: option } }));
  });
  const carriers = tries.filter(({ first }) => first);
  const answered = await Promise.all(carriers.map((one) => speaks(world, one.dialects)));
  const found = carriers.find((_, index) => answered[index]?.holds === true);
  if (found) return found.dialects;
  const others = tries.filter(({ first }) => !first);
  if (answered.every(isMute)) {
    const heard = await Promise.all(others.map((one) => speaks(world, one.dialects)));
    if (heard.every(isMute)) return undefined;
  }
  // One after the other: what one of them makes a server tell everybody is not to be heard by the next.
  for (const { dialects } of others) if ((await speaks(world, dialects)).holds) return dialects;
  return undefined;
}

/** True where nothing at all was heard. */
function isMute({ holds, cause }: Awaited<ReturnType<typeof speaks>>): boolean {
  return !holds && cause === 'silent';
}

/** True if a change may decide whether the protocol's own question for life is understood. */
function touchesLife(protocol: Protocol, change: unknown): boolean {
  const { start, messages, encoding, given = {} } = (change ?? {}) as Readonly<Record<string, object>>;
  if (start ?? messages ?? encoding) return true;
  const used = preamblesOf(protocol, protocol.alive.server ?? '');
  return Object.entries(given).some(([name, patch]) => used.has(name) && 'steps' in (patch as object));
}

function preamblesOf(protocol: Protocol, name: string, found: Set<string> = new Set()): Set<string> {
  found.add(name);
  const text = JSON.stringify(protocol.given.get(name)?.steps.server?.steps ?? []);
  for (const other of protocol.given.keys())
    if (!found.has(other) && text.includes(`"self ${other}"`)) preamblesOf(protocol, other, found);
  return found;
}

/** Lines are read generously: of the ends that are understood, the longest that the target writes. */
async function findLineEnding(
  world: ProbeWorld,
  chosen: Chosen,
  known: Chosen,
): Promise<Record<string, string>> {
  const { dialects, framing } = (await world.load(known)).protocol;
  if (!isLineEnding(framing.name)) return {};
  for (const { name, options } of dialects.filter(carries)) {
    if (name in chosen) continue;
    const tries = await Promise.all(
      options.map(async (option) => ({
        option,
        suite: literal(await world.load({ ...known, [name]: option })),
      })),
    );
    const endings = tries.flatMap(({ option, suite }) => (suite ? [{ option, suite }] : []));
    endings.sort((a, b) => Number(isCrLf(b.suite)) - Number(isCrLf(a.suite)));
    for (const { option, suite } of endings) {
      if ((await answers(world, suite)).holds) return { [name]: option };
    }
  }
  return {};
}

function isCrLf({ protocol }: Suite): boolean {
  return protocol.framing.name === 'crlf';
}

/** The same suite, where lines end in nothing but what the framing says. */
function literal(suite: Suite): Suite | undefined {
  const { name } = suite.protocol.framing;
  if (!isLineEnding(name)) return undefined;
  return { ...suite, protocol: { ...suite.protocol, framing: lines(name, name) } };
}

/** Asks the questions of one dialect, one option after the other: the first that holds is spoken. */
export async function probeDialect(world: ProbeWorld, known: Chosen, dialect: Dialect): Promise<Seen> {
  const { name } = dialect;
  const problems: Problem[] = [];
  const questions = readProbes((await world.load(known)).protocol, problems, name);
  let why = dialect.hidden ?? 'no question is known';
  if (questions.length === 0) return { dialect: name, why, hidden: true };
  for (const { option } of questions) {
    const suite = await world.load({ ...known, [name]: option });
    const question = readProbes(suite.protocol, problems, name).find((one) => one.option === option);
    if (problems.length > 0) throw new SparError(problems);
    if (!question) continue;
    const { verdict, reason, failures } = await holdOne(suite, question.case, world.target(suite), world);
    if (verdict === 'skip') return { dialect: name, why: `to ask takes ${reason ?? 'more than is known'}` };
    if (failures.every(({ cause }) => cause === 'rule')) return { dialect: name, option };
    why = failures[0]?.message ?? '';
  }
  return { dialect: name, why };
}
