import type { EndKind, Link, LinkSink } from './link.ts';

interface Half extends Link {
  attach(sink: LinkSink): void;
}

/**
 * Two links joined back to back in memory. What one writes the other's sink gets, in order and in
 * a later microtask, as a socket would.
 */
export function memoryLinks(): [Half, Half] {
  const left = new MemoryHalf();
  const right = new MemoryHalf();
  left.other = right;
  right.other = left;
  return [left, right];
}

class MemoryHalf implements Half {
  other: MemoryHalf | undefined;
  readonly queued = 0;
  #sink: LinkSink | undefined;
  #queue: (() => void)[] = [];
  #paused = false;
  #scheduled = false;
  #wroteEnd = false;
  #dead = false;

  attach(sink: LinkSink): void {
    this.#sink = sink;
    this.#schedule();
  }

  write(bytes: Uint8Array): void {
    if (this.#wroteEnd || this.#dead) return;
    const copy = bytes.slice();
    this.other?.deliver((sink) => sink.data(copy));
  }

  end(): void {
    if (this.#wroteEnd || this.#dead) return;
    this.#wroteEnd = true;
    this.other?.deliver((sink) => sink.ended('fin'));
  }

  close(): void {
    this.end();
    this.#queue = [];
    this.#sink = undefined;
    this.#dead = true;
  }

  reset(): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#sink = undefined;
    this.other?.gone('reset');
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#schedule();
  }

  deliver(act: (sink: LinkSink) => void): void {
    if (this.#dead) return;
    this.#queue.push(() => this.#sink && act(this.#sink));
    this.#schedule();
  }

  gone(kind: EndKind): void {
    if (this.#dead) return;
    this.#queue = [
      () => {
        const sink = this.#sink;
        this.#dead = true;
        this.#sink = undefined;
        sink?.ended(kind);
      },
    ];
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#queue.length === 0) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      while (this.#sink && !this.#paused) {
        const act = this.#queue.shift();
        if (!act) return;
        act();
      }
    });
  }
}
