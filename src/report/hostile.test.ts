import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { Parser } from 'tap-parser';
import { expect, test } from 'vitest';
import type { Cause, RunEvent } from '../events/event.ts';
import type { Verdict } from '../events/verdict.ts';
import { htmlReport } from './html/html.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { markdown } from './markdown.ts';
import { reportSchema } from './report.schema.ts';
import { type Summary, summarise } from './summary.ts';
import { tap } from './tap.ts';
import { terminal } from './terminal.ts';

/** Texts that mean something to a terminal or to one of the formats. */
const loaded = [
  '\u001B[2J\u001B]0;title\u0007',
  '\u009B31m',
  '\0',
  '\r\n',
  '\n  ...\nok 1 - forged',
  '\nBail out!',
  '  ---\n  a: [',
  '# SKIP',
  ' # TODO \\',
  '# time=12ms',
  ']]>',
  '</failure></testcase>',
  '<!-- &amp; <!DOCTYPE x>',
  '&#0;',
  '</script><script>alert(1)</script>',
  '</details>',
  '```',
  '````\n<b>',
  '|',
  '\\|',
  '\\',
  '\uD800',
  '\uDC00\uD800',
  '\uFFFE',
  '\uFFFF',
  '\uFEFF',
  '\u202E',
  '\u2028',
  '{',
  '}',
  '"',
  "'",
  ': ',
  '- ',
  '%YAML',
  '__proto__',
  'constructor',
];

const hostile = fc
  .array(fc.oneof(fc.constantFrom(...loaded), fc.string({ unit: 'binary' })), { maxLength: 4 })
  .map((parts) => parts.join(''));

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const verdict = fc.constantFrom<Verdict[]>('pass', 'fail', 'warn', 'skip', 'error');
const cause = fc.constantFrom<Cause[]>(
  'mismatch',
  'rule',
  'died',
  'control',
  'harness',
  'interrupted',
  'needs-fact',
);
const what = fc.constantFrom('connect', 'send', 'receive', 'end', 'reset', 'close', 'note');

const caseEnd = fc.record(
  {
    event: fc.constant('case-finished'),
    at: fc.nat(),
    verdict,
    cause,
    reason: hostile,
    ms: fc.nat(),
    attempts: fc.array(fc.record({ verdict, ms: fc.nat(), message: hostile }), { maxLength: 3 }),
    failures: fc.array(
      fc.record(
        {
          cause,
          message: hostile,
          requirements: fc.array(hostile, { maxLength: 2 }),
          step: fc.record({ text: hostile, file: hostile, line: fc.nat(), index: fc.nat(2) }),
          rule: hostile,
          peer: hostile,
          expected: hostile,
          actual: hostile,
          differsAt: fc.nat(),
          details: fc.array(hostile, { maxLength: 2 }),
        },
        { requiredKeys: ['cause', 'message', 'requirements'] },
      ),
      { maxLength: 2 },
    ),
    notes: fc.array(hostile, { maxLength: 2 }),
    rules: fc.array(hostile, { maxLength: 2 }),
    transcript: fc.array(
      fc.record(
        { at: fc.nat(), peer: hostile, what, text: hostile, hex: hostile, message: hostile, step: fc.nat(2) },
        { requiredKeys: ['at', 'peer', 'what', 'text'] },
      ),
      { maxLength: 4 },
    ),
    repeat: hostile,
    expected: hostile,
  },
  { requiredKeys: ['event', 'at', 'verdict', 'ms', 'attempts', 'failures', 'notes'] },
);

const run = fc
  .record({
    texts: fc.array(hostile, { minLength: 16, maxLength: 16 }),
    ends: fc.array(fc.tuple(hostile, hostile, hostile, hostile, caseEnd), { maxLength: 4 }),
    strict: fc.boolean(),
    finish: optional(fc.record({ message: hostile, entry: hostile, reason: hostile })),
  })
  .map(({ texts, ends, strict, finish }): RunEvent[] => {
    const [
      id,
      time,
      spar,
      name,
      title,
      path,
      label,
      key,
      value,
      req,
      section,
      text,
      why,
      rule,
      said,
      signal,
    ] = texts as [string, ...string[]];
    const info = { id: req, section, text, level: 'MUST', binds: 'both', warn: false };
    const events = [
      {
        event: 'run-started',
        run: id,
        time,
        spar,
        protocol: { name, title, path },
        role: 'server',
        target: { kind: 'spawn', label },
        seed: 1,
        dialects: Object.fromEntries([[key, value]]),
        options: {},
        strict,
        requirements: [info, { ...info, id: `${req}-`, untestable: why }],
        rules: [{ id: rule, proves: [req] }],
        cases: ends.map(([caseId, caseTitle, file, caseSection], index) => ({
          id: `${index}${caseId}`,
          title: caseTitle,
          file,
          section: caseSection,
          line: index,
          proves: [req, text],
        })),
      },
      { event: 'target', at: 1, what: 'output', text: said },
      { event: 'target', at: 1, what: 'restarted', text: said, signal },
      ...ends.map(([caseId, , , , end], index) => ({ ...end, case: `${index}${caseId}` })),
      finish && {
        event: 'run-finished',
        at: 9,
        time,
        message: finish.message,
        stale: [{ entry: finish.entry, reason: finish.reason }],
        exit: 1,
      },
    ];
    return events.filter((event) => event !== undefined) as RunEvent[];
  });

function holds(check: (summary: Summary) => void): void {
  fc.assert(
    fc.property(run, (events) => {
      check(summarise(events));
    }),
    { numRuns: 150 },
  );
}

/** Controls but the line end, characters that turn text, lone surrogates. */
const raw = /[^\P{Cc}\n]|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}/u;

test('the terminal gets no control character but the line end', () => {
  holds((summary) => expect(terminal(summary)).not.toMatch(raw));
});

test('TAP keeps its points, in strict mode', () => {
  holds((summary) => {
    const text = tap(summary);
    expect(text).not.toMatch(raw);
    const events = Parser.parse(text, { strict: true });
    const complete = events.find(([kind]) => kind === 'complete')?.[1] as {
      failures: { tapError?: string }[];
    };
    expect(complete.failures.filter(({ tapError }) => tapError)).toEqual([]);
    const points = events.filter(([kind]) => kind === 'assert');
    expect(points).toHaveLength(summary.cases.length + summary.stale.length);
    expect(events.filter(([kind]) => kind === 'extra')).toEqual([]);
    expect(events.filter(([kind]) => kind === 'bailout')).toHaveLength(summary.run.stopped ? 1 : 0);
    const skipped = summary.cases.filter(({ outcome }) => outcome === 'skip' || outcome === 'not-held');
    expect(points.filter(([, point]) => (point as { skip?: unknown }).skip)).toHaveLength(skipped.length);
  });
});

test('JUnit stays well-formed and keeps its cases', () => {
  const parser = new XMLParser({
    ignoreAttributes: false,
    isArray: (name) => /^test(suite|case)$/.test(name),
  });
  holds((summary) => {
    const xml = junit(summary);
    expect(xml).not.toMatch(raw);
    expect(XMLValidator.validate(xml)).toBe(true);
    const suites: { testcase?: unknown[] }[] = parser.parse(xml).testsuites.testsuite ?? [];
    const cases = suites.flatMap(({ testcase = [] }) => testcase);
    expect(cases).toHaveLength(summary.cases.length + summary.stale.length);
  });
});

test('JSON is as its schema says, gives every text back, and holds no raw control', () => {
  const validate = new Ajv2020().compile(reportSchema);
  holds((summary) => {
    const text = json(summary);
    expect(text).not.toMatch(raw);
    expect(text).not.toContain('</');
    const report = JSON.parse(text);
    validate(report);
    expect(validate.errors).toBeNull();
    expect(report.cases).toEqual(JSON.parse(JSON.stringify(summary.cases)));
  });
});

test('Markdown has no tag but our own, and every row of a table has its cells', () => {
  holds((summary) => {
    const text = markdown(summary);
    expect(text).not.toMatch(raw);
    const open = text.replace(/^(`{3,})text\n[\s\S]*?\n\1$/gm, '');
    const tags = open.match(/<[^>]*>?/g) ?? [];
    expect(tags.filter((tag) => !/^<\/?(details|summary|code|b|i)>$/.test(tag))).toEqual([]);
    const tables = open.match(/(^\| .*\n)+/gm) ?? [];
    expect(tables).toHaveLength(2);
    for (const table of tables) {
      const widths = table
        .trim()
        .split('\n')
        .map((line) => line.split('|').length);
      expect(new Set(widths).size).toBe(1);
    }
  });
});

test('HTML is closed as it was opened, of its own elements only, with nothing that runs', () => {
  const own = new Set(
    (
      'html head meta title style body main script a header p h1 h2 h3 code dl div dt dd time details summary ' +
      'nav section table thead tbody tr th td br ul ol li span b i em strong mark form input fieldset legend ' +
      'label select option button output figure figcaption footer'
    ).split(' '),
  );
  holds((summary) => {
    const text = htmlReport(summary);
    expect(text).not.toMatch(raw);
    const open = text.replace(/<style>[^<]*<\/style>|<script>.*?<\/script>/gs, '');
    const asXml = open.replace('<!DOCTYPE html>', '').replace(/<(?:meta|br|input)\b[^>]*/g, '$&/');
    expect(XMLValidator.validate(asXml)).toBe(true);
    const names = [...open.matchAll(/<([a-z][\w-]*)/gi)].map(([, name]) => name as string);
    expect(names.filter((name) => !own.has(name))).toEqual([]);
    expect(text.match(/<script/g)).toHaveLength(1);
    expect(open).not.toMatch(/<[^>]* on\w+=/);
  });
});
