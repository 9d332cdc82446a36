import { describe, expect, it } from 'vitest';
import { compileLine } from './line-pattern.ts';

const scope = {
  get: ([head = '']: readonly string[]) => ({ group: 'g1', n: 7 })[head] as unknown,
};

function held(source: string, line: unknown, ignoreCase = false): unknown {
  const captures: [string, unknown][] = [];
  const found = compileLine(source, { ignoreCase }).match(line, { scope, wall: () => 0, captures });
  const [first] = found;
  return first
    ? `${first.path}: expected ${first.expected}, got ${first.actual}`
    : Object.fromEntries(captures);
}

describe('a pattern for lines', () => {
  it.each([
    ['ACK', 'ACK', {}],
    ['MSG ${group} <sender> <text...>', 'MSG g1 bob hello there', { sender: 'bob', text: 'hello there' }],
    ['TS <ts:[0-9]+>', 'TS 12', { ts: '12' }],
    ['N ${n + 1}', 'N 8', {}],
    ['USERS <names*>', 'USERS', { names: [] }],
    ['USERS <names*>', 'USERS a b', { names: ['a', 'b'] }],
    ['SYNC[ <group> <after>]', 'SYNC', {}],
    ['SYNC[ <group> <after>]', 'SYNC a 7', { group: 'a', after: '7' }],
    ['\\<x> \\[y]', '<x> [y]', {}],
  ])('%s takes %s', (source, line, captures) => {
    expect(held(source, line)).toEqual(captures);
  });

  it.each([
    ['ACK', 'ACC', '2: expected "K", got "C"'],
    ['ACK', 'ACK ', '3: expected the end of the line, got " "'],
    ['ACK', 'AC', '2: expected "K", got the line ends'],
    ['ACK', '', '0: expected "ACK", got the line ends'],
    ['ACK', 'ack', '0: expected "ACK", got "ack"'],
    ['MSG ${group} <s>', 'MSG g2 bob', '5: expected "1", got "2 bob"'],
    ['TS <ts:[0-9]+>', 'TS 12x', '3: expected <ts> matching [0-9]+, got "12x"'],
    ['TS <ts>', 'TS ', '3: expected <ts>, got the line ends'],
    ['TS <ts>', 'TS 1 2', '4: expected the end of the line, got " 2"'],
    ['USERS <names+>', 'USERS a  b', '6: expected <names> separated by single blanks, got "a  b"'],
    ['SYNC[ <group> <after>]', 'SYNC a', '4: expected the end of the line, got " a"'],
    ['x', 7, ': expected a line of text, got 7'],
    ['x', undefined, ': expected a line of text, got undefined'],
  ])('%s differs from %j', (source, line, told) => {
    expect(held(source, line)).toBe(told);
  });

  it('minds no case of words where it is told so, but that of what is filled in', () => {
    expect(held('SEND ${group} <x>', 'send g1 Bob', true)).toEqual({ x: 'Bob' });
    expect(held('SEND ${group}', 'send G1', true)).toBe('5: expected "g1", got "G1"');
  });

  it.each([
    ['MSG ${group} <s> [<t:a+>]', 'MSG g1 <s> [<t:a+>]'],
    ['${later} x', '${later} x'],
  ])('%s prints itself', (source, text) => {
    expect(compileLine(source, { ignoreCase: false }).print(scope)).toBe(text);
  });

  it.each([
    ['<x:(>', 'error parsing regexp'],
    ['<a><b>', '<a> and <b> touch'],
    ['${a b}', 'is no expression'],
    ['[<x:(>]', 'error parsing regexp'],
  ])('%s is refused', (source, message) => {
    expect(() => compileLine(source, { ignoreCase: false })).toThrow(message);
  });
});
