import { html, type SafeHtml } from '@remix-run/html-template';
import { type Level, levels } from '../../events/verdict.ts';
import type { Summary } from '../summary.ts';
import { briefText } from './long-text.ts';
import { type Group, groupOfOutcome, groupOfStatus, groups } from './verdict-marks.ts';

/** Short keys by which requirements and cases are found again: texts stay out of attributes. */
export interface FilterKeys {
  level(level: Level): string;
  section(section: string): string;
}

/** The keys of a report's levels and sections. */
export function filterKeys(summary: Summary): FilterKeys {
  const places = new Map(sectionsOf(summary).map((section, index) => [section, String(index)]));
  return {
    level: (level) => String(levels.indexOf(level)),
    section: (section) => places.get(section) ?? '',
  };
}

function sectionsOf({ requirements, cases }: Summary): string[] {
  return [...new Set([...requirements, ...cases].map(({ section }) => section))];
}

/** The form that filters the ledger and the cases. */
export function filterPart(summary: Summary, keys: FilterKeys): SafeHtml {
  const counts = new Map<Group, number>();
  for (const { status } of summary.requirements) count(counts, groupOfStatus(status));
  for (const { outcome } of summary.cases) count(counts, groupOfOutcome(outcome));
  const used = levels.filter((level) => summary.requirements.some((one) => one.level === level));
  return html`<form id="filter" role="search" aria-label="Filter the ledger and the cases" autocomplete="off"><input type="search" name="q" placeholder="Search ids, words, messages …" aria-label="Text"><fieldset><legend class="sr">Verdict</legend>${Object.entries(
    groups,
  ).map(([group, words]) =>
    counts.has(group as Group)
      ? html`<label class="pill ${group}"><input type="checkbox" name="v" value="${group}"><span>${words}</span></label>`
      : null,
  )}</fieldset><select name="l" aria-label="Level"><option value="">every level</option>${used.map(
    (level) => html`<option value="${keys.level(level)}">${level}</option>`,
  )}</select><select name="s" aria-label="Section"><option value="">every section</option>${sectionsOf(
    summary,
  ).map(
    (section) => html`<option value="${keys.section(section)}">${briefText(section, 60)}</option>`,
  )}</select><button type="reset">Clear</button><output role="status" aria-live="polite">${summary.requirements.length} requirements, ${summary.cases.length} cases</output></form>`;
}

function count(counts: Map<Group, number>, group: Group): void {
  counts.set(group, (counts.get(group) ?? 0) + 1);
}
