import { type Expression, ExpressionError, parseExpression } from '../match/expression.ts';

/** What a name stands for: a value whose texts may hold `${…}` again, or `lost` if it cannot be told. */
export type Resolve = (path: readonly string[]) => unknown;

/** In the place of a value that only a running case knows. */
export const lost: unique symbol = Symbol('lost');

/**
 * A value with the names in its `${…}` replaced by what they stand for, so that it can be filled in
 * where those names are not known; `lost` if one of them cannot be told.
 */
export function inlined(value: unknown, resolve: Resolve): unknown {
  if (typeof value === 'string') return inlinedText(value, resolve);
  if (Array.isArray(value)) {
    const items = value.map((one) => inlined(one, resolve));
    return items.includes(lost) ? lost : items;
  }
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).map(
    ([key, inner]) => [inlined(key, resolve), inlined(inner, resolve)] as const,
  );
  if (members.some(([key, inner]) => typeof key !== 'string' || inner === lost)) return lost;
  return Object.fromEntries(members as [string, unknown][]);
}

/** What is at a path inside a value: of `${p1.said}` and `token` it is `${p1.said.token}`. */
export function inside(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined || value === lost) return value;
  const reference = typeof value === 'string' ? /^\$\{([A-Za-z_][\w.-]*)\}$/.exec(value)?.[1] : undefined;
  if (reference !== undefined) return `\${${[reference, ...path].join('.')}}`;
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, key)) return lost;
  return inside((value as Record<string, unknown>)[key], rest);
}

const slot = /\$\$\{|\$\{([^}]*)\}/g;

function inlinedText(text: string, resolve: Resolve): unknown {
  if (!text.includes('${')) return text;
  const whole = /^\$\{([^}]*)\}$/.exec(text)?.[1];
  if (whole !== undefined) return inlinedExpression(whole, resolve);
  let complete = true;
  const made = text.replace(slot, (escaped: string, source: string | undefined) => {
    if (source === undefined) return escaped;
    const value = inlinedExpression(source, resolve);
    if (value === lost) complete = false;
    return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  });
  return complete ? made : lost;
}

function inlinedExpression(source: string, resolve: Resolve): unknown {
  try {
    const expression = parseExpression(source.trim());
    if (expression.kind === 'path') return resolve(expression.path);
    return `\${${printed(expression, resolve)}}`;
  } catch (error) {
    if (error instanceof ExpressionError) return lost;
    throw error;
  }
}

/** An expression as it is written. Raises an ExpressionError where a part of it cannot be. */
function printed(expression: Expression, resolve: Resolve): string {
  switch (expression.kind) {
    case 'value':
      return literal(expression.value);
    case 'path':
      return asExpression(resolve(expression.path));
    case 'operation': {
      const { left, operator, right } = expression;
      return `(${printed(left, resolve)} ${operator} ${printed(right, resolve)})`;
    }
    case 'filter': {
      const argument = expression.argument ? `: ${printed(expression.argument, resolve)}` : '';
      return `(${printed(expression.of, resolve)} | ${expression.name}${argument})`;
    }
  }
}

function asExpression(value: unknown): string {
  if (typeof value !== 'string') return literal(value);
  const parts: string[] = [];
  let last = 0;
  for (const found of value.matchAll(slot)) {
    if (found.index > last) parts.push(literal(value.slice(last, found.index)));
    parts.push(found[1] === undefined ? literal('$' + '{') : found[1].trim());
    last = found.index + found[0].length;
  }
  if (last < value.length || parts.length === 0) parts.push(literal(value.slice(last)));
  const [only = "''"] = parts;
  if (parts.length > 1) return `(${parts.map(enclosed).join(' + ')})`;
  return enclosed(only);
}

function enclosed(part: string): string {
  return /^(?:[\w.-]+|'[^']*'|"[^"]*")$/.test(part) ? part : `(${part})`;
}

function literal(value: unknown): string {
  if (typeof value === 'number' && value >= 0) return String(value);
  if (typeof value === 'string' && !value.includes('}')) {
    if (!value.includes("'")) return `'${value}'`;
    if (!value.includes('"')) return `"${value}"`;
  }
  throw new ExpressionError('this value cannot be written inside an expression');
}
