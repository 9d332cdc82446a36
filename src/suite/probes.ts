import { type Problem, SparError } from '../problem/problem.ts';
import type { Protocol } from '../protocol/definition.ts';
import type { Case } from './case.ts';
import { readSteps } from './read-steps.ts';

/** A harmless question that one option of a dialect answers. */
export interface Probe {
  readonly dialect: string;
  readonly option: string;
  readonly case: Case;
}

interface RawProbe {
  readonly given?: readonly string[];
  readonly steps?: readonly unknown[];
}

/** The questions that a protocol file asks to tell its dialects apart, in its order. Raises a SparError. */
export function readProbes(protocol: Protocol): Probe[] {
  const problems: Problem[] = [];
  const raw = (protocol.source.value as { dialects?: Record<string, { probe?: Record<string, RawProbe> }> })
    .dialects;
  const probes = Object.entries(raw ?? {}).flatMap(([dialect, { probe }]) =>
    Object.entries(probe ?? {}).map(([option, one]) => readProbe(protocol, dialect, option, one, problems)),
  );
  if (problems.length > 0) throw new SparError(problems);
  return probes;
}

function readProbe(
  protocol: Protocol,
  dialect: string,
  option: string,
  raw: RawProbe,
  problems: Problem[],
): Probe {
  const path = ['dialects', dialect, 'probe', option];
  const peers = new Map(['alice', 'bob', 'carol'].map((name) => [name, [name]]));
  const context = { protocol, role: 'server' as const, source: protocol.source, peers, problems };
  const given = readSteps(context, raw.given ?? [], [...path, 'given']);
  const steps = readSteps(context, raw.steps ?? [], [...path, 'steps']);
  return { dialect, option, case: harmlessCase(protocol, `${dialect}=${option}`, [...given, ...steps]) };
}

/** The case that shows that a target lives and speaks as the definition says, if the protocol has one. */
export function aliveCase(protocol: Protocol): Case | undefined {
  const preamble = protocol.alive.server;
  if (preamble === undefined) return undefined;
  const file = protocol.source.file;
  const step = {
    do: 'given',
    peer: 'alice',
    preamble,
    with: {},
    text: `alice ${preamble}`,
    file,
    line: 1,
  } as const;
  return harmlessCase(protocol, 'alive', [step]);
}

function harmlessCase(protocol: Protocol, name: string, steps: Case['steps']): Case {
  return {
    id: `${protocol.name}/probe/${name}`,
    title: name,
    section: 'probe',
    role: 'server',
    file: protocol.source.file,
    line: 1,
    proves: [],
    dialect: {},
    alone: false,
    passesOn: [],
    facts: [],
    stimuli: [],
    peers: ['alice', 'bob', 'carol'],
    row: {},
    steps,
  };
}
