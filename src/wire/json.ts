import { type JsonFault, scanJson } from './json-scan.ts';
import { BACKSLASH, CLOSE_BRACE, CLOSE_BRACKET, COLON, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './octets.ts';
import { decodeText } from './text.ts';

/**
 * The value of a JSON text with what is odd about it, or where and why it is no JSON.
 * Of members with one name the value has the last; a member `__proto__` is a member like any other.
 */
export type JsonRead =
  | { readonly ok: true; readonly value: unknown; readonly notes: readonly string[] }
  | JsonFault;

const DEEPEST = 512;

const DOT = 46;
const SMALL_E = 101;
const LARGE_E = 69;

/** More digits than every double keeps. */
const MANY_DIGITS = 16;

const NO_NOTES: readonly string[] = [];
const encoder = new TextEncoder();

/**
 * Reads one JSON text, strictly by RFC 8259 and in UTF-8: nothing is repaired.
 * @param deepest how many arrays and objects may lie within each other
 */
export function readJson(bytes: Uint8Array, deepest: number = DEEPEST): JsonRead {
  const decoded = decodeText(bytes);
  if (!decoded.ok) return { ...decoded, kind: 'bad-utf8' };
  const members = plainMembers(bytes, deepest);
  const value = members < 0 ? undefined : parse(decoded.text);
  if (value !== undefined && countMembers(value) === members) return { ok: true, value, notes: NO_NOTES };

  const scanned = scanJson(bytes, deepest);
  return scanned.ok ? { ok: true, value: JSON.parse(decoded.text), notes: scanned.notes } : scanned;
}

/**
 * A value as compact JSON.
 * @throws TypeError for what JSON cannot say: undefined, a function, a bigint, a circle.
 */
export function encodeJson(value: unknown): Uint8Array {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`JSON has no ${typeof value}`);
  return encoder.encode(text);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The number of members that a JSON text has, or -1 if it calls for the slow scan: it may be too
 * deep, a number in it lose digits or a surrogate stand alone. Says nothing of a text that is not JSON.
 */
function plainMembers(bytes: Uint8Array, deepest: number): number {
  let members = 0;
  let depth = 0;
  let digits = 0;
  for (let at = 0; at < bytes.length; at++) {
    const octet = bytes[at] as number;
    if (octet === QUOTE) {
      at = plainStringEnd(bytes, at + 1);
      if (at < 0) return -1;
    } else if (octet === COLON) members++;
    else if (isOpening(octet) && ++depth > deepest) return -1;
    else if (isClosing(octet)) depth--;

    if (octet === DOT || isDigit(octet)) digits++;
    else if (digits > 0 && (octet === SMALL_E || octet === LARGE_E)) return -1;
    else digits = 0;
    if (digits === MANY_DIGITS) return -1;
  }
  return members;
}

/** The place of the quote that ends a string, or -1 if the string may hold an escaped surrogate. */
function plainStringEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== QUOTE) {
    if (bytes[at] === BACKSLASH && startsSurrogate(bytes, ++at)) return -1;
    at++;
  }
  return at;
}

/** Whether `ud` or `uD` stands there, as in `\ud83d`. */
function startsSurrogate(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 117 && ((bytes[at + 1] as number) | 32) === 100;
}

function isOpening(octet: number): boolean {
  return octet === OPEN_BRACE || octet === OPEN_BRACKET;
}

function isClosing(octet: number): boolean {
  return octet === CLOSE_BRACE || octet === CLOSE_BRACKET;
}

function isDigit(octet: number): boolean {
  return octet >= 48 && octet <= 57;
}

/** The members of all objects in a value. */
function countMembers(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const open: object[] = [value];
  let count = 0;
  for (let one = open.pop(); one; one = open.pop()) {
    const held = Object.values(one);
    if (!Array.isArray(one)) count += held.length;
    for (const each of held) if (typeof each === 'object' && each !== null) open.push(each);
  }
  return count;
}
