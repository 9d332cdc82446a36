import type { Frame, FrameReader, Read } from './framing.ts';
import { ReceiveBuffer } from './receive-buffer.ts';

/** More octets are needed. */
export const NEED: Read = { kind: 'need' };

const NO_NOTES: readonly string[] = [];

/** A frame was read. */
export function frame(payload: Uint8Array, raw: Uint8Array, notes: readonly string[] = NO_NOTES): Read {
  const read: Frame = { payload, raw, notes };
  return { kind: 'frame', frame: read };
}

/** The peer broke the framing. */
export function breach(what: string): Read {
  return { kind: 'breach', problem: { fault: 'target', what } };
}

/** The peer sent more than is accepted; `thing` says what, with its article. */
export function tooLong(thing: string, limit: number): Read {
  return breach(`${thing} is longer than ${limit} octets`);
}

/** A frame reader over a receive buffer: `scan` takes the next frame off its front. */
export class BufferedReader implements FrameReader {
  readonly buffer: ReceiveBuffer = new ReceiveBuffer();
  readonly #scan: (buffer: ReceiveBuffer) => Read;
  #breach: Read | undefined;

  constructor(scan: (buffer: ReceiveBuffer) => Read) {
    this.#scan = scan;
  }

  push(chunk: Uint8Array): void {
    if (!this.#breach) this.buffer.push(chunk);
  }

  next(): Read {
    if (this.#breach) return this.#breach;
    const read = this.#scan(this.buffer);
    if (read.kind === 'breach') this.#breach = read;
    return read;
  }

  pending(): number {
    return this.buffer.length;
  }
}
