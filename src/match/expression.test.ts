import { describe, expect, it } from 'vitest';
import { evaluate, parseExpression } from './expression.ts';

const names: Readonly<Record<string, unknown>> = {
  self: 'bob-2',
  accounts: { bobName: 'bob-{token}' },
  token: 'x7',
  list: [{ from: 'a' }, { from: 'b' }, {}, null],
};

function value(source: string): unknown {
  return evaluate(parseExpression(source), { get: ([head = '']) => names[head] });
}

describe('filters', () => {
  it.each([
    ["self | before: '-'", 'bob'],
    ["token | before: '-'", 'x7'],
    ["accounts | pluck: ((self | before: '-') + 'Name') | fill: token", 'bob-x7'],
    ['token | fill: self', 'x7'],
    ["list | pluck: 'from'", ['a', 'b', undefined, undefined]],
    ['accounts | keys', ['bobName']],
  ])('%s', (source, wanted) => {
    expect(value(source)).toEqual(wanted);
  });

  it.each([
    ['list | keys', 'is no mapping'],
    ["token | pluck: 'x'", 'is no mapping'],
    ["accounts | pluck: 'toString'", 'there is no "toString"'],
  ])('%s has no value', (source, why) => {
    expect(() => value(source)).toThrow(why);
  });
});
