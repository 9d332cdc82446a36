import type { Role } from '../events/verdict.ts';
import type { MessageDefinition, Protocol } from '../protocol/definition.ts';
import type { RawConversation, Suite } from '../suite/load-suite.ts';
import { examplesOf } from './examples.ts';
import { type HarvestOptions, movesOf } from './harvest.ts';
import { type Plan, peersOf, withPeers } from './plan.ts';
import { tableOpenings } from './table-openings.ts';

/** Valid sends and whole conversations, taken from the suite's own preambles and cases. */
export interface Seeds {
  /**
   * For each message that spar sends the fields of valid packets. The peer that sends it is `self`,
   * others that it speaks of are `other` and `another`.
   */
  readonly samples: ReadonlyMap<string, readonly unknown[]>;
  /** Valid conversations. */
  readonly plans: readonly Plan[];
  /** Ways in which the peer `p1` alone comes into a state. */
  readonly openings: readonly Plan[];
}

/** Moves of a conversation that is worth building upon, and samples of one message. */
const [mostMoves, mostSamples] = [60, 40];
/** Rows of a table that become conversations; those behind them are still read for samples. */
const mostRows = 4;

/**
 * Reads a suite for what a fuzzer can build upon. Steps that need what only a case knows are passed over.
 * `facts` are the names of those that have a value.
 */
export function seedsOf(suite: Suite, facts: ReadonlySet<string> = new Set(), role: Role = 'server'): Seeds {
  const { protocol } = suite;
  const samples = new Map<string, unknown[]>();
  const options: HarvestOptions = {
    protocol,
    role,
    facts,
    valid: ({ message, fields, peer }) => {
      const definition = protocol.messages.get(message);
      if (definition) keepSample(samples, definition, spokenBy(fields, peer));
    },
  };
  const told = unique(
    openingCases(protocol, role)
      .map((raw) => planOf(options, raw, {}))
      .filter((plan) => plan.moves.some(({ do: what }) => what === 'open') && peersOf(plan).length === 1),
  );
  const plans = suite.rawCases
    .filter((raw) => raw.role === role || raw.role === 'both')
    .flatMap((raw) => raw.rows.map((row) => planOf(options, raw, row)).slice(0, mostRows));
  for (const definition of protocol.messages.values()) {
    if (!isSent(definition, role) || samples.has(definition.name)) continue;
    for (const example of examplesOf(protocol, definition)) keepSample(samples, definition, example);
  }
  const openings = role === 'server' || told.length > 0 ? told : tableOpenings(protocol, samples);
  const able = [...openings, ...plans].filter(({ moves }) => moves.length > 0 && moves.length <= mostMoves);
  return { samples, plans: unique(able), openings };
}

/** The plan of a conversation as a file has it, e.g. of a finding that was written before. */
export function planOf(
  options: HarvestOptions,
  raw: RawConversation,
  row: Readonly<Record<string, unknown>>,
): Plan {
  return { plan: 1, moves: movesOf(options, raw, row) };
}

/** True if spar sends this message to a target of that role. */
export function isSent({ from }: MessageDefinition, role: Role): boolean {
  return from !== role;
}

/** Names by which a preamble may tell apart whose account a peer has. */
const names = ['alice', 'bob', 'carol'];

function openingCases(protocol: Protocol, role: Role): RawConversation[] {
  return [...protocol.given.values()]
    .filter(
      (preamble) =>
        preamble.steps[role] && Object.values(preamble.with).every((value) => value !== undefined),
    )
    .flatMap((preamble) => names.map((name) => opening(role, name, preamble.name)));
}

function opening(role: Role, name: string, preamble: string): RawConversation {
  return { role, peers: {}, given: [`${name} ${preamble}`], steps: [], rows: [{}] };
}

function keepSample(samples: Map<string, unknown[]>, { name }: MessageDefinition, fields: unknown): void {
  const list = samples.get(name) ?? [];
  const text = JSON.stringify(fields);
  if (list.length < mostSamples && !list.some((one) => JSON.stringify(one) === text)) list.push(fields);
  samples.set(name, list);
}

/** The fields of a packet with peers named by what they are to the one that sends it. */
function spokenBy(fields: unknown, peer: string): unknown {
  const others = ['other', 'another'];
  const known = new Map([[peer, 'self']]);
  return withPeers(fields, (name) => {
    const role = known.get(name) ?? others.shift() ?? 'another';
    known.set(name, role);
    return role;
  });
}

function unique(plans: readonly Plan[]): Plan[] {
  const seen = new Set<string>();
  return plans.filter((plan) => {
    const text = JSON.stringify(plan);
    return !seen.has(text) && seen.add(text);
  });
}
