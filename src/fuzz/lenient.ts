import { ExpressionError, evaluate, parseExpression, type Scope } from '../match/expression.ts';
import type { Filled } from '../match/interpolate.ts';

const compiled = new WeakMap<object, Filled>();

/** Fills `${…}` as a hostile plan has them: what has no value is a word instead of an error. */
export function fillLeniently(value: unknown, scope: Scope): unknown {
  const key = typeof value === 'object' && value !== null ? value : undefined;
  const filled = (key && compiled.get(key)) ?? compileLenient(value);
  if (key) compiled.set(key, filled);
  return filled(scope);
}

function compileLenient(value: unknown): Filled {
  if (typeof value === 'string') {
    if (!value.includes('${')) return () => value;
    return (scope) => fillText(value, scope);
  }
  if (Array.isArray(value)) {
    const items = value.map(compileLenient);
    return (scope) => items.map((item) => item(scope));
  }
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value).map(([key, inner]) => [key, compileLenient(inner)] as const);
    return (scope) => Object.fromEntries(members.map(([key, inner]) => [key, inner(scope)]));
  }
  return () => value;
}

function fillText(text: string, scope: Scope): unknown {
  const whole = /^\$\{([^}]*)\}$/.exec(text);
  if (whole) return valueOfExpression(whole[1] ?? '', scope);
  return text.replace(/(\$?)\$\{([^}]*)\}/g, (found, twice: string, inner: string) => {
    if (twice !== '') return found.slice(1);
    const value = valueOfExpression(inner, scope);
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

function valueOfExpression(expression: string, scope: Scope): unknown {
  try {
    const parsed = parseExpression(expression.trim());
    if (parsed.kind !== 'path') return evaluate(parsed, scope);
    const value = scope.get(parsed.path);
    return value === undefined ? 'x' : value;
  } catch (error) {
    if (error instanceof ExpressionError) return 'x';
    throw error;
  }
}
