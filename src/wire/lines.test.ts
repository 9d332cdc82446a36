import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drain, keepsFramingContract, noiseOf, octets } from './framing-contract.ts';
import type { LineAccept, LineEnding } from './lines.ts';
import { lines } from './lines.ts';

const KINDS: readonly [LineEnding, LineAccept][] = [
  ['lf', 'lf'],
  ['lf', 'either'],
  ['crlf', 'crlf'],
  ['crlf', 'tolerant'],
  ['cr', 'cr'],
];

describe.each(KINDS)('lines that end with %s, read as %s', (ending, accept) => {
  keepsFramingContract({
    framing: lines(ending, accept),
    payloads: fc.uint8Array().map((one) => one.filter((octet) => octet !== 10 && octet !== 13)),
    noise: noiseOf('\r\n'),
    overlong: (length) => new Uint8Array(length + 1).fill(97),
    long: (length) => new Uint8Array(length).fill(97),
  });
});

function read(text: string, ending: LineEnding, accept?: LineAccept): string[] {
  const reader = lines(ending, accept).reader({ frame: 100 });
  reader.push(octets(text));
  const shown = drain(reader).frames.map((frame) =>
    [new TextDecoder().decode(frame.payload), ...frame.notes].join(' #'),
  );
  return [...shown, `${reader.pending()} left`];
}

describe('what ends a line', () => {
  it.each<[string, LineEnding, LineAccept | undefined, string[]]>([
    ['a\r\nb\nc\r', 'lf', 'lf', ['a\r', 'b', '2 left']],
    ['a\r\nb\nc\r', 'lf', undefined, ['a #cr-dropped', 'b', '2 left']],
    ['a\r\nb\nc\r\n', 'crlf', 'crlf', ['a', 'b\nc', '0 left']],
    ['a\r\nb\nc\r', 'crlf', undefined, ['a', 'b #bare-lf', '2 left']],
    ['a\rb\n\r', 'cr', undefined, ['a', 'b\n', '0 left']],
    ['\r\n\n\r\r\n', 'lf', 'either', [' #cr-dropped', '', '\r #cr-dropped', '0 left']],
  ])('%j with %s read as %s', (text, ending, accept, expected) => {
    expect(read(text, ending, accept)).toEqual(expected);
  });
});
