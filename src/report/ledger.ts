import type { RequirementInfo, RuleInfo } from '../events/event.ts';
import type { CaseSummary } from './case-summary.ts';
import { groupBy } from './group-by.ts';

/**
 * What is known of a requirement after a run.
 *
 * - `held`: a case that proves it ended well, or a rule that proves it saw what it speaks of;
 * - `broken`, `warned`: a failure names it;
 * - `unproven`: it was tried, but the cases failed for other reasons, or nothing was seen of it;
 * - `skipped`: every case that proves it lacks something;
 * - `not-run`: the run did not come to it, or it was not chosen;
 * - `untestable`: it cannot be tested over the wire;
 * - `missing`: no case and no rule proves it.
 */
export type Status = (typeof statuses)[number];

/** All of them, in the order in which people ask for them. */
export const statuses = [
  'held',
  'broken',
  'warned',
  'unproven',
  'skipped',
  'not-run',
  'untestable',
  'missing',
] as const;

/** An entry of the ledger. */
export interface RequirementSummary extends RequirementInfo {
  readonly status: Status;
  /** Why it is neither held nor broken. */
  readonly why: readonly string[];
  /** Ids of the cases of this run that prove it. */
  readonly cases: readonly string[];
  /** Ids of the rules that prove it. */
  readonly rules: readonly string[];
  /** Ids of the cases whose failures name it. */
  readonly brokenBy: readonly string[];
  /** Reasons, if every failure that names it is expected. */
  readonly expected?: readonly string[];
}

/** What the run tells of each requirement. */
export interface Evidence {
  readonly requirements: readonly RequirementInfo[];
  readonly rules: readonly RuleInfo[];
  readonly cases: readonly CaseSummary[];
  /** Ids of the rules that saw something they speak of, in a case that ended. */
  readonly seen: ReadonlySet<string>;
}

/** The ledger: each requirement with what is known of it, in the order of the document. */
export function ledgerOf({ requirements, rules, cases, seen }: Evidence): RequirementSummary[] {
  const provers = groupBy(cases, (one) => one.proves);
  const breakers = groupBy(cases, brokenIn);
  const ruled = groupBy(rules, (rule) => rule.proves);
  const anyEnded = cases.some(hasEnded);
  return requirements.map((requirement) => {
    const proving = provers.get(requirement.id) ?? [];
    const breaking = breakers.get(requirement.id) ?? [];
    const watching = ruled.get(requirement.id) ?? [];
    const held = proving.some(endedWell) || watching.some((rule) => seen.has(rule.id));
    return {
      ...requirement,
      ...(breaking.length > 0
        ? { status: onlyWarns(requirement) ? ('warned' as const) : ('broken' as const), why: [] }
        : held
          ? { status: 'held' as const, why: [] }
          : openStatus(requirement, proving, watching.length > 0, anyEnded)),
      cases: proving.map((one) => one.id),
      rules: watching.map((rule) => rule.id),
      brokenBy: breaking.map((one) => one.id),
      ...(breaking.length > 0 &&
        breaking.every((one) => one.outcome === 'expected') && { expected: unique(breaking, expectation) }),
    };
  });
}

/** True if a breach of the requirement is a warning. */
export function onlyWarns({ warn, level }: Pick<RequirementInfo, 'warn' | 'level'>): boolean {
  return warn || level === 'SHOULD' || level === 'SHOULD NOT' || level === 'MAY';
}

/** Ids of the requirements that a case shows to be broken. What spar itself did wrong breaks none. */
function brokenIn(one: CaseSummary): string[] {
  if (!hasEnded(one) || one.outcome === 'error') return [];
  const held = one.failures.filter(({ cause }) => cause !== 'harness' && cause !== 'control');
  return held.flatMap((failure) => failure.requirements);
}

type Known = Pick<RequirementSummary, 'status' | 'why'>;

function openStatus(
  requirement: RequirementInfo,
  proving: readonly CaseSummary[],
  watched: boolean,
  anyEnded: boolean,
): Known {
  if (requirement.untestable !== undefined) return { status: 'untestable', why: [requirement.untestable] };
  const failed = proving.filter(hasEnded);
  if (failed.length > 0) {
    return { status: 'unproven', why: failed.map((one) => `${one.id} failed for another reason`) };
  }
  const open = proving.filter(({ outcome }) => outcome !== 'skip');
  if (open.length > 0) return { status: 'not-run', why: unique(open, reason) };
  if (proving.length > 0) return { status: 'skipped', why: unique(proving, reason) };
  if (watched && anyEnded) return { status: 'unproven', why: ['no message that it speaks of was seen'] };
  if (watched) return { status: 'not-run', why: ['no case was held to its end'] };
  if (requirement.proofs) return { status: 'not-run', why: ['not chosen for this run'] };
  return { status: 'missing', why: ['no case and no rule proves it'] };
}

function hasEnded({ outcome }: CaseSummary): boolean {
  return outcome !== 'skip' && outcome !== 'unfinished' && outcome !== 'not-held';
}

function endedWell({ outcome }: CaseSummary): boolean {
  return outcome === 'pass' || outcome === 'warn';
}

function reason(one: CaseSummary): string {
  return one.why ?? 'no reason given';
}

function expectation(one: CaseSummary): string {
  return one.expected ?? 'no reason given';
}

function unique(cases: readonly CaseSummary[], textOf: (one: CaseSummary) => string): string[] {
  return [...new Set(cases.map(textOf))];
}
