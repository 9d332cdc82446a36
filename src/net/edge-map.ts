import { closeSync, existsSync, fstatSync, openSync, readSync, writeFileSync, writeSync } from 'node:fs';

/** Octets of a map that is not there yet. */
const usualSize = 1 << 16;

/**
 * A map of edges in AFL's layout, kept in a file of shared memory (`/dev/shm/NAME`) into which a target
 * writes: an octet an edge, how often it was run through. A file that is not there is made, 64 KiB long;
 * otherwise its own length counts. Raises the errors of the file system.
 */
export class EdgeMap {
  readonly #file: number;
  readonly #map: Buffer;
  readonly #zeroes: Buffer;

  constructor(path: string) {
    if (!existsSync(path)) writeFileSync(path, Buffer.alloc(usualSize));
    this.#file = openSync(path, 'r+');
    const { size } = fstatSync(this.#file);
    this.#map = Buffer.alloc(size);
    this.#zeroes = Buffer.alloc(size);
  }

  async begin(): Promise<void> {
    writeSync(this.#file, this.#zeroes, 0, this.#zeroes.length, 0);
  }

  async hits(): Promise<[edge: number, times: number][]> {
    readSync(this.#file, this.#map, 0, this.#map.length, 0);
    const hits: [number, number][] = [];
    // Most of a map is empty: eight octets at a time.
    const words = new BigUint64Array(this.#map.buffer, this.#map.byteOffset, this.#map.length >> 3);
    for (const [index, word] of words.entries())
      if (word !== 0n) this.#note(hits, index << 3, (index + 1) << 3);
    this.#note(hits, words.length << 3, this.#map.length);
    return hits;
  }

  #note(hits: [number, number][], from: number, to: number): void {
    for (let edge = from; edge < to; edge += 1) {
      const times = this.#map[edge] ?? 0;
      if (times > 0) hits.push([edge, times]);
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}
