import { create } from 'xmlbuilder2';
import {
  caseLines,
  conversationLines,
  gist,
  requirementsById,
  sentence,
  type Telling,
} from './case-lines.ts';
import { type CaseSummary, triesWords } from './case-summary.ts';
import { requirementWords } from './counts-words.ts';
import { groupBy } from './group-by.ts';
import { plain } from './paint.ts';
import { shown } from './shown.ts';
import type { Summary } from './summary.ts';

type Element = ReturnType<ReturnType<typeof create>['ele']>;

/**
 * The report as JUnit XML, in the dialect that Jenkins and GitLab read: a suite for each section. A
 * broken requirement is a failure; a fault of spar's own, or a case that did not end, is an error.
 */
export function junit(summary: Summary): string {
  const { run, cases, stale, target } = summary;
  const telling = { paint: plain, width: 100, requirements: requirementsById(summary.requirements) };
  const root = create({ version: '1.0', encoding: 'UTF-8' }).ele('testsuites', {
    name: shown(`spar ${run.protocol.name} ${run.role}`),
    ...totals(cases, run.strict, stale.length),
    time: seconds(run.ms),
  });
  for (const [section, members] of groupBy(cases, (one) => [one.section])) {
    const suite = root.ele('testsuite', {
      name: shown(section === '' ? run.protocol.name : section),
      ...totals(members, run.strict, 0),
      time: seconds(members.reduce((total, { ms }) => total + ms, 0)),
      timestamp: shown(run.time),
    });
    addProperties(suite, summary);
    for (const one of members) addCase(suite, one, summary, telling);
  }
  addLedger(root, summary.requirements);
  if (stale.length > 0) addStale(root, stale);
  if (target.restarts > 0 || run.stopped === 'target-dead') addTarget(root, target);
  return `${root.end({ prettyPrint: true })}\n`;
}

const noTests = { tests: 0, failures: 0, errors: 0, skipped: 0 };

type Mark = 'failure' | 'error' | 'skipped' | undefined;

function markOf({ outcome }: CaseSummary, strict: boolean): Mark {
  switch (outcome) {
    case 'pass':
      return undefined;
    case 'warn':
      return strict ? 'failure' : undefined;
    case 'fail':
      return 'failure';
    case 'error':
    case 'unfinished':
      return 'error';
    case 'skip':
    case 'not-held':
    case 'expected':
      return 'skipped';
  }
}

function totals(cases: readonly CaseSummary[], strict: boolean, stale: number): Record<string, number> {
  const marks = cases.map((one) => markOf(one, strict));
  const count = (wanted: Mark) => marks.filter((mark) => mark === wanted).length;
  return {
    tests: cases.length + stale,
    failures: count('failure') + stale,
    errors: count('error'),
    skipped: count('skipped'),
  };
}

function addProperties(suite: Element, { run }: Summary): void {
  const properties = suite.ele('properties');
  const values = {
    run: run.id,
    spar: run.spar,
    protocol: run.protocol.name,
    role: run.role,
    target: run.target.label,
    seed: String(run.seed),
    ...Object.fromEntries(Object.entries(run.dialects).map(([key, value]) => [`dialect.${key}`, value])),
  };
  for (const [name, value] of Object.entries(values)) {
    properties.ele('property', { name: shown(name), value: shown(value) });
  }
}

function addCase(suite: Element, one: CaseSummary, { run }: Summary, telling: Telling): void {
  const parts = one.id.split('/');
  const element = suite.ele('testcase', {
    classname: shown(parts.slice(0, -1).join('.') || run.protocol.name),
    name: shown(parts.at(-1) ?? one.id),
    file: shown(one.file),
    line: one.line,
    time: seconds(one.ms),
  });
  const properties = element.ele('properties');
  properties.ele('property', { name: 'title', value: shown(one.title) });
  properties.ele('property', { name: 'proves', value: one.proves.map(shown).join(' ') });
  const mark = markOf(one, run.strict);
  // Jenkins shows the message, GitLab what stands in the element.
  if (mark === 'skipped') element.ele('skipped', { message: skipWords(one) }).txt(skipWords(one));
  else if (mark)
    element.ele(mark, { message: headline(one), type: one.cause ?? one.outcome }).txt(text(one, telling));
  const said = [
    ...one.notes.map(shown),
    ...(mark ? [] : warning(one)),
    ...conversationLines(one, plain, 100),
  ];
  if (said.length > 0) element.ele('system-out').txt(said.join('\n'));
}

function skipWords({ outcome, why, expected }: CaseSummary): string {
  return shown(outcome === 'expected' ? `expected failure: ${expected ?? ''}` : (why ?? outcome));
}

function headline(one: CaseSummary): string {
  return [gist(one), triesWords(one)].filter(Boolean).join(' · ');
}

function warning(one: CaseSummary): string[] {
  return one.failures.map((failure) => `warning: ${sentence(failure)}`);
}

function text(one: CaseSummary, telling: Telling): string {
  return caseLines(one, telling).join('\n');
}

/** The ledger as a suite without cases: a property for each requirement. */
function addLedger(root: Element, requirements: Summary['requirements']): void {
  if (requirements.length === 0) return;
  const properties = root.ele('testsuite', { name: 'Requirements', ...noTests }).ele('properties');
  for (const one of requirements) {
    properties.ele('property', { name: shown(one.id), value: requirementWords(one) });
  }
}

function addStale(root: Element, stale: Summary['stale']): void {
  const suite = root.ele('testsuite', {
    name: 'Expected failures',
    tests: stale.length,
    failures: stale.length,
    errors: 0,
    skipped: 0,
  });
  for (const { entry, reason } of stale) {
    suite
      .ele('testcase', { classname: 'expected-failures', name: shown(entry) })
      .ele('failure', { message: 'what is named holds now: strike the entry out', type: 'stale' })
      .txt(shown(reason));
  }
}

function addTarget(root: Element, target: Summary['target']): void {
  const said = target.last.map(({ what, text }) => `${what} ${shown(text)}`);
  root
    .ele('testsuite', { name: 'Target', ...noTests })
    .ele('system-err')
    .txt(said.join('\n'));
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
