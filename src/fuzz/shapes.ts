/** Shapes that are remembered: thousands of plans are built upon long before there are so many. */
const most = 50_000;

/** What a target was seen to do, without names and values. */
export class Shapes {
  readonly #seen = new Set<string>();

  get size(): number {
    return this.#seen.size;
  }

  /** Remembers shapes; those of them that are new. Once there are very many nothing is new any more. */
  add(shapes: Iterable<string>): readonly string[] {
    const news: string[] = [];
    for (const shape of shapes) {
      if (this.#seen.size >= most || this.#seen.has(shape)) continue;
      this.#seen.add(shape);
      news.push(shape);
    }
    return news;
  }
}
