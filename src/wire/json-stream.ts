import { BufferedReader, breach, frame, NEED, tooLong } from './buffered-reader.ts';
import type { Framing, Read } from './framing.ts';
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  endsWord,
  isBracket,
  isWhiteSpace,
  LF,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from './octets.ts';
import type { ReceiveBuffer } from './receive-buffer.ts';

/**
 * JSON values one after another, with white space between them or none. We write each with a LF.
 * Only the extent of a value is found here; whether it is JSON is for who reads the payload. A value
 * that is neither object, array nor string ends where something else begins, so not before that came.
 */
export const jsonStream: Framing = {
  name: 'json-stream',
  encode(payload) {
    const line = new Uint8Array(payload.length + 1);
    line.set(payload);
    line[payload.length] = LF;
    return line;
  },
  reader(limits) {
    const scanner = new ValueScanner();
    return new BufferedReader((buffer) => readValue(buffer, scanner, limits.frame));
  },
};

function readValue(buffer: ReceiveBuffer, scanner: ValueScanner, limit: number): Read {
  if (scanner.idle) skipWhiteSpace(buffer);
  buffer.pass(scanner.scan(buffer.unsearched()));
  if (buffer.passed > limit) return tooLong('a JSON value', limit);
  if (scanner.misplaced) return breach(scanner.misplaced);
  if (!scanner.idle || buffer.passed === 0) return NEED;
  const value = buffer.take(buffer.passed);
  return frame(value, value);
}

function skipWhiteSpace(buffer: ReceiveBuffer): void {
  const bytes = buffer.unsearched();
  let at = 0;
  while (at < bytes.length && isWhiteSpace(bytes[at] as number)) at++;
  buffer.pass(at);
  buffer.take(at);
}

/** Finds the end of one value in octets that come piece by piece. */
class ValueScanner {
  /** Why no value can be found any more. */
  misplaced: string | undefined;
  #within: 'nothing' | 'word' | 'string' | 'escape' | 'brackets' = 'nothing';
  /** The closing brackets that are owed. */
  readonly #owed: number[] = [];

  /** Between two values. */
  get idle(): boolean {
    return this.#within === 'nothing';
  }

  /** Goes on through `bytes` up to the end of the value; gives how many of them belong to it. */
  scan(bytes: Uint8Array): number {
    let at = 0;
    if (this.idle && bytes.length > 0) this.#begin(bytes[at++] as number);
    while (at < bytes.length && !this.idle && !this.misplaced) at = this.#advance(bytes, at);
    return at;
  }

  #begin(octet: number): void {
    if (octet === QUOTE) this.#within = 'string';
    else if (isBracket(octet)) this.#bracket(octet);
    else if (octet === COMMA || octet === COLON) this.#refuse(octet);
    else this.#within = 'word';
  }

  #advance(bytes: Uint8Array, from: number): number {
    switch (this.#within) {
      case 'string':
        return this.#throughString(bytes, from);
      case 'escape':
        this.#within = 'string';
        return from + 1;
      case 'word':
        return this.#throughWord(bytes, from);
      default:
        return this.#throughBrackets(bytes, from);
    }
  }

  #throughString(bytes: Uint8Array, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const octet = bytes[at];
      if (octet !== QUOTE && octet !== BACKSLASH) continue;
      this.#within = octet === BACKSLASH ? 'escape' : this.#outside();
      return at + 1;
    }
    return bytes.length;
  }

  #throughWord(bytes: Uint8Array, from: number): number {
    let at = from;
    while (at < bytes.length && !endsWord(bytes[at] as number)) at++;
    if (at < bytes.length) this.#within = 'nothing';
    return at;
  }

  #throughBrackets(bytes: Uint8Array, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const octet = bytes[at] as number;
      if (octet !== QUOTE && !isBracket(octet)) continue;
      if (octet === QUOTE) this.#within = 'string';
      else this.#bracket(octet);
      return at + 1;
    }
    return bytes.length;
  }

  #bracket(octet: number): void {
    if (octet === OPEN_BRACE) this.#owed.push(CLOSE_BRACE);
    else if (octet === OPEN_BRACKET) this.#owed.push(CLOSE_BRACKET);
    else if (this.#owed.at(-1) === octet) this.#owed.pop();
    else this.#refuse(octet);
    this.#within = this.#outside();
  }

  #outside(): 'nothing' | 'brackets' {
    return this.#owed.length > 0 ? 'brackets' : 'nothing';
  }

  #refuse(octet: number): void {
    const owed = this.#owed.at(-1);
    const place =
      owed === undefined
        ? 'where a JSON value should begin'
        : `where "${String.fromCharCode(owed)}" should be`;
    this.misplaced = `a "${String.fromCharCode(octet)}" stands ${place}`;
  }
}
