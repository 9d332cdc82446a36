import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentLength } from './content-length.ts';
import { drain, keepsFramingContract, noiseOf, octets } from './framing-contract.ts';

describe('content-length', () => {
  keepsFramingContract({
    framing: contentLength,
    payloads: fc.uint8Array(),
    noise: fc.oneof(
      noiseOf('\r\n: 1'),
      fc
        .array(
          fc.constantFrom(
            'Content-Length: 3',
            'content-length:0',
            'X: y',
            '\r\n',
            '\n',
            '\r',
            'abc',
            '\r\n\r\n',
          ),
        )
        .map((parts) => octets(parts.join(''))),
    ),
    overlong: (length) => contentLength.encode(new Uint8Array(length)),
    long: (length) => new Uint8Array(length),
  });

  it('takes header names in any case, and other headers', () => {
    const reader = contentLength.reader({ frame: 100 });
    reader.push(octets('X-Any: a:b\r\ncontent-LENGTH:2\r\n\r\nhi'));
    expect(drain(reader).frames).toMatchObject([{ payload: octets('hi'), notes: [] }]);
  });

  it('notes header lines that end with a bare LF', () => {
    const reader = contentLength.reader({ frame: 100 });
    reader.push(octets('Content-Length: 2\r\n\nhi'));
    expect(drain(reader).frames).toMatchObject([{ payload: octets('hi'), notes: ['bare-lf'] }]);
  });

  it.each([
    ['X: y\r\n\r\n', 'without Content-Length'],
    ['\r\n', 'without Content-Length'],
    ['hello\r\n\r\n', 'without a name and a colon: hello'],
    ['Content-Length: -1\r\n\r\n', 'no number: -1'],
    ['Content-Length: \x1b[2J\r\n\r\n', 'no number: \\x1b[2J'],
    ['Content-Length: 1\r\nContent-Length: 1\r\n\r\n', 'twice'],
    ['Content-Length: 5000000000\r\n\r\n', 'Content-Length of 5000000000 octets'],
    ['a'.repeat(8193), 'a header is longer than 8192 octets'],
  ])('breaks off at %j', (text, what) => {
    const reader = contentLength.reader({ frame: 1 << 20 });
    reader.push(octets(text));
    expect(drain(reader).problem).toMatchObject({ fault: 'target', what: expect.stringContaining(what) });
  });
});
