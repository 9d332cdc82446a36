/** Milliseconds that every answer may take, however fast the others were. */
const floor = 1500;
/** Milliseconds that no answer may exceed, however slow the others were. */
const ceiling = 15_000;
/** How many times the slowest answer so far an answer may take. */
const factor = 10;

/** How long an answer may take: fixed by the user, or learned from the answers so far. */
export class Deadlines {
  readonly #fixed: number | undefined;
  #slowest = 0;

  constructor(fixed: number | undefined) {
    this.#fixed = fixed;
  }

  /** Milliseconds, rounded so that timers can be shared. */
  get limit(): number {
    if (this.#fixed !== undefined) return this.#fixed;
    return Math.ceil(Math.min(ceiling, Math.max(floor, factor * this.#slowest)) / 100) * 100;
  }

  answered(ms: number): void {
    if (ms > this.#slowest) this.#slowest = ms;
  }
}
