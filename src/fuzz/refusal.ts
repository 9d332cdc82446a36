import type { Protocol } from '../protocol/definition.ts';

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

/**
 * True if an answer, whatever it is called, tells of a fault as a refusal does: by the same members, in
 * itself or in one of its parts.
 */
export function saysRefused(protocol: Protocol, payload: unknown): boolean {
  if (protocol.payload === 'text') return false;
  const patterns = [...refusalsOf(protocol)].flatMap((name) => protocol.messages.get(name)?.match ?? []);
  const context = { scope: { get: () => undefined }, wall: () => 0, captures: [] };
  const tells = (value: unknown, depth: number): boolean => {
    if (value === null || typeof value !== 'object' || depth > deepest) return false;
    if (!Array.isArray(value) && patterns.some((one) => one.match(value, context).length === 0)) return true;
    return Object.values(value).some((inner) => tells(inner, depth + 1));
  };
  return tells(payload, 0);
}

/** How far within an answer a fault is looked for. */
const deepest = 6;
