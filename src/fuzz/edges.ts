/** What a target tells of the code that it has run through: edges of a map, or places of a script. */
export interface Coverage {
  /** Forgets what was run through so far. */
  begin(): Promise<void>;
  /** The edges that were run through since, and how often. Nothing if the target does not tell now. */
  hits(): Promise<Iterable<readonly [edge: number | string, times: number]>>;
}

/** The edges that a campaign has seen, each with how often it was hit, in AFL's eight buckets. */
export class Edges {
  readonly #seen = new Map<number | string, number>();

  get size(): number {
    return this.#seen.size;
  }

  /** How many of these are new, or were never hit so often or so seldom. */
  news(hits: Iterable<readonly [edge: number | string, times: number]>): number {
    let count = 0;
    for (const [edge, times] of hits) if (((this.#seen.get(edge) ?? 0) & bucketOf(times)) === 0) count += 1;
    return count;
  }

  /** Remembers them; how many were new. */
  add(hits: Iterable<readonly [edge: number | string, times: number]>): number {
    let count = 0;
    for (const [edge, times] of hits) {
      const before = this.#seen.get(edge) ?? 0;
      const bucket = bucketOf(times);
      if ((before & bucket) !== 0) continue;
      this.#seen.set(edge, before | bucket);
      count += 1;
    }
    return count;
  }
}

/** 1, 2, 3, 4 to 7, 8 to 15, 16 to 31, 32 to 127, more: a bit each. */
function bucketOf(times: number): number {
  if (times <= 0) return 0xff;
  if (times <= 3) return 1 << (times - 1);
  if (times < 8) return 8;
  if (times < 16) return 16;
  if (times < 32) return 32;
  return times < 128 ? 64 : 128;
}
