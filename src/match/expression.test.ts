import { describe, expect, it } from 'vitest';
import { ExpressionError, evaluate, filters, parseExpression, pathsOf } from './expression.ts';

const names: Readonly<Record<string, unknown>> = {
  self: 'bob-2',
  accounts: { bobName: 'bob-{token}' },
  token: 'x7',
  n: 7,
  digits: '12',
  list: [{ from: 'a' }, { from: 'b' }, {}, null],
  'deep.er.est': true,
};

function value(source: string): unknown {
  return evaluate(parseExpression(source), { get: (path) => names[path.join('.')] });
}

describe('an expression', () => {
  it.each([
    ['n', 7],
    ['7.5', 7.5],
    ["'a b'", 'a b'],
    ['"it\'s"', "it's"],
    ['deep.er.est', true],
    ['n + 1', 8],
    ['digits + 1', 13],
    ["'a' + n", 'a7'],
    ["'a' + 'b' + 'c'", 'abc'],
    ['10 - n - 1', 2],
    ['2 + 3 * 4', 14],
    ['(2 + 3) * 4', 20],
    ["'ab' * 3", 'ababab'],
    ["'x' * (n - 4) | length", 3],
    ['list + list | length', 8],
    ["('a' | upper) + 'b'", 'Ab'],
  ])('%s', (source, wanted) => {
    expect(value(source)).toEqual(wanted);
  });

  it.each(['', 'a b', '+', 'n +', '(n', 'n)', 'n |', 'a..b', '{n}', "'open", 'n | upper:', 'n ? 1', '1 2'])(
    '"%s" is none',
    (source) => {
      expect(() => parseExpression(source)).toThrow(ExpressionError);
      expect(() => parseExpression(source)).toThrow('is no expression');
    },
  );

  it.each([
    ['nobody', '"nobody" has no value here'],
    ['token - 1', '"x7" is no number'],
    ["'a' * 'b'", '"b" is no number'],
    ["'a' * (0 - 1)", 'cannot be repeated'],
    ["'a' * 10000000000", 'cannot be repeated'],
    ['n | uper', 'there is no filter "uper"'],
    ['n | toString', 'there is no filter "toString"'],
  ])('%s has no value', (source, why) => {
    expect(() => value(source)).toThrow(ExpressionError);
    expect(() => value(source)).toThrow(why);
  });

  it('names what it looks up', () => {
    const expression = parseExpression("a.b + 'x' * (c | first: d)");
    expect(pathsOf(expression)).toEqual([['a', 'b'], ['c'], ['d']]);
  });
});

const filtered: readonly (readonly [string, unknown])[] = [
  ['token | upper', 'X7'],
  ["'ÄB' | lower", 'äb'],
  ['token | reversed', '7x'],
  ["'a😀' | reversed", '😀a'],
  ['list | reversed | first', null],
  ['token | length', 2],
  ['list | length', 4],
  ['list | first', { from: 'a' }],
  ['self | first: 3', 'bob'],
  ['list | last', null],
  ['n | text', '7'],
  ['digits | number', 12],
  ['list | first | json', '{"from":"a"}'],
  ["'grün' | base64", 'Z3LDvG4='],
  ["'aB1' | swapcase", 'Ab1'],
  ["self | before: '-'", 'bob'],
  ["token | before: '-'", 'x7'],
  ["accounts | pluck: ((self | before: '-') + 'Name') | fill: token", 'bob-x7'],
  ['token | fill: self', 'x7'],
  ["list | pluck: 'from'", ['a', 'b', undefined, undefined]],
  ['accounts | keys', ['bobName']],
  ["missing.token | or: 'x'", 'x'],
  ["token | or: 'y'", 'x7'],
];

describe('filters', () => {
  it.each(filtered)('%s', (source, wanted) => {
    expect(value(source)).toEqual(wanted);
  });

  it('are all in the table', () => {
    const tried = filtered.flatMap(([source]) => [...source.matchAll(/\| (\w+)/g)].map((one) => one[1]));
    expect([...new Set(tried)].sort()).toEqual(Object.keys(filters).sort());
  });

  it.each([
    ['list | keys', 'is no mapping'],
    ["token | pluck: 'x'", 'is no mapping'],
    ["accounts | pluck: 'toString'", 'there is no "toString"'],
    ['token | first', '"x7" is no list'],
    ['token | last', '"x7" is no list'],
    ["token | first: 'a'", '"a" is no number'],
    ['token | number', '"x7" is no number'],
  ])('%s has no value', (source, why) => {
    expect(() => value(source)).toThrow(ExpressionError);
    expect(() => value(source)).toThrow(why);
  });
});
