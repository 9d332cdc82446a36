import type { Link } from '../session/link.ts';

/** How what is written is cut into segments. */
export type Segmentation = 'as-is' | 'byte' | 'split' | 'coalesce';

// Turns that a full queue of `byte` may take: above as many octets the pieces grow.
const MOST_TURNS = 65_536;

/**
 * A link whose writes leave cut or joined: `byte` each octet by itself (a queue above 64 KiB in larger
 * pieces), `split` each write in two at an offset that `random` (in [0, 1)) chooses, `coalesce` all
 * writes of a macrotask as one. Only for streams: on a message transport it would change messages.
 */
export function segmented(link: Link, mode: Segmentation, random: () => number): Link {
  return mode === 'as-is' ? link : new SegmentedLink(link, mode, random);
}

class SegmentedLink implements Link {
  readonly #link: Link;
  readonly #mode: Exclude<Segmentation, 'as-is'>;
  readonly #random: () => number;
  /** What waits, in order; each piece leaves in a turn of its own, or all in one to be joined. */
  #pieces: Uint8Array[] = [];
  #waiting = 0;
  #scheduled = false;
  #last: 'end' | 'close' | undefined;

  constructor(link: Link, mode: Exclude<Segmentation, 'as-is'>, random: () => number) {
    this.#link = link;
    this.#mode = mode;
    this.#random = random;
  }

  get queued(): number {
    return this.#waiting + this.#link.queued;
  }

  write(bytes: Uint8Array): void {
    if (this.#last !== undefined || bytes.length === 0) return;
    this.#waiting += bytes.length;
    if (this.#mode === 'split' && bytes.length > 1) {
      const cut = 1 + Math.floor(this.#random() * (bytes.length - 1));
      this.#pieces.push(bytes.subarray(0, cut), bytes.subarray(cut));
    } else {
      this.#pieces.push(bytes);
    }
    if (!this.#scheduled) this.#begin();
  }

  end(): void {
    this.#finish('end');
  }

  close(): void {
    this.#finish('close');
  }

  reset(): void {
    this.#pieces = [];
    this.#waiting = 0;
    this.#last = 'close';
    this.#link.reset();
  }

  pause(): void {
    this.#link.pause();
  }

  resume(): void {
    this.#link.resume();
  }

  #begin(): void {
    if (this.#mode === 'coalesce') this.#schedule();
    else this.#turn();
  }

  #schedule(): void {
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#waiting > 0) this.#turn();
      else this.#finishNow();
    });
  }

  #turn(): void {
    const piece = this.#mode === 'coalesce' ? this.#all() : this.#next();
    this.#waiting -= piece.length;
    this.#link.write(piece);
    this.#schedule();
  }

  #all(): Uint8Array {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
  }

  #next(): Uint8Array {
    const first = this.#pieces[0] ?? new Uint8Array(0);
    const size = this.#mode === 'byte' ? Math.ceil(this.#waiting / MOST_TURNS) : first.length;
    if (size >= first.length) this.#pieces.shift();
    else this.#pieces[0] = first.subarray(size);
    return first.subarray(0, size);
  }

  #finish(how: 'end' | 'close'): void {
    if (this.#last === 'close') return;
    this.#last = how;
    if (!this.#scheduled) this.#finishNow();
  }

  #finishNow(): void {
    if (this.#last === 'end') this.#link.end();
    else if (this.#last === 'close') this.#link.close();
  }
}
