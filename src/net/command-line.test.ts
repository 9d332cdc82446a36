import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillPlaceholders, splitCommand } from './command-line.ts';

describe('splitCommand', () => {
  it.each([
    ['', []],
    ['  a  b\tc\n', ['a', 'b', 'c']],
    [`a 'b c' "d e"f`, ['a', 'b c', 'd ef']],
    [`'' ""`, ['', '']],
    [String.raw`a\ b \"c\" '\n'`, ['a b', '"c"', String.raw`\n`]],
    [String.raw`"a\"b\\c\d"`, [String.raw`a"b\c\d`]],
    [`it"'"s`, [`it's`]],
    ['$HOME *.js a|b', ['$HOME', '*.js', 'a|b']],
  ])('%j', (line, words) => {
    expect(splitCommand(line)).toEqual(words);
  });

  it('gives back words that were quoted', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (words) => {
        const line = words.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
        expect(splitCommand(line)).toEqual(words);
      }),
    );
  });

  it.each([
    [`a 'b`, /leaves a ' open/],
    [`a "b\\"`, /leaves a " open/],
    ['a \\', /ends in a backslash/],
  ])('refuses %s', (line, message) => {
    expect(() => splitCommand(line)).toThrow(message);
  });
});

describe('fillPlaceholders', () => {
  const values = { host: '::1', port: 80 };

  it('fills in all that is known and leaves other braces', () => {
    const words = ['{host}:{port}', '-p={port}', '{}', '{"a":1}', '{constructor}', '{ port }'];
    const filled = ['::1:80', '-p=80', '{}', '{"a":1}', '{constructor}', '{ port }'];
    expect(fillPlaceholders(words, values)).toEqual(filled);
  });

  it('asks whether a near name was meant', () => {
    expect(() => fillPlaceholders(['{prot}'], values)).toThrow(
      expect.objectContaining({
        exit: 2,
        problems: [expect.objectContaining({ mend: 'Did you mean {port}?' })],
      }),
    );
  });
});
