import fc from 'fast-check';
import { describe } from 'vitest';
import { keepsFramingContract, noiseOf } from './framing-contract.ts';
import { nul } from './nul.ts';

describe('nul', () => {
  keepsFramingContract({
    framing: nul,
    payloads: fc.uint8Array().map((one) => one.filter((octet) => octet !== 0)),
    noise: noiseOf('\0'),
    overlong: (length) => new Uint8Array(length + 1).fill(97),
    long: (length) => new Uint8Array(length).fill(97),
  });
});
