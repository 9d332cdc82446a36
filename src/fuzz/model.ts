import type { Protocol } from '../protocol/definition.ts';
import type { Suite } from '../suite/load-suite.ts';
import { type Seeds, seedsOf } from './seeds.ts';

/** The protocol as the fuzzer drives it: what may be sent where, and what to send. */
export interface Model extends Seeds {
  readonly protocol: Protocol;
  /** Messages that a client sends. */
  readonly requests: readonly string[];
  /** Words of the protocol and of the user's dictionary. */
  readonly dictionary: readonly string[];
}

/** Makes the model of a suite; `words` are the user's own (AFL dictionary format is read by the cli). */
export function modelOf(suite: Suite, words: readonly string[]): Model {
  const seeds = seedsOf(suite);
  const { protocol } = suite;
  const requests = [...protocol.messages.values()]
    .filter((one) => one.from !== 'server' && seeds.samples.has(one.name))
    .map(({ name }) => name);
  return { ...seeds, protocol, requests, dictionary: [...new Set([...wordsOf(protocol), ...words])] };
}

/** The requests that the state table has in a state; all of them where it has none. */
export function enabled(model: Model, state: string): readonly string[] {
  const row = model.protocol.states.get(state);
  const names = [...(row?.keys() ?? [])].filter((name) => model.requests.includes(name));
  return names.length > 0 ? names : model.requests;
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
