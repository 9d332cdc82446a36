import type { Protocol } from '../protocol/definition.ts';
import type { FindingReport, PacketPair } from '../report/html/findings.ts';
import { besideValid } from './beside-valid.ts';
import type { Finding } from './finding.ts';
import type { Move, SendMove } from './plan.ts';
import { freePartInWords, moveInWords } from './words.ts';

/** Hostile packets that are shown of one finding: its last ones. */
const mostPackets = 4;

/** A finding for a page. Without the protocol its packets are not shown. */
export function findingReport(
  protocol: Protocol | undefined,
  { id, symptom, confirmed, plans, free = [], transcript, output }: Finding,
  repeat: string,
): FindingReport {
  const moves = plans.flatMap((plan) => plan.moves);
  const hostile = moves.filter(isHostile).slice(-mostPackets);
  return {
    id,
    ...symptom,
    confirmed,
    moves: moves.map(moveInWords),
    free: free.map((part) => freePartInWords(plans, part)),
    packets: protocol ? hostile.flatMap((move) => pairOf(protocol, move)) : [],
    transcript,
    output,
    repeat,
  };
}

function isHostile(move: Move): move is SendMove {
  return move.do === 'send' && move.mutations.length > 0;
}

function pairOf(protocol: Protocol, move: SendMove): PacketPair[] {
  const pair = besideValid(protocol, move);
  return pair
    ? [{ words: moveInWords(move), valid: pair.valid, sent: pair.sent, differsAt: pair.octet }]
    : [];
}
