import type { Problem } from '../problem/problem.ts';
import { didYouMean } from '../problem/suggest.ts';

/** One choice that the document leaves open. */
export interface Dialect {
  readonly name: string;
  readonly default: string;
  /** Empty where any value goes, e.g. a number of seconds. */
  readonly options: readonly string[];
  readonly about?: string;
  /** Why no question to a target tells it. */
  readonly hidden?: string;
  /** What an option changes in the protocol file. */
  readonly changes: Readonly<Record<string, unknown>>;
}

interface RawDialect {
  readonly default: string | number | boolean;
  readonly options?: readonly unknown[] | Record<string, unknown>;
  readonly about?: string;
  readonly 'probe-not'?: string;
}

export function readDialects(raw: Readonly<Record<string, RawDialect>> | undefined): Dialect[] {
  return Object.entries(raw ?? {}).map(([name, dialect]) => {
    const listed = dialect.options;
    const options = Array.isArray(listed) ? listed.map(String) : Object.keys(listed ?? {});
    return {
      name,
      default: String(dialect.default),
      options,
      ...(dialect.about === undefined ? {} : { about: dialect.about }),
      ...(dialect['probe-not'] === undefined ? {} : { hidden: dialect['probe-not'] }),
      changes: Array.isArray(listed) || listed === undefined ? {} : (listed as Record<string, unknown>),
    };
  });
}

/** The value of every dialect: those chosen, and the defaults. Problems for names and options that are not known. */
export function chooseDialects(
  dialects: readonly Dialect[],
  chosen: Readonly<Record<string, string>>,
): { readonly values: Record<string, string>; readonly problems: Problem[] } {
  const values: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const dialect of dialects) values[dialect.name] = dialect.default;
  for (const [name, value] of Object.entries(chosen)) {
    const dialect = dialects.find((one) => one.name === name);
    if (!dialect) {
      problems.push(
        wrong(
          `there is no dialect "${name}"`,
          name,
          dialects.map((one) => one.name),
        ),
      );
    } else if (dialect.options.length > 0 && !dialect.options.includes(value)) {
      problems.push(wrong(`the dialect "${name}" cannot be "${value}"`, value, dialect.options));
    } else values[name] = value;
  }
  return { values, problems };
}

function wrong(what: string, word: string, known: readonly string[]): Problem {
  return { fault: 'user', what, mend: didYouMean(word, known) };
}

/** The protocol file with the changes of the chosen options laid over it, mapping by mapping. */
export function applyDialects<T>(
  file: T,
  dialects: readonly Dialect[],
  values: Readonly<Record<string, string>>,
): T {
  let result: unknown = file;
  for (const dialect of dialects) {
    const change = dialect.changes[values[dialect.name] ?? ''];
    if (change !== null && change !== undefined) result = merge(result, change);
  }
  return result as T;
}

function merge(base: unknown, change: unknown): unknown {
  if (!isPlain(base) || !isPlain(change)) return change;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(change)) merged[key] = merge(merged[key], value);
  return merged;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
