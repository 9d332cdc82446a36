import { firstUtf8Fault } from './utf8.ts';

/** The character encodings that a protocol can name. */
export const ENCODINGS = ['utf-8', 'latin-1', 'ascii'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** A text, or the offset of the first octet that is not of the encoding and what is wrong with it. */
export type Decoded =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly at: number; readonly what: string };

/** Octets, or the index of the first UTF-16 unit that the encoding cannot say and what it is. */
export type Encoded =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly at: number; readonly what: string };

const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf8Encoder = new TextEncoder();
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Octets as text, strictly: nothing is replaced or dropped, a byte order mark neither. */
export function decodeText(bytes: Uint8Array, encoding: Encoding = 'utf-8'): Decoded {
  if (encoding === 'utf-8') return decodeUtf8(bytes);
  const at = encoding === 'ascii' ? bytes.findIndex((octet) => octet > 0x7f) : -1;
  if (at >= 0) return { ok: false, at, what: 'an octet above 0x7f' };
  return { ok: true, text: latin1(bytes) };
}

/** Text as octets, strictly: nothing is replaced, a lone surrogate neither. */
export function encodeText(text: string, encoding: Encoding = 'utf-8'): Encoded {
  if (encoding === 'utf-8') {
    const at = text.search(LONE_SURROGATE);
    if (at >= 0) return { ok: false, at, what: 'a lone surrogate' };
    return { ok: true, bytes: utf8Encoder.encode(text) };
  }
  const last = encoding === 'ascii' ? 0x7f : 0xff;
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit > last) return { ok: false, at, what: `a character that ${encoding} does not have` };
    bytes[at] = unit;
  }
  return { ok: true, bytes };
}

function decodeUtf8(bytes: Uint8Array): Decoded {
  try {
    return { ok: true, text: utf8Decoder.decode(bytes) };
  } catch (error) {
    const fault = firstUtf8Fault(bytes, 0);
    if (!fault) throw error;
    return { ok: false, ...fault };
  }
}

const LATIN1_STRETCH = 8192;

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += LATIN1_STRETCH) {
    text += String.fromCharCode(...bytes.subarray(at, at + LATIN1_STRETCH));
  }
  return text;
}
