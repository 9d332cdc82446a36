import type { Outcome } from '../case-summary.ts';
import { statusWords } from '../counts-words.ts';
import { many } from '../words.ts';
import { type Alternative, isDisputed } from './alternatives.ts';
import type { CaseRow, Column, Comparison, RequirementResult, RequirementRow } from './compare.ts';
import type { Ids, RunNews } from './news.ts';

/** What stands where a run knows nothing of a row. */
export const absent = '–';

/** A requirement in one run: `held`, `broken`, `broken, as expected`. */
export function resultWords(result: RequirementResult | null | undefined): string {
  if (!result) return absent;
  return `${statusWords[result.status]}${result.expected ? ', as expected' : ''}`;
}

/** A case in one run. */
export function outcomeWords(outcome: Outcome | null | undefined): string {
  if (!outcome) return absent;
  return outcome === 'not-held' ? 'not held' : outcome === 'expected' ? 'fails as expected' : outcome;
}

/** The ways that a run took at a step. */
export function wayWords(took: Alternative['took'][number] | undefined): string {
  return took ? took.join(' and ') : absent;
}

/** True if runs that know of it say different things. */
export function differs(cells: readonly string[]): boolean {
  return new Set(cells.filter((cell) => cell !== absent)).size > 1;
}

/** Rows of requirements in which runs differ, or took different ways. */
export function differingRows({ requirements, alternatives }: Comparison): RequirementRow[] {
  const disputed = new Set(alternatives.filter(isDisputed).flatMap((one) => one.requirements));
  return requirements.filter(({ id, results }) => differs(results.map(resultWords)) || disputed.has(id));
}

/** Cases and tests that no requirement stands for. */
export function looseCases({ cases, requirements }: Comparison): CaseRow[] {
  const known = new Set(requirements.map(({ id }) => id));
  return cases.filter((one) => !one.requirements.some((id) => known.has(id)));
}

/** What a column is: `spar 0.1.0`, its time, the dialects in which the runs differ; or `TAP`. */
export function originWords({ source, spar, time, dialects }: Column, { runs }: Comparison): string[] {
  if (source !== 'spar') return [source === 'tap' ? 'TAP' : 'JUnit'];
  const ofSpar = runs.filter((run) => run.source === 'spar');
  const values = Object.entries(dialects)
    .filter(([name, value]) => ofSpar.some((run) => run.dialects[name] !== value))
    .map(([name, value]) => `${name}=${value}`);
  return [`spar ${spar}`, `${time?.slice(0, 19).replace('T', ' ')}`, ...values];
}

/** A step; the ways that it allows are told apart from it. */
export function stepWords({ step }: Pick<Alternative, 'step'>): string {
  return step.replace(/ < either:.*$/s, ' < either');
}

/** `68 of 70 held, 110 cases`. */
export function scoreWords({ held, testable, cases }: Column): string {
  return `${held} of ${testable} held, ${many(cases, 'case')}`;
}

/** One kind of news, and how it is headed. */
export interface NewsPart {
  readonly title: string;
  readonly mark: '✗' | '✓' | '!' | '+' | '-';
  readonly ids: Ids;
}

/** What is new in a run, worst first; kinds of which there is none are left out. */
export function newsParts(news: RunNews): NewsPart[] {
  const parts: NewsPart[] = [
    { title: 'newly failing', mark: '✗', ids: news.failing },
    { title: 'newly warned of', mark: '!', ids: news.warning },
    { title: 'newly holding', mark: '✓', ids: news.holding },
    { title: 'no longer proven', mark: '!', ids: news.lost },
    { title: 'new cases', mark: '+', ids: { requirements: [], cases: news.added } },
    { title: 'removed cases', mark: '-', ids: { requirements: [], cases: news.removed } },
  ];
  return parts.filter(({ ids }) => ids.requirements.length + ids.cases.length > 0);
}

/** Requirements among the news. */
export function requirementsIn({ ids }: NewsPart, { requirements }: Comparison): RequirementRow[] {
  const wanted = new Set(ids.requirements);
  return requirements.filter(({ id }) => wanted.has(id));
}

/** Cases among the news, without those that the requirements among the news stand for. */
export function casesBeyond(part: NewsPart, run: number, comparison: Comparison): CaseRow[] {
  const wanted = new Set(part.ids.cases);
  for (const { id, results } of requirementsIn(part, comparison)) {
    const breaking = results[run]?.brokenBy ?? [];
    const proving = comparison.cases.filter((one) => one.requirements.includes(id)).map((one) => one.id);
    for (const told of breaking.length > 0 ? breaking : proving) wanted.delete(told);
  }
  return comparison.cases.filter(({ id }) => wanted.has(id));
}

/** What the runs come to, in a sentence. */
export function verdictWords({ exit, news }: Comparison): string {
  if (exit === 0) return 'Nothing newly fails.';
  const [requirements = 0, cases = 0] = (['requirements', 'cases'] as const).map(
    (kind) => new Set(news.flatMap(({ failing }) => failing[kind])).size,
  );
  const what = [
    requirements > 0 && many(requirements, 'requirement'),
    cases > 0 && many(cases, 'case'),
  ].filter(Boolean);
  return `${what.join(' and ')} newly ${requirements + cases === 1 ? 'fails' : 'fail'}.`;
}
