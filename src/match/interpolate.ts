import {
  type Expression,
  ExpressionError,
  evaluate,
  parseExpression,
  pathsOf,
  type Scope,
} from './expression.ts';

/** A value with `${…}` in its texts, read once and filled in often. */
export type Filled = (scope: Scope) => unknown;

const slot = /\$\$\{|\$\{([^}]*)\}/g;

/** Compiles a text: one that is a single `${…}` keeps the value's type, others become text. */
export function compileText(source: string): Filled {
  if (!source.includes('${')) return () => source;
  const parts: (string | Expression)[] = [];
  let last = 0;
  for (const found of source.matchAll(slot)) {
    if (found.index > last) parts.push(source.slice(last, found.index));
    parts.push(found[1] === undefined ? '${' : parseExpression(found[1].trim()));
    last = found.index + found[0].length;
  }
  if (last < source.length) parts.push(source.slice(last));
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'object') return (scope) => evaluate(only, scope);
  return (scope) => {
    let text = '';
    for (const part of parts) text += typeof part === 'string' ? part : asText(evaluate(part, scope));
    return text;
  };
}

/** Compiles any value: texts inside lists and mappings are filled in, keys too. */
export function compileValue(source: unknown): Filled {
  if (typeof source === 'string') return compileText(source);
  if (Array.isArray(source)) {
    const items = source.map(compileValue);
    return (scope) => items.map((item) => item(scope));
  }
  if (source !== null && typeof source === 'object') {
    const members = Object.entries(source).map(
      ([key, value]) => [compileText(key), compileValue(value)] as const,
    );
    return (scope) => Object.fromEntries(members.map(([key, value]) => [asText(key(scope)), value(scope)]));
  }
  return () => source;
}

/** The paths of everything that a value refers to. What cannot be read refers to nothing. */
export function references(source: unknown): (readonly string[])[] {
  if (typeof source === 'string') {
    if (!source.includes('${')) return [];
    return [...source.matchAll(slot)].flatMap((found) => (found[1] === undefined ? [] : pathsIn(found[1])));
  }
  if (Array.isArray(source)) return source.flatMap(references);
  if (source !== null && typeof source === 'object') {
    return Object.entries(source).flatMap(([key, value]) => [...references(key), ...references(value)]);
  }
  return [];
}

function pathsIn(expression: string): (readonly string[])[] {
  try {
    return pathsOf(parseExpression(expression.trim()));
  } catch (error) {
    if (error instanceof ExpressionError) return [];
    throw error;
  }
}

/** A value inside a text. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined) throw new ExpressionError('nothing is there to be written');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
