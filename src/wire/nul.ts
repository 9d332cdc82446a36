import { BufferedReader, frame, NEED, tooLong } from './buffered-reader.ts';
import type { Framing, Read } from './framing.ts';
import type { ReceiveBuffer } from './receive-buffer.ts';

/** Each message ends with a NUL octet. */
export const nul: Framing = {
  name: 'nul',
  encode(payload) {
    const ended = new Uint8Array(payload.length + 1);
    ended.set(payload);
    return ended;
  },
  reader: (limits) => new BufferedReader((buffer) => readToNul(buffer, limits.frame)),
};

function readToNul(buffer: ReceiveBuffer, limit: number): Read {
  const at = buffer.find(0);
  if (at >= limit || (at < 0 && buffer.length > limit)) return tooLong('a message that ends with NUL', limit);
  if (at < 0) return NEED;
  const raw = buffer.take(at + 1);
  return frame(raw.subarray(0, at), raw);
}
