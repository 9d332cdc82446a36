import { indent } from '../case-lines.ts';
import { groupBy } from '../group-by.ts';
import { type Paint, plain } from '../paint.ts';
import { shown, shownTo } from '../shown.ts';
import { few, many, wrap } from '../words.ts';
import { type Alternative, isDisputed } from './alternatives.ts';
import type { CaseRow, Comparison, RequirementRow } from './compare.ts';
import type { RunNews } from './news.ts';
import {
  absent,
  casesBeyond,
  differingRows,
  differs,
  looseCases,
  type NewsPart,
  newsParts,
  originWords,
  outcomeWords,
  requirementsIn,
  resultWords,
  scoreWords,
  stepWords,
  verdictWords,
  wayWords,
} from './words.ts';

/** How a comparison is laid out. */
export interface ComparisonTelling {
  readonly paint?: Paint;
  /** Columns. */
  readonly width?: number;
  /** Rows in which all runs agree too. */
  readonly all?: boolean;
}

/** A comparison for a person at a terminal: what is new first, then where the runs differ. */
export function comparisonTerminal(
  comparison: Comparison,
  { paint = plain, width = 100, all = false }: ComparisonTelling = {},
): string {
  const parts = [
    headLines(comparison, paint),
    ...comparison.news.flatMap((news) => newsLines(news, comparison, paint, width)),
    tableLines(comparison, paint, width, all),
    looseLines(comparison, paint, width, all),
    preambleLines(comparison, paint, width, all),
    [...sameLines(comparison, all), lastLine(comparison, paint)],
  ];
  const told = parts.filter((lines) => lines.length > 0);
  return `${told.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function headLines(comparison: Comparison, paint: Paint): string[] {
  const { protocol, role, runs, baseline } = comparison;
  const what = protocol ? [`${paint.strong(shown(protocol.title))} (${shown(protocol.name)})`] : [];
  return [
    [...what, ...(role ? [role] : []), `${many(runs.length, 'run')} side by side`].join(' · '),
    ...runs.flatMap((run, index) => [
      `  ${paint.strong(String(index + 1))}  ${paint.strong(shownTo(80, run.label))}${index === baseline ? '  (baseline)' : ''}`,
      `     ${paint.faint([...originWords(run, comparison).map(shown), scoreWords(run)].join(' · '))}`,
      ...(run.stopped === undefined ? [] : [`     ${paint.odd(shownTo(200, run.stopped))}`]),
    ]),
  ];
}

function newsLines(news: RunNews, comparison: Comparison, paint: Paint, width: number): string[][] {
  const colours = { '✗': paint.bad, '✓': paint.good, '!': paint.odd, '+': paint.strong, '-': paint.strong };
  return newsParts(news).map((part) => [
    `${colours[part.mark](part.mark)} ${paint.strong(`${part.title} in ${news.run + 1}`)}`,
    ...partLines(part, news.run, comparison, width),
  ]);
}

function partLines(part: NewsPart, run: number, comparison: Comparison, width: number): string[] {
  if (part.mark === '+' || part.mark === '-') return listed(few(part.ids.cases, listedCases), width);
  const requirements = requirementsIn(part, comparison);
  const cases = casesBeyond(part, run, comparison);
  if (part.mark === '✗') {
    return [
      ...requirements.flatMap((row) => requirementNews(row, run, comparison, width)),
      ...changes(cases, ({ outcomes }) => outcomes.map(outcomeWords), run, comparison, width),
    ];
  }
  return [
    ...changes(requirements, ({ results }) => results.map(resultWords), run, comparison, width),
    ...changes(cases, ({ outcomes }) => outcomes.map(outcomeWords), run, comparison, width),
  ];
}

const listedCases = 8;
const listedIds = 12;

function listed(text: string, width: number): string[] {
  return wrap(text, width - 2).map(indent);
}

function requirementNews(row: RequirementRow, run: number, comparison: Comparison, width: number): string[] {
  const words = row.results.map(resultWords);
  const cases = row.results[run]?.brokenBy ?? [];
  return [
    ...listed(`${shown(row.id)} ${row.level}  ${shown(row.text)}`, width),
    ...listed(
      `${change(words, run, comparison)}${cases.length > 0 ? `: ${few(cases, 3)}` : ''}`,
      width - 2,
    ).map(indent),
  ];
}

/** Rows by how they changed, a line or two for each change. */
function changes<Row extends { readonly id: string }>(
  rows: readonly Row[],
  wordsOf: (row: Row) => readonly string[],
  run: number,
  comparison: Comparison,
  width: number,
): string[] {
  const alike = groupBy(rows, (row) => [change(wordsOf(row), run, comparison)]);
  return [...alike].flatMap(([words, members]) => {
    const ids = members.map(({ id }) => id);
    return listed(`${words}: ${few(ids, listedIds)}`, width);
  });
}

function change(words: readonly string[], run: number, { baseline }: Comparison): string {
  return `${words[baseline] ?? absent} → ${words[run] ?? absent}`;
}

function tableLines(comparison: Comparison, paint: Paint, width: number, all: boolean): string[] {
  const rows = all ? comparison.requirements : differingRows(comparison);
  if (rows.length === 0) return [];
  const named = rows.map((row) => ({
    name: `${shown(row.id)} ${row.level}`,
    cells: row.results.map(resultWords),
  }));
  const [head, ...lines] = grid('requirement', named, comparison, paint);
  const table = rows.flatMap(({ id }, index) => [
    lines[index] ?? '',
    ...comparison.alternatives
      .filter((one) => one.requirements.includes(id) && (all || isDisputed(one)))
      .flatMap((one) => wayLines(one, width)),
  ]);
  return [head ?? '', ...table];
}

/** A table with a column for each run. */
function grid(
  title: string,
  rows: readonly { readonly name: string; readonly cells: readonly string[] }[],
  { runs }: Comparison,
  paint: Paint,
): string[] {
  const first = widest([title, ...rows.map(({ name }) => name)]);
  const widths = runs.map((_, index) =>
    index === runs.length - 1 ? 0 : widest(rows.map(({ cells }) => cells[index] ?? '')),
  );
  const line = (name: string, cells: readonly string[], colour: (text: string) => string): string =>
    [name.padEnd(first), ...cells.map((cell, index) => colour(cell.padEnd(widths[index] ?? 0)))].join('  ');
  return [
    paint.faint(
      line(
        title,
        runs.map((_, index) => String(index + 1)),
        String,
      ),
    ),
    ...rows.map(({ name, cells }) => line(name, cells, (cell) => coloured(cell, paint))),
  ];
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, { length }) => Math.max(most, length), 1);
}

function coloured(cell: string, paint: Paint): string {
  const word = cell.trim();
  if (word === 'held' || word === 'pass') return paint.good(cell);
  if (word === 'broken' || word === 'fail' || word === 'error') return paint.bad(cell);
  return word === absent ? paint.faint(cell) : paint.odd(cell);
}

/** A step that allows several ways, and the runs that took each. */
function wayLines(one: Alternative, width: number): string[] {
  const [first = '', ...more] = one.cases;
  const also = more.length > 0 ? ` and ${many(more.length, 'other case')}` : '';
  const runs = new Map<string, number[]>();
  for (const [index, took] of one.took.entries()) {
    const way = wayWords(took);
    runs.set(way, [...(runs.get(way) ?? []), index + 1]);
  }
  return [
    `    ${shownTo(width, stepWords(one))}  (${shownTo(120, first)}${also})`,
    ...[...runs].map(([way, numbers]) => `      ${numbers.join(', ')}: ${shownTo(width, way)}`),
  ];
}

function looseLines(comparison: Comparison, paint: Paint, width: number, all: boolean): string[] {
  const rows = looseCases(comparison).filter((row) => all || isNews(row));
  if (rows.length === 0) return [];
  const named = rows.map(({ id, outcomes }) => ({
    name: shownTo(Math.max(40, width - 30), id),
    cells: outcomes.map(outcomeWords),
  }));
  return grid('test without a requirement', named, comparison, paint);
}

function isNews({ outcomes }: CaseRow): boolean {
  return differs(outcomes.map(outcomeWords));
}

/** Preambles belong to no requirement. */
function preambleLines({ alternatives }: Comparison, paint: Paint, width: number, all: boolean): string[] {
  const loose = alternatives.filter((one) => one.requirements.length === 0 && (all || isDisputed(one)));
  if (loose.length === 0) return [];
  return [paint.faint('ways taken before the cases proper'), ...loose.flatMap((one) => wayLines(one, width))];
}

function sameLines(comparison: Comparison, all: boolean): string[] {
  const same = comparison.requirements.length - differingRows(comparison).length;
  if (all || same === 0) return [];
  return [`${many(same, 'requirement')} alike in all runs that know them; --all shows them`];
}

function lastLine(comparison: Comparison, paint: Paint): string {
  const words = `Exit ${comparison.exit}: ${verdictWords(comparison)}`;
  return comparison.exit === 0 ? paint.good(words) : paint.bad(words);
}
