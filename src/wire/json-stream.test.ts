import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drain, keepsFramingContract, noiseOf, octets } from './framing-contract.ts';
import { jsonStream } from './json-stream.ts';

describe('json-stream', () => {
  keepsFramingContract({
    framing: jsonStream,
    payloads: fc.json().map((text) => new TextEncoder().encode(text)),
    noise: noiseOf('{}[]"\\,: \n1t'),
    overlong: (length) => octets(`[${' '.repeat(length)}`),
    long: (length) => octets(JSON.stringify(['x'.repeat(length)])),
  });

  it.each([
    ['{"a":1}{"b":2}', ['{"a":1}', '{"b":2}']],
    [' {"a":\n\n1}\r\n\t[ ]', ['{"a":\n\n1}', '[ ]']],
    ['"}{"["]"]', ['"}{"', '["]"]']],
    ['"a\\"b" "\\\\"1 ', ['"a\\"b"', '"\\\\"', '1']],
    ['1 true"x"null{}-2.5e3[0]', ['1', 'true', '"x"', 'null', '{}', '-2.5e3', '[0]']],
    ['hello {}', ['hello', '{}']],
  ])('finds the values of %j', (text, values) => {
    const reader = jsonStream.reader({ frame: 100 });
    reader.push(octets(text));
    expect(drain(reader).frames.map((frame) => new TextDecoder().decode(frame.payload))).toEqual(values);
    expect(reader.pending()).toBe(0);
  });

  it.each([
    ['{}}', 'a "}" stands where a JSON value should begin'],
    ['{},{}', 'a "," stands where a JSON value should begin'],
    ['{"a":[1}', 'a "}" stands where "]" should be'],
  ])('breaks off at %j', (text, what) => {
    const reader = jsonStream.reader({ frame: 100 });
    reader.push(octets(text));
    expect(drain(reader).problem).toEqual({ fault: 'target', what });
  });

  it('keeps nothing of endless white space', () => {
    const reader = jsonStream.reader({ frame: 10 });
    for (let count = 0; count < 100; count++) {
      reader.push(octets(' \n'.repeat(50)));
      expect(drain(reader)).toEqual({ frames: [], pending: 0 });
    }
  });
});
