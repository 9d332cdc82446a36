import type { Cause } from '../events/event.ts';
import { caseLines, conversationLines, gist, indent, requirementsById, type Telling } from './case-lines.ts';
import { type CaseSummary, triesWords } from './case-summary.ts';
import { causeWords } from './cause-words.ts';
import { caseCounts, requirementCounts } from './counts-words.ts';
import { exitWords } from './exit-words.ts';
import { failingGroups } from './failing-groups.ts';
import { type Paint, plain } from './paint.ts';
import { sectionTable } from './section-rows.ts';
import { shown, shownTo } from './shown.ts';
import type { Summary } from './summary.ts';
import { duration, few, many, times, wrap } from './words.ts';

/** How the report is laid out. */
export interface TerminalOptions {
  readonly paint?: Paint;
  /** Columns. */
  readonly width?: number;
  /** How many failing cases are told in full; the others have a line each. */
  readonly full?: number;
}

/** The report for a person at a terminal: what is broken first, then the table, the verdict last. */
export function terminal(summary: Summary, options: TerminalOptions = {}): string {
  const { paint = plain, width = 100, full = 10 } = options;
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
    expectedLines(summary, paint),
    openLines(summary, paint),
    skipLines(summary, paint),
    staleLines(summary, paint),
    noteLines(summary, paint),
    targetLines(summary, paint),
    tableLines(summary, paint),
    lastLines(summary, paint),
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
      ...(others.length > 0
        ? ['', indent(`also in ${many(others.length, 'other case')}: ${few(others.map(({ id }) => id))}`)]
        : []),
    ]);
  if (rest.length === 0) return told;
  const head = telling.paint.bad(`${many(rest.length, 'more failing case')}, in short`);
  return [...told, [head, ...rest.flatMap((one) => shortLines(one, telling.width))]];
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

function shortLines(one: CaseSummary, width: number): string[] {
  const tries = triesWords(one);
  const ids = one.failures.flatMap(({ requirements }) => requirements);
  const head = [shown(one.id), few([...new Set(ids)], 3), tries].filter(Boolean).join('  ');
  return [indent(head), indent(indent(shownTo(width, gist(one))))];
}

function faultParts({ cases }: Summary, telling: Telling): string[][] {
  return cases
    .filter(({ outcome }) => outcome === 'error')
    .map((one) => [
      `${telling.paint.odd("a fault of spar's own")} in ${telling.paint.strong(shown(one.id))}`,
      ...caseLines(one, telling).map(indent),
    ]);
}

function warningLines({ cases }: Summary, { paint, requirements, width }: Telling): string[] {
  const warned = cases.filter(({ outcome }) => outcome === 'warn');
  if (warned.length === 0) return [];
  return [
    paint.odd(many(warned.length, 'warning')),
    ...warned.flatMap((one) => [
      indent(`${shown(one.id)}: ${gist(one)}`),
      ...[...new Set(one.failures.flatMap((failure) => failure.requirements))].flatMap((id) => {
        const known = requirements.get(id);
        const text = known ? `${shown(id)} ${known.level}  ${shown(known.text)}` : shown(id);
        return wrap(text, width - 4).map((line) => indent(indent(paint.faint(line))));
      }),
    ]),
  ];
}

function expectedLines({ cases }: Summary, paint: Paint): string[] {
  const expected = cases.filter(({ outcome }) => outcome === 'expected');
  if (expected.length === 0) return [];
  return [
    paint.odd(many(expected.length, 'failure as expected', 'failures as expected')),
    ...expected.map((one) => indent(`${shown(one.id)}: ${shown(one.expected ?? '')}`)),
  ];
}

function openLines({ cases }: Summary, paint: Paint): string[] {
  const unfinished = cases.filter(({ outcome }) => outcome === 'unfinished');
  const notHeld = cases.filter(({ outcome }) => outcome === 'not-held');
  return [
    ...(unfinished.length > 0
      ? [paint.odd(`${many(unfinished.length, 'case')} not finished`), ...reasonLines(unfinished)]
      : []),
    ...(notHeld.length > 0
      ? [paint.odd(`${many(notHeld.length, 'case')} not held`), ...reasonLines(notHeld)]
      : []),
  ];
}

function skipLines({ cases }: Summary, paint: Paint): string[] {
  const skipped = cases.filter(({ outcome }) => outcome === 'skip');
  if (skipped.length === 0) return [];
  return [paint.odd(`${many(skipped.length, 'case')} skipped`), ...reasonLines(skipped)];
}

function reasonLines(cases: readonly CaseSummary[]): string[] {
  const reasons = new Map<string, string[]>();
  for (const { id, why = 'no reason given' } of cases) reasons.set(why, [...(reasons.get(why) ?? []), id]);
  return [...reasons].map(([why, ids]) => indent(`${shown(why)}: ${few(ids, 3)}`));
}

function staleLines({ stale }: Summary, paint: Paint): string[] {
  if (stale.length === 0) return [];
  return [
    paint.bad(`${many(stale.length, 'expected failure')} to strike out: what is named holds now`),
    ...stale.map(({ entry, reason }) => indent(`${shown(entry)} (${shown(reason)})`)),
  ];
}

const notesShown = 5;

function noteLines({ cases }: Summary, paint: Paint): string[] {
  const notes = new Map<string, number>();
  for (const note of cases.flatMap((one) => one.notes)) notes.set(note, (notes.get(note) ?? 0) + 1);
  if (notes.size === 0) return [];
  const often = [...notes].sort((a, b) => b[1] - a[1]);
  const left = often.length - notesShown;
  return [
    paint.faint('noted on the way'),
    ...often
      .slice(0, notesShown)
      .map(([note, count]) => indent(`${shownTo(200, note)}${count > 1 ? ` (${times(count)})` : ''}`)),
    ...(left > 0 ? [indent(paint.faint(`and ${many(left, 'other note')}`))] : []),
  ];
}

const outputShown = 10;

function targetLines({ target, run, counts }: Summary, paint: Paint): string[] {
  const troubled = target.restarts > 0 || run.exit === 3 || run.stopped === 'target-dead' || counts.error > 0;
  if (!troubled) return [];
  return [
    paint.bad(`the target ended ${times(target.exits)} and was started again ${times(target.restarts)}`),
    ...target.last.slice(-outputShown).map(({ what, text, code, signal }) => {
      const how = [code !== undefined && `code ${code}`, signal !== undefined && shown(signal)].filter(
        Boolean,
      );
      return indent(
        `${paint.faint(what)}${how.length > 0 ? ` (${how.join(', ')})` : ''} ${shownTo(240, text)}`,
      );
    }),
  ];
}

const marks = { good: '✓', bad: '✗', odd: '!', open: '·' } as const;

function tableLines({ sections }: Summary, paint: Paint): string[] {
  if (sections.length === 0) return [];
  const { heads, rows } = sectionTable(sections);
  const column = Math.min(60, Math.max(...rows.map(({ section }) => shown(section).length)));
  const head = heads.map((name) => `  ${name}`).join('');
  return [
    paint.faint(`  ${' '.repeat(column)}${head}`),
    ...rows.map(({ section, state, cells }) => {
      const mark = state === 'open' ? marks.open : paint[state](marks[state]);
      const numbers = cells.map((count, index) => {
        const name = heads[index] ?? '';
        const cell = (count === 0 ? '' : String(count)).padStart(name.length + 2);
        return count > 0 && (name === 'broken' || name === 'warned') ? paint[state](cell) : cell;
      });
      return `${mark} ${shown(section).slice(0, column).padEnd(column)}${numbers.join('')}`.trimEnd();
    }),
  ];
}

function lastLines(summary: Summary, paint: Paint): string[] {
  const { run, counts, requirements } = summary;
  const broken = requirements.filter(({ status, expected }) => status === 'broken' && !expected);
  const words = exitWords(summary);
  return [
    `${many(counts.total, 'case')} in ${duration(run.ms)}: ${caseCounts(summary)}`,
    `${many(requirements.length, 'requirement')}: ${requirementCounts(summary)}`,
    ...causeTally(summary.cases),
    ...(broken.length > 0
      ? [
          `broken: ${few(
            broken.map(({ id }) => id),
            12,
          )}`,
        ]
      : []),
    ...(run.message === undefined ? [] : [shown(run.message)]),
    run.exit === 0 ? paint.good(words) : paint.bad(words),
  ];
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
