import { describe, expect, it } from 'vitest';
import { drain, octets } from './framing-contract.ts';
import { message } from './message.ts';

describe('message', () => {
  it('gives each chunk as one frame, an empty one too', () => {
    const reader = message.reader({ frame: 3 });
    for (const text of ['abc', '', 'd']) reader.push(message.encode(octets(text)));
    expect(drain(reader).frames.map((frame) => frame.payload)).toEqual(['abc', '', 'd'].map(octets));
    expect(reader.pending()).toBe(0);
  });

  it('breaks off for good at a message above the limit', () => {
    const reader = message.reader({ frame: 3 });
    for (const text of ['abc', 'abcd', 'e']) reader.push(octets(text));
    const first = drain(reader);
    expect(first.frames).toHaveLength(1);
    expect(first.problem).toMatchObject({ fault: 'target', what: expect.stringContaining('3 octets') });
    reader.push(octets('f'));
    expect(drain(reader)).toEqual({ frames: [], problem: first.problem });
  });
});
