import type { Mismatch } from '../match/pattern.ts';
import type { Message } from '../protocol/message.ts';
import { printable } from '../wire/printable.ts';
import { StepFailure } from './failure.ts';
import type { Broken, Peer } from './peer.ts';

export function cannotBeRead(peer: Peer, { cause, what }: Broken, wanted: string): StepFailure {
  const how = cause === 'flood' ? 'is flooded' : 'hears what cannot be read';
  const message = `${peer.name} ${how}, instead of ${wanted}: ${what}`;
  return new StepFailure(cause, message, { peer: peer.name, expected: wanted });
}

export function silent(peer: Peer, limit: number, wanted: string): StepFailure {
  const others = peer.unread;
  const but = others === 0 ? '' : ` but ${others} that may come at any time or concern nobody here`;
  const message = `${peer.name} hears nothing${but} within ${Math.round(limit)} ms, instead of ${wanted}`;
  return new StepFailure('silent', message, { peer: peer.name, expected: wanted });
}

export function mismatch(
  peer: Peer,
  wanted: string,
  message: Message,
  found: readonly Mismatch[],
  details: readonly string[] = [],
): StepFailure {
  const actual = printable(message.frame.payload);
  const at = typeof message.payload === 'string' ? Number(found[0]?.path) : Number.NaN;
  return new StepFailure('mismatch', `${peer.name} hears ${actual}, instead of ${wanted}`, {
    peer: peer.name,
    expected: wanted,
    actual,
    ...(Number.isInteger(at) ? { differsAt: at } : {}),
    details: [
      ...found.map((one) => `${one.path || '/'}: expected ${one.expected}, got ${one.actual}`),
      ...details,
    ],
  });
}

export function sentence(found: readonly Mismatch[]): string {
  return found
    .map((one) => `${one.path ? `${one.path} ` : ''}expected ${one.expected}, got ${one.actual}`)
    .join('; ');
}

export function show(value: unknown): string {
  return printable(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'), 300);
}

/** A connection that has ended where something else should come. */
export function endedInstead(peer: Peer, wanted: string): StepFailure {
  const reset = peer.endKind !== 'fin';
  const detail = peer.endDetail ? ` (${printable(peer.endDetail)})` : '';
  return new StepFailure(
    reset ? 'reset' : 'closed',
    `the target ${reset ? 'resets' : 'ends'} the connection of ${peer.name}${detail}, instead of ${wanted}`,
    { peer: peer.name, expected: wanted, actual: reset ? 'reset' : 'end of the connection' },
  );
}
