import { caseLines, gist, requirementsById, type Telling } from './case-lines.ts';
import { type CaseSummary, triesWords } from './case-summary.ts';
import { caseCounts, requirementCounts, statusWords } from './counts-words.ts';
import { exitWords } from './exit-words.ts';
import { failingGroups } from './failing-groups.ts';
import type { RequirementSummary } from './ledger.ts';
import { code, escaped, row } from './markdown-text.ts';
import { plain } from './paint.ts';
import { sectionTable } from './section-rows.ts';
import { shownTo } from './shown.ts';
import type { Summary } from './summary.ts';
import { wantedReasonLines } from './wanted-reason.ts';
import { duration, few, many } from './words.ts';

/** Cases told in full; a job summary of GitHub holds 1 MiB. */
const full = 20;

/** The report as GitHub-flavoured Markdown, for the summary of a job. */
export function markdown(summary: Summary): string {
  const parts = [
    headLines(summary),
    tableLines(summary),
    brokenLines(summary),
    ...caseParts(summary),
    listLines('Warnings', summary.cases, 'warn'),
    listLines('Failures as expected', summary.cases, 'expected'),
    wantedReasonLines(summary.cases),
    listLines("Faults of spar's own", summary.cases, 'error'),
    listLines('Not finished', summary.cases, 'unfinished'),
    staleLines(summary),
    ledgerLines(summary),
  ];
  const told = parts.filter((lines) => lines.length > 0);
  return `${told.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function headLines(summary: Summary): string[] {
  const { run, counts, requirements } = summary;
  const dialects = Object.entries(run.dialects).map(([key, value]) => code(`${key}=${value}`));
  return [
    `## ${run.exit === 0 ? '✅' : '❌'} ${escaped(run.protocol.title)}: ${run.role} ${code(run.target.label)}`,
    '',
    `**${escaped(exitWords(summary))}**`,
    '',
    `- ${many(counts.total, 'case')} in ${duration(run.ms)}: ${escaped(caseCounts(summary))}`,
    `- ${many(requirements.length, 'requirement')}: ${requirementCounts(summary)}`,
    `- ${[`spar ${escaped(run.spar)}`, `seed ${run.seed}`, ...dialects].join(', ')}`,
    ...(run.message === undefined ? [] : [`- ${code(run.message)}`]),
  ];
}

const marks = { good: '✅', bad: '❌', odd: '⚠️', open: '▫️' } as const;

function tableLines({ sections }: Summary): string[] {
  if (sections.length === 0) return [];
  const { heads, rows } = sectionTable(sections);
  return [
    row(['', 'Section', ...heads]),
    row(['---', '---', ...heads.map(() => '--:')]),
    ...rows.map(({ section, state, cells }) =>
      row([marks[state], escaped(section), ...cells.map((count) => (count === 0 ? '' : String(count)))]),
    ),
  ];
}

function brokenLines({ requirements }: Summary): string[] {
  const broken = requirements.filter(({ status }) => status === 'broken');
  if (broken.length === 0) return [];
  return [
    '### Broken requirements',
    '',
    ...broken.map(
      ({ id, level, text, brokenBy, expected }) =>
        `- **${escaped(id)}** ${level}: ${escaped(text)} (${many(brokenBy.length, 'case')}${expected ? ', as expected' : ''})`,
    ),
  ];
}

function caseParts({ cases, requirements }: Summary): string[][] {
  const groups = failingGroups(cases);
  if (groups.length === 0) return [];
  const telling: Telling = { paint: plain, width: 96, requirements: requirementsById(requirements) };
  const rest = groups.slice(full).flat();
  return [
    ['### Failing cases'],
    ...groups.slice(0, full).map((group) => details(group, telling)),
    ...(rest.length > 0 ? [rest.map(listLine)] : []),
  ];
}

function details([first, ...others]: readonly CaseSummary[], telling: Telling): string[] {
  if (!first) return [];
  const tries = triesWords(first);
  return [
    `<details><summary>${code(first.id)} ${escaped(first.title)}${tries === undefined ? '' : ` <b>${tries}</b>`}</summary>`,
    '',
    ...fenced(caseLines(first, telling)),
    '',
    ...(others.length > 0
      ? [`also in ${many(others.length, 'other case')}: ${code(few(others.map(({ id }) => id)))}`, '']
      : []),
    '</details>',
  ];
}

function listLines(title: string, cases: readonly CaseSummary[], wanted: CaseSummary['outcome']): string[] {
  const members = cases.filter(({ outcome }) => outcome === wanted);
  return members.length === 0 ? [] : [`### ${title}`, '', ...members.map(listLine)];
}

function listLine(one: CaseSummary): string {
  return `- ${code(one.id)} ${escaped(shownTo(400, one.expected ?? gist(one)))}`;
}

function staleLines({ stale }: Summary): string[] {
  if (stale.length === 0) return [];
  return [
    '### Expected failures to strike out',
    '',
    ...stale.map(({ entry, reason }) => `- ${code(entry)} ${escaped(reason)}`),
  ];
}

function ledgerLines({ requirements }: Summary): string[] {
  if (requirements.length === 0) return [];
  return [
    '<details><summary>The ledger: every requirement</summary>',
    '',
    row(['Requirement', 'Level', 'Status', '']),
    row(['---', '---', '---', '---']),
    ...requirements.map((one) =>
      row([escaped(one.id), one.level, statusWords[one.status], `${escaped(one.text)}${why(one)}`]),
    ),
    '',
    '</details>',
  ];
}

function why(one: RequirementSummary): string {
  return one.why.length === 0 ? '' : ` <i>${escaped(shownTo(400, one.why.join('; ')))}</i>`;
}

/** A fence longer than any row of backticks within. */
function fenced(lines: readonly string[]): string[] {
  const longest = Math.max(
    2,
    ...lines.flatMap((line) => [...line.matchAll(/`+/g)].map(([ticks]) => ticks.length)),
  );
  const fence = '`'.repeat(longest + 1);
  return [`${fence}text`, ...lines, fence];
}
