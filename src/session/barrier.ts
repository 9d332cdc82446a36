import { compileValue, type Filled, references } from '../match/interpolate.ts';
import { compileLine } from '../match/line-pattern.ts';
import { compilePattern, type Pattern } from '../match/pattern.ts';
import type { Barrier, Protocol } from '../protocol/definition.ts';
import type { Message } from '../protocol/message.ts';
import { viewOf } from '../protocol/rules.ts';

/** A barrier as it is used: read once. */
interface ReadBarrier {
  readonly send: Filled;
  readonly until: Pattern;
  /** Which of the values that are made for each use it speaks of. */
  readonly needs: readonly string[];
  /** What `until` is held against. */
  view(message: Message): unknown;
}

const known = new WeakMap<Barrier, ReadBarrier>();

/** Reads a barrier of a protocol, once for all its uses. */
export function readBarrier(protocol: Protocol, barrier: Barrier): ReadBarrier {
  const before = known.get(barrier);
  if (before) return before;
  const { send, until } = barrier;
  const isLine = protocol.payload === 'text' && typeof until === 'string';
  const named = new Set(references([send, until]).map(([head]) => head));
  const made: ReadBarrier = {
    send: compileValue(send),
    until: isLine ? compileLine(until, { ignoreCase: protocol.ignoreCase }) : compilePattern(until),
    needs: ['nonce', 'nowhere'].filter((name) => named.has(name)),
    view: (message) => (isLine ? message.payload : viewOf(message)),
  };
  known.set(barrier, made);
  return made;
}
