import type { Protocol } from '../protocol/definition.ts';
import type { FindingReport, PacketPair } from '../report/html/findings.ts';
import { concatBytes } from '../wire/bytes.ts';
import { printable } from '../wire/printable.ts';
import type { Finding } from './finding.ts';
import { makePacket } from './packet.ts';
import type { Move, SendMove } from './plan.ts';
import { moveInWords, mutationInWords } from './words.ts';

/** Octets of a packet that are shown. */
const mostShown = 1200;
/** Hostile packets that are shown of one finding: its last ones. */
const mostPackets = 4;

/** A finding for a page. Without the protocol its packets are not shown. */
export function findingReport(
  protocol: Protocol | undefined,
  { id, symptom, confirmed, plans, transcript, output }: Finding,
  repeat: string,
): FindingReport {
  const moves = plans.flatMap((plan) => plan.moves);
  const hostile = moves.filter(isHostile).slice(-mostPackets);
  return {
    id,
    ...symptom,
    confirmed,
    moves: moves.map(moveInWords),
    packets: protocol ? hostile.map((move) => pairOf(protocol, move)) : [],
    transcript,
    output,
    repeat,
  };
}

function isHostile(move: Move): move is SendMove {
  return move.do === 'send' && move.mutations.length > 0;
}

/** References to what is only known while it runs stay as they are, in both. */
function pairOf(protocol: Protocol, { message, fields, mutations, peer }: SendMove): PacketPair {
  const definition = protocol.messages.get(message);
  const valid = concatBytes(makePacket(protocol, definition, fields, []).pieces);
  const sent = concatBytes(makePacket(protocol, definition, fields, mutations).pieces);
  const at = firstDifference(valid, sent);
  return {
    words: `${peer} sends ${message}: ${mutations.map(mutationInWords).join('; ')}`,
    valid: printable(valid, mostShown),
    sent: printable(sent, mostShown),
    ...(at === undefined ? {} : { differsAt: at }),
  };
}

function firstDifference(one: Uint8Array, other: Uint8Array): number | undefined {
  const length = Math.max(one.length, other.length);
  for (let at = 0; at < length; at += 1) if (one[at] !== other[at]) return at;
  return undefined;
}
