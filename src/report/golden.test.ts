import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { Parser } from 'tap-parser';
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../events/event.ts';
import { type FormatName, formats } from './format.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { ansi } from './paint.ts';
import { reportSchema } from './report.schema.ts';
import { type Summary, summarise } from './summary.ts';
import { tap } from './tap.ts';
import { terminal } from './terminal.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));

function eventsOf(run: string): RunEvent[] {
  const lines = readFileSync(`${fixtures}events/${run}.ndjson`, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as RunEvent);
}

function summaryOf(run: string): Summary {
  return summarise(eventsOf(run));
}

/** A page without its style and its script, which no reader sees. */
function withoutLooks(text: string): string {
  return text.replace(/<style>[^<]*<\/style>|<script>.*?<\/script>|sha256-[\w+/=]*/gs, '');
}

const runs = ['all-pass', 'broken', 'interrupted'];

describe.each(runs)('the reports of the run "%s"', (run) => {
  const summary = summaryOf(run);

  test.each(Object.keys(formats) as FormatName[])('%s is as agreed', async (name) => {
    const { extension, render } = formats[name];
    const text = await render(summary);
    await expect(name === 'html' ? withoutLooks(text) : text).toMatchFileSnapshot(
      `${fixtures}golden/report/${run}.${extension}`,
    );
  });

  test.each([13, 14] as const)('TAP %i is read back by tap-parser in strict mode', (version) => {
    const events = Parser.parse(tap(summary, version), { strict: true });
    expect(events).toContainEqual(['version', version]);
    expect(events.filter(([kind]) => kind === 'assert')).toHaveLength(
      summary.counts.total + summary.stale.length,
    );
  });

  test('JUnit is well-formed, and its totals are those of its cases', () => {
    const xml = junit(summary);
    expect(XMLValidator.validate(xml)).toBe(true);
    const parser = new XMLParser({ ignoreAttributes: false });
    const { testsuites } = parser.parse(xml);
    const cases = [testsuites.testsuite].flat().flatMap((suite) => [suite.testcase ?? []].flat());
    expect(cases).toHaveLength(Number(testsuites['@_tests']));
    for (const [total, element] of [
      ['failures', 'failure'],
      ['errors', 'error'],
      ['skipped', 'skipped'],
    ] as const) {
      expect(cases.filter((one) => element in one)).toHaveLength(Number(testsuites[`@_${total}`]));
    }
  });

  test('JSON is as its schema says, and holds the whole summary', () => {
    const report = JSON.parse(json(summary));
    const validate = new Ajv2020({ allErrors: true }).compile(reportSchema);
    validate(report);
    expect(validate.errors).toBeNull();
    const { $schema, ...rest } = report;
    expect($schema).toBe(reportSchema['$id']);
    expect(rest).toEqual(JSON.parse(JSON.stringify(summary)));
  });
});

test('a run that passes fits on a screen', () => {
  expect(terminal(summaryOf('all-pass')).split('\n').length).toBeLessThan(20);
});

test('TAP tells verdicts apart as its readers do', () => {
  const results: Record<string, number> = {};
  const parser = new Parser({ strict: true }, ({ count, pass, fail, skip, todo, ok }) => {
    Object.assign(results, { count, pass, fail, skip, todo, ok: Number(ok) });
  });
  parser.end(tap(summaryOf('broken')));
  expect(results).toEqual({ count: 48, pass: 36, fail: 12, skip: 3, todo: 1, ok: 0 });
});

test('TAP gives the hostile octets of a target back as they were printed', () => {
  const diags = Parser.parse(tap(summaryOf('broken')), { strict: true }).flatMap((event) =>
    event[0] === 'assert' && event[1].diag ? [event[1].diag] : [],
  );
  expect(diags).toContainEqual(
    expect.objectContaining({
      failures: [
        expect.objectContaining({
          actual: String.raw`ACX \x1b[2J\x1b]0;owned\x07 ]]></failure><script>alert(1)</script>\x00`,
        }),
      ],
    }),
  );
});

test('TAP of a run that was cut off bails out', () => {
  const text = tap(summaryOf('interrupted'));
  expect(Parser.parse(text, { strict: true })).toContainEqual(['bailout', 'the run was cut off']);
});

test('colour adds nothing but colour', () => {
  const summary = summaryOf('broken');
  const colourful = terminal(summary, { paint: ansi });
  const sgr = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
  expect(colourful).toMatch(sgr);
  expect(colourful.replace(sgr, '')).toBe(terminal(summary));
});

test('beyond the wished number, failing cases are listed by their reasons', () => {
  const text = terminal(summaryOf('broken'), { full: 1 });
  expect(text).toContain('8 more failing cases, in short');
  expect(text).toContain('where the step accepts no end.\n    cpt/transport/empty-lines-are-passed-over\n');
  expect(text).toContain('cpt/send/the-receiver-gets-the-message-once (FLAKY 1 of 3)');
  expect(text.match(/^✗ cpt/gm)).toHaveLength(1);
});

test('passing cases are told if their transcripts were kept', () => {
  const transcript = [{ at: 1.25, peer: 'alice', what: 'receive', text: 'ACCEPT' }] as const;
  const events = eventsOf('all-pass').map((event) =>
    event.event === 'case-finished' ? { ...event, transcript } : event,
  );
  expect(terminal(summarise(events))).not.toContain('alice');
  expect(terminal(summarise(events, { allTranscripts: true }))).toContain(
    '✓ cpt/transport/a-line-is-utf-8  A line is UTF-8\n      1.3 ms  alice <: ACCEPT\n',
  );
});

test('the caret stands below the first character that differs, wherever the text is cut', () => {
  const lines = terminal(summaryOf('broken')).split('\n');
  const carets = lines.flatMap((line, index) => (line.includes('^ octet') ? [index] : []));
  const columns = carets.map((index) => (lines[index] ?? '').indexOf('^'));
  const marked = carets.map((index, at) =>
    [lines[index - 2], lines[index - 1]].map((line) => line?.charAt(columns[at] ?? 0)),
  );
  expect(marked).toEqual([
    ['c', 'd'],
    ['K', 'X'],
  ]);
});
