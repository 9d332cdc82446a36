import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SparError } from '../problem/problem.ts';
import { drain, keepsFramingContract, noiseOf } from './framing-contract.ts';
import type { LengthPrefix } from './length-prefix.ts';
import { lengthPrefix } from './length-prefix.ts';

const KINDS: readonly [LengthPrefix, number[]][] = [
  ['len16be', [1, 2]],
  ['len16le', [2, 1]],
  ['len32be', [0, 0, 1, 2]],
  ['len32le', [2, 1, 0, 0]],
];

describe.each(KINDS)('%s', (name, lengthOf258) => {
  const framing = lengthPrefix(name);

  keepsFramingContract({
    framing,
    payloads: fc.uint8Array({ maxLength: 300 }),
    noise: noiseOf('\0\0\0\u0001\u0002'),
    overlong: (length) => framing.encode(new Uint8Array(length)).subarray(0, 4),
    long: (length) => new Uint8Array(length),
  });

  it('writes the octets of the length in its order', () => {
    expect([...framing.encode(new Uint8Array(258)).subarray(0, lengthOf258.length)]).toEqual(lengthOf258);
  });

  it('says which length was announced', () => {
    const reader = framing.reader({ frame: 10 });
    reader.push(Uint8Array.from(lengthOf258));
    expect(drain(reader).problem?.what).toContain('258');
  });
});

describe('lengths at the edge', () => {
  it('reads a length with the highest bit set as a large one', () => {
    const reader = lengthPrefix('len32be').reader({ frame: 10 });
    reader.push(Uint8Array.of(255, 255, 255, 255));
    expect(drain(reader).problem?.what).toContain('4294967295');
  });

  it('refuses to write a length that the prefix cannot hold', () => {
    const { encode } = lengthPrefix('len16be');
    expect(encode(new Uint8Array(65_535)).length).toBe(65_537);
    expect(() => encode(new Uint8Array(65_536))).toThrow(SparError);
  });
});
