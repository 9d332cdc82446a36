import { SparError } from '../problem/problem.ts';
import { named } from './named.ts';

type Line = Readonly<Record<string, unknown>>;

/** One target of a command line, and what it is to be called. */
export interface TargetLine {
  readonly line: Line;
  readonly name?: string;
}

/** What cannot be shared by several runs. */
const forOne = ['record', 'recording', 'listen', 'all', 'accept', 'watch'] as const;

/**
 * A command line for each target that a command line names with `--target` and `--spawn`, `name=` before
 * each if wished. Raises a SparError.
 */
export function targetLines(line: Line): TargetLine[] {
  const { target, spawn, ...rest } = line;
  const wished = [
    ...list(target).map((text) => ({ key: 'target', ...named(text) })),
    ...list(spawn).map((text) => ({ key: 'spawn', ...named(text) })),
  ];
  const unclear = wished.length === 2 && list(target).length === 1 && wished.every(({ name }) => !name);
  if (wished.length === 0 || unclear) return [{ line }];
  const alone = wished.length > 1 ? forOne.find((key) => line[key] !== undefined) : undefined;
  if (alone !== undefined)
    throw new SparError({
      fault: 'user',
      what: `--${alone} is for one target, and here are ${wished.length}`,
    });
  return wished.map(({ key, name, rest: text }) => ({
    line: { ...rest, [key]: text },
    ...(name !== undefined && { name }),
  }));
}

function list(value: unknown): string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map(String);
}
