import { gist } from './case-lines.ts';
import type { CaseSummary } from './case-summary.ts';
import { type SarifLevel, type SarifResult, type SarifRule, sarifLog } from './sarif-log.ts';
import type { Summary } from './summary.ts';

/** The failing cases and warnings of a run as SARIF: a rule for each requirement, the step as the place. */
export function sarif({ run, cases, requirements }: Summary): string {
  const rules = new Map(
    requirements.map(({ id, level, text, warn }): [string, SarifRule] => [
      id,
      { id, text: `${level}: ${text}`, level: warn ? 'warning' : 'error' },
    ]),
  );
  const told = cases.filter(({ outcome }) => outcome === 'fail' || outcome === 'warn');
  return sarifLog(
    run.spar,
    told.map((one) => resultOf(one, run.strict, rules)),
  );
}

/** What fails without breaking a requirement: a control, a target that is gone. */
const noRequirement: SarifRule = { id: 'spar/case', text: 'The case holds.', level: 'error' };

function resultOf(one: CaseSummary, strict: boolean, rules: ReadonlyMap<string, SarifRule>): SarifResult {
  const ids = one.failures.flatMap(({ requirements }) => requirements);
  const level: SarifLevel = one.outcome === 'fail' || strict ? 'error' : 'warning';
  const step = one.failures.find((failure) => failure.step !== undefined)?.step;
  const again = one.repeat === undefined ? '' : `\nAgain: ${one.repeat}`;
  return {
    rule: ids.map((id) => rules.get(id)).find((rule) => rule !== undefined) ?? noRequirement,
    level,
    message: `${one.title}: ${gist(one)}${again}`,
    file: step?.file ?? one.file,
    line: step?.line ?? one.line,
    identity: one.id,
  };
}
