import { describe, expect, it } from 'vitest';
import { compileText, compileValue, references } from './interpolate.ts';

const scope = {
  get: (path: readonly string[]) => ({ n: 7, 'bob.name': 'bobby', list: [1, 2] })[path.join('.')] as unknown,
};

describe('a value with ${…}', () => {
  it.each([
    ['plain', 'plain'],
    ['${n}', 7],
    ['${ n }', 7],
    ['n=${n}', 'n=7'],
    ['${list}', [1, 2]],
    ['${list}!', '[1,2]!'],
    ['$${n}', '${n}'],
    ['a$${b}${n}', 'a${b}7'],
    ['${unclosed', '${unclosed'],
    [{ '${bob.name}': ['${n}', { a: 'x${n}' }] }, { bobby: [7, { a: 'x7' }] }],
    [
      [null, true, 1.5],
      [null, true, 1.5],
    ],
  ])('%j', (source, wanted) => {
    expect(compileValue(source)(scope)).toEqual(wanted);
  });

  it('keeps a member whose name is special', () => {
    const source = JSON.parse('{"__proto__": "${n}"}') as unknown;
    expect(JSON.stringify(compileValue(source)(scope))).toBe('{"__proto__":7}');
  });

  it.each([
    ['${nobody}', '"nobody" has no value here'],
    ['x${bob}', '"bob" has no value here'],
  ])('%s has no value', (source, message) => {
    expect(() => compileText(source)(scope)).toThrow(message);
  });

  it('refers to what it names, wherever it stands', () => {
    const source = { '${a.b}': ["x ${c + 'd'} ${e | fill: f}", '$${g}', '${not an expression', '${h i}'] };
    expect(references(source)).toEqual([['a', 'b'], ['c'], ['e'], ['f']]);
  });
});
