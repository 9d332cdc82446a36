import { SparError } from '../problem/problem.ts';
import { BufferedReader, breach, frame, NEED } from './buffered-reader.ts';
import type { Framing, Read } from './framing.ts';
import type { ReceiveBuffer } from './receive-buffer.ts';

/** The width of a length and the order of its octets. */
export type LengthPrefix = 'len16be' | 'len16le' | 'len32be' | 'len32le';

/** Each message is preceded by its length in octets, which does not count the length itself. */
export function lengthPrefix(name: LengthPrefix): Framing {
  const size = name.startsWith('len16') ? 2 : 4;
  const littleEndian = name.endsWith('le');
  return {
    name,
    encode(payload) {
      refuseUnsayable(name, payload.length, 256 ** size - 1);
      const framed = new Uint8Array(size + payload.length);
      for (let place = 0; place < size; place++) {
        const at = littleEndian ? place : size - 1 - place;
        framed[at] = payload.length >>> (8 * place);
      }
      framed.set(payload, size);
      return framed;
    },
    reader: (limits) => new BufferedReader((buffer) => readCounted(buffer, size, littleEndian, limits.frame)),
  };
}

function refuseUnsayable(name: LengthPrefix, length: number, most: number): void {
  if (length <= most) return;
  const what = `a message of ${length} octets cannot be sent with ${name}, which counts to ${most}`;
  throw new SparError({ fault: 'user', what });
}

function readCounted(buffer: ReceiveBuffer, size: number, littleEndian: boolean, limit: number): Read {
  if (buffer.length < size) return NEED;
  const announced = lengthAt(buffer, size, littleEndian);
  const whole = size + announced;
  if (whole > limit) {
    return breach(`a length of ${announced} octets is announced, and a frame is at most ${limit} long`);
  }
  if (buffer.length < whole) return NEED;
  const raw = buffer.take(whole);
  return frame(raw.subarray(size), raw);
}

function lengthAt(buffer: ReceiveBuffer, size: number, littleEndian: boolean): number {
  let length = 0;
  for (let place = 0; place < size; place++) {
    length = length * 256 + buffer.at(littleEndian ? size - 1 - place : place);
  }
  return length;
}
