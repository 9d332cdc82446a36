import { frame, NEED, tooLong } from './buffered-reader.ts';
import type { FrameReader, Framing, Read } from './framing.ts';

/** The transport tells messages apart (WebSocket): each chunk is one frame. */
export const message: Framing = {
  name: 'message',
  encode: (payload) => payload,
  reader: (limits) => new MessageReader(limits.frame),
};

class MessageReader implements FrameReader {
  readonly #limit: number;
  #waiting: Uint8Array[] = [];
  #breach: Read | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(chunk: Uint8Array): void {
    if (!this.#breach) this.#waiting.push(chunk);
  }

  next(): Read {
    if (this.#breach) return this.#breach;
    const chunk = this.#waiting.shift();
    if (!chunk) return NEED;
    if (chunk.length <= this.#limit) return frame(chunk, chunk);
    this.#waiting = [];
    this.#breach = tooLong('a message', this.#limit);
    return this.#breach;
  }

  pending(): number {
    return 0;
  }
}
