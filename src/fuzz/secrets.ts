import type { SendMove } from './plan.ts';
import { keysOf, pointersOf, valueAt } from './pointers.ts';

/** Members of a message that are nobody's business. */
const secretNames = /^(?:pass(?:word|wd|phrase)?|pwd|secret|pin)$/i;
/** Texts below that length turn up anywhere. */
const shortest = 6;
/** What stands in the places of passwords, unless something was put there. */
export function secretsOf(move: SendMove): readonly string[] {
  if (isMadeSecret(move)) return [];
  return hiddenIn(move.fields).map((at) => String(valueAt(move.fields, at)));
}

function hiddenIn(fields: unknown): readonly string[] {
  if (fields === null || typeof fields !== 'object') return [];
  const before = hidden.get(fields);
  if (before) return before;
  const found = pointersOf(fields).filter((at) => secretNames.test(keysOf(at).at(-1) ?? ''));
  hidden.set(fields, found);
  return found;
}

const hidden = new WeakMap<object, readonly string[]>();

/** True if something else than the peer's own stands in the place of a password. */
export function isMadeSecret({ fields, mutations }: SendMove): boolean {
  const places = hiddenIn(fields);
  if (places.length === 0) return false;
  const touched = mutations.flatMap((one) =>
    'at' in one ? [one.at, ...('with' in one ? [one.with] : [])] : [],
  );
  return places.some((at) => {
    const value = valueAt(fields, at);
    const own = typeof value === 'string' && value.includes('${') && !value.includes('.said.');
    return !own || touched.includes(at);
  });
}

/** Secrets that are remembered. */
const most = 500;
/**
 * Characters that are looked through of a text that was sent, and of one that came, which has a little
 * around what it repeats: longer ones are made of repetitions, and take their time for each secret.
 */
const lookedThrough = { sent: 1 << 16, heard: 1 << 15 };

/**
 * The passwords that were sent, so that they are known where they come back. A text that was also sent in
 * another place is no secret: there it may rightly be repeated.
 */
export class Secrets {
  readonly #sent = new Set<string>();
  /** Those by the characters that they begin with. */
  readonly #beginnings = new Map<string, string[]>();
  /** How many beginnings have a mark: nearly all places of a text are told by that alone to begin none. */
  readonly #marks = new Uint16Array(marks);
  readonly #spoken = new Set<string>();

  /**
   * Takes note of the fields of a message that was sent. Where something was put in the place of a password
   * (`made`), a word of the protocol perhaps, it is no secret.
   */
  sent(fields: unknown, made = false): void {
    const found: string[] = [];
    this.#walk(fields, false, found, made);
    if (this.#sent.size === 0) return;
    const spoken = found.join('\n').slice(0, lookedThrough.sent);
    for (const secret of this.#within(spoken)) this.#speak(secret);
  }

  /** The password that is repeated in a text, if one is. */
  foundIn(text: string): string | undefined {
    const [first] = this.#within(text.slice(0, lookedThrough.heard));
    return first;
  }

  /** The secrets in a text. */
  #within(text: string): readonly string[] {
    if (this.#sent.size === 0) return [];
    const begun = new Set<string>();
    for (let at = 0; at + shortest <= text.length; at += 1) {
      if (this.#marks[markAt(text, at)] === 0) continue;
      const beginning = text.slice(at, at + shortest);
      if (this.#beginnings.has(beginning)) begun.add(beginning);
    }
    const candidates = [...begun].flatMap((beginning) => this.#beginnings.get(beginning) ?? []);
    return candidates.filter((secret) => text.includes(secret));
  }

  #walk(value: unknown, hidden: boolean, spoken: string[], made: boolean): void {
    if (typeof value === 'string') {
      if (!hidden) spoken.push(value);
      else if (!made && value.length >= shortest && !this.#spoken.has(value)) this.#keep(value);
      return;
    }
    if (value === null || typeof value !== 'object') return;
    for (const [name, inner] of Object.entries(value))
      this.#walk(inner, hidden || (!Array.isArray(value) && secretNames.test(name)), spoken, made);
  }

  #keep(secret: string): void {
    if (this.#sent.has(secret)) return;
    this.#sent.add(secret);
    const beginning = secret.slice(0, shortest);
    const alike = this.#beginnings.get(beginning) ?? [];
    if (alike.length === 0) this.#mark(beginning, 1);
    this.#beginnings.set(beginning, [...alike, secret]);
    const [oldest] = this.#sent;
    if (this.#sent.size > most && oldest !== undefined) this.#forget(oldest);
  }

  #forget(secret: string): void {
    if (!this.#sent.delete(secret)) return;
    const beginning = secret.slice(0, shortest);
    const left = this.#beginnings.get(beginning)?.filter((other) => other !== secret) ?? [];
    if (left.length > 0) this.#beginnings.set(beginning, left);
    else {
      this.#beginnings.delete(beginning);
      this.#mark(beginning, -1);
    }
  }

  #mark(beginning: string, more: 1 | -1): void {
    const mark = markAt(beginning, 0);
    this.#marks[mark] = (this.#marks[mark] ?? 0) + more;
  }

  #speak(secret: string): void {
    this.#forget(secret);
    this.#spoken.add(secret);
    const [oldest] = this.#spoken;
    if (this.#spoken.size > most && oldest !== undefined) this.#spoken.delete(oldest);
  }
}

/** Marks that a beginning may have; a power of two. */
const marks = 1 << 14;

/** The mark of what begins at a place. */
function markAt(text: string, at: number): number {
  const [first, middle, last] = [text.charCodeAt(at), text.charCodeAt(at + 2), text.charCodeAt(at + 5)];
  return ((first << 7) ^ (middle << 3) ^ last) & (marks - 1);
}
