import type { Protocol } from '../protocol/definition.ts';
import type { Message } from '../protocol/message.ts';

/** Messages that answer something unknown: refusals, wherever they come. */
export function refusalsOf(protocol: Protocol): ReadonlySet<string> {
  const before = known.get(protocol);
  if (before) return before;
  const rows = [...protocol.states.values()].flatMap((row) => row.get('unknown') ?? []);
  const made = new Set(rows.flatMap(({ items }) => items.map(({ message }) => message)));
  known.set(protocol, made);
  return made;
}

const known = new WeakMap<Protocol, ReadonlySet<string>>();

/** True if a message of that name refuses. */
export function isRefusal(protocol: Protocol, name: string): boolean {
  return refusalsOf(protocol).has(name);
}

/** True if an answer, whatever it is called, tells of a fault as a refusal does: by the same members. */
export function saysRefused(protocol: Protocol, { payload }: Message): boolean {
  if (protocol.payload === 'text') return false;
  return [...refusalsOf(protocol)].some((name) => {
    const pattern = protocol.messages.get(name)?.match;
    const context = { scope: { get: () => undefined }, wall: () => 0, captures: [] };
    return pattern !== undefined && pattern.match(payload, context).length === 0;
  });
}
