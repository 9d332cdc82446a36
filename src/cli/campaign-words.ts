import type { CampaignResult, CampaignStatus } from '../fuzz/campaign-options.ts';
import type { Finding } from '../fuzz/finding.ts';
import { moveInWords } from '../fuzz/words.ts';
import { many } from '../report/words.ts';

/** Moves of a finding that are shown. */
const shownMoves = 12;

/** How a campaign stands, in one line. */
export function statusLine(status: CampaignStatus): string {
  const rate = Math.round((1000 * status.executions) / Math.max(1, status.ms));
  const transitions =
    status.allTransitions === 0 ? '' : `, ${status.transitions}/${status.allTransitions} transitions`;
  return [
    `${status.executions} conversations, ${rate} a second`,
    `${status.states}/${status.allStates} states${transitions}, ${status.shapes} response shapes`,
    ...(status.edges === undefined ? [] : [`${status.edges} edges`]),
    `corpus ${status.corpus}`,
    many(status.findings, 'finding'),
    many(status.restarts, 'restart'),
    ...(status.left === undefined ? [] : [`${duration(status.left)} left`]),
  ].join(' · ');
}

/** Milliseconds as a person says them: `1 h 5 min`, `42 s`. */
function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}

/** What is said of a campaign when it is over, findings aside. */
export function lastWords({ stopped, limits, all }: CampaignResult): string[] {
  return [
    ...(limits === undefined ? [] : [`The target limits its pace: ${limits}.`]),
    ...(stopped === 'target-dead'
      ? ['The target does not serve anybody any more, so the campaign stopped.']
      : []),
    ...(stopped === 'interrupted' ? ['Interrupted.'] : []),
    ...(all.length === 0 ? ['Nothing was found.'] : []),
  ];
}

/** A finding with its moves and the command that holds it `again`. */
export function findingText(finding: Finding, again: string): string {
  const moves = finding.plans.flatMap((plan) => plan.moves);
  return [
    `${finding.id}  ${finding.symptom.message}`,
    `  ${finding.symptom.bucket} · ${finding.confirmed.times} of ${finding.confirmed.of} on a fresh target · minimised in ${finding.spent} executions`,
    ...(moves.length > shownMoves ? [`    … ${moves.length - shownMoves} moves before`] : []),
    ...moves.slice(-shownMoves).map((move) => `    ${moveInWords(move)}`),
    `  again: ${again}`,
    '',
  ].join('\n');
}
