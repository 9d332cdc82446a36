import { expect, it } from 'vitest';
import { sarifResults, wrongInSarif } from '../report/sarif.testing.ts';
import { type Finding, type Oracle, oracles } from './finding.ts';
import { findingSarif } from './finding-sarif.ts';

function finding(oracle: Oracle, message: string): Finding {
  return {
    id: 'F1',
    symptom: { oracle, bucket: `${oracle}/fresh/SAY`, message },
    plans: [{ plan: 1, moves: [{ do: 'open', peer: 'p1' }] }],
    confirmed: { times: 3, of: 3 },
    spent: 20,
    transcript: [],
    output: '',
    hits: 1,
  };
}

const log = (...found: Finding[]): string =>
  findingSarif('1.2.3', found, ({ id }) => `reports/fuzz cpt/findings/${id}.yaml`);

it('findings of every oracle are SARIF, and so is a campaign that found nothing', () => {
  expect(wrongInSarif(log())).toEqual([]);
  const text = log(...oracles.map((oracle) => finding(oracle, 'it died')));
  expect(wrongInSarif(text)).toEqual([]);
  expect(sarifResults(text).map(({ ruleId }) => ruleId)).toEqual(oracles.map((oracle) => `spar/${oracle}`));
  expect(text).toContain('"uri": "reports/fuzz%20cpt/findings/F1.yaml"');
});

it('what a target said is shown, and an alert is known again by its bucket', () => {
  const [one] = sarifResults(log(finding('death', 'said \u202E</script>\u0000\uD800')));
  expect(one?.message.text).toContain('said \\u{202e}</script>\\x00\\u{d800}');
  const [other] = sarifResults(log(finding('death', 'said something else')));
  expect(other?.partialFingerprints).toEqual(one?.partialFingerprints);
  const [third] = sarifResults(log(finding('hang', 'said something else')));
  expect(third?.partialFingerprints).not.toEqual(one?.partialFingerprints);
});
