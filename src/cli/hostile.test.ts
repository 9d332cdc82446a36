import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import type { CaseFinished } from '../events/event.ts';
import { type Ended, eventsOf, onlyRun, spar, target, workshop } from './program.testing.ts';

// Each test starts programs of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let folder = '';
let clear: () => Promise<void>;

beforeAll(async () => {
  ({ folder, clear } = await workshop());
});

afterAll(() => clear());

interface Held extends Ended {
  readonly cases: readonly CaseFinished[];
  readonly run: string;
}

/** Holds the parrot's suite, or another, with one of the targets; the reports stand in a folder of its own. */
async function hold(name: string, more: readonly string[] = [], protocol = './parrot'): Promise<Held> {
  const reports = `${name}-${protocol.replace('./', '')}`;
  const ended = await spar(['run', protocol, '--spawn', target(name), '--reports', reports, ...more], folder);
  const run = await onlyRun(join(folder, reports));
  const cases = (await eventsOf(run)).filter((event) => event.event === 'case-finished');
  return { ...ended, cases, run };
}

const causes = (held: Held): Set<unknown> => new Set(held.cases.map((one) => one.cause));

describe('a hostile target breaks no run', () => {
  it.concurrent.for<[string, string]>([
    ['accepts-and-says-nothing', 'silent'],
    ['closes-at-accept', 'closed'],
    ['resets-in-the-middle', 'reset'],
    ['says-what-is-no-text', 'mismatch'],
    ['writes-one-endless-line', 'garbage'],
    ['floods', 'flood'],
    ['sends-ten-thousand-unasked', 'flood'],
  ])('nothing is green, and the cause is told: %s', async ([name, cause], { expect }) => {
    const held = await hold(name, ['--deadline', '4000', '--confirm', '1']);
    expect(held.code).toBe(1);
    expect(held.cases.map((one) => one.verdict)).toEqual(['fail', 'fail', 'fail', 'fail']);
    expect(causes(held)).toContain(cause);
    expect((await readdir(held.run)).sort()).toEqual(['events.ndjson', 'report.html', 'report.json']);
  });

  it.concurrent('the whole CPT suite against one that says nothing', async ({ expect }) => {
    const held = await hold('accepts-and-says-nothing', [], 'cpt');
    expect(held.code).toBe(1);
    const testable = held.cases.filter((one) => !one.cause?.startsWith('needs-'));
    expect(testable.length).toBeGreaterThan(100);
    expect(testable.filter((one) => one.verdict !== 'fail')).toEqual([]);
    const broken = new Set(
      held.cases.flatMap((one) => one.failures.flatMap((failure) => failure.requirements)),
    );
    expect([...broken]).toEqual(['CPT-013']);
  });

  it.concurrent.for(['repeats', 'drips'])('where it is odd, but right: %s', async (name, { expect }) => {
    const held = await hold(name);
    expect(held.code).toBe(0);
    expect(held.cases.map((one) => one.verdict)).toEqual(['pass', 'pass', 'pass', 'pass']);
  });

  it.concurrent('is started again when it dies, and the case that killed it is told from the others', async ({
    expect,
  }) => {
    const held = await hold('dies-of-a-word');
    expect(held.code).toBe(1);
    const verdicts = Object.fromEntries(held.cases.map((one) => [one.case.split('/').at(-1), one.verdict]));
    expect(verdicts).toEqual({ greeting: 'pass', 'said-again': 'pass', 'said-once': 'pass', poison: 'fail' });
    expect(held.cases.find((one) => one.verdict === 'fail')?.cause).toBe('died');
  });

  it.concurrent('hangs after some connections: the run stops and says so', async ({ expect }) => {
    const held = await hold('hangs-after-five', ['--repeat', '4', '--jobs', '1', '--deadline', '300']);
    expect(held.code).toBe(1);
    expect(held.stdout).toContain('does not serve new connections any more');
  });

  it.concurrent('what it says is harmless on the terminal and in every report', async ({ expect }) => {
    const held = await hold('says-escapes', ['--format', 'tap,junit,json,markdown', '--verbose']);
    expect(held.code).toBe(1);
    const files = await readdir(held.run);
    const texts = await Promise.all(files.map((file) => readFile(join(held.run, file), 'utf8')));
    for (const text of [held.stdout, held.stderr, ...texts]) {
      expect(text).not.toMatch(/(?![\n\t])[\p{Cc}\u202e]/u);
    }
  });
});
