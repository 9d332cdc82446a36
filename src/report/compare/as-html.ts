import { html, type SafeHtml } from '@remix-run/html-template';
import { briefText, longText } from '../html/long-text.ts';
import { page } from '../html/page.ts';
import { type Group, groupOfOutcome, groupOfStatus, mark } from '../html/verdict-marks.ts';
import { shown } from '../shown.ts';
import { many } from '../words.ts';
import { type Alternative, isDisputed } from './alternatives.ts';
import type { CaseRow, Comparison, RequirementRow } from './compare.ts';
import type { RunNews } from './news.ts';
import {
  absent,
  casesBeyond,
  differingRows,
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

/** A comparison as one page for a browser: everything within, nothing fetched. */
export function comparisonHtml(comparison: Comparison): string {
  const { protocol, role, runs, exit } = comparison;
  const kind = exit === 0 ? 'pass' : 'fail';
  const what = protocol ? shown(protocol.title) : 'Tests';
  const differing = differingRows(comparison);
  const others = comparison.requirements.filter((one) => !differing.includes(one));
  const content = html`<header class="top ${kind}"><p class="what">${what}${role ? html` <span class="chip">${role}</span>` : null} <span class="chip">${many(runs.length, 'run')} side by side</span></p><h1>${mark(kind, exit === 0 ? 'nothing newly fails' : 'something newly fails')}${verdictWords(comparison)}</h1></header>
${runTable(comparison)}
${comparison.news.map((news) => newsSections(news, comparison))}
${section('differ', 'Requirements that differ', requirementTable(differing, comparison))}
${section('loose', 'Tests without a requirement', looseTable(comparison))}
${section('preambles', 'Ways taken before the cases proper', preambleTable(comparison))}
${others.length === 0 ? null : html`<section id="alike"><details><summary>${many(others.length, 'other requirement')}, alike in all runs that know them</summary>${requirementTable(others, comparison)}</details></section>`}`;
  return page(
    `${exit === 0 ? '✓' : '✗'} ${what}: ${runs.map(({ label }) => briefText(label, 40)).join(' · ')}`,
    content,
  );
}

function section(id: string, title: string, content: SafeHtml | null): SafeHtml | null {
  if (content === null) return null;
  return html`<section id="${id}" aria-labelledby="h-${id}"><h2 id="h-${id}">${title}</h2>${content}</section>`;
}

function runTable(comparison: Comparison): SafeHtml {
  const { runs, baseline } = comparison;
  const rows = runs.map(
    (run, index) =>
      html`<tr><th scope="row">${index + 1}</th><td><code>${briefText(run.label)}</code>${index === baseline ? html` <span class="chip">baseline</span>` : null}</td><td>${scoreWords(run)}</td><td class="faint">${shown(originWords(run, comparison).join(' · '))}${run.stopped === undefined ? null : html` <span class="chip warn">${shown(run.stopped)}</span>`}</td></tr>`,
  );
  return html`<section id="runs" aria-labelledby="h-runs"><h2 id="h-runs">The runs</h2>${scroll('the runs', html`<table><thead><tr><th scope="col">no.</th><th scope="col">run</th><th scope="col">held</th><th scope="col">from</th></tr></thead><tbody>${rows}</tbody></table>`)}</section>`;
}

const kinds: Readonly<Record<NewsPart['mark'], readonly [Group, string]>> = {
  '✗': ['fail', 'worse'],
  '✓': ['pass', 'better'],
  '!': ['warn', 'doubtful'],
  '+': ['open', 'added'],
  '-': ['open', 'gone'],
};

function newsSections(news: RunNews, comparison: Comparison): SafeHtml[] {
  const { baseline } = comparison;
  return newsParts(news).map((part, index) => {
    const id = `news-${news.run + 1}-${index + 1}`;
    const requirements = requirementsIn(part, comparison).map(({ id: name, level, text, results }) => {
      const cases = results[news.run]?.brokenBy ?? [];
      return html`<li><p><b class="id">${shown(name)}</b> <span class="level">${level}</span> ${shown(text)} <span class="faint">${resultWords(results[baseline])} → ${resultWords(results[news.run])}</span></p>${cases.length === 0 ? null : html`<p class="cases">${cases.map((one) => html`<code>${briefText(one)}</code> `)}</p>`}</li>`;
    });
    const cases = casesBeyond(part, news.run, comparison).map(
      ({ id: name, outcomes }) =>
        html`<li><code>${briefText(name)}</code> <span class="faint">${outcomeWords(outcomes[baseline])} → ${outcomeWords(outcomes[news.run])}</span></li>`,
    );
    return html`<section id="${id}" aria-labelledby="h-${id}"><h2 id="h-${id}">${mark(...kinds[part.mark])} ${part.title} in ${news.run + 1}</h2><ul>${requirements}${cases}</ul></section>`;
  });
}

function requirementTable(rows: readonly RequirementRow[], comparison: Comparison): SafeHtml | null {
  if (rows.length === 0) return null;
  return scroll(
    'requirements and runs',
    html`<table><thead><tr><th scope="col">requirement</th>${runHeads(comparison)}</tr></thead><tbody>${rows.map(
      (row) =>
        html`${requirementRow(row)}${comparison.alternatives.filter((one) => one.requirements.includes(row.id)).map(wayRow)}`,
    )}</tbody></table>`,
  );
}

function runHeads({ runs }: Comparison): SafeHtml[] {
  return runs.map(
    ({ label }, index) => html`<th scope="col">${index + 1} <code>${briefText(label, 24)}</code></th>`,
  );
}

function requirementRow({ id, section: heading, level, text, results }: RequirementRow): SafeHtml {
  const cells = results.map((result) => {
    const group = result ? groupOfStatus(result.status) : 'open';
    return cell(group, resultWords(result));
  });
  return html`<tr id="${shown(id)}"><th scope="row"><b class="id">${shown(id)}</b> <span class="level">${level}</span> <span class="faint">${shown(heading)}</span><br>${longText(text, 300)}</th>${cells}</tr>`;
}

function cell(group: Group, words: string): SafeHtml {
  return words === absent ? html`<td class="none">${absent}</td>` : html`<td class="${group}">${words}</td>`;
}

/** Which of the ways that a step allows each run took. */
function wayRow(one: Alternative): SafeHtml {
  const [first = '', ...more] = one.cases;
  const also = more.length > 0 ? ` and ${many(more.length, 'other case')}` : '';
  return html`<tr><td>${isDisputed(one) ? html`<span class="chip warn">differs</span> ` : null}<code>${briefText(stepWords(one))}</code><br><span class="faint">${briefText(first)}${also}</span></td>${one.took.map(
    (took) =>
      took ? html`<td><code>${briefText(wayWords(took))}</code></td>` : html`<td class="none">${absent}</td>`,
  )}</tr>`;
}

function looseTable(comparison: Comparison): SafeHtml | null {
  const rows = looseCases(comparison);
  if (rows.length === 0) return null;
  const rowOf = ({ id, outcomes }: CaseRow): SafeHtml =>
    html`<tr><th scope="row"><code>${briefText(id)}</code></th>${outcomes.map((outcome) =>
      cell(outcome ? groupOfOutcome(outcome) : 'open', outcomeWords(outcome)),
    )}</tr>`;
  return scroll(
    'tests and runs',
    html`<table><thead><tr><th scope="col">test</th>${runHeads(comparison)}</tr></thead><tbody>${rows.map(rowOf)}</tbody></table>`,
  );
}

function preambleTable(comparison: Comparison): SafeHtml | null {
  const rows = comparison.alternatives.filter((one) => one.requirements.length === 0);
  if (rows.length === 0) return null;
  return scroll(
    'ways taken',
    html`<table><thead><tr><th scope="col">step</th>${runHeads(comparison)}</tr></thead><tbody>${rows.map(wayRow)}</tbody></table>`,
  );
}

function scroll(what: string, table: SafeHtml): SafeHtml {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${what}">${table}</div>`;
}
