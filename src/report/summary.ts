import type {
  AnswerInfo,
  CaseFinished,
  CaseInfo,
  RequirementInfo,
  RuleInfo,
  RunEvent,
  RunFinished,
  RunStarted,
  StatesInfo,
  TargetEvent,
} from '../events/event.ts';
import { SparError } from '../problem/problem.ts';
import { type CaseSummary, endedCase, isFlaky, type Outcome, openCase, worse } from './case-summary.ts';
import { ledgerOf, type RequirementSummary, type Status, statuses } from './ledger.ts';

/** The run as a whole. */
export interface RunSummary
  extends Omit<RunStarted, 'event' | 'run' | 'requirements' | 'rules' | 'cases' | 'states' | 'expected'> {
  readonly id: string;
  /** Its length, in milliseconds. */
  readonly ms: number;
  /** Why it ended before all cases were held; `cut-off` if its events end in the middle. */
  readonly stopped?: NonNullable<RunFinished['stopped']> | 'cut-off';
  readonly message?: string;
  /** The exit code; absent if the run was cut off. */
  readonly exit?: number;
}

/** How many cases there are, and what became of them: `total` is the sum of the outcomes. */
type Counts = Readonly<Record<Outcome | 'total' | 'flaky', number>>;

/** How the requirements of one heading of the document stand. */
export type SectionSummary = { readonly section: string } & Readonly<Record<Status, number>>;

/** A rule, and where it was broken. */
interface RuleSummary extends RuleInfo {
  /** How many cases had a message that it speaks of. */
  readonly seen: number;
  readonly brokenBy: readonly string[];
}

/** What became of the target's process. */
interface TargetSummary {
  readonly exits: number;
  readonly restarts: number;
  /** The last things heard of it, 40 at the most, each cut to 2,000 characters. */
  readonly last: readonly Omit<TargetEvent, 'event'>[];
}

/** The state table, and what of it was seen. */
export interface StatesSummary {
  readonly start: string;
  readonly names: readonly string[];
  readonly answers: readonly (AnswerInfo & { /** In how many cases it came. */ readonly seen: number })[];
}

/** All that a report says, as plain data. The JSON report is this and the name of its schema. */
export interface Summary {
  readonly run: RunSummary;
  readonly counts: Counts;
  /** The ledger: every requirement that binds the tested role. */
  readonly requirements: readonly RequirementSummary[];
  readonly sections: readonly SectionSummary[];
  readonly rules: readonly RuleSummary[];
  /** In the order of the document, however they were held. */
  readonly cases: readonly CaseSummary[];
  /** Absent if the protocol has no state table. */
  readonly states?: StatesSummary;
  /** Expected failures that hold now. */
  readonly stale: RunFinished['stale'];
  readonly target: TargetSummary;
}

/** What of the events is kept. */
export interface SummaryOptions {
  /** Transcripts of passing cases too. */
  readonly allTranscripts?: boolean;
}

/** Takes the events of a run one by one; tells at any time what is known so far. */
export interface Summariser {
  add(event: RunEvent): void;
  /** Raises a `SparError` if no run has started. */
  summary(): Summary;
}

/** The fold of all reports. Raises a `SparError` if the events hold no run. */
export function summarise(events: Iterable<RunEvent>, options?: SummaryOptions): Summary {
  const summariser = createSummariser(options);
  for (const event of events) summariser.add(event);
  return summariser.summary();
}

const lastKept = 40;
const textKept = 2_000;

/** The fold of all reports, for events that come by and by. */
export function createSummariser({ allTranscripts = false }: SummaryOptions = {}): Summariser {
  let started: RunStarted | undefined;
  let finished: RunFinished | undefined;
  let at = 0;
  const infos = new Map<string, CaseInfo>();
  const open = new Set<string>();
  const ended = new Map<string, CaseSummary>();
  const seen = new Map<string, number>();
  const came = new Map<number, number>();
  const target = { exits: 0, restarts: 0, last: [] as Omit<TargetEvent, 'event'>[] };

  function addCase(event: CaseFinished): void {
    open.delete(event.case);
    const now = endedCase(infoOf(event.case), event, allTranscripts);
    const before = ended.get(event.case);
    ended.set(event.case, before ? worse(before, now) : now);
    for (const rule of event.rules ?? []) seen.set(rule, (seen.get(rule) ?? 0) + 1);
    for (const place of event.answers ?? []) came.set(place, (came.get(place) ?? 0) + 1);
  }

  function infoOf(id: string): CaseInfo {
    const info = infos.get(id) ?? { id, title: id, section: '', file: '', line: 0, proves: [] };
    infos.set(id, info);
    return info;
  }

  function addTarget({ event: _, ...happening }: TargetEvent): void {
    if (happening.what === 'exited') target.exits += 1;
    if (happening.what === 'restarted') target.restarts += 1;
    // Clients are started by the hundred: what they say is worth more.
    if (happening.what === 'spawned') return;
    target.last.push({ ...happening, text: happening.text.slice(0, textKept) });
    if (target.last.length > lastKept) target.last.shift();
  }

  return {
    add(event) {
      switch (event.event) {
        case 'run-started':
          started = event;
          for (const info of event.cases) infos.set(info.id, info);
          return;
        case 'target':
          addTarget(event);
          break;
        case 'case-started':
          infoOf(event.case);
          open.add(event.case);
          break;
        case 'case-finished':
          addCase(event);
          break;
        case 'run-finished':
          finished = event;
          break;
      }
      at = Math.max(at, event.at);
    },

    summary() {
      if (!started) throw new SparError(noRun);
      const run = runOf(started, finished, at);
      const why = reasonWhy(run);
      const cases = inOrderOf(started.requirements, infos.values()).map((info) => {
        if (open.has(info.id)) return openCase(info, 'unfinished', why);
        return ended.get(info.id) ?? openCase(info, 'not-held', why);
      });
      const { role, rules } = started;
      const requirements = ledgerOf({
        requirements: started.requirements.filter(({ binds }) => binds === 'both' || binds === role),
        rules,
        cases,
        seen: new Set(seen.keys()),
      });
      return {
        run,
        counts: countsOf(cases),
        requirements,
        sections: sectionsOf(requirements),
        rules: rules.map((rule) => ({
          ...rule,
          seen: seen.get(rule.id) ?? 0,
          brokenBy: cases.filter((one) => breaks(one, rule)).map((one) => one.id),
        })),
        cases,
        ...(started.states && { states: statesOf(started.states, came) }),
        stale: finished?.stale ?? [],
        target: { ...target, last: [...target.last] },
      };
    },
  };
}

const noRun = {
  fault: 'user',
  what: 'these events hold no run: there is no run-started among them',
  mend: 'give the events.ndjson of a run',
} as const;

function runOf(started: RunStarted, finished: RunFinished | undefined, at: number): RunSummary {
  const { event: _, run: id, requirements, rules, cases, states, expected, ...rest } = started;
  const stopped = finished ? finished.stopped : 'cut-off';
  return {
    id,
    ...rest,
    ms: at,
    ...(stopped && { stopped }),
    ...(finished?.message !== undefined && { message: finished.message }),
    ...(finished && { exit: finished.exit }),
  };
}

const stopReasons: Readonly<Record<NonNullable<RunSummary['stopped']>, string>> = {
  'target-dead': 'the run stopped, since the target is dead',
  bail: 'the run stopped at the wished number of failures',
  interrupted: 'the run was interrupted',
  harness: "the run stopped at a fault of spar's own",
  'cut-off': 'the run was cut off',
};

/** Why the run ended before its time, in words; else why a case may still be open. */
export function reasonWhy({ stopped }: Pick<RunSummary, 'stopped'>): string {
  return stopped ? stopReasons[stopped] : 'the run did not come to it';
}

function countsOf(cases: readonly CaseSummary[]): Counts {
  const counts: Record<Outcome | 'total' | 'flaky', number> = {
    total: cases.length,
    pass: 0,
    fail: 0,
    warn: 0,
    skip: 0,
    error: 0,
    expected: 0,
    unfinished: 0,
    'not-held': 0,
    flaky: cases.filter(isFlaky).length,
  };
  for (const { outcome } of cases) counts[outcome] += 1;
  return counts;
}

function statesOf(states: StatesInfo, came: ReadonlyMap<number, number>): StatesSummary {
  return {
    ...states,
    answers: states.answers.map((answer, place) => ({ ...answer, seen: came.get(place) ?? 0 })),
  };
}

function sectionsOf(requirements: readonly RequirementSummary[]): SectionSummary[] {
  const sections = new Map<string, Record<Status, number>>();
  for (const { section, status } of requirements) {
    const row = sections.get(section) ?? noStatus();
    sections.set(section, row);
    row[status] += 1;
  }
  return [...sections].map(([section, row]) => ({ section, ...row }));
}

function noStatus(): Record<Status, number> {
  return Object.fromEntries(statuses.map((status) => [status, 0])) as Record<Status, number>;
}

function breaks(one: CaseSummary, rule: RuleInfo): boolean {
  return one.failures.some(
    (failure) =>
      failure.rule === rule.id ||
      (failure.cause === 'rule' &&
        failure.rule === undefined &&
        failure.requirements.some((id) => rule.proves.includes(id))),
  );
}

/** Cases as the document has them: shards and jobs hold them in any order. */
function inOrderOf(requirements: readonly RequirementInfo[], infos: Iterable<CaseInfo>): CaseInfo[] {
  const places = new Map(requirements.map(({ id }, place) => [id, place]));
  const placed = Array.from(infos, (info) => {
    const proven = info.proves.map((id) => places.get(id) ?? requirements.length);
    return { info, place: Math.min(requirements.length, ...proven) };
  });
  placed.sort(
    (a, b) =>
      a.place - b.place ||
      byText(a.info.file, b.info.file) ||
      a.info.line - b.info.line ||
      byText(a.info.id, b.info.id),
  );
  return placed.map(({ info }) => info);
}

const collator = new Intl.Collator('en', { numeric: true });

function byText(a: string, b: string): number {
  return a === b ? 0 : collator.compare(a, b);
}
