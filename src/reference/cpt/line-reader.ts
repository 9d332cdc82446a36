const LF = 0x0a;
const CR = 0x0d;

/** Cuts a stream of octets into lines: LF ends a line, and one CR before it is dropped. */
export class LineReader {
  #unfinished: Uint8Array[] = [];
  #held = 0;

  /** Octets of the line that has no end yet. */
  get held(): number {
    return this.#held;
  }

  /** Adds a chunk; gives the lines that are complete now, without their ends. */
  push(chunk: Uint8Array): Uint8Array[] {
    const lines: Uint8Array[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      this.#hold(chunk.subarray(start, end));
      lines.push(this.#take());
      start = end + 1;
    }
    this.#hold(chunk.subarray(start));
    return lines;
  }

  #hold(part: Uint8Array): void {
    if (part.length > 0) this.#unfinished.push(part);
    this.#held += part.length;
  }

  #take(): Uint8Array {
    const [first, ...others] = this.#unfinished;
    const line = first && others.length === 0 ? first : joined(this.#unfinished, this.#held);
    this.#unfinished = [];
    this.#held = 0;
    return line.at(-1) === CR ? line.subarray(0, -1) : line;
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
