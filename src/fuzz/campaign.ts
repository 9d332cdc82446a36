import type { Answer } from '../protocol/states.ts';
import { randomFrom } from '../session/random.ts';
import type { CampaignOptions, CampaignResult, CampaignStatus } from './campaign-options.ts';
import { type Coverage, Edges } from './edges.ts';
import type { Execution } from './execution.ts';
import type { Finding, Symptom } from './finding.ts';
import { plansFrom } from './generate.ts';
import { Inquiry } from './inquiry.ts';
import { Pace } from './pace.ts';
import type { Plan } from './plan.ts';
import { Shapes } from './shapes.ts';
import { keptHistory, Subject } from './subject.ts';
import { isHungUp, isPartOf, shakes } from './symptom.ts';

/** Conversations drawn at once from one seed. */
const batch = 64;
/** How many conversations of each of those at once are held before the target is looked at. */
const perJob = 8;
/** Plans that are built upon. */
const mostPlans = 4000;
/** How often a symptom is looked into that did not show again on a fresh target. */
const mostDoubts = 3;

/** Holds hostile conversations with a target until an end is reached; keeps, confirms and shrinks what goes wrong. */
export class Campaign {
  readonly #options: CampaignOptions;
  readonly #subject: Subject;
  readonly #pace: Pace;
  readonly #inquiry: Inquiry;
  readonly #corpus: Plan[];
  readonly #shapes = new Shapes();
  readonly #states = new Set<string>();
  readonly #walked = new Set<Answer>();
  readonly #edges = new Edges();
  /** Where the seed of each batch comes from: those of neighbouring campaigns have nothing in common. */
  readonly #draw: () => number;
  readonly #buckets = new Map<string, { hits: number; finding?: Finding }>();
  readonly #began: number;
  readonly #queue: Plan[] = [];
  readonly #doubts = new Map<string, number>();
  #stopped: CampaignResult['stopped'] | undefined;
  #lastStatus = 0;

  constructor(options: CampaignOptions) {
    this.#options = options;
    this.#began = options.clock.now();
    this.#subject = new Subject(options);
    this.#pace = new Pace(options, this.#subject);
    this.#inquiry = new Inquiry(options, this.#subject, this.#pace);
    this.#draw = randomFrom(options.seed);
    this.#corpus = [...options.model.plans, ...options.corpus];
    // What an earlier campaign kept is held again first, as it is.
    this.#queue.push(...options.corpus);
  }

  /** Ends the campaign after the conversations that are under way. */
  interrupt(): void {
    this.#stopped ??= 'interrupted';
    this.#inquiry.interrupt();
  }

  async run(): Promise<CampaignResult> {
    const { fresh } = this.#options;
    if (this.#subject.role === 'client' && !(await this.#zero())) this.#stopped = 'invalid';
    while (!this.#ended()) {
      if (fresh || this.#subject.history.length >= keptHistory) await this.#subject.restart();
      if (this.#pace.gap > 0) await this.#subject.pause(this.#pace.gap);
      const { plans, executions } = await this.#hold(this.#next(this.#size()));
      const symptoms = await this.#symptoms(executions);
      let shaken = executions.some(({ unreachable }) => unreachable);
      for (const { symptom, index } of symptoms) {
        const looked = await this.#found(
          symptom,
          index === undefined ? plans : [plans[index] as Plan],
          plans,
        );
        shaken ||= looked || shakes(symptom);
      }
      this.#subject.remember(plans);
      if (shaken && this.#subject.role === 'server') {
        if (!(await this.#subject.recover())) this.#stopped ??= 'target-dead';
      } else await this.#pace.keep();
      this.#tellStatus();
    }
    this.#subject.leave();
    return {
      ...this.#status(),
      all: [...this.#buckets.values()].flatMap(({ finding }) => (finding ? [finding] : [])),
      stopped: this.#stopped ?? 'time',
      ...(this.#pace.limits === undefined ? {} : { limits: this.#pace.limits }),
    };
  }

  /** The valid conversation that comes furthest; false if no client holds one. */
  async #zero(): Promise<boolean> {
    const longest = [...this.#options.model.openings].sort((a, b) => b.moves.length - a.moves.length);
    for (const [index, plan] of longest.entries()) {
      const { missed, unreachable, symptoms, heard } = await this.#subject.execute(plan, `zero/${index}`);
      if (!unreachable && heard && missed === 0 && symptoms.length === 0) return true;
    }
    return false;
  }

  /** Conversations between two looks at the target: more than are held at once, so that nobody waits for the slowest. */
  #size(): number {
    const { jobs, fresh, until, target } = this.#options;
    if (fresh) return 1;
    const few = jobs === 1 || this.#pace.gap > 0 || target.coverage !== undefined;
    const left = (until.executions ?? Number.POSITIVE_INFINITY) - this.#subject.executions;
    return Math.max(1, Math.min(few ? jobs : jobs * perJob, left));
  }

  /**
   * Holds plans side by side, and keeps those that show something new. Where one goes wrong no more are
   * begun: what is left waits for the next time.
   */
  async #hold(wanted: readonly Plan[]): Promise<{ plans: Plan[]; executions: Execution[] }> {
    const { jobs, target } = this.#options;
    const { coverage } = target;
    await coverage?.begin();
    const executions: Execution[] = [];
    let next = 0;
    let shaken = false;
    const worker = async (): Promise<void> => {
      for (let index = next; index < wanted.length && !shaken; index = next) {
        next += 1;
        const execution = await this.#subject.execute(
          wanted[index] as Plan,
          `${this.#subject.executions + index}`,
        );
        executions[index] = execution;
        shaken ||= execution.symptoms.length > 0 || execution.unreachable;
      }
    };
    await Promise.all(Array.from({ length: Math.min(jobs, wanted.length) }, worker));
    const plans = wanted.slice(0, next);
    this.#queue.unshift(...wanted.slice(next));
    this.#subject.executions += plans.length;
    for (const [index, execution] of executions.entries()) this.#learn(plans[index] as Plan, execution);
    if (coverage) await this.#learnEdges(coverage, plans, executions);
    return { plans, executions };
  }

  /** New edges belong to one of the plans that were held side by side: which it is, each alone shows. */
  async #learnEdges(
    coverage: Coverage,
    plans: readonly Plan[],
    executions: readonly Execution[],
  ): Promise<void> {
    const hits = [...(await coverage.hits())];
    if (this.#edges.news(hits) === 0) return;
    if (executions.some(({ symptoms, unreachable }) => symptoms.length > 0 || unreachable)) return;
    const [only, ...more] = plans;
    if (only && more.length === 0) this.#keep(only, `${this.#edges.add(hits)} new edges`);
    else
      for (const [index, plan] of plans.entries()) {
        await coverage.begin();
        await this.#subject.execute(plan, `${this.#subject.executions}/edges/${index}`);
        const news = this.#edges.add([...(await coverage.hits())]);
        if (news > 0) this.#keep(plan, `${news} new edges`);
      }
    this.#edges.add(hits);
  }

  // Plans

  #next(count: number): Plan[] {
    const plans: Plan[] = [];
    while (plans.length < count) {
      if (this.#queue.length === 0) {
        const seed = (2 ** 32 * this.#draw()) | 0;
        this.#queue.push(...plansFrom(this.#options.model, this.#corpus, seed, batch));
      }
      plans.push(this.#queue.shift() as Plan);
    }
    return plans;
  }

  #learn(plan: Plan, execution: Execution): void {
    for (const state of execution.states) this.#states.add(state);
    for (const answer of execution.walked) this.#walked.add(answer);
    const [news] = this.#shapes.add(execution.shapes);
    if (news !== undefined && execution.symptoms.length === 0) this.#keep(plan, news);
  }

  #keep(plan: Plan, why: string): void {
    if (this.#corpus.length >= mostPlans || this.#corpus.includes(plan)) return;
    this.#corpus.push(plan);
    this.#options.tell({ event: 'corpus', plan, why });
  }

  async #symptoms(executions: readonly Execution[]): Promise<{ symptom: Symptom; index?: number }[]> {
    const found: { symptom: Symptom; index?: number }[] = [];
    if (this.#subject.role === 'client')
      return this.#wanted(
        executions.flatMap(({ symptoms }, index) => symptoms.map((symptom) => ({ symptom, index }))),
      );
    const early = await this.#subject.death(executions.some((one) => one.unreachable));
    const watched = early ? [] : await this.#subject.watch(executions);
    const death = early ?? (await this.#subject.death(watched.some(isHungUp)));
    if (death) return this.#wanted([{ symptom: death, ...(executions.length === 1 ? { index: 0 } : {}) }]);
    // What hangs altogether is not also deaf on one connection.
    const hangs = watched.some(({ oracle }) => oracle === 'hang');
    for (const [index, { symptoms }] of executions.entries())
      for (const symptom of hangs ? [] : symptoms) found.push({ symptom, index });
    const unreachable = executions.findIndex((one) => one.unreachable);
    const hanging = unreachable >= 0 || hangs || found.some(({ symptom }) => symptom.oracle === 'deaf');
    const unheard = executions.every(({ heard }) => !heard);
    if (hanging || unheard) {
      if (await this.#pace.isLimited(this.#options.target.fresh !== undefined)) return [];
      const late = await this.#subject.death(false);
      if (late) return this.#wanted([{ symptom: late, ...(executions.length === 1 ? { index: 0 } : {}) }]);
    }
    if (unreachable >= 0)
      found.push({
        symptom: {
          oracle: 'hang',
          bucket: 'hang: no connection',
          message: 'no connection can be made any more',
        },
        index: unreachable,
      });
    const reports = await this.#subject.reports();
    for (const symptom of [...watched, ...reports])
      found.push({ symptom, ...(executions.length === 1 ? { index: 0 } : {}) });
    const growth = await this.#subject.grown(executions.length);
    if (growth) found.push({ symptom: growth });
    return this.#wanted(found);
  }

  #wanted(found: { symptom: Symptom; index?: number }[]): { symptom: Symptom; index?: number }[] {
    return found.filter(({ symptom }) => this.#options.oracles.has(symptom.oracle));
  }

  // Findings

  /** Looks into a symptom; false if it is known. */
  async #found(symptom: Symptom, plans: readonly Plan[], running: readonly Plan[]): Promise<boolean> {
    if (this.#isKnown(symptom)) return false;
    if ((this.#doubts.get(symptom.bucket) ?? 0) >= mostDoubts) return false;
    this.#buckets.set(symptom.bucket, { hits: 1 });
    const looked = await this.#inquiry.look(symptom, plans, running);
    if (!looked) {
      this.#buckets.delete(symptom.bucket);
      this.#options.tell({ event: 'note', text: `seen once and not again: ${symptom.message}` });
      this.#doubts.set(symptom.bucket, (this.#doubts.get(symptom.bucket) ?? 0) + 1);
      return true;
    }
    if (looked.symptom.bucket !== symptom.bucket) {
      this.#buckets.delete(symptom.bucket);
      if (this.#isKnown(looked.symptom)) return true;
    }
    const finding: Finding = {
      id: `F${this.#findings() + 1}`,
      ...(this.#subject.role === 'client' ? { role: this.#subject.role } : {}),
      ...looked,
      hits: 1,
    };
    this.#buckets.set(finding.symptom.bucket, { hits: 1, finding });
    this.#options.tell({ event: 'finding', finding });
    const { findings } = this.#options.until;
    if (findings !== undefined && this.#findings() >= findings) this.#stopped ??= 'findings';
    return true;
  }

  /** Counts a symptom that was found before, by itself or as a part of this one. */
  #isKnown(symptom: Symptom): boolean {
    const known =
      this.#buckets.get(symptom.bucket) ??
      [...this.#buckets.values()].find(({ finding }) => finding && isPartOf(finding.symptom, symptom));
    if (!known) return false;
    known.hits += 1;
    const { bucket } = known.finding?.symptom ?? symptom;
    this.#options.tell({ event: 'again', bucket, hits: known.hits });
    return true;
  }

  // Status

  #findings(): number {
    return [...this.#buckets.values()].filter(({ finding }) => finding).length;
  }

  #ended(): boolean {
    const { until, clock } = this.#options;
    if (until.ms !== undefined && clock.now() - this.#began >= until.ms) this.#stopped ??= 'time';
    if (until.executions !== undefined && this.#subject.executions >= until.executions)
      this.#stopped ??= 'executions';
    return this.#stopped !== undefined;
  }

  #status(): CampaignStatus {
    const { states } = this.#options.suite.protocol;
    const left = this.#left();
    return {
      executions: this.#subject.executions,
      ms: this.#options.clock.now() - this.#began,
      states: this.#states.size,
      allStates: new Set([...this.#states, ...states.keys()].filter((name) => name !== 'any')).size,
      transitions: this.#walked.size,
      allTransitions: [...states.values()].reduce(
        (sum, row) => sum + [...row.values()].reduce((inner, answers) => inner + answers.length, 0),
        0,
      ),
      ...(this.#options.target.coverage ? { edges: this.#edges.size } : {}),
      ...(left === undefined ? {} : { left }),
      shapes: this.#shapes.size,
      corpus: this.#corpus.length,
      findings: this.#findings(),
      restarts: this.#subject.restarts,
    };
  }

  /** Milliseconds until the first of the bounds is reached, at the pace so far. */
  #left(): number | undefined {
    const { ms, executions } = this.#options.until;
    const gone = this.#options.clock.now() - this.#began;
    const byTime = ms === undefined ? undefined : Math.max(0, ms - gone);
    const byCount =
      executions === undefined || this.#subject.executions === 0
        ? undefined
        : Math.max(0, executions - this.#subject.executions) * (gone / this.#subject.executions);
    return byTime === undefined || byCount === undefined ? (byTime ?? byCount) : Math.min(byTime, byCount);
  }

  #tellStatus(): void {
    const now = this.#options.clock.now();
    if (now - this.#lastStatus < 200) return;
    this.#lastStatus = now;
    this.#options.tell({ event: 'status', status: this.#status() });
  }
}
