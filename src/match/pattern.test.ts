import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, type MatchContext, PatternError, sameValue } from './pattern.ts';

const names: Readonly<Record<string, unknown>> = { bob: { name: 'bobby' }, seven: 7, list: [1, 2] };
const present = 1_700_000_000_000;

function context(): MatchContext {
  return {
    scope: { get: ([head = '', key]) => walk(names[head], key) },
    wall: () => present,
    captures: [],
  };
}

function walk(value: unknown, key: string | undefined): unknown {
  return key === undefined ? value : (value as Record<string, unknown> | undefined)?.[key];
}

function held(pattern: unknown, value: unknown): string[] {
  return compilePattern(pattern)
    .match(value, context())
    .map((one) => `${one.path || '.'} expected ${one.expected}, got ${one.actual}`);
}

const fits: readonly (readonly [pattern: unknown, value: unknown])[] = [
  ['x', 'x'],
  [null, null],
  [0, -0],
  ['${bob.name}', 'bobby'],
  ['${seven}', 7],
  ['<${seven}>', '<7>'],
  [{ a: 1 }, { a: 1, b: 2 }],
  [{}, { a: 1 }],
  [{ a: { $absent: true } }, { b: 1 }],
  [
    [{ a: 1 }, 'x'],
    [{ a: 1, b: 2 }, 'x'],
  ],
  [{ $any: true }, null],
  [{ $type: 'integer' }, 7],
  [{ $type: ['null', 'string'] }, null],
  [{ $type: 'object' }, {}],
  [{ $type: 'array' }, []],
  [{ $match: '@' }, 'a@b'],
  [{ $match: '^7' }, 70],
  [{ $match: '^a.b$' }, 'a\nb'],
  [{ $full: 'a|ab' }, 'ab'],
  [{ $either: ['a', { $type: 'number' }] }, 3],
  [{ $all: [{ $gt: 1 }, { $lt: 3 }] }, 2],
  [{ $not: 'a' }, 'b'],
  [{ $equals: { a: 1 } }, { a: 1 }],
  [{ $in: ['a', '${bob.name}'] }, 'bobby'],
  [{ $gt: '${seven}' }, 8],
  [{ $ge: 7, $le: 7 }, 7],
  [{ $lt: 10 }, '9'],
  [{ $now: 2 }, present / 1000 - 2],
  [{ $now: { within: 5, unit: 'milliseconds' } }, present + 5],
  [{ $now: 2 }, String(present / 1000)],
  [{ $length: 3 }, 'abc'],
  [{ $holds: '${bob.name}' }, 'no user bobby'],
  [{ $somewhere: 'x' }, 'x'],
  [{ $somewhere: { $holds: 'x' } }, { a: [{ b: 'axb' }] }],
  [{ $somewhere: { b: 2 } }, [{ a: { b: 2, c: 3 } }]],
  [{ $length: { $gt: 0 } }, [1]],
  [{ $contains: [{ a: 1 }, 3] }, [3, { a: 1, b: 1 }]],
  [{ $each: { $type: 'number' } }, [1, 2]],
  [{ $set: [1, 2, 2] }, [2, 1, 2]],
  [{ $set: '${list}' }, [2, 1]],
  [{ $subset: [1, 2] }, [2]],
  [{ $superset: [1, 2] }, [3, 2, 1]],
  [{ $unique: true }, [1, '1', [1]]],
  [{ $ascending: true }, ['9', 10, 10]],
  [{ $exactly: { a: 1 } }, { a: 1 }],
  [{ a: { $as: 'x', $optional: true } }, {}],
  [
    { a: 1, $not: { b: 1 } },
    { a: 1, b: 2 },
  ],
];

const differs: readonly (readonly [pattern: unknown, value: unknown, told: readonly string[]])[] = [
  ['x', 'y', ['. expected "x", got "y"']],
  ['x', undefined, ['. expected "x", got nothing']],
  ['7', 7, ['. expected "7", got 7']],
  ['${bob.name}', 'rob', ['. expected "bobby", got "rob"']],
  [{ a: 1 }, 'a', ['. expected an object, got "a"']],
  [{ a: 1 }, ['a'], ['. expected an object, got ["a"]']],
  [{ a: 1, b: { c: 2 } }, { a: 2, b: {} }, ['/a expected 1, got 2', '/b/c expected 2, got nothing']],
  [{ 'a/b~c': 1 }, { 'a/b~c': 2 }, ['/a~1b~0c expected 1, got 2']],
  [{ toString: { $absent: true }, constructor: 1 }, {}, ['/constructor expected 1, got nothing']],
  [[1], { 0: 1 }, ['. expected a list, got {"0":1}']],
  [[1, 2], [1], ['. expected a list of 2, got 1 in [1]']],
  [
    [1, 2, 3],
    [1, 9, 8],
    ['/1 expected 2, got 9', '/2 expected 3, got 8'],
  ],
  [{ a: { $any: true } }, {}, ['/a expected anything, got nothing']],
  [{ $holds: '7' }, 7, ['. expected a text that holds "7", got 7']],
  [
    { $somewhere: { $holds: 'x' } },
    { x: ['y'] },
    ['. expected a text that holds "x" somewhere in it, got {"x":["y"]}'],
  ],
  [{ a: { $absent: true } }, { a: null }, ['/a expected nothing, got null']],
  [{ $type: 'integer' }, 7.5, ['. expected a value of type integer, got 7.5']],
  [{ $type: ['null', 'string'] }, 1, ['. expected a value of type null or string, got 1']],
  [{ $type: 'object' }, null, ['. expected a value of type object, got null']],
  [{ $match: '^a' }, 'ba', ['. expected matching /^a/, got "ba"']],
  [{ $match: 'a' }, ['a'], ['. expected matching /a/, got ["a"]']],
  [{ $full: 'a|b' }, 'ab', ['. expected all of it matching /a|b/, got "ab"']],
  [{ $either: ['a', 'b'] }, 'c', ['. expected "a" or "b", got "c"']],
  [
    {
      $either: [
        { a: 1, b: 2 },
        { c: 3, d: 4 },
      ],
    },
    { a: 1, b: 3 },
    ['/b expected 2, got 3'],
  ],
  [{ $all: [{ $gt: 1 }, { $lt: 3 }] }, 5, ['. expected less than 3, got 5']],
  [{ $not: { $in: [1, 2] } }, 2, ['. expected not one of [1,2], got 2']],
  [{ $equals: { a: 1 } }, { a: 1, b: 2 }, ['. expected {"a":1}, got {"a":1,"b":2}']],
  [{ $in: [1, 2] }, 3, ['. expected one of [1,2], got 3']],
  [{ $gt: 1 }, 1, ['. expected more than 1, got 1']],
  [{ $ge: 1 }, 'x', ['. expected at least 1, got "x"']],
  [{ $lt: '${seven}' }, 7, ['. expected less than 7, got 7']],
  [{ $le: 1 }, '', ['. expected at most 1, got ""']],
  [{ $le: 1 }, null, ['. expected at most 1, got null']],
  [{ $now: 2 }, 1, [`. expected the present, ${present / 1000} ± 2 s, got 1`]],
  [
    { $now: { within: 5, unit: 'milliseconds' } },
    present + 6,
    [`. expected the present, ${present} ± 5 ms, got ${present + 6}`],
  ],
  [{ $now: 2 }, '', [`. expected the present, ${present / 1000} ± 2 s, got ""`]],
  [{ $now: 2 }, 'soon', [`. expected the present, ${present / 1000} ± 2 s, got "soon"`]],
  [{ $length: 3 }, 'ab', ['. expected length 3, got 2 of "ab"']],
  [{ $length: 3 }, 7, ['. expected length 3, got nothing of 7']],
  [{ $contains: [1, { a: 2 }] }, [1, { a: 3 }], ['. expected an item that is {a: 2}, got [1,{"a":3}]']],
  [{ $contains: [1] }, 1, ['. expected a list, got 1']],
  [{ $each: { a: 1 } }, [{ a: 1 }, { a: 2 }], ['/1/a expected 1, got 2']],
  [{ $each: 1 }, 'x', ['. expected a list, got "x"']],
  [{ $set: [1, 2] }, [1, 2, 2], ['. expected in any order [1,2], got [1,2,2]']],
  [{ $set: [1, 2, 2] }, [1, 1, 2], ['. expected in any order [1,2,2], got [1,1,2]']],
  [{ $subset: [1, 2] }, [3], ['. expected some of [1,2], got [3]']],
  [{ $superset: [1, 2] }, [1], ['. expected at least [1,2], got [1]']],
  [{ $unique: true }, [{ a: 1 }, { a: 1 }], ['. expected distinct values, got [{"a":1},{"a":1}]']],
  [{ $unique: true }, 'ab', ['. expected distinct values, got "ab"']],
  [{ $ascending: true }, [10, '9'], ['. expected values in ascending order, got [10,"9"]']],
  [{ $exactly: { a: 1 } }, { a: 2, b: 3 }, ['/a expected 1, got 2', '/b expected no such member, got 3']],
  [{ $exactly: { a: 1 } }, null, ['. expected an object, got null']],
  [{ a: { $as: 'x' } }, {}, ['/a expected a value for x, got nothing']],
  [{ a: { $optional: true, $type: 'string' } }, { a: 1 }, ['/a expected a value of type string, got 1']],
  [{ a: 1, $not: { b: 1 } }, { a: 1, b: 1 }, ['. expected not {b: 1}, got {"a":1,"b":1}']],
];

const wrong: readonly (readonly [pattern: unknown, path: string, message: string])[] = [
  [{ a: { $mach: 'x' } }, 'a/$mach', 'there is no operator "$mach". Did you mean "$match"?'],
  [{ $toString: 1 }, '$toString', 'there is no operator "$toString".'],
  [{ $type: 'text' }, '$type', 'there is no type "text".'],
  [{ $type: 'strin' }, '$type', 'Did you mean "string"?'],
  [{ $type: 'toString' }, '$type', 'there is no type "toString"'],
  [[{ $match: '(' }], '0/$match', '/(/ is no regular expression (RE2 syntax): '],
  [{ $full: '(?=a)b' }, '$full', 'is no regular expression (RE2 syntax)'],
  [{ $match: '(a)\\1' }, '$match', 'is no regular expression (RE2 syntax)'],
  [{ $match: 7 }, '$match', 'an expression is a text'],
  [{ $either: ['a', { $x: 1 }] }, '$either/1/$x', 'there is no operator "$x"'],
  [{ $exactly: [1] }, '$exactly', '"$exactly" takes an object'],
  [{ $as: 'no name' }, '$as', '"$as" takes a name, e.g. token or self.token'],
  [{ $as: 7 }, '$as', '"$as" takes a name'],
];

describe('a pattern', () => {
  it.each(fits)('%j fits %j', (pattern, value) => {
    expect(held(pattern, value)).toEqual([]);
  });

  it.each(differs)('%j differs from %j', (pattern, value, told) => {
    expect(held(pattern, value)).toEqual(told);
  });

  it.each(wrong)('%j is refused at %s', (pattern, path, message) => {
    try {
      compilePattern(pattern);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(PatternError);
      expect((error as PatternError).path.join('/')).toBe(path);
      expect((error as PatternError).message).toContain(message);
    }
  });

  it.each([
    [{ a: 1, b: { $type: 'string' } }, '{a: 1, b: a value of type string}'],
    [{ $exactly: { a: '${bob.name}' } }, 'exactly {a: "bobby"}'],
    [{ $either: ['a', { $gt: 3 }] }, '"a" or more than 3'],
    [[{ $any: true }, { $as: 'x' }], '[anything, <x>]'],
    [{ $type: 'string', $as: 'x' }, 'a value of type string and <x>'],
    [{ $optional: true, $match: 'x' }, 'matching /x/, if any'],
    [{ $contains: [1, 2] }, 'a list with 1 and 2'],
    ['${later}', '${later}'],
    [{ $in: ['${later}'] }, 'one of ["${later}"]'],
  ])('%j prints itself', (pattern, text) => {
    expect(compilePattern(pattern).print(context().scope)).toBe(text);
  });

  it('shortens what it shows', () => {
    const [told] = held('x', 'y'.repeat(5000));
    expect(told?.length).toBeLessThan(300);
    expect(told).toContain('(5002 characters)');
  });
});

describe('captures', () => {
  function captured(pattern: unknown, value: unknown): unknown {
    const held = context();
    return compilePattern(pattern).match(value, held).length === 0 ? held.captures : 'no match';
  }

  it.each([
    [
      { a: { $as: 'x' }, b: { $as: 'self.y', $type: 'number' } },
      { a: 'v', b: 2 },
      [
        ['x', 'v'],
        ['self.y', 2],
      ],
    ],
    [{ $either: [{ a: { $as: 'x' }, b: 1 }, { a: { $as: 'y' } }] }, { a: 7, b: 2 }, [['y', 7]]],
    [{ $contains: [{ id: { $as: 'x' }, ok: true }] }, [{ id: 1 }, { id: 2, ok: true }], [['x', 2]]],
    [{ $not: { a: { $as: 'x' }, b: 1 } }, { a: 1 }, []],
    [{ a: { $as: 'x', $optional: true } }, {}, []],
    [
      { $each: { $as: 'x' } },
      [1, 2],
      [
        ['x', 1],
        ['x', 2],
      ],
    ],
    [{ $as: 'x', $match: '^b' }, 'a', 'no match'],
  ])('of %j in %j', (pattern, value, wanted) => {
    expect(captured(pattern, value)).toEqual(wanted);
  });
});

describe('for any JSON value', () => {
  // A mapping with "$…" keys is an operator, and "${…}" in a text is filled in.
  const value = fc.jsonValue({ maxDepth: 3 }).filter((one) => !JSON.stringify(one).includes('$'));

  it('holds as a subset of itself, of itself with more, and equals itself', () => {
    fc.assert(
      fc.property(value, value, (one, other) => {
        expect(held(one, one)).toEqual([]);
        expect(held({ a: one }, { a: one, b: other })).toEqual([]);
        expect(held({ $exactly: { a: one } }, { a: structuredClone(one) })).toEqual([]);
        expect(held([one, other], [one, other])).toEqual([]);
      }),
    );
  });

  it('never fits where it is not the same or a part of it, and fits exactly where its negation does not', () => {
    fc.assert(
      fc.property(value, value, (one, other) => {
        expect(held({ $equals: one }, other).length === 0).toBe(sameValue(one, other));
        expect(held({ $not: one }, other).length === 0).toBe(held(one, other).length > 0);
        expect(sameValue(one, other)).toBe(sameValue(other, one));
      }),
    );
  });

  it('tells a changed member by its path', () => {
    fc.assert(
      fc.property(
        fc.string().filter((key) => !key.startsWith('$') && !key.includes('${')),
        value,
        (key, one) => {
          const [told] = held({ a: { [key]: one } }, { a: { [key]: 'never this' } });
          expect(told).toMatch(/^\/a\/.*expected/s);
        },
      ),
    );
  });
});
