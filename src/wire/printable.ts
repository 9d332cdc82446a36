import { firstUtf8Fault } from './utf8.ts';

const DEFAULT_MAX = 400;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** What a terminal would act upon or not show: controls, formats, surrogates, unassigned, odd blanks. */
const UNSHOWN = /[\\\p{C}\p{Zl}\p{Zp}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/gu;
const NAMED = new Map([
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/**
 * Octets (read as UTF-8) or text on one line, harmless on a terminal. Control characters and octets
 * that are not UTF-8 show as `\x1b`, other unprintable characters as `\u{202e}`, a backslash as `\\`,
 * so that different inputs look different. Of more than `max` octets (of a text: UTF-16 units) the
 * middle is left out, with the number of octets that it had.
 */
export function printable(input: Uint8Array | string, max: number = DEFAULT_MAX): string {
  if (typeof input === 'string') return printableText(input, max);
  if (input.length <= max) return escapeOctets(input);
  const head = boundary(input, Math.ceil(max / 2), -1);
  const tail = boundary(input, input.length - Math.floor(max / 2), 1);
  return escapeOctets(input.subarray(0, head)) + leftOut(tail - head) + escapeOctets(input.subarray(tail));
}

/** Octets as pairs of hexadecimal digits; of more than `max` octets the middle is left out. */
export function hex(bytes: Uint8Array, max: number = DEFAULT_MAX): string {
  if (bytes.length <= max) return pairs(bytes);
  const head = bytes.subarray(0, Math.ceil(max / 2));
  const tail = bytes.subarray(bytes.length - Math.floor(max / 2));
  return `${pairs(head)} ${leftOut(bytes.length - max)} ${pairs(tail)}`.trim();
}

function printableText(text: string, max: number): string {
  if (text.length <= max) return escapeText(text);
  const [left, right] = [Math.ceil(max / 2), text.length - Math.floor(max / 2)];
  const head = splitsPair(text, left) ? left - 1 : left;
  const tail = splitsPair(text, right) ? right + 1 : right;
  const octets = encoder.encode(text.slice(head, tail)).length;
  return escapeText(text.slice(0, head)) + leftOut(octets) + escapeText(text.slice(tail));
}

function leftOut(octets: number): string {
  return `…(${octets} octets)…`;
}

/** The place to cut at or, towards `step`, close by, so that no UTF-8 sequence is cut in two. */
function boundary(bytes: Uint8Array, at: number, step: 1 | -1): number {
  for (let place = at; Math.abs(place - at) < 4; place += step) {
    const octet = bytes[place];
    if (octet === undefined || octet < 0x80 || octet > 0xbf) return Math.max(0, place);
  }
  return at;
}

function splitsPair(text: string, at: number): boolean {
  return (text.codePointAt(at - 1) ?? 0) > 0xffff;
}

function escapeOctets(bytes: Uint8Array): string {
  let shown = '';
  let from = 0;
  for (let fault = firstUtf8Fault(bytes, 0); fault; fault = firstUtf8Fault(bytes, from)) {
    shown += escapeText(decoder.decode(bytes.subarray(from, fault.at)));
    shown += `\\x${pair(bytes[fault.at] as number)}`;
    from = fault.at + 1;
  }
  return shown + escapeText(decoder.decode(bytes.subarray(from)));
}

function escapeText(text: string): string {
  return text.replace(UNSHOWN, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const named = NAMED.get(character);
  if (named) return named;
  const code = character.codePointAt(0) as number;
  return code < 0x80 ? `\\x${pair(code)}` : `\\u{${code.toString(16)}}`;
}

function pair(octet: number): string {
  return octet.toString(16).padStart(2, '0');
}

function pairs(bytes: Uint8Array): string {
  return Array.from(bytes, pair).join(' ');
}
