import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../events/event.ts';
import { annotations, withoutCommands } from './annotations.ts';
import { type Summary, summarise } from './summary.ts';

function summaryOf(run: string): Summary {
  const file = new URL(`../../fixtures/events/${run}.ndjson`, import.meta.url);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return summarise(lines.map((line) => JSON.parse(line) as RunEvent));
}

/** What GitHub makes of a line: the reading of the runner, as far as it matters here. */
function read(line: string): { kind: string; message: string; properties: Record<string, string> } {
  const [, kind = '', told = '', message = ''] = /^::(\w+) ([^:]*)::(.*)$/.exec(line) ?? [];
  const plain = (text: string): string =>
    text.replace(/%(0A|0D|3A|2C|25)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  const pairs = told.split(',').map((pair) => pair.split('=') as [string, ...string[]]);
  const properties = pairs.map(([name, ...value]) => [name, plain(value.join('='))]);
  return { kind, message: plain(message), properties: Object.fromEntries(properties) };
}

/** A run of one failing case in which every text is this one. */
function hostile(text: string): Summary {
  const summary = summaryOf('broken');
  const [one] = summary.cases.filter(({ outcome }) => outcome === 'fail');
  if (!one) throw new Error('no case fails');
  const failures = one.failures.map((failure) => ({
    ...failure,
    message: text,
    requirements: [text],
    step: { text, file: text, line: 3 },
  }));
  const stale = [{ entry: text, reason: text }];
  return { ...summary, stale, cases: [{ ...one, id: text, title: text, repeat: text, failures }] };
}

describe('annotations for GitHub', () => {
  it('mark the step that fails, in the file as the repository has it', async () => {
    const lines = annotations(summaryOf('broken'), (file) => `sub/${file}`);
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(
      '../../fixtures/golden/report/broken.annotations.txt',
    );
  });

  it('say nothing of a run in which all holds', () => {
    expect(annotations(summaryOf('all-pass'), String)).toEqual([]);
  });

  it('are ten of a kind at the most; the last says how many there are besides', () => {
    const summary = summaryOf('broken');
    const [failing] = summary.cases.filter(({ outcome }) => outcome === 'fail');
    if (!failing) throw new Error('no case fails');
    const cases = Array.from({ length: 25 }, (_, at) => ({ ...failing, id: `case-${at}` }));
    const lines = annotations({ ...summary, stale: [], cases }, String);
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toContain('%0Aand 15 more cases');
  });

  it('are errors where warnings fail the run', () => {
    const summary = summaryOf('broken');
    const kinds = (strict: boolean): string[] => [
      ...new Set(
        annotations({ ...summary, run: { ...summary.run, strict } }, String).map((line) => read(line).kind),
      ),
    ];
    expect(kinds(false)).toEqual(['error', 'warning']);
    expect(kinds(true)).toEqual(['error']);
  });

  it.each([
    'a\nb',
    '\r\n::error::planted',
    '::set-env name=PATH::/tmp',
    'a,line=1::b',
    '100%, 50%25, %0A::error::',
    '\u0000\u001B[31m\u202E',
  ])('%j is one line, and comes out as it is shown', (text) => {
    const lines = annotations(hostile(text), String);
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(line.match(/::/g)?.length).toBeGreaterThanOrEqual(2);
    }
    const { kind, properties } = read(lines[0] ?? '');
    expect(kind).toBe('error');
    expect(Object.keys(properties)).toEqual(['file', 'line', 'title']);
    expect(properties['line']).toBe('3');
  });
});

it('a report is fenced from commands', () => {
  expect(withoutCommands('::error::planted\n', 'word')).toBe(
    '::stop-commands::word\n::error::planted\n::word::\n',
  );
});
