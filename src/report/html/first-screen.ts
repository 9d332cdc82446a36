import { html, type SafeHtml } from '@remix-run/html-template';
import { levels } from '../../events/verdict.ts';
import { gist } from '../case-lines.ts';
import { caseCounts, requirementCounts } from '../counts-words.ts';
import { verdictWords } from '../exit-words.ts';
import { groupBy } from '../group-by.ts';
import type { RequirementSummary } from '../ledger.ts';
import { shown } from '../shown.ts';
import type { Summary } from '../summary.ts';
import { duration, many } from '../words.ts';
import { caseAnchor, requirementAnchor } from './anchors.ts';
import { briefText } from './long-text.ts';
import { type Group, groupOfOutcome, groupOfStatus, groups, mark } from './verdict-marks.ts';

/** Cases that are linked beside a broken requirement. */
const linked = 3;
const reasonsShown = 7;

/** What was tested, the verdict as a whole and by level, and what broke, in the words of the document's sections. */
export function firstScreen(summary: Summary): SafeHtml {
  const { run } = summary;
  const kind = run.exit === 0 ? (summary.counts.warn > 0 ? 'warn' : 'pass') : 'fail';
  const exit = run.exit === undefined ? 'no exit code' : `exit ${run.exit}`;
  return html`<header class="top ${kind}"><p class="what">${shown(run.protocol.title)} <span class="chip">${shown(run.protocol.name)}</span> <span class="chip">${run.role}</span></p><h1>${mark(kind, kind === 'fail' ? 'not all holds' : 'all holds')}${shown(verdictWords(summary))}</h1><p class="target"><code>${briefText(run.target.label)}</code> ${startedBy(run.target.kind)} <span class="chip">${exit}</span></p>${facts(summary)}${jumps(summary)}</header>
<div class="first"><section id="overview" aria-labelledby="h-overview"><h2 id="h-overview">Verdict by level</h2>${bar(summary.requirements)}${byLevel(summary.requirements)}<p>${many(summary.requirements.length, 'requirement')}: ${requirementCounts(summary)}.<br>${many(summary.counts.total, 'case')}: ${caseCounts(summary)}.</p>${run.message === undefined ? null : html`<p class="fail note">${briefText(run.message)}</p>`}</section><div>${broken(summary)}${untested(summary)}</div></div>${stale(summary)}`;
}

function startedBy(kind: Summary['run']['target']['kind']): string {
  return { spawn: 'started by spar', reference: '', address: 'already running' }[kind];
}

function facts({ run }: Summary): SafeHtml {
  const dialects = Object.entries(run.dialects);
  const rows: [string, SafeHtml | string][] = [
    [
      'when',
      html`<time datetime="${shown(run.time)}">${shown(run.time.replace('T', ' ').replace(/\.\d+Z$/, ' UTC'))}</time>, ${duration(run.ms)}`,
    ],
    ['seed', String(run.seed)],
    ['spar', `${shown(run.spar)}${run.strict ? ', --strict' : ''}`],
  ];
  if (dialects.length > 0) {
    const chips = dialects.map(
      ([name, value]) => html`<span class="chip">${briefText(name, 60)}=${briefText(value, 60)}</span> `,
    );
    rows.push([
      many(dialects.length, 'dialect'),
      dialects.length > 3 ? html`<details><summary>chosen</summary>${chips}</details>` : html`${chips}`,
    ]);
  }
  return html`<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function jumps(summary: Summary): SafeHtml {
  const places: [string, string, boolean][] = [
    ['broken', 'What broke', true],
    ['states', 'The state table', summary.states !== undefined],
    ['ledger', 'The ledger', true],
    ['cases', 'The cases', true],
    ['target', "The target's own output", summary.target.last.length > 0],
  ];
  return html`<nav class="jump" aria-label="Parts of the report">${places.map(([anchor, words, there]) =>
    there ? html`<a href="#${anchor}">${words}</a>` : null,
  )}</nav>`;
}

const order = Object.keys(groups) as Group[];
const fromGood: readonly Group[] = ['pass', 'warn', 'fail', 'open', 'missing', 'untestable'];

function bar(requirements: readonly RequirementSummary[]): SafeHtml {
  return html`<div class="bar" aria-hidden="true">${fromGood.map((group) => {
    const count = countOf(requirements, group);
    return count === 0
      ? null
      : html`<span class="${group}" style="flex-grow:${count}" title="${count} ${groups[group]}"></span>`;
  })}</div>`;
}

function byLevel(requirements: readonly RequirementSummary[]): SafeHtml | null {
  const rows = levels.flatMap((level) => {
    const members = requirements.filter((one) => one.level === level);
    return members.length === 0 ? [] : [{ level, members }];
  });
  if (rows.length === 0) return null;
  const used = order.filter((group) => group === 'pass' || countOf(requirements, group) > 0);
  return html`<div class="scroll"><table class="levels"><thead><tr><th scope="col">Level</th>${used.map((group) => html`<th scope="col">${groups[group]}</th>`)}</tr></thead><tbody>${rows.map(
    ({ level, members }) =>
      html`<tr><th scope="row">${level}</th>${used.map((group) => {
        const count = countOf(members, group);
        return html`<td class="${count > 0 ? group : 'none'}">${count}</td>`;
      })}</tr>`,
  )}</tbody></table></div>`;
}

function countOf(requirements: readonly RequirementSummary[], group: Group): number {
  return requirements.filter(({ status }) => groupOfStatus(status) === group).length;
}

/** What broke, under the headings of the document. */
function broken(summary: Summary): SafeHtml {
  const bad = summary.requirements.filter(({ status }) => status === 'broken' || status === 'warned');
  const loose = summary.cases.filter(
    ({ outcome, id }) =>
      (outcome === 'fail' || outcome === 'error') && !bad.some(({ brokenBy }) => brokenBy.includes(id)),
  );
  if (bad.length + loose.length === 0) {
    return html`<section id="broken" aria-labelledby="h-broken"><h2 id="h-broken">What broke</h2><p>${mark('pass', 'held')} Nothing that was tested is broken.</p></section>`;
  }
  const sections = groupBy(bad, ({ section }) => [section]);
  return html`<section id="broken" aria-labelledby="h-broken"><h2 id="h-broken">What broke</h2>${[
    ...sections,
  ].map(
    ([section, members]) =>
      html`<h3>${briefText(section)}</h3><ul class="plain">${members.map((one) => brokenItem(one))}</ul>`,
  )}${
    loose.length === 0
      ? null
      : html`<h3>Failing for another reason</h3><ul class="plain">${loose
          .slice(0, 40)
          .map(
            (one) =>
              html`<li>${mark(groupOfOutcome(one.outcome), one.outcome)}<div>${caseLink(one.id)} ${briefText(one.title)}</div></li>`,
          )}</ul>${loose.length > 40 ? html`<p class="faint">and ${loose.length - 40} more below</p>` : null}`
  }</section>`;
}

/** Why cases were not held, the most frequent reasons first. */
function untested({ cases }: Summary): SafeHtml | null {
  const open = cases.filter(({ outcome }) => groupOfOutcome(outcome) === 'open');
  if (open.length === 0) return null;
  const reasons = [...groupBy(open, (one) => [gist(one)])].sort((a, b) => b[1].length - a[1].length);
  const left = reasons.length - reasonsShown;
  return html`<section id="untested" aria-labelledby="h-untested"><h2 id="h-untested">What was not tested</h2><ul class="reasons">${reasons
    .slice(0, reasonsShown)
    .map(([reason, members]) => {
      const first = members[0]?.id ?? '';
      return html`<li>${briefText(reason)}: <a href="#${caseAnchor(first)}">${many(members.length, 'case')}</a></li>`;
    })}${left > 0 ? html`<li class="faint">and ${many(left, 'other reason')}</li>` : null}</ul></section>`;
}

function brokenItem(one: RequirementSummary): SafeHtml {
  const more = one.brokenBy.length - linked;
  return html`<li>${mark(groupOfStatus(one.status), one.status)}<div><a class="id" href="#${requirementAnchor(one.id)}">${briefText(one.id)}</a> <span class="level">${one.level}</span> ${briefText(one.text, 600)}${
    one.expected ? html` <em>expected: ${briefText(one.expected.join('; '))}</em>` : null
  }<p class="cases">${one.brokenBy.slice(0, linked).map((id) => html`${caseLink(id)} `)}${
    more > 0 ? html`<a href="#${requirementAnchor(one.id)}">and ${more} more</a>` : null
  }</p></div></li>`;
}

/** A link to a case. */
export function caseLink(id: string): SafeHtml {
  return html`<a class="case-link" href="#${caseAnchor(id)}">${briefText(id)}</a>`;
}

function stale({ stale: entries }: Summary): SafeHtml | null {
  if (entries.length === 0) return null;
  return html`<section aria-labelledby="h-stale"><h2 id="h-stale">Expected failures to strike out</h2><p>What they name holds now.</p><ul>${entries.map(({ entry, reason }) => html`<li><code>${briefText(entry)}</code> ${briefText(reason)}</li>`)}</ul></section>`;
}
