/** Members of a message that are nobody's business. */
const secretNames = /^(?:pass(?:word|wd|phrase)?|pwd|secret|pin)$/i;
/** Texts below that length turn up anywhere. */
const shortest = 6;
/** Secrets that are remembered. */
const most = 500;

/**
 * The passwords that were sent, so that they are known where they come back. A text that was also sent in
 * another place is no secret: there it may rightly be repeated.
 */
export class Secrets {
  readonly #sent = new Set<string>();
  readonly #spoken = new Set<string>();

  /** Takes note of a message that was sent; `undefined` if its octets cannot be read as one. */
  sent(fields: unknown, text: string): void {
    if (fields === undefined) {
      for (const secret of this.#sent) if (text.includes(secret)) this.#speak(secret);
      return;
    }
    const found: string[] = [];
    this.#walk(fields, false, found);
    const spoken = found.join('\n');
    for (const secret of this.#sent) if (spoken.includes(secret)) this.#speak(secret);
  }

  /** The password that is repeated in a text, if one is. */
  foundIn(text: string): string | undefined {
    for (const secret of this.#sent) if (text.includes(secret)) return secret;
    return undefined;
  }

  #walk(value: unknown, hidden: boolean, spoken: string[]): void {
    if (typeof value === 'string') {
      if (!hidden) spoken.push(value);
      else if (value.length >= shortest && !this.#spoken.has(value)) this.#keep(value);
      return;
    }
    if (value === null || typeof value !== 'object') return;
    for (const [name, inner] of Object.entries(value))
      this.#walk(inner, hidden || (!Array.isArray(value) && secretNames.test(name)), spoken);
  }

  #keep(secret: string): void {
    this.#sent.add(secret);
    const [oldest] = this.#sent;
    if (this.#sent.size > most && oldest !== undefined) this.#sent.delete(oldest);
  }

  #speak(secret: string): void {
    this.#sent.delete(secret);
    this.#spoken.add(secret);
    const [oldest] = this.#spoken;
    if (this.#spoken.size > most && oldest !== undefined) this.#spoken.delete(oldest);
  }
}
