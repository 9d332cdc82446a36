import { code, escaped, row } from '../markdown-text.ts';
import { shownTo } from '../shown.ts';
import { many } from '../words.ts';
import { type Alternative, isDisputed } from './alternatives.ts';
import type { Comparison, RequirementRow } from './compare.ts';
import {
  casesBeyond,
  differingRows,
  looseCases,
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

/** A comparison as GitHub-flavoured Markdown: what is new, where the runs differ, then all rows. */
export function comparisonMarkdown(comparison: Comparison): string {
  const differing = differingRows(comparison);
  const others = comparison.requirements.filter((one) => !differing.includes(one));
  const disputed = comparison.alternatives.filter(isDisputed);
  const parts = [
    headLines(comparison),
    ...newsPartsOf(comparison),
    section('Requirements that differ', requirementTable(differing, comparison)),
    section('Ways taken that differ', wayTable(disputed, comparison)),
    section('Tests without a requirement', looseTable(comparison)),
    folded(`${many(others.length, 'other requirement')}`, requirementTable(others, comparison)),
    folded(
      'Ways taken that do not differ',
      wayTable(
        comparison.alternatives.filter((one) => !disputed.includes(one)),
        comparison,
      ),
    ),
  ];
  const told = parts.filter((lines) => lines.length > 0);
  return `${told.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function headLines(comparison: Comparison): string[] {
  const { protocol, role, runs, baseline, exit } = comparison;
  const what = [protocol ? escaped(protocol.title) : 'Tests', ...(role ? [role] : [])].join(', ');
  return [
    `## ${exit === 0 ? '✅' : '❌'} ${what}: ${many(runs.length, 'run')} side by side`,
    '',
    `**${verdictWords(comparison)}**`,
    '',
    row(['', 'Run', 'Held', 'From']),
    row(['--:', '---', '---', '---']),
    ...runs.map((run, index) =>
      row([
        String(index + 1),
        `${code(shownTo(200, run.label))}${index === baseline ? ' (baseline)' : ''}`,
        scoreWords(run),
        [...originWords(run, comparison), ...(run.stopped === undefined ? [] : [run.stopped])]
          .map(escaped)
          .join('<br>'),
      ]),
    ),
  ];
}

function newsPartsOf(comparison: Comparison): string[][] {
  return comparison.news.flatMap((news) =>
    newsParts(news).map((part) => {
      const { baseline } = comparison;
      return [
        `### ${part.title.slice(0, 1).toUpperCase()}${part.title.slice(1)} in ${news.run + 1}`,
        '',
        ...requirementsIn(part, comparison).map(
          ({ id, level, text, results }) =>
            `- **${escaped(id)}** ${level}: ${escaped(text)} (${resultWords(results[baseline])} → ${resultWords(results[news.run])})`,
        ),
        ...casesBeyond(part, news.run, comparison).map(
          ({ id, outcomes }) =>
            `- ${code(shownTo(300, id))} ${outcomeWords(outcomes[baseline])} → ${outcomeWords(outcomes[news.run])}`,
        ),
      ];
    }),
  );
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`### ${title}`, '', ...lines];
}

function folded(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`<details><summary>${title}</summary>`, '', ...lines, '', '</details>'];
}

function requirementTable(rows: readonly RequirementRow[], comparison: Comparison): string[] {
  return table(
    ['Requirement', 'Level', ''],
    rows.map(({ id, level, text, results }) => [
      escaped(id),
      level,
      escaped(text),
      ...results.map(resultWords),
    ]),
    comparison,
  );
}

function wayTable(alternatives: readonly Alternative[], comparison: Comparison): string[] {
  return table(
    ['Step', 'Cases', 'Requirements'],
    alternatives.map(({ cases, requirements, took, ...one }) => [
      code(stepWords(one)),
      cases.length > 3
        ? `${code(cases[0] ?? '')} and ${many(cases.length - 1, 'other')}`
        : cases.map(code).join('<br>'),
      requirements.map(escaped).join(' '),
      ...took.map((one) => (one ? code(shownTo(300, wayWords(one))) : wayWords(one))),
    ]),
    comparison,
  );
}

function looseTable(comparison: Comparison): string[] {
  return table(
    ['Test'],
    looseCases(comparison).map(({ id, outcomes }) => [code(shownTo(300, id)), ...outcomes.map(outcomeWords)]),
    comparison,
  );
}

function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  { runs }: Comparison,
): string[] {
  if (rows.length === 0) return [];
  const all = [...heads, ...runs.map((_, index) => String(index + 1))];
  return [row(all), row(all.map(() => '---')), ...rows.map(row)];
}
