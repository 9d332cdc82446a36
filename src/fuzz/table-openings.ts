import type { MessageDefinition, Protocol } from '../protocol/definition.ts';
import type { Answer } from '../protocol/states.ts';
import { places } from '../wire/line-template.ts';
import { type Move, type Plan, withPeers } from './plan.ts';

/** Requests that a conversation follows the table for, and conversations that are drawn out of it. */
const [mostRequests, mostOpenings] = [3, 24];
const peer = 'p1';

/**
 * Conversations with a client out of the state table alone: it says what a state has, and hears the first
 * answer, with what it said in it. The shortest come first.
 */
export function tableOpenings(protocol: Protocol, samples: ReadonlyMap<string, readonly unknown[]>): Plan[] {
  const greetings = protocol.states.get(protocol.start)?.get('connect')?.[0];
  const opening: Move[] = [{ do: 'open', peer }, ...said(protocol, samples, greetings)];
  const found: Plan[] = [];
  const begun: { readonly state: string; readonly moves: readonly Move[]; readonly requests: number }[] = [
    { state: greetings?.next ?? protocol.start, moves: opening, requests: 0 },
  ];
  for (let one = begun.shift(); one && found.length < mostOpenings; one = begun.shift()) {
    const rows = [protocol.states.get(one.state), protocol.states.get('any')];
    for (const [request, [answer]] of rows.flatMap((row) => [...(row ?? [])])) {
      if (request === 'connect' || !answer || answer.closes) continue;
      const replies = said(protocol, samples, answer, protocol.messages.get(request));
      const moves: Move[] = [...one.moves, { do: 'hear', peer }, ...replies];
      found.push({ plan: 1, moves });
      const requests = one.requests + 1;
      if (requests < mostRequests) begun.push({ state: answer.next ?? one.state, moves, requests });
    }
  }
  return found;
}

/** What spar says for a server: the messages of an answer. */
function said(
  protocol: Protocol,
  samples: ReadonlyMap<string, readonly unknown[]>,
  answer: Answer | undefined,
  request?: MessageDefinition,
): Move[] {
  return (answer?.items ?? []).flatMap(({ message }): Move[] => {
    const definition = protocol.messages.get(message);
    const [sample] = samples.get(message) ?? [];
    if (!definition || sample === undefined) return [];
    return [{ do: 'send', peer, message, fields: owned(echoed(protocol, sample, request)), mutations: [] }];
  });
}

/** A sample as it is said to the only peer. */
function owned(fields: unknown): unknown {
  return withPeers(fields, (role) => (role === 'self' ? peer : role));
}

/** Fields of an answer in which what the request said stands where both have a place for it. */
function echoed(protocol: Protocol, sample: unknown, request: MessageDefinition | undefined): unknown {
  if (sample === null || typeof sample !== 'object' || !request) return sample;
  const { properties = {} } = (request.schema ?? {}) as { properties?: object };
  const known = new Set([...request.lines.flatMap(places), ...Object.keys(properties)]);
  const all = protocol.correlate === undefined ? sample : { [protocol.correlate]: 0, ...sample };
  return Object.fromEntries(
    Object.entries(all).map(([key, value]) => {
      const isEchoed = key === protocol.correlate || (known.has(key) && typeof value !== 'boolean');
      return [key, isEchoed ? `\${${peer}.said.${key}}` : value];
    }),
  );
}
