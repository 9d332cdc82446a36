import type { Role } from '../events/verdict.ts';
import type { Protocol } from '../protocol/definition.ts';
import type { Suite } from '../suite/load-suite.ts';
import type { StimulateMove } from './plan.ts';
import { isSent, type Seeds, seedsOf } from './seeds.ts';

/** The protocol as the fuzzer drives it: what may be sent where, and what to send. */
export interface Model extends Seeds {
  readonly protocol: Protocol;
  /** What the target is. */
  readonly role: Role;
  /** What a client under test may be made to do. */
  readonly stimuli: readonly StimulateMove[];
  /** Messages that spar sends. */
  readonly requests: readonly string[];
  /** Words of the protocol and of the user's dictionary. */
  readonly dictionary: readonly string[];
  /** Octets of the user's dictionary that are no text (hexadecimal). */
  readonly octets: readonly string[];
  /** What targets say that may be sent again: paths such as `token` behind `${p1.said.`. */
  readonly told: readonly string[];
}

/** What a model is made with beside the suite. */
export interface ModelOptions {
  /** Facts that are known of the target; conversations that need others are left out. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Octets that are no text (hexadecimal), of a dictionary. */
  readonly octets?: readonly string[];
  /** What the target is; a server if absent. */
  readonly role?: Role;
}

/** Makes the model of a suite; `words` are the user's own (AFL dictionary format is read by the cli). */
export function modelOf(suite: Suite, words: readonly string[], options: ModelOptions = {}): Model {
  const role = options.role ?? 'server';
  const seeds = seedsOf(suite, new Set(Object.keys(options.facts ?? {})), role);
  const { protocol } = suite;
  const requests = [...protocol.messages.values()]
    .filter((one) => isSent(one, role) && seeds.samples.has(one.name))
    .map(({ name }) => name);
  const dictionary = [...new Set([...wordsOf(protocol), ...words])];
  return {
    ...seeds,
    protocol,
    role,
    stimuli: seeds.plans.flatMap(({ moves }) => moves.filter((move) => move.do === 'stimulate')),
    requests,
    dictionary,
    octets: options.octets ?? [],
    told: toldIn(protocol, role, seeds),
  };
}

/** The requests of a state's own row and those of every state, as far as there is something to send. */
export function rowsOf(
  model: Model,
  state: string,
): { readonly own: readonly string[]; readonly any: readonly string[] } {
  const named = (row: string): string[] =>
    [...(model.protocol.states.get(row)?.keys() ?? [])].filter((name) => model.requests.includes(name));
  return { own: named(state), any: named('any') };
}

/** The state after the first way in which a request may be answered. */
export function stateAfter(protocol: Protocol, state: string, request: string): string {
  const [answer] = protocol.states.get(state)?.get(request) ?? protocol.states.get('any')?.get(request) ?? [];
  return answer?.next ?? state;
}

/** The state of a connection before its first request. */
export function firstState(protocol: Protocol): string {
  return stateAfter(protocol, protocol.start, 'connect');
}

function wordsOf(protocol: Protocol): string[] {
  const words = [...protocol.messages.keys()];
  for (const message of protocol.messages.values()) {
    for (const template of message.lines) {
      for (const part of template) if (part.kind === 'literal') words.push(...part.text.split(/\s+/));
    }
  }
  return words.filter((word) => word.length > 1);
}

/** The texts that a target's messages hold, those first that a conversation is known to use again. */
function toldIn(protocol: Protocol, role: Role, { plans }: Seeds): string[] {
  const used = [...JSON.stringify(plans).matchAll(/\.said\.([\w.-]+)/g)].map(([, path]) => path as string);
  const sent = [...protocol.messages.values()].filter(({ from }) => from === role);
  const places = sent.flatMap(({ lines }) =>
    lines.flatMap((parts) =>
      parts.flatMap((part) => (part.kind === 'place' && part.span === 'token' ? [part.name] : [])),
    ),
  );
  const members = sent.flatMap(({ schema }) =>
    Object.entries((schema as { properties?: Record<string, unknown> } | undefined)?.properties ?? {})
      .filter(([, inner]) => (inner as { type?: unknown } | null)?.type === 'string')
      .map(([name]) => name),
  );
  return [...new Set([...used, ...places, ...members])];
}
