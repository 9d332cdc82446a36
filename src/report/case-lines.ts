import type { Failure } from '../events/event.ts';
import { type CaseSummary, isFlaky } from './case-summary.ts';
import { causeWords } from './cause-words.ts';
import { differenceLines } from './difference-lines.ts';
import type { RequirementSummary } from './ledger.ts';
import type { Paint } from './paint.ts';
import { shown, shownTo } from './shown.ts';
import { transcriptLines } from './transcript-lines.ts';
import { wrap } from './words.ts';

/** How the story of a case is told. */
export interface Telling {
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
  readonly requirements: ReadonlyMap<string, RequirementSummary>;
}

/** The requirements of a report by their ids. */
export function requirementsById(
  requirements: readonly RequirementSummary[],
): ReadonlyMap<string, RequirementSummary> {
  return new Map(requirements.map((requirement) => [requirement.id, requirement]));
}

/** Everything about a case that did not pass, below its heading. */
export function caseLines(one: CaseSummary, telling: Telling): string[] {
  const parts = [
    ...one.failures.map((failure, index) => failureLines(failure, one.failures[index - 1], telling)),
    one.failures.length === 0 ? [gist(one)] : [],
    triesLines(one),
    conversationLines(one, telling.paint),
    one.repeat === undefined ? [] : [`again: ${telling.paint.strong(shown(one.repeat))}`],
  ];
  const told = parts.filter((lines) => lines.length > 0);
  return told.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

/** One failure: the requirement in words, the step, what is wrong, expected beside actual. */
function failureLines(failure: Failure, before: Failure | undefined, telling: Telling): string[] {
  const { paint, width } = telling;
  const { step, details = [] } = failure;
  const told = before?.requirements ?? [];
  return [
    ...failure.requirements.filter((id) => !told.includes(id)).flatMap((id) => requirementLines(id, telling)),
    ...(step ? [`${paint.faint(`${shown(step.file)}:${step.line}`)}  ${shownTo(width, step.text)}`] : []),
    ...wrap(sentence(failure), width),
    ...differenceLines(failure, paint, width - 20).map(indent),
    ...details.map((detail) => indent(paint.faint(shownTo(2 * width, detail)))),
  ];
}

/** What became of a case, in one sentence. */
export function gist({ failures: [first], why, cause, outcome }: CaseSummary): string {
  if (why === undefined && first) return sentence(first);
  return shownTo(400, why ?? (cause ? causeWords[cause] : outcome));
}

/** What is wrong, in one sentence. */
export function sentence({ message, cause, peer, step }: Failure): string {
  const text = message === '' ? causeWords[cause] : shownTo(400, message);
  return peer === undefined || step ? text : `${shown(peer)}: ${text}`;
}

/** A requirement in words, its level before it. */
function requirementLines(id: string, { requirements, paint, width }: Telling): string[] {
  const known = requirements.get(id);
  if (!known) return [paint.strong(shown(id))];
  const head = `${shown(id)} ${known.level}  `;
  const [first = '', ...more] = wrap(shown(known.text), Math.max(30, width - head.length));
  return [paint.strong(head) + first, ...more.map((line) => ' '.repeat(head.length) + line)];
}

/** How the tries of a flaky case differ. */
function triesLines(one: CaseSummary): string[] {
  if (!isFlaky(one)) return [];
  return one.attempts.map(
    ({ verdict, message }, index) =>
      `try ${index + 1}: ${verdict}${message === undefined ? '' : `, ${shownTo(200, message)}`}`,
  );
}

/** The conversation around the first step that failed. */
export function conversationLines(one: CaseSummary, paint: Paint, before = 9): string[] {
  if (!one.transcript || one.transcript.length === 0) return [];
  const step = one.failures.find((failure) => failure.step?.index !== undefined)?.step?.index;
  return transcriptLines(one.transcript, { step, before }, paint);
}

/** Two blanks before a line. */
export function indent(line: string): string {
  return line === '' ? '' : `  ${line}`;
}
