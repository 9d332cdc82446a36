import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { RunEvent } from '../events/event.ts';
import { sarifResults, wrongInSarif } from './sarif.testing.ts';
import { sarif } from './sarif.ts';
import { type Summary, summarise } from './summary.ts';

function summaryOf(run: string): Summary {
  const file = new URL(`../../fixtures/events/${run}.ndjson`, import.meta.url);
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return summarise(lines.map((line) => JSON.parse(line) as RunEvent));
}

it.each(['all-pass', 'broken', 'interrupted'])('the log of the run "%s" is SARIF', (run) => {
  expect(wrongInSarif(sarif(summaryOf(run)))).toEqual([]);
});

it('a log without a place, or with an absolute one, would be told', () => {
  const log = sarif(summaryOf('broken'));
  expect(wrongInSarif(log.replace(/"locations": \[[^\]]*\]/, '"locations": []'))[0]).toContain('locations');
  expect(wrongInSarif(log.replace('"uri": "', '"uri": "/')).join()).toContain('uri');
  expect(wrongInSarif(log.replace('"ruleIndex": 0', '"ruleIndex": 1')).join()).toContain('is not the rule');
});

it('a result is known again in another run, by its case', () => {
  const summary = summaryOf('broken');
  const moved = summary.cases.map((one) => ({ ...one, line: one.line + 7, ms: 1 }));
  const prints = (of: Summary): unknown => sarifResults(sarif(of)).map((one) => one.partialFingerprints);
  expect(prints({ ...summary, cases: moved })).toEqual(prints(summary));
  const hashes = sarifResults(sarif(summary)).map(
    (one) => one.partialFingerprints['primaryLocationLineHash'],
  );
  expect(new Set(hashes).size).toBe(hashes.length);
});
