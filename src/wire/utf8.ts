/** Why the octets at a place are not UTF-8. */
export interface Utf8Fault {
  /** Offset of the first octet of the sequence that is wrong. */
  readonly at: number;
  readonly what: string;
}

/** The first octets at or after `from` that are not UTF-8 (RFC 3629, section 4). */
export function firstUtf8Fault(bytes: Uint8Array, from: number): Utf8Fault | undefined {
  let at = from;
  while (at < bytes.length) {
    const lead = bytes[at] as number;
    if (lead < 0x80) {
      at++;
      continue;
    }
    const size = sizeFor(lead);
    const what = size === 0 ? leadFault(lead) : sequenceFault(bytes, at, lead, size);
    if (what) return { at, what };
    at += size;
  }
  return undefined;
}

function sizeFor(lead: number): number {
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

function leadFault(lead: number): string {
  if (lead < 0xc0) return 'a continuation octet without a first one';
  if (lead < 0xc2) return 'an overlong sequence';
  if (lead < 0xf8) return 'a code point above U+10FFFF';
  return 'an octet that UTF-8 never uses';
}

function sequenceFault(bytes: Uint8Array, at: number, lead: number, size: number): string | undefined {
  for (let next = at + 1; next < at + size; next++) {
    const octet = bytes[next];
    if (octet === undefined) return 'a sequence that is cut off at the end';
    if (octet < 0x80 || octet > 0xbf) return 'a sequence that is cut off';
    if (next > at + 1) continue;
    if ((lead === 0xe0 && octet < 0xa0) || (lead === 0xf0 && octet < 0x90)) return 'an overlong sequence';
    if (lead === 0xed && octet > 0x9f) return 'a surrogate';
    if (lead === 0xf4 && octet > 0x8f) return 'a code point above U+10FFFF';
  }
  return undefined;
}
