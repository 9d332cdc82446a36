import { html, type SafeHtml } from '@remix-run/html-template';
import type { CaseSummary } from '../case-summary.ts';
import { requirementWords } from '../counts-words.ts';
import { groupBy } from '../group-by.ts';
import type { RequirementSummary } from '../ledger.ts';
import { shown } from '../shown.ts';
import type { Summary } from '../summary.ts';
import { many } from '../words.ts';
import { caseAnchor, requirementAnchor } from './anchors.ts';
import type { FilterKeys } from './filter-part.ts';
import { briefText } from './long-text.ts';
import { groupOfOutcome, groupOfStatus, mark } from './verdict-marks.ts';

/** Every requirement in the order of the document, with its verdict and its cases. */
export function ledgerPart({ requirements, cases, rules }: Summary, keys: FilterKeys): SafeHtml {
  const byId = new Map(cases.map((one) => [one.id, one]));
  const seen = new Map(rules.map((rule) => [rule.id, rule.seen]));
  const sections = groupBy(requirements, ({ section }) => [section]);
  return html`<section id="ledger" aria-labelledby="h-ledger"><h2 id="h-ledger">The ledger</h2><p class="faint">Every requirement, in the order of the document.</p>${[
    ...sections,
  ].map(
    ([section, members]) =>
      html`
<div class="group"><h3>${briefText(section)}</h3><ul class="plain requirements">${members.map((one) => item(one, byId, seen, keys))}</ul></div>`,
  )}</section>`;
}

function item(
  one: RequirementSummary,
  byId: ReadonlyMap<string, CaseSummary>,
  seen: ReadonlyMap<string, number>,
  keys: FilterKeys,
): SafeHtml {
  const group = groupOfStatus(one.status);
  const anchor = requirementAnchor(one.id);
  const words = requirementWords(one);
  return html`
<li id="${anchor}" data-v="${group}" data-l="${keys.level(one.level)}" data-s="${keys.section(one.section)}" tabindex="-1">${mark(group, words)}<div><a class="id" href="#${anchor}">${briefText(one.id)}</a> <span class="level">${one.level}</span> ${briefText(one.text, 1000)}${
    group === 'pass' ? null : html`<p class="why">${words}</p>`
  }${one.expected ? html`<p class="why">expected: ${briefText(one.expected.join('; '))}</p>` : null}${proofs(one, byId, seen)}</div></li>`;
}

function proofs(
  { cases, rules, brokenBy }: RequirementSummary,
  byId: ReadonlyMap<string, CaseSummary>,
  seen: ReadonlyMap<string, number>,
): SafeHtml | null {
  const ids = [...new Set([...brokenBy, ...cases])];
  if (ids.length + rules.length === 0) return null;
  const words = [
    ids.length > 0 && many(ids.length, 'case'),
    rules.length > 0 && many(rules.length, 'rule'),
    brokenBy.length > 0 && `broken in ${brokenBy.length}`,
  ].filter((word) => word !== false);
  return html`<details class="proofs"><summary>${words.join(', ')}</summary><ul>${ids.map((id) => {
    const outcome = byId.get(id)?.outcome ?? 'not-held';
    return html`<li><a class="${groupOfOutcome(outcome)}" href="#${caseAnchor(id)}">${briefText(id)}</a> ${outcome === 'pass' ? null : outcome}</li>`;
  })}${rules.map(
    (id) => html`<li>rule <code>${shown(id)}</code>, seen at work in ${many(seen.get(id) ?? 0, 'case')}</li>`,
  )}</ul></details>`;
}
