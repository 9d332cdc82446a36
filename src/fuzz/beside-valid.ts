import type { Protocol } from '../protocol/definition.ts';
import { printable } from '../wire/printable.ts';
import { makePacket } from './packet.ts';
import { isOnFrame, type SendMove } from './plan.ts';
import { changesReferences, standIns } from './references.ts';

/** A hostile packet and the valid one that it was made of, on a line each, cut to where they differ. */
export interface BesideValid {
  readonly valid: string;
  readonly sent: string;
  /** Characters of both lines before the first octet that differs. */
  readonly at: number;
  /** The first octet that differs. */
  readonly octet: number;
}

/** Octets that are shown before and from the first one that differs. */
const [before, from] = [40, 60];

/**
 * The packet of a send beside the valid one; nothing if their octets are the same. References stay as they
 * are, unless their own octets are changed.
 */
export function besideValid(protocol: Protocol, move: SendMove): BesideValid | undefined {
  const definition = protocol.messages.get(move.message);
  const fields = changesReferences(protocol, move) ? standIns(protocol, move.fields) : move.fields;
  const octetsOf = (mutations: SendMove['mutations']): Buffer =>
    Buffer.concat(makePacket(protocol, definition, fields, mutations).pieces);
  const [valid, sent] = [octetsOf([]), octetsOf(move.mutations)];
  const length = Math.max(valid.length, sent.length);
  // That a length says what there is makes no difference.
  const counted =
    protocol.framing.name.startsWith('len') && !move.mutations.some(({ kind }) => isOnFrame(kind));
  const header = counted ? protocol.framing.encode(new Uint8Array()).length : 0;
  let first = Math.min(header, valid.length, sent.length);
  while (first < length && valid[first] === sent[first]) first += 1;
  if (first === length) return undefined;
  const start = Math.max(0, first - before);
  const lead = start === 0 ? '' : '…';
  const common = lead + printable(valid.subarray(start, first));
  const shown = (octets: Buffer): string =>
    common +
    printable(octets.subarray(first, first + from)) +
    (octets.length > first + from ? `… (${octets.length} octets)` : '');
  return { valid: shown(valid), sent: shown(sent), at: common.length, octet: first };
}
