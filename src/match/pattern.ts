import type { Scope } from './expression.ts';
import { asText, compileText } from './interpolate.ts';
import { operators } from './operators.ts';

/** One difference between a pattern and a value. */
export interface Mismatch {
  /** JSON Pointer of the value that differs; empty for the whole. */
  readonly path: string;
  readonly expected: string;
  readonly actual: string;
}

/** What a pattern needs while it is held against a value. */
export interface MatchContext {
  readonly scope: Scope;
  /** Milliseconds since 1970, for patterns that speak of now. */
  wall(): number;
  /** What was captured so far; the caller keeps it only if everything matched. */
  readonly captures: [name: string, value: unknown][];
  /** Where it is wanted: which of its alternatives each `$either` took. */
  readonly taken?: string[];
  /** Only whether the value fits is asked: the differences need not be told. */
  readonly brief?: boolean;
}

/** A pattern is a small value that is held against others and prints itself. */
export interface Pattern {
  /** The differences; none if the value fits. */
  match(value: unknown, context: MatchContext, path?: string): readonly Mismatch[];
  /** The pattern as text for a person. */
  print(scope: Scope): string;
}

/** True if a value fits; nothing is captured. `wall` as in the context. */
export function fits(pattern: Pattern, value: unknown, scope: Scope, wall: () => number): boolean {
  return pattern.match(value, { scope, wall, captures: [], brief: true }).length === 0;
}

/** A pattern that cannot be read: at which path of it, and why. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
  readonly path: readonly (string | number)[];

  constructor(path: readonly (string | number)[], message: string) {
    super(message);
    this.path = path;
  }
}

export const nothing: readonly Mismatch[] = [];

/** A difference that nobody reads. */
const untold: readonly Mismatch[] = [{ path: '', expected: '', actual: '' }];

/** A difference, told only where somebody reads it. */
export function differs(
  context: MatchContext,
  path: string,
  expected: () => string,
  value: unknown,
): readonly Mismatch[] {
  return context.brief ? untold : [{ path, expected: expected(), actual: show(value) }];
}

/**
 * Compiles a pattern out of plain data. A mapping with `$…` keys is an operator (README, "Patterns"),
 * any other mapping a subset, a list is compared item by item, everything else must be equal.
 * Raises a PatternError.
 */
export function compilePattern(source: unknown, at: readonly (string | number)[] = []): Pattern {
  if (Array.isArray(source))
    return listPattern(source.map((item, index) => compilePattern(item, [...at, index])));
  if (source !== null && typeof source === 'object') {
    const entries = Object.entries(source);
    const marked = entries.filter(([key]) => key.startsWith('$'));
    if (marked.length === 0) return subsetPattern(members(entries, at), false);
    const plain = entries.filter(([key]) => !key.startsWith('$'));
    const parts = operators(source as Record<string, unknown>, at);
    return plain.length === 0
      ? allPattern(parts)
      : allPattern([subsetPattern(members(plain, at), false), ...parts]);
  }
  return equalPattern(source);
}

function members(entries: readonly [string, unknown][], at: readonly (string | number)[]): Member[] {
  return entries.map(([key, value]) => [key, compilePattern(value, [...at, key])]);
}

type Member = readonly [key: string, pattern: Pattern];

/** A value that must be equal; texts are filled in from the scope first. */
export function equalPattern(source: unknown): Pattern {
  const filled = typeof source === 'string' ? compileText(source) : () => source;
  return {
    match(value, context, path = '') {
      const wanted = filled(context.scope);
      return sameValue(wanted, value) ? nothing : differs(context, path, () => show(wanted), value);
    },
    print: (scope) => {
      try {
        return show(filled(scope));
      } catch {
        return asText(source);
      }
    },
  };
}

/** A mapping whose named members match; others may be there unless it is exact. */
export function subsetPattern(wanted: readonly Member[], exact: boolean): Pattern {
  const names = new Set(wanted.map(([key]) => key));
  const members = wanted.map(([key, pattern]) => ({ key, pattern, token: `/${pointerToken(key)}` }));
  return {
    match(value, context, path = '') {
      if (!isMapping(value)) return differs(context, path, () => 'an object', value);
      const found: Mismatch[] = [];
      for (const { key, pattern, token } of members) {
        const member = Object.hasOwn(value, key) ? value[key] : undefined;
        const wrong = pattern.match(member, context, path + token);
        if (wrong.length === 0) continue;
        if (context.brief) return wrong;
        found.push(...wrong);
      }
      if (!exact) return found;
      for (const key of Object.keys(value)) {
        if (names.has(key)) continue;
        found.push({
          path: `${path}/${pointerToken(key)}`,
          expected: 'no such member',
          actual: show(value[key]),
        });
      }
      return found;
    },
    print: (scope) => {
      const shown = wanted.map(([key, pattern]) => `${key}: ${pattern.print(scope)}`).join(', ');
      return `${exact ? 'exactly ' : ''}{${shown}}`;
    },
  };
}

function listPattern(items: readonly Pattern[]): Pattern {
  return {
    match(value, context, path = '') {
      if (!Array.isArray(value)) return [{ path, expected: 'a list', actual: show(value) }];
      if (value.length !== items.length) {
        return [{ path, expected: `a list of ${items.length}`, actual: `${value.length} in ${show(value)}` }];
      }
      return items.flatMap((item, index) => item.match(value[index], context, `${path}/${index}`));
    },
    print: (scope) => `[${items.map((item) => item.print(scope)).join(', ')}]`,
  };
}

/** Every one of the patterns must fit. */
export function allPattern(parts: readonly Pattern[]): Pattern {
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  return {
    match(value, context, path = '') {
      for (const part of parts) {
        const found = part.match(value, context, path);
        if (found.length > 0) return found;
      }
      return nothing;
    },
    print: (scope) => parts.map((part) => part.print(scope)).join(' and '),
  };
}

/** Deep equality of plain data; -0 and 0 are the same, NaN equals itself. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (Object.is(left, right) || left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => sameValue(item, right[index]));
  }
  if (!isMapping(left) || !isMapping(right)) return false;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && sameValue(left[key], right[key]))
  );
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** A value as one short line. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 300 ? `${text.slice(0, 200)}… (${text.length} characters)` : text;
}

function pointerToken(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
