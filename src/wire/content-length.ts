import { BufferedReader, breach, frame, NEED, tooLong } from './buffered-reader.ts';
import type { Framing, Read } from './framing.ts';
import { CR, LF } from './octets.ts';
import { printable } from './printable.ts';
import type { ReceiveBuffer } from './receive-buffer.ts';

const LONGEST_HEADER = 8192;

const BARE_LF: readonly string[] = ['bare-lf'];
const NO_NOTES: readonly string[] = [];

const encoder = new TextEncoder();
const decoder = new TextDecoder('latin1');

/** The header of a frame whose body is to come. Sizes in octets. */
interface Header {
  readonly kind: 'header';
  readonly size: number;
  readonly body: number;
  readonly notes: readonly string[];
}

/**
 * `Content-Length: n` and other headers, an empty line, n octets (base protocol of LSP). A header
 * line that ends with a bare LF is noted as `bare-lf`.
 */
export const contentLength: Framing = {
  name: 'content-length',
  encode(payload) {
    const header = encoder.encode(`Content-Length: ${payload.length}\r\n\r\n`);
    const framed = new Uint8Array(header.length + payload.length);
    framed.set(header);
    framed.set(payload, header.length);
    return framed;
  },
  reader(limits) {
    let header: Header | undefined;
    return new BufferedReader((buffer) => {
      const known = header ?? readHeader(buffer, limits.frame);
      if (known.kind !== 'header') return known;
      header = known;
      if (buffer.length < header.size + header.body) return NEED;
      const { size, body, notes } = header;
      header = undefined;
      const raw = buffer.take(size + body);
      return frame(raw.subarray(size), raw, notes);
    });
  },
};

function readHeader(buffer: ReceiveBuffer, limit: number): Header | Read {
  const longest = Math.min(limit, LONGEST_HEADER);
  let at = buffer.find(LF);
  while (at >= 0 && !endsEmptyLine(buffer, at)) at = buffer.find(LF);
  if (at >= longest || (at < 0 && buffer.length > longest)) return tooLong('a header', longest);
  return at < 0 ? NEED : parseHeader(buffer.peek(at + 1), limit);
}

function endsEmptyLine(buffer: ReceiveBuffer, at: number): boolean {
  const before = at > 0 && buffer.at(at - 1) === CR ? at - 2 : at - 1;
  return before < 0 || buffer.at(before) === LF;
}

function parseHeader(octets: Uint8Array, limit: number): Header | Read {
  const text = decoder.decode(octets);
  let body: number | undefined;
  for (const line of text.split(/\r?\n/).slice(0, -2)) {
    const colon = line.indexOf(':');
    if (colon < 1) return breach(`a header line without a name and a colon: ${printable(line)}`);
    if (line.slice(0, colon).toLowerCase() !== 'content-length') continue;
    if (body !== undefined) return breach('a header with Content-Length twice');
    const value = line.slice(colon + 1).trim();
    if (!/^\d+$/.test(value)) return breach(`a Content-Length that is no number: ${printable(value)}`);
    body = Number(value);
  }
  if (body === undefined) return breach('a header without Content-Length');
  if (octets.length + body > limit) {
    return breach(`a Content-Length of ${body} octets is announced, and a frame is at most ${limit} long`);
  }
  const notes = /(?<!\r)\n/.test(text) ? BARE_LF : NO_NOTES;
  return { kind: 'header', size: octets.length, body, notes };
}
