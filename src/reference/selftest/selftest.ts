import type { CaseFinished, RunEvent } from '../../events/event.ts';
import type { Role } from '../../events/verdict.ts';
import { systemClock } from '../../net/system-clock.ts';
import { holdsIn } from '../../protocol/load.ts';
import { plainPlan } from '../../run/plan.ts';
import { Run } from '../../run/run-suite.ts';
import type { Target } from '../../run/target.ts';
import type { Case } from '../../suite/case.ts';
import type { Suite } from '../../suite/load-suite.ts';
import { isRowOf } from '../../suite/select.ts';
import type { Defect } from '../reference.ts';

/** The targets against which the judge is judged: one role of one protocol. */
export interface Sparring {
  readonly role: Role;
  readonly defects: readonly Defect[];
  readonly facts: Readonly<Record<string, unknown>>;
  /** Milliseconds for an answer of a broken target: generous beside those of a healthy one. */
  readonly impatient: number;
  /** Cases that are held at once with a broken target. */
  readonly atOnce: number;
  /** Brings up the reference with these defects, and takes it down again. */
  withReference<T>(defects: readonly string[], use: (target: Target) => Promise<T>): Promise<T>;
  /** What stands in for an implementation without being one. */
  readonly nullTargets: readonly string[];
  withNull<T>(kind: string, use: (target: Target) => Promise<T>): Promise<T>;
}

/** Whether a defect was caught, and by what. */
export interface DefectResult {
  readonly defect: Defect;
  readonly caughtBy: readonly string[];
  /** Why nobody outside can tell, where the requirement is untestable. */
  readonly excused?: string;
}

/** What the judge is worth. */
export interface SelftestResult {
  readonly protocol: string;
  readonly role: Role;
  readonly cases: number;
  /** Cases that the correct implementation does not pass. */
  readonly wronged: readonly CaseFinished[];
  /** Cases that could not be held with it: a fact or a dialect is missing. */
  readonly skipped: readonly CaseFinished[];
  readonly defects: readonly DefectResult[];
  /** Cases that pass on a null target. */
  readonly vacuous: readonly { readonly case: string; readonly on: string }[];
  /** Requirements that can be tested and are not. */
  readonly withoutCase: readonly string[];
  /** Cases that no defect makes fail. */
  readonly neverFailed: readonly string[];
}

/** Which defects are tried, and how many at once. */
export interface SelftestOptions {
  readonly defects: readonly string[];
  readonly together: number;
  progress(done: number, all: number): void;
}

/** Judges the suite of a protocol for one role: reference, defects, null targets, ledger. */
export async function selftest(
  suite: Suite,
  sparring: Sparring,
  options: SelftestOptions,
): Promise<SelftestResult> {
  return new Selftest(suite, sparring, options).judge();
}

class Selftest {
  readonly #suite: Suite;
  readonly #sparring: Sparring;
  readonly #options: SelftestOptions;
  readonly #failed = new Set<string>();
  #done = 0;

  constructor(suite: Suite, sparring: Sparring, options: SelftestOptions) {
    this.#suite = suite;
    this.#sparring = sparring;
    this.#options = options;
  }

  async judge(): Promise<SelftestResult> {
    const { role, defects, nullTargets } = this.#sparring;
    const { protocol } = this.#suite;
    const cases = this.#suite.cases.filter(
      (one) => one.role === role && holdsIn(one.dialect, protocol.dialect),
    );
    const plain = await this.#sparring.withReference([], (target) => this.#hold(cases, target, true));
    const skipped = plain.filter((result) => result.verdict === 'skip');
    const held = cases.filter((one) => !skipped.some((result) => result.case === one.id));
    const some = this.#options.defects.length > 0;
    const chosen = defects.filter(({ name }) => !some || this.#options.defects.includes(name));
    const all = chosen.length + (some ? 0 : nullTargets.length);
    const judged = await inTurns(chosen, this.#options.together, async (defect) => {
      const result = await this.#judgeDefect(held, defect);
      this.#progress(all);
      return result;
    });
    const vacuous = await inTurns(some ? [] : nullTargets, 1, async (kind) => {
      const result = await this.#judgeNull(held, kind);
      this.#progress(all);
      return result;
    });
    return {
      protocol: protocol.name,
      role,
      cases: cases.length,
      wronged: plain.filter((result) => result.verdict !== 'pass' && result.verdict !== 'skip'),
      skipped,
      defects: judged,
      vacuous: vacuous.flat(),
      withoutCase: withoutCase(this.#suite, role),
      neverFailed: some ? [] : held.filter((one) => !this.#failed.has(one.id)).map((one) => one.id),
    };
  }

  #progress(all: number): void {
    this.#done += 1;
    this.#options.progress(this.#done, all);
  }

  async #judgeDefect(cases: readonly Case[], defect: Defect): Promise<DefectResult> {
    const { protocol, requirements } = this.#suite;
    const isBroken = (id: string): boolean => defect.breaks.includes(id);
    const proving = cases.filter((one) => one.proves.some(isBroken));
    const byRule = protocol.rules.some((rule) => rule.proves.some(isBroken));
    const byGiven = [...protocol.given.values()].some((one) =>
      one.steps[this.#sparring.role]?.proves.some(isBroken),
    );
    const wanted = byRule || byGiven || proving.length === 0 ? cases : withControls(cases, proving);
    let caughtBy = await this.#catchers(wanted, defect, false);
    // On a busy machine an impatient run may break off before it comes to the point.
    if (caughtBy.length === 0) caughtBy = await this.#catchers(wanted, defect, true);
    const excused = defect.breaks
      .map((id) => requirements.byId.get(id)?.untestable)
      .find((reason) => reason !== undefined);
    return { defect, caughtBy, ...(caughtBy.length === 0 && excused !== undefined ? { excused } : {}) };
  }

  /** The cases that fail under a defect with a failure that names what it breaks. */
  async #catchers(cases: readonly Case[], defect: Defect, patient: boolean): Promise<string[]> {
    const results = await this.#sparring.withReference([defect.name], (target) =>
      this.#hold(cases, target, patient),
    );
    const failing = results.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn');
    for (const { case: id } of failing) this.#failed.add(id);
    const blamed = (result: CaseFinished): readonly string[] =>
      result.failures.filter(({ cause }) => cause !== 'control').flatMap((failure) => failure.requirements);
    return failing
      .filter((result) => blamed(result).some((id) => defect.breaks.includes(id)))
      .map((result) => result.case);
  }

  async #judgeNull(cases: readonly Case[], kind: string): Promise<{ case: string; on: string }[]> {
    const results = await this.#sparring.withNull(kind, (target) => this.#hold(cases, target, false));
    return results
      .filter((result) => result.verdict === 'pass')
      .filter((result) => !cases.find((one) => one.id === result.case)?.passesOn.includes(kind))
      .map((result) => ({ case: result.case, on: kind }));
  }

  async #hold(cases: readonly Case[], target: Target, patient: boolean): Promise<CaseFinished[]> {
    const results: CaseFinished[] = [];
    const run = new Run(
      plainPlan({
        suite: this.#suite,
        cases,
        role: this.#sparring.role,
        target,
        clock: systemClock,
        stamp: 'selftest',
        facts: this.#sparring.facts,
        jobs: patient ? 8 : this.#sparring.atOnce,
        quiet: 250,
        ...(patient ? {} : { deadline: this.#sparring.impatient }),
      }),
      (event: RunEvent) => {
        if (event.event === 'case-finished') results.push(event);
      },
    );
    await run.hold();
    return results;
  }
}

function withControls(cases: readonly Case[], chosen: readonly Case[]): Case[] {
  const controls = chosen.flatMap((one) => (one.control === undefined ? [] : [one.control]));
  return cases.filter((one) => chosen.includes(one) || controls.some((id) => isRowOf(one, id)));
}

/** Requirements of a role that can be tested and that nothing proves. */
function withoutCase(suite: Suite, role: Role): string[] {
  const proved = new Set([
    ...suite.cases.filter((one) => one.role === role).flatMap((one) => one.proves),
    ...suite.protocol.rules.filter((rule) => rule.from === role).flatMap((rule) => rule.proves),
  ]);
  return [...suite.requirements.byId.values()]
    .filter(
      (one) =>
        (one.binds === role || one.binds === 'both') && one.untestable === undefined && !proved.has(one.id),
    )
    .map((one) => one.id);
}

/** Works through a list, so many at once; results in the order of the list. */
async function inTurns<T, R>(
  list: readonly T[],
  together: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(list.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next; index < list.length; index = next) {
      next += 1;
      results[index] = await work(list[index] as T);
    }
  };
  await Promise.all(Array.from({ length: together }, worker));
  return results;
}
