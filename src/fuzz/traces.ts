/** What only the inside of a program looks like. */
export const traces: RegExp =
  /Traceback \(most recent call last\)|\bat [\w.$<>]{1,200} \([^)\n]{0,300}:\d+:\d+\)|goroutine \d+ \[|Exception in thread|AddressSanitizer|node:internal\/|\/(?:home|usr|root|opt)\/[\w./-]+/;

const everyTrace = new RegExp(traces, 'g');
/** What spar itself said that looks so is remembered, up to so many. */
const most = 500;
/** Characters of a text that are looked through. */
const lookedThrough = 1 << 16;

/** Tells the inside of a target where it shows, from what spar itself has said and only hears again. */
export class Traces {
  readonly #said = new Set<string>();

  /** Takes note of octets that were sent, or of what a client was made to say. */
  said(octets: Uint8Array): void {
    const text = Buffer.from(octets.buffer, octets.byteOffset, Math.min(octets.length, lookedThrough));
    for (const [found] of text.toString('latin1').matchAll(everyTrace))
      if (this.#said.size < most) this.#said.add(found);
  }

  /** What shows of the inside of a target in a text that it sent. */
  foundIn(text: string): string | undefined {
    const begun = text.slice(0, lookedThrough);
    if (!traces.test(begun)) return undefined;
    const isOurs = (found: string): boolean =>
      [...this.#said].some((said) => said.includes(found) || found.includes(said));
    for (const [found] of begun.matchAll(everyTrace)) if (!isOurs(found)) return found;
    return undefined;
  }
}
