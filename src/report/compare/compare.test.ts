import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../events/event.ts';
import { ansi } from '../paint.ts';
import { summarise } from '../summary.ts';
import { comparisonTerminal } from './as-terminal.ts';
import { type Comparison, compareRuns } from './compare.ts';
import { comparisonSchema } from './comparison.schema.ts';
import { type ForeignRun, type ForeignTest, laidForeign } from './foreign-run.ts';
import { type ComparisonFormatName, comparisonFormats } from './formats.ts';
import type { LaidCase, LaidRequirement, LaidRun } from './laid-run.ts';
import { laidSpar, whyNoReport } from './of-spar.ts';
import { readJUnit } from './read-junit.ts';
import { readTap } from './read-tap.ts';

const fixtures = fileURLToPath(new URL('../../../fixtures/', import.meta.url));
const text = (file: string): string => readFileSync(`${fixtures}${file}`, 'utf8');

/** Which way each run takes at a step of a case. */
const ways: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'all-pass': {
    'cpt/connect/a-name-in-use-is-declined': 'ACCEPT',
    'cpt/connect/a-free-name-is-accepted': 'ACCEPT',
  },
  interrupted: {
    'cpt/connect/a-name-in-use-is-declined': 'closed: any',
    'cpt/connect/a-free-name-is-accepted': 'ACCEPT',
  },
};

function ofSpar(run: string, label?: string): LaidRun {
  const events = text(`events/${run}.ndjson`)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RunEvent)
    .map((event) => {
      const took = event.event === 'case-finished' ? ways[run]?.[event.case] : undefined;
      if (event.event !== 'case-finished' || took === undefined) return event;
      const step = {
        text: 'alice < either: [ACCEPT, {closed: any}]',
        file: 'suites/cpt/server/connect.yaml',
        line: 7,
      };
      return { ...event, choices: [{ step, took }] };
    });
  return laidSpar(summarise(events), `${run}.ndjson`, label);
}

function foreign(run: ForeignRun, beside: LaidRun, label: string): LaidRun {
  const known = {
    requirements: new Map(beside.requirements.map((one) => [one.id, one])),
    cases: new Map(beside.cases.map((one) => [one.id, one])),
  };
  return laidForeign(run, known, label, label);
}

const good = ofSpar('all-pass', 'good');
const tap = foreign(readTap(text('foreign/other-harness.tap')), good, 'other-harness.tap');
const junit = foreign(readJUnit(text('foreign/other-harness.xml'), 'x'), good, 'other-harness.xml');

const comparisons: Readonly<Record<string, Comparison>> = {
  targets: compareRuns([good, ofSpar('broken', 'broken'), ofSpar('interrupted', 'interrupted')], 0),
  harnesses: compareRuns([good, tap, junit], 0),
};

describe.each(Object.keys(comparisons))('the comparison of %s', (name) => {
  const comparison = comparisons[name] as Comparison;

  it('is told at a terminal as agreed', async () => {
    const file = `${fixtures}golden/compare/${name}.txt`;
    await expect(comparisonTerminal(comparison)).toMatchFileSnapshot(file);
  });

  it.each(Object.keys(comparisonFormats) as ComparisonFormatName[])(
    'is written as %s as agreed',
    async (format) => {
      const { extension, render } = comparisonFormats[format];
      const written = (await render(comparison))
        // What all pages share is held to elsewhere.
        .replace(/<(style|script)>.*?<\/\1>/gs, '<$1/>')
        .replace(/sha256-[\w+/=]+/, '');
      await expect(written).toMatchFileSnapshot(`${fixtures}golden/compare/${name}.${extension}`);
    },
  );

  it('is JSON as its schema says', async () => {
    const check = new Ajv2020({ allErrors: true, validateFormats: false }).compile(comparisonSchema);
    check(JSON.parse(await comparisonFormats.json.render(comparison)));
    expect(check.errors).toBe(null);
  });

  it('has colours that add nothing', () => {
    const sgr = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
    const all = { paint: ansi, all: true };
    expect(comparisonTerminal(comparison, all)).toMatch(sgr);
    expect(comparisonTerminal(comparison, all).replace(sgr, '')).toBe(
      comparisonTerminal(comparison, { all: true }),
    );
  });
});

describe('what a test of another harness proves', () => {
  const statusOf = (run: LaidRun, id: string): string | undefined =>
    run.requirements.find((one) => one.id === id)?.status;

  it('is said by the id in its name, in any spelling, and the worst counts', () => {
    expect(statusOf(tap, 'CPT-001')).toBe('held');
    expect(statusOf(tap, 'CPT-008')).toBe('broken');
    expect(statusOf(tap, 'CPT-016')).toBe('held');
    expect(statusOf(tap, 'CPT-037')).toBe('skipped');
    expect(statusOf(tap, 'CPT-002')).toBe(undefined);
    expect(statusOf(tap, 'CPT-036')).toBe('warned');
    expect(tap.requirements.find(({ id }) => id === 'CPT-014')?.expected).toBe(true);
  });

  it('is what the case of spar proves that has its name, or what it says itself', () => {
    expect(statusOf(tap, 'CPT-028')).toBe('held');
    expect(statusOf(junit, 'CPT-017')).toBe('broken');
    expect(statusOf(junit, 'CPT-023')).toBe('held');
    expect(statusOf(junit, 'CPT-026')).toBe('held');
  });

  it('is nothing where its name only resembles an id', () => {
    const test: ForeignTest = { name: 'XCPT-0011 UTF-8', aliases: [], outcome: 'fail', proves: [] };
    expect(foreign({ source: 'tap', tests: [test] }, good, 'x').requirements).toEqual([]);
  });
});

describe('what other harnesses write', () => {
  const tests = (run: ForeignRun): string[] => run.tests.map(({ name, outcome }) => `${outcome} ${name}`);

  it('TAP: subtests once, with the names around them; tests without a name', () => {
    expect(tests(readTap(text('foreign/other-harness.tap')))).toEqual([
      'pass CPT-001 the port is 39168',
      'fail CPT-008: a name in use is declined',
      'pass sending > test_cpt_016_blanks_are_kept',
      'expected sending > CPT-014 a message is acknowledged',
      'pass cpt/sync/a-group-that-nobody-wrote-to: A group that nobody wrote to',
      'skip CPT-037',
      'pass UTF-8 in names',
      'fail starts within a second',
      'pass test 9',
      'pass CPT-008 a name in use in capitals',
      'fail CPT-036 reasons in lower case',
    ]);
  });

  it('TAP: with the line ends of another system, and other lines between', () => {
    const stream = 'npm run test\r\n1..2\r\nok 1 - a\r\nnoise\r\nnot ok 2 - b\r\n';
    expect(tests(readTap(stream))).toEqual(['pass a', 'fail b']);
  });

  it.each([
    ['1..3\nok 1\nok 2\n', 'it ended after 2 of 3 tests'],
    ['1..2\nok 1\nBail out! no disk\n', 'it bailed out: no disk'],
    ['ok 1\n', 'it ended before its plan was told'],
    ['ok 1\n1..1\n', undefined],
  ])('TAP that ends before its time: %j', (stream, stopped) => {
    expect(readTap(stream).stopped).toBe(stopped);
  });

  it('JUnit: nested suites, errors as failures, and entities', () => {
    expect(tests(readJUnit(text('foreign/other-harness.xml'), 'x'))).toEqual([
      'pass chat.Connect CPT-001 port & transport',
      'fail chat.Connect startsWithinASecond',
      'fail cpt.send an-unknown-target-is-declined',
      'pass chat.Sync empty group',
      'skip chat.Sync CPT-030',
    ]);
    const bare = '<testsuite><testcase name="a"/><testcase name="b" status="notrun"/></testsuite>';
    expect(tests(readJUnit(bare, 'x'))).toEqual(['pass a', 'skip b']);
    expect(tests(readJUnit(`<testsuites>${bare}<testcase name="c"/></testsuites>`, 'x'))).toHaveLength(3);
  });

  it('JUnit: as many entities as there may be in the output of a test', () => {
    const output = '&lt;&amp;&#60;&#x3c;&quot;'.repeat(100_000);
    const xml = `<testsuite><testcase name="&lt;a&gt;"><failure>${output}</failure></testcase></testsuite>`;
    expect(tests(readJUnit(xml, 'x'))).toEqual(['fail <a>']);
  });

  it.each([
    ['<a><b></a>', /this is no XML.*line 1|this is no XML/],
    ['<html/>', /is XML, but no JUnit report/],
    ['<testsuite><__proto__/></testsuite>', /this XML cannot be read/],
    [
      `<!DOCTYPE x [${Array.from({ length: 2000 }, (_, n) => `<!ENTITY e${n} "x">`).join('')}]><testsuite/>`,
      /this XML cannot be read/,
    ],
  ])('what is no JUnit is told: %.30s', (xml, message) => {
    expect(() => readJUnit(xml, 'x.xml')).toThrow(message);
  });
});

describe('what is new', () => {
  const requirement = (
    status: LaidRequirement['status'],
    more: Partial<LaidRequirement> = {},
  ): LaidRequirement => ({
    id: 'R-1',
    section: 'One',
    level: 'MUST',
    text: 'It holds.',
    warn: false,
    status,
    expected: false,
    brokenBy: [],
    ...more,
  });
  const oneCase = (id: string, outcome: LaidCase['outcome'], requirements: string[] = []): LaidCase => ({
    id,
    title: id,
    outcome,
    requirements,
    file: 'one.yaml',
    choices: [],
  });
  const run = (requirements: LaidRequirement[], cases: LaidCase[], more: Partial<LaidRun> = {}): LaidRun => ({
    label: 'x',
    from: 'x',
    source: 'spar',
    dialects: {},
    strict: false,
    requirements,
    cases,
    ...more,
  });
  const compared = (before: LaidRun, now: LaidRun) => {
    const { news, exit } = compareRuns([before, now], 0);
    const [{ failing, holding, warning, lost, added, removed } = { failing: undefined }] = news;
    return { exit, failing, holding, warning, lost, added, removed };
  };
  const none = { requirements: [], cases: [] };
  const nothing = {
    exit: 0,
    failing: none,
    holding: none,
    warning: none,
    lost: none,
    added: [],
    removed: [],
  };
  const r1 = { requirements: ['R-1'], cases: [] };

  it.each<[string, LaidRequirement[], LaidRequirement[], Partial<LaidRun>, object]>([
    ['held and held', [requirement('held')], [requirement('held')], {}, {}],
    ['held and broken', [requirement('held')], [requirement('broken')], {}, { exit: 1, failing: r1 }],
    ['broken and broken', [requirement('broken')], [requirement('broken')], {}, {}],
    ['skipped and broken', [requirement('skipped')], [requirement('broken')], {}, { exit: 1, failing: r1 }],
    ['nothing and broken', [], [requirement('broken')], {}, { exit: 1, failing: r1 }],
    [
      'held and broken as expected',
      [requirement('held')],
      [requirement('broken', { expected: true })],
      {},
      { lost: r1 },
    ],
    ['broken and held', [requirement('broken')], [requirement('held')], {}, { holding: r1 }],
    ['nothing and held', [], [requirement('held')], {}, {}],
    ['held and warned', [requirement('held')], [requirement('warned')], {}, { warning: r1 }],
    [
      'held and warned in a strict run',
      [requirement('held')],
      [requirement('warned')],
      { strict: true },
      { exit: 1, failing: r1 },
    ],
    ['held and not run', [requirement('held')], [requirement('not-run')], {}, { lost: r1 }],
    ['held and nothing', [requirement('held')], [], {}, {}],
  ])('of a requirement: %s', (_, before, now, more, news) => {
    expect(compared(run(before, []), run(now, [], more))).toEqual({ ...nothing, ...news });
  });

  const c = { requirements: [], cases: ['c'] };

  it.each<[string, LaidCase[], LaidCase[], object]>([
    ['pass and fail', [oneCase('c', 'pass')], [oneCase('c', 'fail')], { exit: 1, failing: c }],
    ['pass and error', [oneCase('c', 'pass')], [oneCase('c', 'error')], { exit: 1, failing: c }],
    ['warn and pass', [oneCase('c', 'warn')], [oneCase('c', 'pass')], { holding: c }],
    ['nothing and fail', [], [oneCase('c', 'fail')], { exit: 1, failing: c, added: ['c'] }],
    ['nothing and fail, of a requirement', [], [oneCase('c', 'fail', ['R-1'])], { added: ['c'] }],
    ['pass and nothing', [oneCase('c', 'pass')], [], { removed: ['c'] }],
    ['fail and expected', [oneCase('c', 'fail')], [oneCase('c', 'expected')], {}],
  ])('of a case: %s', (_, before, now, news) => {
    const known = [requirement('broken')];
    expect(compared(run(known, before), run(known, now))).toEqual({ ...nothing, ...news });
  });

  it('of tests of other harnesses, beside cases of spar, is not that they are others', () => {
    const other = run([], [oneCase('t', 'pass')], { source: 'tap' });
    expect(compared(run([], [oneCase('c', 'pass')]), other)).toEqual(nothing);
  });

  it('stands where the newer run has it', () => {
    const rows = compareRuns(
      [
        run([], [oneCase('a', 'pass'), oneCase('c', 'pass')]),
        run([], [oneCase('a', 'pass'), oneCase('b', 'pass'), oneCase('c', 'pass')]),
      ],
      0,
    ).cases;
    expect(rows.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  });
});

describe('what a target says', () => {
  const hostile = `</script><script>alert(1)</script>\u202e\0\x1b[2J|\`"'&`;
  const test: ForeignTest = { name: hostile, aliases: [], outcome: 'fail', proves: [] };
  const comparison = compareRuns(
    [good, foreign({ source: 'tap', tests: [test], stopped: hostile }, good, hostile)],
    0,
  );

  it.each(Object.keys(comparisonFormats) as ComparisonFormatName[])('is harmless in %s', async (format) => {
    const written = await comparisonFormats[format].render(comparison);
    for (const raw of ['\u202e', '\0', '\x1b', '</script><script>alert']) expect(written).not.toContain(raw);
    expect(written.includes('alert(1)')).toBe(true);
  });

  it('is harmless at a terminal', () => {
    expect(comparisonTerminal(comparison)).not.toMatch(/[\u202e\0\x1b]/);
  });
});

it.each([
  [{}, "must have required property 'run'"],
  [null, 'must be object'],
])('%j is no report of spar', (report, why) => {
  expect(whyNoReport(report)).toContain(why);
});
