import { html, type SafeHtml } from '@remix-run/html-template';
import type { Failure } from '../../events/event.ts';
import type { Role } from '../../events/verdict.ts';
import { gist, requirementsById, sentence } from '../case-lines.ts';
import { type CaseSummary, isFlaky, triesWords } from '../case-summary.ts';
import type { RequirementSummary } from '../ledger.ts';
import type { Summary } from '../summary.ts';
import { many } from '../words.ts';
import { caseAnchor, requirementAnchor } from './anchors.ts';
import { difference } from './difference.ts';
import type { FilterKeys } from './filter-part.ts';
import { briefText, longText } from './long-text.ts';
import { sequence } from './sequence.ts';
import { groupOfOutcome, mark } from './verdict-marks.ts';

/** Failing cases that are open from the beginning. */
const opened = 3;
/** Messages that are drawn of one case, and, roughly, in a page: beyond that each case has a few. */
const mostOfCase = 80;
const mostOfPage = 24_000;
const fewOfCase = 12;

/** Every case with its conversation. */
export function casesPart(summary: Summary, keys: FilterKeys): SafeHtml {
  const requirements = requirementsById(summary.requirements);
  const failing = summary.cases
    .filter(({ outcome }) => groupOfOutcome(outcome) === 'fail')
    .map(({ id }) => id);
  const shownFirst = new Set(failing.slice(0, opened));
  let drawn = 0;
  const items = summary.cases.map((one) => {
    const most = drawn < mostOfPage ? mostOfCase : fewOfCase;
    drawn += Math.min(most, one.transcript?.length ?? 0);
    const after = failing[failing.indexOf(one.id) + 1];
    const next = failing.includes(one.id) ? after : undefined;
    return item(one, {
      requirements,
      keys,
      most,
      open: shownFirst.has(one.id),
      next,
      target: summary.run.role,
    });
  });
  return html`<section id="cases" aria-labelledby="h-cases"><div class="head"><h2 id="h-cases">The cases</h2><span class="buttons"><button type="button" data-all="open">Open all that are listed</button> <button type="button" data-all="close">Close all</button></span></div>${items}</section>`;
}

interface Telling {
  readonly requirements: ReadonlyMap<string, RequirementSummary>;
  readonly keys: FilterKeys;
  readonly most: number;
  readonly open: boolean;
  readonly next: string | undefined;
  readonly target: Role;
}

function item(one: CaseSummary, telling: Telling): SafeHtml {
  const { requirements, keys, open } = telling;
  const group = groupOfOutcome(one.outcome);
  const anchor = caseAnchor(one.id);
  const proven = one.proves.flatMap((id) => requirements.get(id) ?? []);
  const named = [
    ...proven,
    ...one.failures.flatMap((failure) => failure.requirements.flatMap((id) => requirements.get(id) ?? [])),
  ];
  const levels = new Set(named.map(({ level }) => keys.level(level)));
  const sections = new Set([
    keys.section(one.section),
    ...proven.map(({ section }) => keys.section(section)),
  ]);
  const tries = triesWords(one);
  return html`
<details class="case ${group}" id="${anchor}" data-v="${group}" data-l="${[...levels].join(' ')}" data-s="${[...sections].join(' ')}"${open ? html` open=""` : null}><summary>${mark(group, one.outcome)}<span class="title">${briefText(one.title)}</span> <span class="case-id">${briefText(one.id)}</span>${
    tries === undefined ? null : html` <span class="chip ${isFlaky(one) ? 'warn' : 'fail'}">${tries}</span>`
  }<span class="ms">${one.ms > 0 ? `${one.ms.toFixed(one.ms < 10 ? 1 : 0)} ms` : ''}</span></summary>${body(one, telling, anchor)}</details>`;
}

function body(one: CaseSummary, telling: Telling, anchor: string): SafeHtml {
  const { requirements, most, next, target } = telling;
  const [first] = one.failures;
  const failing = one.failures.find(({ step }) => step?.index !== undefined) ?? first;
  return html`<div class="body"><p class="meta">${briefText(one.section)} · ${briefText(one.file)}:${one.line} · ${
    one.proves.length === 0
      ? 'proves no requirement by itself'
      : html`proves ${one.proves.map((id) => html`<a href="#${requirementAnchor(id)}">${briefText(id)}</a> `)}`
  }· <a href="#${anchor}">link</a>${next === undefined ? null : html` · <a href="#${caseAnchor(next)}">next failing case</a>`}</p>${
    one.expected === undefined ? null : html`<p class="note">Expected to fail: ${briefText(one.expected)}</p>`
  }${one.failures.map((failure, index) => failurePart(failure, one.failures[index - 1], requirements))}${
    one.failures.length === 0 && one.outcome !== 'pass' ? html`<p class="note">${gist(one)}</p>` : null
  }${tries(one)}${
    one.transcript && one.transcript.length > 0
      ? sequence(one.transcript, { target, failure: failing, most })
      : one.outcome === 'pass'
        ? html`<p class="faint">The conversations of passing cases are kept with --verbose.</p>`
        : null
  }${choices(one)}${notes(one)}${one.repeat === undefined ? null : html`<p class="again">again: <code class="copy">${briefText(one.repeat, 2000)}</code></p>`}</div>`;
}

/** The requirement in words, the step, what is wrong, expected beside actual. */
function failurePart(
  failure: Failure,
  before: Failure | undefined,
  requirements: ReadonlyMap<string, RequirementSummary>,
): SafeHtml {
  const told = before?.requirements ?? [];
  const { step, details = [] } = failure;
  return html`<div class="failure">${failure.requirements
    .filter((id) => !told.includes(id))
    .map((id) => {
      const known = requirements.get(id);
      return html`<p class="requirement"><a class="id" href="#${requirementAnchor(id)}">${briefText(id)}</a> ${
        known ? html`<span class="level">${known.level}</span> ${briefText(known.text, 600)}` : null
      }</p>`;
    })}${
    step
      ? html`<p class="step"><span class="faint">${briefText(step.file)}:${step.line}</span> <code>${briefText(step.text, 600)}</code></p>`
      : null
  }<p class="message">${sentence(failure)}</p>${difference(failure)}${
    details.length === 0
      ? null
      : html`<ul class="details">${details.slice(0, 40).map((detail) => html`<li><code>${longText(detail, 400)}</code></li>`)}</ul>`
  }</div>`;
}

function tries(one: CaseSummary): SafeHtml | null {
  if (!isFlaky(one)) return null;
  return html`<ol class="tries">${one.attempts.map(
    ({ verdict, message }) =>
      html`<li>${verdict}${message === undefined ? null : html`: ${briefText(message)}`}</li>`,
  )}</ol>`;
}

/** Which way the target took where a step allows several. */
function choices({ choices: all = [] }: CaseSummary): SafeHtml | null {
  if (all.length === 0) return null;
  return html`<ul class="notes">${all
    .slice(0, 8)
    .map(
      ({ step, took }) =>
        html`<li><code>${briefText(step.text)}</code>: it took <code>${briefText(took)}</code></li>`,
    )}</ul>`;
}

function notes({ notes: all }: CaseSummary): SafeHtml | null {
  if (all.length === 0) return null;
  const told = all.slice(0, 8);
  return html`<ul class="notes">${told.map((note) => html`<li>${briefText(note)}</li>`)}${
    all.length > told.length
      ? html`<li class="faint">and ${many(all.length - told.length, 'other note')}</li>`
      : null
  }</ul>`;
}
