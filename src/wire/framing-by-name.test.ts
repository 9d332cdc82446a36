import { describe, expect, it } from 'vitest';
import { FRAMING_NAMES, framingOf } from './framing-by-name.ts';
import { drain, octets } from './framing-contract.ts';

function notesOf(text: string, ...spec: Parameters<typeof framingOf>): unknown {
  const reader = framingOf(...spec).reader({ frame: 100 });
  reader.push(octets(text));
  return drain(reader).frames.map((frame) => frame.notes);
}

describe('framingOf', () => {
  it.each(FRAMING_NAMES)('gives the framing that is called %s', (name) => {
    expect(framingOf(name).name).toBe(name);
  });

  it('reads LF and CRLF where lines end with LF', () => {
    expect(notesOf('a\r\nb\n', 'lf')).toEqual([['cr-dropped'], []]);
    expect(notesOf('a\r\nb\n', { lines: 'lf' })).toEqual([['cr-dropped'], []]);
  });

  it('notes a bare LF where lines end with CRLF', () => {
    expect(notesOf('a\r\nb\n', 'crlf')).toEqual([[], ['bare-lf']]);
    expect(notesOf('a\r\nb\n', { lines: 'crlf' })).toEqual([[], ['bare-lf']]);
  });

  it('reads the line ends that the protocol names', () => {
    expect(notesOf('a\nb\r\n', { lines: 'crlf', accept: 'crlf' })).toEqual([[]]);
  });
});
