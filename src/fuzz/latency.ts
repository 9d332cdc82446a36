/** Answers whose times are kept. */
const kept = 200;
/** Answers before which nothing can be said to be usual. */
const enough = 20;

/** Answers before which nothing can be said of the longest. */
const few = 3;
/** So many times what nearly all of the last answers took, and at least so many milliseconds. */
const surely = { times: 10, nearly: 0.9, least: 200 };

/** How long a target usually takes to answer, in milliseconds. */
export class Latency {
  #times: number[] = [];
  #next = 0;
  /** The same, in the order of their lengths. */
  #sorted: number[] = [];

  /** An answer took so long. */
  add(ms: number): void {
    const oldest = this.#times[this.#next % kept];
    if (oldest !== undefined) this.#sorted.splice(this.#placeOf(oldest), 1);
    this.#sorted.splice(this.#placeOf(ms), 0, ms);
    this.#times[this.#next % kept] = ms;
    this.#next += 1;
  }

  /** The median of the last answers; undefined before there are some. */
  get usual(): number | undefined {
    return this.#times.length < enough ? undefined : this.#longestOf(0.5);
  }

  /** Milliseconds in which an answer comes that comes at all, as far as the last ones tell; undefined before there are some. */
  get enough(): number | undefined {
    if (this.#times.length < few) return undefined;
    return Math.max(surely.least, surely.times * this.#longestOf(surely.nearly));
  }

  /** How long the longest of a share of the answers took. */
  #longestOf(share: number): number {
    return this.#sorted[Math.ceil(share * (this.#sorted.length - 1))] ?? 0;
  }

  /** Where the first stands that took at least so long. */
  #placeOf(ms: number): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] as number) < ms) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** What was seen so far counts no longer. */
  forget(): void {
    this.#times = [];
    this.#next = 0;
    this.#sorted = [];
  }

  /** For a person: ` (usually 0.4 ms)`, or nothing. */
  inWords(): string {
    const { usual } = this;
    return usual === undefined ? '' : ` (usually ${usual < 10 ? usual.toFixed(1) : Math.round(usual)} ms)`;
  }
}
