import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hex, printable } from './printable.ts';

const utf16 = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));
const HARMFUL = /[\p{C}\p{Zl}\p{Zp}]/u;

describe('printable', () => {
  it.each([
    ['plain text, é, 漢, 🙂', 'plain text, é, 漢, 🙂'],
    ['\x1b[2J\r\n\t\0', '\\x1b[2J\\r\\n\\t\\x00'],
    [
      '\u0085\u009b\u202e\u2066\ufeff\u200b\u2028',
      '\\u{85}\\u{9b}\\u{202e}\\u{2066}\\u{feff}\\u{200b}\\u{2028}',
    ],
    ['a\\nb', 'a\\\\nb'],
    ['\u00a0', '\\u{a0}'],
  ])('shows %j', (text, shown) => {
    expect(printable(text)).toBe(shown);
    expect(printable(new TextEncoder().encode(text))).toBe(shown);
  });

  it('shows octets that are not UTF-8 one by one', () => {
    expect(printable(Uint8Array.of(0x61, 0xff, 0xed, 0xa0, 0x80, 0x62))).toBe('a\\xff\\xed\\xa0\\x80b');
  });

  it('shows lone surrogates', () => {
    expect(printable('a\ud800b\udfff')).toBe('a\\u{d800}b\\u{dfff}');
  });

  it('leaves out the middle, counted in octets, and cuts no character', () => {
    expect(printable('abcdefghij', 4)).toBe('ab…(6 octets)…ij');
    expect(printable('a🙂éé🙂b', 4)).toBe('a…(12 octets)…b');
    expect(printable(new TextEncoder().encode('a🙂éé🙂b'), 6)).toBe('a…(12 octets)…b');
    expect(printable(new Uint8Array(100).fill(0xbf), 10)).toMatch(/^(\\xbf){5}…\(90 octets\)…(\\xbf){5}$/);
  });

  it('never shows what acts upon a terminal, whatever comes', () => {
    const input = fc.oneof(fc.uint8Array({ size: 'medium' }), fc.string({ unit: 'binary' }), utf16);
    fc.assert(
      fc.property(input, fc.nat(50), (any, max) => {
        expect(printable(any, max)).not.toMatch(HARMFUL);
      }),
    );
  });

  it('shows different octets differently', () => {
    const octet = fc.constantFrom(0x5c, 0x6e, 0x78, 0x0a, 0x00, 0x30, 0xc2, 0x85, 0xff);
    const input = fc.array(octet, { maxLength: 4 }).map((list) => Uint8Array.from(list));
    fc.assert(
      fc.property(input, input, (one, other) => {
        expect(printable(one) === printable(other)).toBe(hex(one) === hex(other));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('hex', () => {
  it('shows octets as pairs of digits', () => {
    expect(hex(Uint8Array.of(0, 10, 255))).toBe('00 0a ff');
    expect(hex(new Uint8Array(0))).toBe('');
  });

  it('leaves out the middle', () => {
    expect(hex(Uint8Array.of(1, 2, 3, 4, 5), 3)).toBe('01 02 …(2 octets)… 05');
  });
});
