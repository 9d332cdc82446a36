import { stringify } from 'yaml';
import type { Failure } from '../events/event.ts';
import { conversationLines, gist, sentence } from './case-lines.ts';
import { type CaseSummary, triesWords } from './case-summary.ts';
import { caseCounts, requirementCounts, requirementWords } from './counts-words.ts';
import { exitWords } from './exit-words.ts';
import { plain } from './paint.ts';
import { shown, shownTo } from './shown.ts';
import { reasonWhy, type Summary } from './summary.ts';
import { many } from './words.ts';

/**
 * The report as TAP (testanything.org): a test point for each case and each stale expectation. What is written
 * means the same in version 13, which is all that many a prove reads, and in version 14.
 */
export function tap(summary: Summary, version: 13 | 14 = 13): string {
  const { run, cases, stale } = summary;
  const points = [
    ...cases.map((one) => casePoint(one, run.strict)),
    ...stale.map(({ entry, reason }) => stalePoint(entry, reason)),
  ];
  const lines = [
    `TAP version ${version}`,
    ...planLines(points.length, run.stopped !== undefined),
    `# ${inline(`${run.protocol.title} (${run.protocol.name}), ${run.role}, ${run.target.label}`)}`,
    `# ${inline(`spar ${run.spar}, seed ${run.seed}`)}`,
    ...points.flatMap((point, index) => pointLines(point, index + 1)),
    `# ${many(summary.counts.total, 'case')}: ${caseCounts(summary)}`,
    `# ${many(summary.requirements.length, 'requirement')}: ${requirementCounts(summary)}`,
    ...summary.requirements.map((one) => `#   ${inline(`${one.id} ${requirementWords(one)}`)}`),
    `# ${exitWords(summary)}`,
    ...(run.stopped ? [`Bail out! ${inline(reasonWhy(run))}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** Nothing may follow a plan of nothing; a run that stopped before its first case only bails out. */
function planLines(points: number, stopped: boolean): string[] {
  if (points > 0) return [`1..${points}`];
  return stopped ? [] : ['1..0 # SKIP no cases'];
}

interface Point {
  readonly ok: boolean;
  readonly description: string;
  readonly directive?: string;
  readonly diagnosis?: Readonly<Record<string, unknown>>;
}

function casePoint(one: CaseSummary, strict: boolean): Point {
  const description = `${one.id}: ${one.title}`;
  switch (one.outcome) {
    case 'pass':
      return { ok: true, description };
    case 'skip':
    case 'not-held':
      return { ok: true, description, directive: `SKIP ${inline(one.why ?? 'not held')}` };
    case 'expected':
      return {
        ok: false,
        description,
        directive: `TODO ${inline(one.expected ?? '')}`,
        diagnosis: diagnosisOf(one),
      };
    case 'warn':
      return { ok: !strict, description, diagnosis: diagnosisOf(one) };
    case 'fail':
    case 'error':
    case 'unfinished':
      return { ok: false, description, diagnosis: diagnosisOf(one) };
  }
}

function stalePoint(entry: string, reason: string): Point {
  const message = 'this failure is expected, but what is named holds now: strike the entry out';
  return {
    ok: false,
    description: `expected failure ${entry}`,
    diagnosis: { message, reason: shown(reason) },
  };
}

function pointLines({ ok, description, directive, diagnosis }: Point, number: number): string[] {
  const hint = directive === undefined ? '' : ` # ${directive}`;
  const line = `${ok ? 'ok' : 'not ok'} ${number} - ${inline(description)}${hint}`;
  if (!diagnosis) return [line];
  const yaml = stringify(diagnosis, {
    lineWidth: 0,
    defaultStringType: 'QUOTE_DOUBLE',
    defaultKeyType: 'PLAIN',
  });
  // prove takes a text in a list for a mapping if its first word ends with a colon, even between quotes.
  const block = yaml
    .trimEnd()
    .split('\n')
    .map((text) => text.replace(/^( *- "\S* *):(?= )/, '$1\\x3A'));
  return [line, '  ---', ...block.map((text) => `  ${text}`), '  ...'];
}

function diagnosisOf(one: CaseSummary): Record<string, unknown> {
  const conversation = conversationLines(one, plain).map((line) => line.trimStart());
  return {
    message: gist(one),
    severity: one.outcome === 'expected' ? 'todo' : one.outcome,
    at: { file: shown(one.file), line: one.line },
    tries: triesWords(one),
    failures: one.failures.map(failureOf),
    transcript: conversation.length > 0 ? conversation : undefined,
    repeat: one.repeat === undefined ? undefined : shown(one.repeat),
    milliseconds: one.ms,
  };
}

function failureOf(failure: Failure): Record<string, unknown> {
  const { cause, requirements, step, expected, actual, details = [] } = failure;
  return {
    message: sentence(failure),
    cause,
    requirements: requirements.map(shown),
    step: step && { file: shown(step.file), line: step.line, text: shown(step.text) },
    expected: expected === undefined ? undefined : shownTo(4_000, expected),
    actual: actual === undefined ? undefined : shownTo(4_000, actual),
    details: details.length > 0 ? details.map(shown) : undefined,
  };
}

/** Text within a line: `#` begins no directive, and a backslash escapes nothing. */
function inline(text: string): string {
  return shown(text).replaceAll('\\', '\\\\').replaceAll('#', '\\#').trim();
}
