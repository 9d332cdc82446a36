import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText, ENCODINGS, encodeText } from './text.ts';

describe('decodeText', () => {
  it.each(ENCODINGS)('gives back what encodeText wrote in %s', (encoding) => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const encoded = encodeText(text, encoding);
        if (encoded.ok) expect(decodeText(encoded.bytes, encoding)).toEqual({ ok: true, text });
        else expect(text.charCodeAt(encoded.at)).toBeGreaterThan(0x7f);
      }),
    );
  });

  it('agrees with the platform on what UTF-8 is, and places each fault', () => {
    const telling = [
      0x7f, 0x80, 0xbf, 0xc1, 0xc2, 0xe0, 0xa0, 0xed, 0x9f, 0xf0, 0x90, 0xf4, 0x8f, 0xf5, 0xff,
    ];
    const bytes = fc
      .array(fc.constantFrom(...telling), { maxLength: 8 })
      .map((list) => Uint8Array.from(list));
    fc.assert(
      fc.property(bytes, (octets) => {
        const decoded = decodeText(octets);
        const lenient = new TextDecoder().decode(octets);
        if (decoded.ok) expect(decoded.text).toBe(lenient);
        else {
          expect(lenient).toContain('\ufffd');
          expect(decodeText(octets.subarray(0, decoded.at)).ok).toBe(true);
          expect(decodeText(octets.subarray(0, decoded.at + 1)).ok).toBe(false);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['61 80', 1, 'a continuation octet without a first one'],
    ['c0 80', 0, 'an overlong sequence'],
    ['e0 80 80', 0, 'an overlong sequence'],
    ['f0 80 80 80', 0, 'an overlong sequence'],
    ['ed a0 80', 0, 'a surrogate'],
    ['f4 90 80 80', 0, 'a code point above U+10FFFF'],
    ['f5 80 80 80', 0, 'a code point above U+10FFFF'],
    ['61 62 ff', 2, 'an octet that UTF-8 never uses'],
    ['c3 a9 e2 82', 2, 'a sequence that is cut off at the end'],
    ['e2 82 61', 0, 'a sequence that is cut off'],
  ])('refuses %s', (octets, at, what) => {
    const bytes = Uint8Array.from(octets.split(' '), (digits) => Number.parseInt(digits, 16));
    expect(decodeText(bytes)).toEqual({ ok: false, at, what });
  });

  it('keeps a byte order mark', () => {
    expect(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf))).toEqual({ ok: true, text: '\ufeff' });
  });

  it('reads every octet as latin-1', () => {
    const all = Uint8Array.from({ length: 20_000 }, (_, at) => at % 256);
    const decoded = decodeText(all, 'latin-1');
    expect(decoded.ok && Array.from(decoded.text, (unit) => unit.charCodeAt(0))).toEqual([...all]);
  });

  it('refuses the upper half of the octets as ascii', () => {
    expect(decodeText(Uint8Array.of(0x61, 0x80), 'ascii')).toMatchObject({ ok: false, at: 1 });
  });
});

describe('encodeText', () => {
  it.each([
    ['a\ud800b', 'utf-8', 1],
    ['aé', 'ascii', 1],
    ['é€', 'latin-1', 1],
  ] as const)('refuses %j in %s', (text, encoding, at) => {
    expect(encodeText(text, encoding)).toMatchObject({ ok: false, at });
  });
});
