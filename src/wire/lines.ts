import { BufferedReader, frame, NEED, tooLong } from './buffered-reader.ts';
import type { Framing, Read } from './framing.ts';
import { CR, LF } from './octets.ts';
import type { ReceiveBuffer } from './receive-buffer.ts';

/** How the lines that we write end. */
export type LineEnding = 'lf' | 'crlf' | 'cr';

/**
 * Which line ends are read: `lf`, `crlf` and `cr` only that one; `either` LF, where a CR before it is
 * dropped and noted as `cr-dropped`; `tolerant` CRLF, where a bare LF ends the line too and is noted
 * as `bare-lf`.
 */
export type LineAccept = LineEnding | 'either' | 'tolerant';

const OCTETS = { lf: [LF], crlf: [CR, LF], cr: [CR] } as const satisfies Record<
  LineEnding,
  readonly number[]
>;
const ACCEPTED = { lf: 'either', crlf: 'tolerant', cr: 'cr' } as const satisfies Record<
  LineEnding,
  LineAccept
>;

const CR_DROPPED: readonly string[] = ['cr-dropped'];
const BARE_LF: readonly string[] = ['bare-lf'];

/** True for the name of a framing by lines. */
export function isLineEnding(name: string): name is LineEnding {
  return Object.hasOwn(OCTETS, name);
}

/** One message a line. The payload is the line without its end. */
export function lines(ending: LineEnding, accept: LineAccept = ACCEPTED[ending]): Framing {
  const end = OCTETS[ending];
  return {
    name: ending,
    encode(payload) {
      const line = new Uint8Array(payload.length + end.length);
      line.set(payload);
      line.set(end, payload.length);
      return line;
    },
    reader: (limits) => new BufferedReader((buffer) => readLine(buffer, accept, limits.frame)),
  };
}

function readLine(buffer: ReceiveBuffer, accept: LineAccept, limit: number): Read {
  const last = accept === 'cr' ? CR : LF;
  let at = buffer.find(last);
  while (accept === 'crlf' && at >= 0 && !endsInCr(buffer, at)) at = buffer.find(last);
  if (at >= limit || (at < 0 && buffer.length > limit)) return tooLong('a line', limit);
  if (at < 0) return NEED;

  const cr = accept !== 'lf' && accept !== 'cr' && endsInCr(buffer, at);
  const raw = buffer.take(at + 1);
  return frame(raw.subarray(0, cr ? at - 1 : at), raw, notesOf(accept, cr));
}

function endsInCr(buffer: ReceiveBuffer, length: number): boolean {
  return length > 0 && buffer.at(length - 1) === CR;
}

function notesOf(accept: LineAccept, cr: boolean): readonly string[] | undefined {
  if (accept === 'either' && cr) return CR_DROPPED;
  if (accept === 'tolerant' && !cr) return BARE_LF;
  return undefined;
}
