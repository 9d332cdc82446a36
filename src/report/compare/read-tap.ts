import { Parser } from 'tap-parser';
import type { ForeignRun, ForeignTest } from './foreign-run.ts';

/** True if a text looks like TAP (testanything.org). */
export function looksLikeTap(text: string): boolean {
  return /^(TAP version \d+|\d+\.\.\d+|(not )?ok\b)/m.test(text);
}

/** What a TAP stream tells; a test within a subtest has the names of those around it before its own. */
export function readTap(text: string): ForeignRun {
  const tests: ForeignTest[] = [];
  let stopped: string | undefined;
  for (const [kind, value] of Parser.parse(text, { flat: true })) {
    if (kind === 'bailout') stopped = String(value) === '' ? 'it bailed out' : `it bailed out: ${value}`;
    if (kind === 'complete') stopped ??= missing(value as Totals);
    if (kind === 'assert') tests.push(testOf(value as Point));
  }
  return { source: 'tap', tests, ...(stopped !== undefined && { stopped }) };
}

interface Point {
  readonly ok: boolean;
  readonly fullname: string;
  readonly id: number;
  readonly skip: boolean | string;
  readonly todo: boolean | string;
}

interface Totals {
  readonly plan: { readonly start: number | null; readonly end: number | null };
  readonly count: number;
}

function testOf({ ok, fullname, id, skip, todo }: Point): ForeignTest {
  const name = fullname.trim() === '' ? `test ${id}` : fullname.trim();
  return {
    name,
    // The TAP of spar: the id of the case, and its title.
    aliases: [name.split(': ', 1)[0] ?? name],
    outcome: skip !== false ? 'skip' : ok ? 'pass' : todo !== false ? 'expected' : 'fail',
    proves: [],
  };
}

function missing({ plan, count }: Totals): string | undefined {
  if (plan.end === null || plan.start === null) return 'it ended before its plan was told';
  const planned = plan.end - plan.start + 1;
  return count < planned ? `it ended after ${count} of ${planned} tests` : undefined;
}
