import type { Protocol } from '../protocol/definition.ts';
import { identifyLine, identifyObject } from '../protocol/message.ts';
import { firstState, stateAfter } from './model.ts';
import { makePacket } from './packet.ts';
import type { Move, SendMove } from './plan.ts';

/**
 * The moves of a plan with those barriers that a campaign sends after hostile packets and that lead to another
 * state: what comes then hangs on them.
 */
export function withBarriers(protocol: Protocol, moves: readonly Move[]): readonly Move[] {
  const states = new Map<string, string>();
  return moves.flatMap((move, index): Move[] => {
    const { peer } = move;
    if (move.do === 'open') states.set(peer, firstState(protocol));
    if (move.do !== 'send') return [move];
    const before = states.get(peer) ?? firstState(protocol);
    const goesOn = moves.slice(index + 1).some((other) => other.do === 'send' && other.peer === peer);
    const barrier = goesOn && isWaitedFor(protocol, move) ? barrierIn(protocol, before, peer) : undefined;
    const heard = barrier ?? (move.mutations.length === 0 ? move : undefined);
    if (heard) states.set(peer, stateAfter(protocol, before, heard.message));
    return barrier ? [move, barrier] : [move];
  });
}

function isWaitedFor(protocol: Protocol, { message, fields, mutations, pipelined }: SendMove): boolean {
  if (mutations.length === 0 || pipelined === true) return false;
  return makePacket(protocol, protocol.messages.get(message), fields, mutations).complete;
}

/** The barrier of a state, if the state after it is another one. */
function barrierIn(protocol: Protocol, state: string, peer: string): SendMove | undefined {
  const { server } = protocol.barriers;
  const send = (server.get(state) ?? server.get('any'))?.send;
  const found =
    typeof send === 'string'
      ? identifyLine(protocol, 'client', send, () => true)
      : { definition: identifyObject(protocol, 'client', send, () => true), fields: send };
  const message = found?.definition?.name;
  if (!found || message === undefined || stateAfter(protocol, state, message) === state) return undefined;
  return { do: 'send', peer, message, fields: found.fields, mutations: [] };
}
