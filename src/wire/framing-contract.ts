import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Problem } from '../problem/problem.ts';
import { BufferedReader } from './buffered-reader.ts';
import type { Frame, FrameReader, Framing } from './framing.ts';

const ROOMY = { frame: 1 << 20 };

/** What a framing's test says about it. */
export interface ContractTerms {
  readonly framing: Framing;
  /** Payloads that the framing can carry unchanged. */
  readonly payloads: fc.Arbitrary<Uint8Array>;
  /** Octets that need not be valid, weighted to what the framing looks for. */
  readonly noise: fc.Arbitrary<Uint8Array>;
  /** A frame of more than `length` octets, or the beginning of one. */
  readonly overlong: (length: number) => Uint8Array;
  /** A payload of `length` octets, for the drip. */
  readonly long: (length: number) => Uint8Array;
}

/** What every framing of a stream of octets keeps; each `it` is one promise. */
export function keepsFramingContract(terms: ContractTerms): void {
  const { framing, payloads, noise, overlong, long } = terms;

  it('reads back what it encoded', () => {
    fc.assert(
      fc.property(fc.array(payloads), (sent) => {
        const reader = framing.reader(ROOMY);
        reader.push(join(sent.map((payload) => framing.encode(payload))));
        expect(drain(reader).frames.map((frame) => [...frame.payload])).toEqual(sent.map((one) => [...one]));
        expect(reader.pending()).toBe(0);
      }),
    );
  });

  it('gives the same messages however the octets are cut', () => {
    const stream = fc.oneof(
      noise,
      fc.array(payloads).map((sent) => join(sent.map((payload) => framing.encode(payload)))),
    );
    fc.assert(
      fc.property(
        stream,
        fc.array(fc.integer({ min: 1, max: 40 })),
        fc.integer({ min: 1, max: 60 }),
        (sent, cuts, limit) => {
          const whole = framing.reader({ frame: limit });
          whole.push(sent);
          expect(readCut(framing.reader({ frame: limit }), sent, cuts)).toEqual(drain(whole));
        },
      ),
    );
  });

  it('reads a byte-wise drip in linear time', () => {
    const length = 20_000;
    const drip = join([framing.encode(long(length)), framing.encode(long(length))]);
    const reader = framing.reader(ROOMY);
    if (!(reader instanceof BufferedReader)) throw new TypeError('its work cannot be counted');
    expect(readCut(reader, drip, []).frames).toHaveLength(2);
    expect(reader.buffer.examined).toBeLessThanOrEqual(2 * drip.length);
    expect(reader.buffer.copied).toBeLessThan(4 * drip.length);
  });

  it('breaks off at a frame above the limit, for good and with the target at fault', () => {
    const limit = 100;
    const reader = framing.reader({ frame: limit });
    reader.push(overlong(limit));
    const { problem } = drain(reader);
    expect(problem?.fault).toBe('target');
    expect(problem?.what).toContain(String(limit));
    const held = reader.pending();
    reader.push(framing.encode(long(5)));
    expect(drain(reader)).toEqual({ frames: [], problem });
    expect(reader.pending()).toBe(held);
  });

  it('never gives a frame above the limit', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            noise,
            payloads.map((one) => framing.encode(one)),
          ),
        ),
        (parts) => {
          const reader = framing.reader({ frame: 12 });
          reader.push(join(parts));
          for (const frame of drain(reader).frames) expect(frame.raw.length).toBeLessThanOrEqual(12);
        },
      ),
    );
  });

  it('tells of the octets of a frame that was cut off', () => {
    const whole = framing.encode(long(5));
    for (let length = 1; length < whole.length; length++) {
      const reader = framing.reader(ROOMY);
      reader.push(whole.subarray(0, length));
      if (drain(reader).frames.length === 0) expect(reader.pending()).toBe(length);
    }
  });
}

/** What a reader gave until it gave no more. */
interface Drained {
  readonly frames: readonly Frame[];
  readonly problem?: Problem;
  /** Octets that are left of an unfinished frame. */
  readonly pending?: number;
}

/** Reads until there is no further frame. */
export function drain(reader: FrameReader): Drained {
  const frames: Frame[] = [];
  let read = reader.next();
  for (; read.kind === 'frame'; read = reader.next()) frames.push(read.frame);
  return read.kind === 'breach' ? { frames, problem: read.problem } : { frames, pending: reader.pending() };
}

/** Pushes octets in pieces of the given lengths, over and over (one by one if there are none). */
function readCut(reader: FrameReader, octets: Uint8Array, lengths: readonly number[]): Drained {
  const frames: Frame[] = [];
  let last = drain(reader);
  let from = 0;
  for (let turn = 0; from < octets.length; turn++) {
    const length = lengths.length > 0 ? (lengths[turn % lengths.length] as number) : 1;
    reader.push(octets.subarray(from, from + length));
    from += length;
    last = drain(reader);
    frames.push(...last.frames);
  }
  return { ...last, frames };
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** The octets of an ASCII text. */
export function octets(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Octets of which half are drawn from the characters of `telling`. */
export function noiseOf(telling: string): fc.Arbitrary<Uint8Array> {
  const octet = fc.oneof(fc.constantFrom(...octets(telling)), fc.integer({ min: 0, max: 255 }));
  return fc.array(octet, { maxLength: 120 }).map((list) => Uint8Array.from(list));
}
