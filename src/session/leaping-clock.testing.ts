import type { Clock } from './clock.ts';

interface Timer {
  readonly at: number;
  readonly act: () => void;
}

/**
 * A clock that leaps to its next timer as soon as nothing else is left to do, so that deadlines cost
 * no time and every run takes the same course. For everything that happens in memory.
 */
export class LeapingClock implements Clock {
  #now = 0;
  #timers: Timer[] = [];
  #leaping = false;

  now(): number {
    return this.#now;
  }

  wall(): number {
    return 1_700_000_000_000 + this.#now;
  }

  after(ms: number, act: () => void): () => void {
    const timer = { at: this.#now + ms, act };
    this.#timers.push(timer);
    this.#leapSoon();
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  #leapSoon(): void {
    if (this.#leaping) return;
    this.#leaping = true;
    setImmediate(() => {
      this.#leaping = false;
      const next = this.#timers.reduce<Timer | undefined>(
        (first, one) => (first && first.at <= one.at ? first : one),
        undefined,
      );
      if (!next) return;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.#now = Math.max(this.#now, next.at);
      next.act();
      this.#leapSoon();
    });
  }
}
