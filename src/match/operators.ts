import { didYouMean } from '../problem/suggest.ts';
import { asWritten } from './as-written.ts';
import type { Scope } from './expression.ts';
import { compileValue, type Filled } from './interpolate.ts';
import {
  allPattern,
  compilePattern,
  differs,
  isMapping,
  type MatchContext,
  type Mismatch,
  nothing,
  type Pattern,
  PatternError,
  sameValue,
  show,
  subsetPattern,
} from './pattern.ts';
import { regex } from './regex.ts';

type At = readonly (string | number)[];
type Operator = (argument: unknown, at: At) => Pattern;

/** The operators of a mapping with `$…` keys, each compiled. Raises a PatternError. */
export function operators(source: Record<string, unknown>, at: At): Pattern[] {
  const optional = source['$optional'] === true;
  const parts = Object.entries(source)
    .filter(([key]) => key.startsWith('$') && key !== '$optional')
    .sort(([left], [right]) => Number(left === '$as') - Number(right === '$as'))
    .map(([key, argument]) => {
      const make = Object.hasOwn(known, key) ? known[key] : undefined;
      if (!make)
        throw new PatternError([...at, key], `there is no operator "${key}". ${didYouMean(key, names)}`);
      return make(argument, [...at, key]);
    });
  return optional ? [optionalPattern(allPattern(parts))] : parts;
}

const known: Record<string, Operator> = {
  $any: () => test('anything', (value) => value !== undefined),
  $absent: () => test('nothing', (value) => value === undefined),
  $type: (argument, at) => {
    const types = list(argument);
    for (const type of types) {
      if (!Object.hasOwn(typeTests, String(type))) {
        throw new PatternError(
          at,
          `there is no type "${type}". ${didYouMean(String(type), Object.keys(typeTests))}`,
        );
      }
    }
    return test(`a value of type ${types.join(' or ')}`, (value) =>
      types.some((type) => (typeTests[String(type)] as (value: unknown) => boolean)(value)));
  },
  $match: (argument, at) => regexPattern(argument, at, false),
  $full: (argument, at) => regexPattern(argument, at, true),
  $either: (argument, at) => eitherPattern(patterns(argument, at), list(argument).map(asWritten)),
  $all: (argument, at) => allPattern(patterns(argument, at)),
  $not: (argument, at) => {
    const inner = compilePattern(argument, at);
    return {
      match: (value, context, path = '') =>
        inner.match(value, { ...context, captures: [], taken: [], brief: true }).length > 0
          ? nothing
          : differs(context, path, () => `not ${inner.print(context.scope)}`, value),
      print: (scope) => `not ${inner.print(scope)}`,
    };
  },
  $equals: (argument) => filledTest('', argument, (value, wanted) => sameValue(value, wanted)),
  $in: (argument) =>
    filledTest('one of ', argument, (value, wanted) => list(wanted).some((one) => sameValue(one, value))),
  $gt: (argument) =>
    filledTest('more than ', argument, (value, limit) => both(value, limit, (a, b) => a > b)),
  $ge: (argument) =>
    filledTest('at least ', argument, (value, limit) => both(value, limit, (a, b) => a >= b)),
  $lt: (argument) =>
    filledTest('less than ', argument, (value, limit) => both(value, limit, (a, b) => a < b)),
  $le: (argument) => filledTest('at most ', argument, (value, limit) => both(value, limit, (a, b) => a <= b)),
  $now: (argument) => nowPattern(argument),
  $length: (argument, at) => {
    const inner = compilePattern(argument, at);
    return {
      match: (value, context, path = '') => {
        const length = typeof value === 'string' || Array.isArray(value) ? value.length : undefined;
        const found = inner.match(length, context, path);
        return found.map((one) => ({
          ...one,
          expected: `length ${one.expected}`,
          actual: `${one.actual} of ${show(value)}`,
        }));
      },
      print: (scope) => `length ${inner.print(scope)}`,
    };
  },
  $holds: (argument) =>
    filledTest(
      'a text that holds ',
      argument,
      (value, part) => typeof value === 'string' && value.includes(String(part)),
    ),
  $somewhere: (argument, at) => somewherePattern(compilePattern(argument, at)),
  $contains: (argument, at) => containsPattern(patterns(argument, at)),
  $each: (argument, at) => eachPattern(compilePattern(argument, at)),
  $set: (argument) =>
    filledTest(
      'in any order ',
      argument,
      (value, wanted) =>
        isSubset(value, wanted) && isSubset(wanted, value) && list(value).length === list(wanted).length,
    ),
  $subset: (argument) => filledTest('some of ', argument, (value, wanted) => isSubset(value, wanted)),
  $superset: (argument) => filledTest('at least ', argument, (value, wanted) => isSubset(wanted, value)),
  $unique: () =>
    test('distinct values', (value) => {
      if (!Array.isArray(value)) return false;
      return new Set(value.map((item) => JSON.stringify(item))).size === value.length;
    }),
  $ascending: () =>
    test('values in ascending order', (value) =>
      Array.isArray(value) &&
      value.every((item, index) => index === 0 || Number(value[index - 1]) <= Number(item))),
  $exactly: (argument, at) => {
    if (!isMapping(argument)) throw new PatternError(at, '"$exactly" takes an object');
    return subsetPattern(
      Object.entries(argument).map(([key, value]) => [key, compilePattern(value, [...at, key])]),
      true,
    );
  },
  $as: (argument, at) => {
    if (typeof argument !== 'string' || !/^[A-Za-z][\w-]*(\.[A-Za-z][\w-]*)?$/.test(argument)) {
      throw new PatternError(at, '"$as" takes a name, e.g. token or self.token');
    }
    return {
      match: (value, context, path = '') => {
        if (value === undefined) return [{ path, expected: `a value for ${argument}`, actual: 'nothing' }];
        context.captures.push([argument, value]);
        return nothing;
      },
      print: () => `<${argument}>`,
    };
  },
};

const names = [...Object.keys(known), '$optional'];

const typeTests: Record<string, (value: unknown) => boolean> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: Array.isArray,
  object: isMapping,
};

function test(expected: string, holds: (value: unknown) => boolean): Pattern {
  return {
    match: (value, context, path = '') =>
      holds(value) ? nothing : differs(context, path, () => expected, value),
    print: () => expected,
  };
}

/** A comparison with a value that is filled in from the scope. */
function filledTest(
  words: string,
  argument: unknown,
  holds: (value: unknown, wanted: unknown) => boolean,
): Pattern {
  const filled = compileValue(argument);
  return {
    match: (value, context, path = '') => {
      const wanted = filled(context.scope);
      return holds(value, wanted) ? nothing : differs(context, path, () => words + show(wanted), value);
    },
    print: (scope) => words + printFilled(filled, argument, scope),
  };
}

function printFilled(filled: Filled, source: unknown, scope: Scope): string {
  try {
    return show(filled(scope));
  } catch {
    return show(source);
  }
}

function regexPattern(argument: unknown, at: At, whole: boolean): Pattern {
  if (typeof argument !== 'string') throw new PatternError(at, 'an expression is a text');
  let compiled: ReturnType<typeof regex>;
  try {
    compiled = regex(argument);
  } catch (error) {
    throw new PatternError(
      at,
      `/${argument}/ is no regular expression (RE2 syntax): ${(error as Error).message}`,
    );
  }
  const expected = `${whole ? 'all of it ' : ''}matching /${argument}/`;
  return test(expected, (value) => {
    if (typeof value !== 'string' && typeof value !== 'number') return false;
    return whole ? compiled.full(String(value)) : compiled.test(String(value));
  });
}

function eitherPattern(options: readonly Pattern[], texts: readonly string[]): Pattern {
  const print = (scope: Scope): string => options.map((option) => option.print(scope)).join(' or ');
  return {
    match: (value, context, path = '') => {
      const mark = context.captures.length;
      const takenBefore = context.taken?.length ?? 0;
      let nearest: readonly Mismatch[] | undefined;
      for (const [index, option] of options.entries()) {
        const found = option.match(value, context, path);
        if (found.length === 0) {
          context.taken?.push(texts[index] ?? '');
          return nothing;
        }
        context.captures.length = mark;
        if (context.taken) context.taken.length = takenBefore;
        if (!nearest || found.length < nearest.length) nearest = found;
      }
      const one = nearest?.length === 1 && nearest[0]?.path !== path ? nearest : undefined;
      return one ?? differs(context, path, () => print(context.scope), value);
    },
    print,
  };
}

function optionalPattern(inner: Pattern): Pattern {
  return {
    match: (value, context, path = '') => (value === undefined ? nothing : inner.match(value, context, path)),
    print: (scope) => `${inner.print(scope)}, if any`,
  };
}

function containsPattern(wanted: readonly Pattern[]): Pattern {
  return {
    match: (value, context, path = '') => {
      if (!Array.isArray(value)) return [{ path, expected: 'a list', actual: show(value) }];
      for (const pattern of wanted) {
        const mark = context.captures.length;
        const takenBefore = context.taken?.length ?? 0;
        const found = value.some((item) => {
          context.captures.length = mark;
          if (context.taken) context.taken.length = takenBefore;
          return pattern.match(item, context).length === 0;
        });
        if (!found) {
          return [{ path, expected: `an item that is ${pattern.print(context.scope)}`, actual: show(value) }];
        }
      }
      return nothing;
    },
    print: (scope) => `a list with ${wanted.map((pattern) => pattern.print(scope)).join(' and ')}`,
  };
}

function somewherePattern(pattern: Pattern): Pattern {
  const isIn = (value: unknown, context: MatchContext): boolean => {
    const [captured, taken] = [context.captures.length, context.taken?.length ?? 0];
    if (pattern.match(value, context).length === 0) return true;
    context.captures.length = captured;
    if (context.taken) context.taken.length = taken;
    return (
      value !== null &&
      typeof value === 'object' &&
      Object.values(value).some((inner) => isIn(inner, context))
    );
  };
  const expected = (scope: Scope): string => `${pattern.print(scope)} somewhere in it`;
  return {
    match: (value, context, path = '') =>
      isIn(value, context) ? nothing : differs(context, path, () => expected(context.scope), value),
    print: expected,
  };
}

function eachPattern(pattern: Pattern): Pattern {
  return {
    match: (value, context, path = '') => {
      if (!Array.isArray(value)) return [{ path, expected: 'a list', actual: show(value) }];
      return value.flatMap((item, index) => pattern.match(item, context, `${path}/${index}`));
    },
    print: (scope) => `a list of ${pattern.print(scope)}`,
  };
}

/** `$now: 1.5` — a count of seconds since 1970 that is near the present; `{within, unit}` says more. */
function nowPattern(argument: unknown): Pattern {
  const filled = compileValue(isMapping(argument) ? argument : { within: argument });
  const read = (scope: Scope): { within: number; unit: number; name: string } => {
    const { within, unit } = filled(scope) as { within: unknown; unit?: unknown };
    const milliseconds = unit === 'milliseconds';
    return { within: Number(within), unit: milliseconds ? 1 : 1000, name: milliseconds ? 'ms' : 's' };
  };
  return {
    match: (value, context: MatchContext, path = '') => {
      const { within, unit, name } = read(context.scope);
      const now = context.wall() / unit;
      const far = Math.abs(Number(value) - now);
      if (value !== '' && far <= within + (unit === 1000 ? 1 : 0)) return nothing;
      return [{ path, expected: `the present, ${Math.round(now)} ± ${within} ${name}`, actual: show(value) }];
    },
    print: (scope) => `the present ± ${read(scope).within}`,
  };
}

function isSubset(part: unknown, whole: unknown): boolean {
  const left = [...list(whole)];
  return list(part).every((item) => {
    const index = left.findIndex((other) => sameValue(other, item));
    if (index >= 0) left.splice(index, 1);
    return index >= 0;
  });
}

function both(value: unknown, limit: unknown, holds: (a: number, b: number) => boolean): boolean {
  if (value === undefined || value === null || value === '') return false;
  return holds(Number(value), Number(limit));
}

function patterns(argument: unknown, at: At): Pattern[] {
  return list(argument).map((item, index) => compilePattern(item, [...at, index]));
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}
