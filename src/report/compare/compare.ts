import type { Outcome } from '../case-summary.ts';
import type { Status } from '../ledger.ts';
import { type Alternative, alternativesOf } from './alternatives.ts';
import type { LaidCase, LaidRequirement, LaidRun } from './laid-run.ts';
import { newsOf, type RunNews } from './news.ts';

/** A run as one column of a comparison. */
export interface Column extends Omit<LaidRun, 'requirements' | 'cases'> {
  /** Requirements that hold. */
  readonly held: number;
  /** Requirements that it knows and that can be tested. */
  readonly testable: number;
  readonly cases: number;
}

/** What one run knows of a requirement. */
export interface RequirementResult {
  readonly status: Status;
  readonly expected: boolean;
  readonly brokenBy: readonly string[];
}

/** A requirement and what each run knows of it, null where it does not know it. */
export interface RequirementRow extends Pick<LaidRequirement, 'id' | 'section' | 'level' | 'text'> {
  readonly results: readonly (RequirementResult | null)[];
}

/** A case or test and what became of it in each run, null where it has none such. */
export interface CaseRow extends Pick<LaidCase, 'id' | 'title' | 'requirements'> {
  readonly outcomes: readonly (Outcome | null)[];
}

/** Runs laid side by side, as plain data. The JSON of a comparison is this and the name of its schema. */
export interface Comparison {
  /** Absent if other harnesses held all runs. */
  readonly protocol?: { readonly name: string; readonly title: string };
  readonly role?: 'server' | 'client';
  /** Index of the run that the others are held against. */
  readonly baseline: number;
  readonly runs: readonly Column[];
  readonly requirements: readonly RequirementRow[];
  readonly cases: readonly CaseRow[];
  /** Steps that allow several ways, and which of them each run took. */
  readonly alternatives: readonly Alternative[];
  /** What is new in each run but the baseline. */
  readonly news: readonly RunNews[];
  /** 1 if something newly fails. */
  readonly exit: 0 | 1;
}

/** Lays runs of one protocol side by side. */
export function compareRuns(runs: readonly LaidRun[], baseline: number): Comparison {
  const first = runs.find(({ protocol }) => protocol);
  const requirements = rowsOf(
    runs,
    (run) => run.requirements,
    (found, one) => ({
      id: one.id,
      section: one.section,
      level: one.level,
      text: one.text,
      results: found.map((of) => of && { status: of.status, expected: of.expected, brokenBy: of.brokenBy }),
    }),
  );
  const cases = rowsOf(
    runs,
    (run) => run.cases,
    (found, one) => ({
      id: one.id,
      title: one.title,
      requirements: one.requirements,
      outcomes: found.map((of) => of?.outcome ?? null),
    }),
  );
  const news = runs.flatMap((_, run) =>
    run === baseline ? [] : [newsOf({ runs, requirements, cases }, run, baseline)],
  );
  return {
    ...(first?.protocol && { protocol: first.protocol }),
    ...(first?.role && { role: first.role }),
    baseline,
    runs: runs.map(columnOf),
    requirements,
    cases,
    alternatives: alternativesOf(runs),
    news,
    exit: news.some(({ failing }) => failing.requirements.length + failing.cases.length > 0) ? 1 : 0,
  };
}

function columnOf({ requirements, cases, ...run }: LaidRun): Column {
  return {
    ...run,
    held: requirements.filter(({ status }) => status === 'held').length,
    testable: requirements.filter(({ status }) => status !== 'untestable').length,
    cases: cases.length,
  };
}

/** A row for each id, in the order of the first run that has it, behind what stands before it there. */
function rowsOf<T extends { readonly id: string }, Row>(
  runs: readonly LaidRun[],
  itemsOf: (run: LaidRun) => readonly T[],
  rowOf: (found: readonly (T | null)[], one: T) => Row,
): Row[] {
  const maps = runs.map((run) => new Map(itemsOf(run).map((item) => [item.id, item])));
  const order = mergedOrder(maps.map((items) => [...items.keys()]));
  return order.flatMap((id) => {
    const found = maps.map((items) => items.get(id) ?? null);
    const one = found.find((item) => item !== null);
    return one ? [rowOf(found, one)] : [];
  });
}

/** The ids of all lists; what only a later list has stands where that list has it. */
function mergedOrder(lists: readonly (readonly string[])[]): string[] {
  let order: string[] = [];
  const known = new Set<string>();
  for (const list of lists) {
    const placed = new Map<string | undefined, string[]>();
    let before: string | undefined;
    for (const id of list) {
      if (known.has(id)) before = id;
      else placed.set(before, appended(placed.get(before), id));
    }
    order = [...(placed.get(undefined) ?? []), ...order.flatMap((id) => [id, ...(placed.get(id) ?? [])])];
    for (const id of list) known.add(id);
  }
  return order;
}

function appended(list: string[] | undefined, id: string): string[] {
  if (!list) return [id];
  list.push(id);
  return list;
}
