import { html, type SafeHtml } from '@remix-run/html-template';
import type { Outcome } from '../case-summary.ts';
import type { Status } from '../ledger.ts';

/** What a requirement or a case can be filtered by, with its words. */
export const groups = {
  fail: 'broken',
  warn: 'warned',
  pass: 'held',
  open: 'open',
  untestable: 'not testable',
  missing: 'without a case',
} as const;

export type Group = keyof typeof groups;

const ofStatus: Readonly<Record<Status, Group>> = {
  held: 'pass',
  broken: 'fail',
  warned: 'warn',
  unproven: 'open',
  skipped: 'open',
  'not-run': 'open',
  untestable: 'untestable',
  missing: 'missing',
};

const ofOutcome: Readonly<Record<Outcome, Group>> = {
  pass: 'pass',
  fail: 'fail',
  error: 'fail',
  warn: 'warn',
  expected: 'warn',
  skip: 'open',
  unfinished: 'open',
  'not-held': 'open',
};

/** Where a requirement stands. */
export function groupOfStatus(status: Status): Group {
  return ofStatus[status];
}

/** Where a case stands. */
export function groupOfOutcome(outcome: Outcome): Group {
  return ofOutcome[outcome];
}

const signs: Readonly<Record<Group, string>> = {
  fail: '✗',
  warn: '!',
  pass: '✓',
  open: '–',
  untestable: '∅',
  missing: '?',
};

/** A sign in the colour of its group, with its meaning for those who do not see it. */
export function mark(group: Group, words: string): SafeHtml {
  return html`<span class="mark ${group}" role="img" aria-label="${words}">${signs[group]}</span>`;
}
