import { type SarifResult, type SarifRule, sarifLog } from '../report/sarif-log.ts';
import type { Finding, Oracle } from './finding.ts';
import { moveInWords } from './words.ts';

const rules: Readonly<Record<Oracle, Omit<SarifRule, 'id'>>> = {
  death: { text: 'What a peer sends does not end the process.', level: 'error' },
  hang: { text: 'What a peer sends does not keep others from being served.', level: 'error' },
  deaf: { text: 'An open connection is answered or closed.', level: 'warning' },
  breach: { text: 'Replies keep to the protocol, whatever was sent.', level: 'warning' },
  accepted: { text: 'What is malformed is not answered as if it were well.', level: 'warning' },
  neighbour: { text: 'One session does not disturb another or hear what is not its own.', level: 'error' },
  leak: { text: 'Replies and output do not show the inside of the target.', level: 'error' },
  growth: { text: 'Memory does not grow without end.', level: 'warning' },
};

const movesTold = 12;

/** The findings of a campaign as SARIF. `fileOf` tells where the case of a finding stands in the repository. */
export function findingSarif(
  version: string,
  findings: readonly Finding[],
  fileOf: (finding: Finding) => string,
): string {
  return sarifLog(
    version,
    findings.map((finding) => resultOf(finding, fileOf(finding))),
  );
}

function resultOf(finding: Finding, file: string): SarifResult {
  const { oracle, bucket, message } = finding.symptom;
  const rule: SarifRule = { id: `spar/${oracle}`, ...rules[oracle] };
  const moves = finding.plans.flatMap((plan) => plan.moves).slice(-movesTold);
  const { times, of } = finding.confirmed;
  const lines = [
    message,
    `Seen ${times} of ${of} times on a fresh target, after:`,
    ...moves.map((move) => `- ${moveInWords(move)}`),
    `Again: npx spar replay ${file}`,
  ];
  return { rule, level: rule.level, message: lines.join('\n'), file, line: 1, identity: bucket };
}
