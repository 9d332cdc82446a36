import { freshText } from '../match/fresh-text.ts';
import type { Protocol } from '../protocol/definition.ts';
import { makePacket } from './packet.ts';
import type { SendMove } from './plan.ts';

/** A value with something in the place of its references, and of what only looks like one: `$${`. */
export function mark(
  value: unknown,
  put: (reference: string) => string,
  literal: (text: string) => string = (text) => text,
): unknown {
  if (typeof value === 'string')
    return value.replace(/(\$?)\$\{([^}]*)\}/g, (found, twice: string, reference: string) =>
      twice === '' ? put(reference) : literal(found),
    );
  if (Array.isArray(value)) return value.map((one) => mark(one, put, literal));
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mark(inner, put, literal)]));
  return value;
}

/** `${` as it is sent, where a suite writes `$${`. */
export function asSent(text: string): string {
  return text.slice(1);
}

/** Octets that a fresh name comes to; 0 for what may have any length. */
export function lengthOf(protocol: Protocol, reference: string): number {
  const path = reference.trim().split('.');
  const named = path.length === 2 && /^p\d+$/.test(path[0] ?? '');
  const [first] = [...protocol.identity].filter(([, { per }]) => per === 'peer');
  const name = named ? (path[1] === 'name' ? first?.[0] : path[1]) : path.length === 1 ? path[0] : undefined;
  const identity =
    protocol.identity.get(name ?? '') ?? protocol.identity.get((name ?? '').replace(/\d+$/, ''));
  return identity ? freshText(identity.pattern, () => 0).length : 0;
}

/** True if every place-holder is there as it was put. */
export function isWhole(octets: Uint8Array): boolean {
  const latin = Buffer.from(octets).toString('latin1');
  const parts = latin.match(/\u00ee\u0084[\u0080\u0081]/g)?.length ?? 0;
  const whole = latin.match(/\u00ee\u0084\u0080\d+\u00ee\u0084\u0081/g)?.length ?? 0;
  return parts === 2 * whole && !/\u00ee(?!\u0084[\u0080\u0081])/.test(latin);
}

/** Fields with a text in the place of each reference that is as long as what it stands for. */
export function standIns(protocol: Protocol, fields: unknown): unknown {
  return mark(fields, (reference) => 'x'.repeat(lengthOf(protocol, reference) || 1), asSent);
}

/** True if the mutations of a packet change octets of what a reference in it stands for. */
export function changesReferences(protocol: Protocol, move: SendMove): boolean {
  const marked = mark(move.fields, (reference) => placeholder(protocol, reference, 0), asSent);
  const { pieces } = makePacket(protocol, protocol.messages.get(move.message), marked, move.mutations);
  return !isWhole(Buffer.concat(pieces));
}

/** What holds the place of a reference, as long as what it stands for, so that octets are counted as in the campaign. */
export function placeholder(protocol: Protocol, reference: string, index: number): string {
  return `\uE100${String(index).padStart(lengthOf(protocol, reference) - 6, '0')}\uE101`;
}
