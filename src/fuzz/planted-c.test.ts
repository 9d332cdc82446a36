import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fixture } from '../run/process.testing.ts';
import { type Planted, PlantedTarget } from './planted.testing.ts';

const folder = mkdtempSync(join(tmpdir(), 'spar-planted-'));
afterAll(() => rmSync(folder, { recursive: true }));

const common = ['-O1', '-g', '-fno-omit-frame-pointer'];
const compilers = {
  plain: ['-fstack-protector-all'],
  sanitized: ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
  /** What is undefined is told, and goes on. */
  told: ['-fsanitize=undefined'],
} as const;

/** What the plain process does not show is told by the sanitizers alone. */
const planted: readonly (Planted & { readonly in: 'both' | 'sanitizers' | 'sanitized' })[] = [
  { bug: 'long-target', oracle: 'death', moves: 3, in: 'both' },
  { bug: 'name-32', oracle: 'death', moves: 2, in: 'sanitized' },
  { bug: 'gone-writer', oracle: 'death', moves: 6, in: 'sanitized' },
  { bug: 'half-line', oracle: 'death', moves: 2, in: 'both' },
  { bug: 'cut-line', oracle: 'death', moves: 2, in: 'both' },
  { bug: 'format', oracle: 'death', moves: 3, in: 'both' },
  { bug: 'length', oracle: 'death', moves: 3, in: 'both' },
  { bug: 'number', oracle: 'death', moves: 3, in: 'sanitizers' },
  { bug: 'recursion', oracle: 'death', moves: 3, in: 'both' },
  { bug: 'loop', oracle: 'hang', moves: 2, hang: 1000, in: 'both' },
  { bug: 'fifth-message', oracle: 'death', moves: 7, in: 'both' },
  { bug: 'leak', oracle: 'growth', moves: 2, in: 'both' },
  { bug: 'declined', oracle: 'breach', moves: 2, in: 'both' },
  { bug: 'leftovers', oracle: 'breach', moves: 2, in: 'both' },
];

const shows = {
  plain: new Set(['both']),
  sanitized: new Set(['both', 'sanitizers', 'sanitized']),
  told: new Set(['sanitizers']),
} as const satisfies Record<keyof typeof compilers, ReadonlySet<string>>;

const compiler = 'gcc';
const missing = !works(compiler);
if (missing && process.env['SPAR_CI'] === '1') throw new Error(`${compiler} is missing, and this is the CI`);

describe.skipIf(missing)(`in C${missing ? `, skipped since there is no ${compiler}` : ''}`, () => {
  describe.each(Object.keys(compilers) as (keyof typeof compilers)[])('%s', (kind) => {
    const shown = planted.filter((one) => shows[kind].has(one.in));

    test.each(shown)('finds, confirms and minimises $bug', { timeout: 240_000 }, async (one) => {
      await (await target(kind)).proves(one);
    });

    test('finds nothing where nothing is planted', { timeout: 240_000 }, async () => {
      const { all } = await (await target(kind)).campaign([], { until: { executions: 2000 } });
      expect(all).toEqual([]);
    });
  });
});

const targets = new Map<string, Promise<PlantedTarget>>();

/** The server, compiled when it is first asked for. */
function target(kind: keyof typeof compilers): Promise<PlantedTarget> {
  const made = targets.get(kind) ?? PlantedTarget.of('cpt', `"${compiled(kind)}" {port}`);
  targets.set(kind, made);
  return made;
}

function compiled(kind: keyof typeof compilers): string {
  const program = join(folder, kind);
  execFileSync(compiler, [...common, ...compilers[kind], '-o', program, fixture('buggy-cpt.c')]);
  return program;
}

function works(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
