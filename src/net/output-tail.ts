/** The last octets that a program wrote, bounded. */
export class OutputTail {
  readonly #limit: number;
  #chunks: Uint8Array[] = [];
  #size = 0;

  /** Keeps at least the last `limit` octets. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk.length > this.#limit ? chunk.slice(-this.#limit) : chunk);
    this.#size += this.#chunks.at(-1)?.length ?? 0;
    // Joined now and then, so that many small chunks cost no more than their octets.
    if (this.#size > 2 * this.#limit || this.#chunks.length > 1024) this.#join();
  }

  /** The last octets, at most the limit. */
  text(): string {
    return this.#join().toString();
  }

  /** The last lines that are not blank. */
  lines(count: number): string[] {
    const lines = this.text().split(/\r?\n/);
    return lines.filter((line) => line.trim() !== '').slice(-count);
  }

  #join(): Buffer {
    const joined = Buffer.from(Buffer.concat(this.#chunks).subarray(-this.#limit));
    this.#chunks = [joined];
    this.#size = joined.length;
    return joined;
  }
}
