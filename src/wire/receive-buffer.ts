const SMALLEST_STORE = 256;

/**
 * Octets that came and are not read yet. Remembers how far they were searched, so that a slow drip
 * costs linear time. What `peek`, `take` and `unsearched` give are views that are never written again.
 * As large as what is pushed and not taken: a reader that checks its limit after each push bounds it.
 */
export class ReceiveBuffer {
  /** Octets looked at by searches since the start: a measure of work. */
  examined = 0;
  /** Octets moved in memory since the start: a measure of work. */
  copied = 0;
  #store: Uint8Array = new Uint8Array(0);
  #start = 0;
  #searched = 0;
  #end = 0;

  /** Octets that are held. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** Adds octets. The chunk is kept where that saves a copy. */
  push(chunk: Uint8Array): void {
    const fits = chunk.length <= this.#store.length - this.#end;
    if (!fits && this.length === 0) {
      this.#adopt(chunk);
      return;
    }
    if (!fits) this.#grow(chunk.length);
    this.#store.set(chunk, this.#end);
    this.copied += chunk.length;
    this.#end += chunk.length;
  }

  /** The octet at an offset below `length`. */
  at(offset: number): number {
    return this.#store[this.#start + offset] as number;
  }

  /** The first `count` octets, at most `length`. */
  peek(count: number): Uint8Array {
    return this.#store.subarray(this.#start, this.#start + count);
  }

  /** The octets that no search has passed yet. */
  unsearched(): Uint8Array {
    return this.#store.subarray(this.#searched, this.#end);
  }

  /** Says that the next `count` unsearched octets need not be looked at again. */
  pass(count: number): void {
    this.#searched += count;
    this.examined += count;
  }

  /** Octets that were searched and are still held. */
  get passed(): number {
    return this.#searched - this.#start;
  }

  /** Finds an octet among the unsearched and passes it. Gives its offset, or -1 when all were passed. */
  find(octet: number): number {
    const whole = this.#end === this.#store.length;
    const at = whole ? this.#store.indexOf(octet, this.#searched) : this.#indexBeforeEnd(octet);
    this.pass((at < 0 ? this.#end : at + 1) - this.#searched);
    return at < 0 ? -1 : at - this.#start;
  }

  /** Takes `count` octets, at most `length`, off the front. */
  take(count: number): Uint8Array {
    const taken = this.peek(count);
    this.#start += count;
    if (this.#searched < this.#start) this.#searched = this.#start;
    return taken;
  }

  #indexBeforeEnd(octet: number): number {
    for (let at = this.#searched; at < this.#end; at++) if (this.#store[at] === octet) return at;
    return -1;
  }

  #adopt(chunk: Uint8Array): void {
    this.#store = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
    this.#start = 0;
    this.#searched = 0;
    this.#end = chunk.length;
  }

  #grow(more: number): void {
    const held = this.#store.subarray(this.#start, this.#end);
    const store = new Uint8Array(Math.max(SMALLEST_STORE, 2 * (held.length + more)));
    store.set(held);
    this.copied += held.length;
    this.#searched -= this.#start;
    this.#start = 0;
    this.#end = held.length;
    this.#store = store;
  }
}
