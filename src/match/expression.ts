/** Where the names of an expression are looked up. */
export interface Scope {
  /** The value of a path, e.g. `alice.name`; undefined if nothing of that name is there. */
  get(path: readonly string[]): unknown;
}

/** An expression between `${` and `}`. */
export type Expression =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'path'; readonly path: readonly string[] }
  | {
      readonly kind: 'operation';
      readonly operator: '+' | '-' | '*';
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'filter';
      readonly name: string;
      readonly of: Expression;
      readonly argument?: Expression;
    };

/** An expression that cannot be read or has no value. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError';
}

/** A name to which nothing has given a value: the case is wrong, not what it is held against. */
export class NoValueError extends ExpressionError {}

type Filter = (value: unknown, argument: unknown) => unknown;

/** What may stand behind `|` in an expression. */
export const filters: Readonly<Record<string, Filter>> = {
  upper: (value) => text(value).toUpperCase(),
  lower: (value) => text(value).toLowerCase(),
  reversed: (value) => (Array.isArray(value) ? [...value].reverse() : [...text(value)].reverse().join('')),
  length: (value) => (Array.isArray(value) ? value.length : text(value).length),
  first: (value, argument) =>
    argument === undefined ? list(value)[0] : text(value).slice(0, number(argument)),
  last: (value) => list(value).at(-1),
  text: (value) => text(value),
  number: (value) => number(value),
  json: (value) => JSON.stringify(value),
  base64: (value) => toBase64(text(value)),
  swapcase: (value) =>
    text(value).replace(/[a-zA-Z]/g, (char) =>
      char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase(),
    ),
  pluck: (value, argument) =>
    Array.isArray(value)
      ? value.map((item) => (item as Record<string, unknown> | null)?.[text(argument)])
      : member(mapping(value), text(argument)),
  keys: (value) => Object.keys(mapping(value)),
  before: (value, argument) => text(value).split(text(argument))[0],
  // What comes in place of a name that has no value: see `evaluate`.
  or: (value) => value,
  fill: (value, argument) => text(value).replaceAll('{token}', text(argument)),
};

/** Reads an expression. Raises an ExpressionError that says what is wrong. */
export function parseExpression(source: string): Expression {
  const before = known.get(source);
  if (before) return before;
  const reader = new Reader(source);
  const expression = reader.filtered();
  reader.end();
  known.set(source, expression);
  return expression;
}

const known = new Map<string, Expression>();

class Reader {
  readonly #tokens: readonly string[];
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
    this.#tokens =
      source.match(/'[^']*'|"[^"]*"|\d+(?:\.\d+)?|[A-Za-z_][\w-]*(?:\.[\w-]+)*|\s[-+*]\s|[|:()+*-]/g) ?? [];
    if (this.#tokens.join('').replace(/\s/g, '') !== source.replace(/\s/g, '')) this.#fail();
  }

  end(): void {
    if (this.#at < this.#tokens.length) this.#fail();
  }

  filtered(): Expression {
    let value = this.#sum();
    while (this.#take('|')) {
      const name = this.#next();
      if (!Object.hasOwn(filters, name)) {
        throw new ExpressionError(`there is no filter "${name}"; known: ${Object.keys(filters).join(', ')}`);
      }
      const argument = this.#take(':') ? this.#factor() : undefined;
      value = { kind: 'filter', name, of: value, ...(argument ? { argument } : {}) };
    }
    return value;
  }

  #sum(): Expression {
    let left = this.#product();
    for (;;) {
      const operator = this.#take('+') ? '+' : this.#take('-') ? '-' : undefined;
      if (!operator) return left;
      left = { kind: 'operation', operator, left, right: this.#product() };
    }
  }

  #product(): Expression {
    let left = this.#factor();
    while (this.#take('*')) left = { kind: 'operation', operator: '*', left, right: this.#factor() };
    return left;
  }

  #factor(): Expression {
    const token = this.#next();
    if (token === '(') {
      const inner = this.filtered();
      if (!this.#take(')')) this.#fail();
      return inner;
    }
    if (/^['"]/.test(token)) return { kind: 'value', value: token.slice(1, -1) };
    if (/^\d/.test(token)) return { kind: 'value', value: Number(token) };
    if (!/^[A-Za-z_]/.test(token)) this.#fail();
    return { kind: 'path', path: token.split('.') };
  }

  #next(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined) return this.#fail();
    this.#at += 1;
    return token.trim();
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at]?.trim() !== token) return false;
    this.#at += 1;
    return true;
  }

  #fail(): never {
    throw new ExpressionError(
      `"${this.#source}" is no expression: write a name, a number or a 'text', joined by + - * and | filters`,
    );
  }
}

/** The value of an expression. Raises an ExpressionError for a name that has no value. */
export function evaluate(expression: Expression, scope: Scope): unknown {
  if (expression.kind === 'value') return expression.value;
  if (expression.kind === 'path') {
    const value = scope.get(expression.path);
    if (value === undefined) throw new NoValueError(`"${expression.path.join('.')}" has no value here`);
    return value;
  }
  if (expression.kind === 'filter') {
    const argument = expression.argument ? evaluate(expression.argument, scope) : undefined;
    return (filters[expression.name] as Filter)(valueOr(expression, argument, scope), argument);
  }
  return operate(expression.operator, evaluate(expression.left, scope), evaluate(expression.right, scope));
}

function valueOr(filter: Expression & { kind: 'filter' }, argument: unknown, scope: Scope): unknown {
  try {
    return evaluate(filter.of, scope);
  } catch (error) {
    if (filter.name === 'or' && argument !== undefined && error instanceof NoValueError) return argument;
    throw error;
  }
}

/** The paths that an expression looks up. */
export function pathsOf(expression: Expression): (readonly string[])[] {
  if (expression.kind === 'path') return [expression.path];
  if (expression.kind === 'operation') return [...pathsOf(expression.left), ...pathsOf(expression.right)];
  if (expression.kind === 'filter') {
    return [...pathsOf(expression.of), ...(expression.argument ? pathsOf(expression.argument) : [])];
  }
  return [];
}

function operate(operator: '+' | '-' | '*', left: unknown, right: unknown): unknown {
  if (operator === '+') {
    if (Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
    const numbers = numeric(left) && numeric(right);
    return numbers ? number(left) + number(right) : text(left) + text(right);
  }
  if (operator === '*' && !numeric(left)) return repeated(text(left), number(right));
  return operator === '-' ? number(left) - number(right) : number(left) * number(right);
}

/** Characters that a repeated text may come to: more than any message, less than the memory. */
const longest = 1 << 26;

function repeated(value: string, times: number): string {
  if (times >= 0 && value.length * times <= longest) return value.repeat(times);
  throw new ExpressionError(`a text of ${value.length} characters cannot be repeated ${times} times`);
}

function numeric(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value));
}

function number(value: unknown): number {
  if (!numeric(value)) throw new ExpressionError(`${JSON.stringify(value)} is no number`);
  return Number(value);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new ExpressionError(`${JSON.stringify(value)} is no list`);
  return value;
}

function mapping(value: unknown): Readonly<Record<string, unknown>> {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new ExpressionError(`${JSON.stringify(value)} is no mapping`);
  return value as Readonly<Record<string, unknown>>;
}

function member(value: Readonly<Record<string, unknown>>, name: string): unknown {
  if (!Object.hasOwn(value, name)) throw new ExpressionError(`there is no "${name}" in it`);
  return value[name];
}

function toBase64(value: string): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(value)) binary += String.fromCharCode(byte);
  return btoa(binary);
}
