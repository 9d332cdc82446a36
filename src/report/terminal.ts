import type { Cause } from '../events/event.ts';
import { caseLines, conversationLines, indent, requirementsById, type Telling } from './case-lines.ts';
import { type CaseSummary, triesWords } from './case-summary.ts';
import { causeWords } from './cause-words.ts';
import { caseCounts, requirementCounts } from './counts-words.ts';
import { exitWords } from './exit-words.ts';
import { failingGroups } from './failing-groups.ts';
import { type Paint, plain } from './paint.ts';
import { sectionTable } from './section-rows.ts';
import { shown } from './shown.ts';
import type { Summary } from './summary.ts';
import {
  expectedLines,
  noteLines,
  openLines,
  reasonLines,
  skipLines,
  staleLines,
  targetLines,
  warningLines,
} from './terminal-lists.ts';
import { duration, few, many, wrap } from './words.ts';

/** How the report is laid out. */
export interface TerminalOptions {
  readonly paint?: Paint;
  /** Columns. */
  readonly width?: number;
  /** How many failing cases are told in full; the others have a line each. */
  readonly full?: number;
  /** What the program ends with, if not with the code of the run. */
  readonly exit?: number;
}

/** The report for a person at a terminal: what is broken first, then the table, the verdict last. */
export function terminal(summary: Summary, options: TerminalOptions = {}): string {
  const { paint = plain, width = 100, full = 10, exit = summary.run.exit } = options;
  const telling: Telling = {
    paint,
    width: Math.max(60, width) - 4,
    requirements: requirementsById(summary.requirements),
  };
  const parts = [
    headLines(summary, paint),
    passingLines(summary, paint),
    ...failingParts(summary, telling, full),
    ...faultParts(summary, telling),
    warningLines(summary, telling),
    expectedLines(summary, telling),
    openLines(summary, telling),
    skipLines(summary, telling),
    staleLines(summary, telling),
    noteLines(summary, telling),
    targetLines(summary, telling),
    tableLines(summary, paint),
    lastLines(summary, paint, exit),
  ];
  const told = parts.filter((lines) => lines.length > 0);
  return `${told.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function headLines({ run }: Summary, paint: Paint): string[] {
  const { name, title } = run.protocol;
  const started = run.target.kind === 'spawn' ? ', started by spar' : '';
  const dialects = Object.entries(run.dialects).map(([key, value]) => `${shown(key)}=${shown(value)}`);
  return [
    `${paint.strong(shown(title))} (${shown(name)}) · ${run.role} · ${paint.strong(shown(run.target.label))}${started}`,
    paint.faint([`spar ${shown(run.spar)}`, `seed ${run.seed}`, ...dialects].join(' · ')),
  ];
}

/** Passing cases are told only if their transcripts were kept. */
function passingLines({ cases }: Summary, paint: Paint): string[] {
  return cases
    .filter(({ outcome, transcript }) => outcome === 'pass' && transcript)
    .flatMap((one) => [
      `${paint.good('✓')} ${shown(one.id)}  ${paint.faint(shown(one.title))}`,
      ...conversationLines(one, paint, Number.POSITIVE_INFINITY).map((line) => indent(indent(line))),
    ]);
}

function failingParts({ cases }: Summary, telling: Telling, full: number): string[][] {
  const groups = failingGroups(cases);
  const rest = groups.slice(full).flat();
  const told = groups
    .slice(0, full)
    .map(([first, ...others]) => [
      ...(first ? fullLines(first, telling) : []),
      ...(others.length > 0 ? ['', ...alsoLines(others, telling.width)] : []),
    ]);
  if (rest.length === 0) return told;
  const head = telling.paint.bad(`${many(rest.length, 'more failing case')}, in short`);
  return [...told, [head, ...reasonLines(rest, telling.width)]];
}

function alsoLines(others: readonly CaseSummary[], width: number): string[] {
  const text = `also in ${many(others.length, 'other case')}: ${few(others.map(({ id }) => id))}`;
  return wrap(text, width).map(indent);
}

function fullLines(one: CaseSummary, telling: Telling): string[] {
  const { paint } = telling;
  const tries = triesWords(one);
  return [
    `${paint.bad('✗')} ${paint.strong(shown(one.id))}${tries === undefined ? '' : `  ${paint.bad(tries)}`}`,
    indent(shown(one.title)),
    '',
    ...caseLines(one, telling).map(indent),
  ];
}

function faultParts({ cases }: Summary, telling: Telling): string[][] {
  return cases
    .filter(({ outcome }) => outcome === 'error')
    .map((one) => [
      `${telling.paint.odd("a fault of spar's own")} in ${telling.paint.strong(shown(one.id))}`,
      ...caseLines(one, telling).map(indent),
    ]);
}

const marks = { good: '✓', bad: '✗', odd: '!', open: '·' } as const;

function tableLines({ sections }: Summary, paint: Paint): string[] {
  if (sections.length === 0) return [];
  const { heads, rows } = sectionTable(sections);
  const column = Math.max(...rows.map(({ section }) => nameOf(section).length));
  const head = heads.map((name) => `  ${name}`).join('');
  return [
    paint.faint(`  ${' '.repeat(column)}${head}`),
    ...rows.map(({ section, state, cells }) => {
      const mark = state === 'open' ? marks.open : paint[state](marks[state]);
      const numbers = cells.map((count, index) => {
        const name = heads[index] ?? '';
        const cell = (count === 0 ? '' : String(count)).padStart(name.length + 2);
        if (count === 0) return cell;
        return name === 'broken' ? paint.bad(cell) : name === 'warned' ? paint.odd(cell) : cell;
      });
      return `${mark} ${nameOf(section).padEnd(column)}${numbers.join('')}`.trimEnd();
    }),
  ];
}

function lastLines(summary: Summary, paint: Paint, exit: number | undefined): string[] {
  const { run, counts, requirements } = summary;
  const broken = requirements.filter(({ status, expected }) => status === 'broken' && !expected);
  const missing = requirements.filter(({ status }) => status === 'missing');
  const words = exitWords(summary, exit);
  return [
    `${many(counts.total, 'case')} in ${duration(run.ms)}: ${caseCounts(summary)}`,
    `${many(requirements.length, 'requirement')}: ${requirementCounts(summary)}`,
    ...causeTally(summary.cases),
    ...idLines('broken', broken),
    ...idLines('without a case', missing),
    ...(run.message === undefined ? [] : [shown(run.message)]),
    exit === 0 ? paint.good(words) : paint.bad(words),
  ];
}

function idLines(what: string, requirements: Summary['requirements']): string[] {
  return requirements.length === 0
    ? []
    : [
        `${what}: ${few(
          requirements.map(({ id }) => id),
          12,
        )}`,
      ];
}

/** A heading, short enough for a table. */
function nameOf(section: string): string {
  return shown(section.slice(0, 56));
}

/** What most of the failing cases have in common. */
function causeTally(cases: readonly CaseSummary[]): string[] {
  const tally = new Map<Cause, number>();
  for (const { outcome, cause } of cases) {
    if (outcome === 'fail' && cause) tally.set(cause, (tally.get(cause) ?? 0) + 1);
  }
  if (tally.size === 0) return [];
  const often = [...tally].sort((a, b) => b[1] - a[1]);
  const reasons = often.map(([cause, count]) => `${causeWords[cause]} (${count})`);
  return [`failed since ${few(reasons, 3)}`];
}
