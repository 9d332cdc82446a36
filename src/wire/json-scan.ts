import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  endsWord,
  isWhiteSpace,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from './octets.ts';
import { printable } from './printable.ts';

/** What is wrong with a text that is not JSON: seen and named, never repaired. */
type JsonFaultKind =
  | 'bad-utf8'
  | 'bom'
  | 'cut-off'
  | 'trailing-comma'
  | 'comment'
  | 'single-quotes'
  | 'not-a-number'
  | 'extra-text'
  | 'too-deep'
  | 'bad-json';

/** Where a text stops being JSON (an offset in octets), and why. */
export interface JsonFault {
  readonly ok: false;
  readonly kind: JsonFaultKind;
  readonly at: number;
  readonly what: string;
}

/** What is odd about a text that is JSON. */
interface JsonNotes {
  readonly ok: true;
  readonly notes: readonly string[];
}

/** So many notes are made of one text at the most. */
const MOST_NOTES = 16;
/** What is quoted of a number or word, in octets. */
const LONGEST_QUOTE = 100;

const NOT_NUMBERS: readonly string[] = ['NaN', '+NaN', '-NaN', 'Infinity', '+Infinity', '-Infinity'];
const LONE_SURROGATE = /\p{Surrogate}/u;
const ESCAPED = /^(?:["\\/bfnrt]|u[\dA-Fa-f]{4})/;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Reads one JSON text (RFC 8259) octet by octet: the place of its first fault, or the notes
 * `duplicate-member:<pointer>`, `lone-surrogate:<pointer>` and `big-number:<pointer> <as written>`.
 * Takes linear time and needs no call stack.
 * @param bytes valid UTF-8
 * @param deepest how many arrays and objects may lie within each other
 */
export function scanJson(bytes: Uint8Array, deepest: number): JsonFault | JsonNotes {
  const scan = new Scan(bytes, deepest);
  try {
    scan.text();
    return { ok: true, notes: scan.notes };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ok: false, kind: error.kind, at: error.at, what: error.message };
  }
}

class Fault extends Error {
  readonly kind: JsonFaultKind;
  readonly at: number;

  constructor(kind: JsonFaultKind, at: number, what: string) {
    super(what);
    this.kind = kind;
    this.at = at;
  }
}

/** An array or object that is not closed yet. */
interface Open {
  /** The octet that closes it. */
  readonly end: number;
  /** The names that were read, of an object. */
  readonly names?: Set<string>;
  /** The index or name of what is being read. */
  here: number | string;
}

class Scan {
  readonly notes: string[] = [];
  readonly #bytes: Uint8Array;
  readonly #deepest: number;
  readonly #open: Open[] = [];
  #at = 0;

  constructor(bytes: Uint8Array, deepest: number) {
    this.#bytes = bytes;
    this.#deepest = deepest;
  }

  text(): void {
    if (this.#quote(3) === '\ufeff') throw new Fault('bom', 0, 'a byte order mark');
    while (this.#value() || this.#after());
    if (this.#peek() !== undefined) this.#refuse('the end of the text', 'extra-text');
  }

  /** Reads a value, of an array or object only its beginning. True if a value within it comes next. */
  #value(): boolean {
    const octet = this.#peek();
    if (octet === OPEN_BRACKET) return this.#enter({ end: CLOSE_BRACKET, here: 0 });
    if (octet === OPEN_BRACE) return this.#enter({ end: CLOSE_BRACE, here: '', names: new Set() });
    if (octet !== QUOTE) this.#word();
    else if (LONE_SURROGATE.test(this.#string())) this.#note('lone-surrogate');
    return false;
  }

  #enter(opened: Open): boolean {
    if (this.#open.length === this.#deepest) {
      throw new Fault(
        'too-deep',
        this.#at,
        `more than ${this.#deepest} arrays and objects within each other`,
      );
    }
    this.#open.push(opened);
    this.#at++;
    if (this.#peek() === opened.end) return false;
    if (opened.names) this.#name(opened, opened.names);
    return true;
  }

  /** Goes on behind a value, out of what ends there. True if another value comes. */
  #after(): boolean {
    for (let top = this.#open.at(-1); top; top = this.#open.at(-1)) {
      const octet = this.#peek();
      if (octet === COMMA) {
        this.#next(top);
        return true;
      }
      if (octet !== top.end) this.#refuse(`"," or "${String.fromCharCode(top.end)}"`);
      this.#at++;
      this.#open.pop();
    }
    return false;
  }

  #next(top: Open): void {
    const comma = this.#at++;
    if (this.#peek() === top.end) {
      throw new Fault('trailing-comma', comma, `a comma before "${String.fromCharCode(top.end)}"`);
    }
    if (top.names) this.#name(top, top.names);
    else top.here = (top.here as number) + 1;
  }

  #name(object: Open, names: Set<string>): void {
    if (this.#peek() !== QUOTE) this.#refuse('a name in double quotes');
    const name = this.#string();
    object.here = name;
    if (names.has(name)) this.#note('duplicate-member');
    names.add(name);
    if (LONE_SURROGATE.test(name)) this.#note('lone-surrogate');
    if (this.#peek() !== COLON) this.#refuse('":"');
    this.#at++;
  }

  #string(): string {
    const from = this.#at++;
    let escaped = false;
    for (let octet = this.#bytes[this.#at]; octet !== QUOTE; octet = this.#bytes[++this.#at]) {
      if (octet === undefined) this.#refuse('the end of a string');
      if (octet < 0x20) this.#refuse('a character of a string');
      if (octet !== BACKSLASH) continue;
      this.#escape();
      escaped = true;
    }
    this.#at++;
    if (escaped) return JSON.parse(decoder.decode(this.#bytes.subarray(from, this.#at)));
    return decoder.decode(this.#bytes.subarray(from + 1, this.#at - 1));
  }

  /** Goes from a backslash to the last octet of its escape. */
  #escape(): void {
    const backslash = this.#at++;
    const [known] = ESCAPED.exec(this.#quote(5)) ?? [];
    if (known === undefined) {
      throw new Fault('bad-json', backslash, 'a backslash that begins no escape of JSON');
    }
    this.#at += known.length - 1;
  }

  #word(): void {
    let end = this.#at;
    while (end < this.#bytes.length && !endsWord(this.#bytes[end] as number)) end++;
    if (end === this.#at) this.#refuse('a value');
    const word = decoder.decode(this.#bytes.subarray(this.#at, end));
    const value = literal(word);
    if (value === undefined && NOT_NUMBERS.includes(word)) {
      throw new Fault('not-a-number', this.#at, `${word}, which JSON does not have`);
    }
    if (value === undefined) this.#refuse('a value');
    if (typeof value === 'number' && losesDigits(word, value)) this.#note('big-number', ` ${short(word)}`);
    this.#at = end;
  }

  /** The next octet that is not white space. */
  #peek(): number | undefined {
    let octet = this.#bytes[this.#at];
    while (octet !== undefined && isWhiteSpace(octet)) octet = this.#bytes[++this.#at];
    return octet;
  }

  #quote(length: number): string {
    return decoder.decode(this.#bytes.subarray(this.#at, this.#at + length));
  }

  #refuse(wanted: string, kind: JsonFaultKind = 'bad-json'): never {
    const there = this.#quote(20);
    const instead = `where ${wanted} should be`;
    if (there === '') throw new Fault('cut-off', this.#at, `the text ends ${instead}`);
    if (/^\/[/*]/.test(there)) throw new Fault('comment', this.#at, `a comment ${instead}`);
    if (there.startsWith("'")) throw new Fault('single-quotes', this.#at, `a single quote ${instead}`);
    throw new Fault(kind, this.#at, `${printable(there)} ${instead}`);
  }

  #note(kind: string, detail = ''): void {
    if (this.notes.length === MOST_NOTES) return;
    const pointer = this.#open.map(
      ({ here }) => `/${String(here).replaceAll('~', '~0').replaceAll('/', '~1')}`,
    );
    this.notes.push(`${kind}:${pointer.join('')}${detail}`);
  }
}

/** What a word without brackets, quotes and white space says in JSON. */
function literal(word: string): unknown {
  try {
    return JSON.parse(word);
  } catch {
    return undefined;
  }
}

/** Whether a number as written differs from the double that it is read as, as that is written. */
function losesDigits(written: string, read: number): boolean {
  return significant(written) !== significant(String(read));
}

/** The digits of a number without zeros at either end, and the power of ten that they count. */
function significant(number: string): string {
  const [mantissa = '', power = '0'] = number.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  const digits = whole + fraction;
  let [first, last] = [0, digits.length];
  while (digits[first] === '0') first++;
  while (last > first && digits[last - 1] === '0') last--;
  if (first === last) return '0';
  return `${digits.slice(first, last)} ${Number(power) - fraction.length + digits.length - last}`;
}

function short(word: string): string {
  return word.length > LONGEST_QUOTE ? `${word.slice(0, LONGEST_QUOTE)}…` : word;
}
