import type { Role } from '../events/verdict.ts';
import type { Clock } from '../session/clock.ts';
import { randomFrom } from '../session/random.ts';
import type { Limits, World } from '../session/world.ts';
import type { Suite } from '../suite/load-suite.ts';
import { readCrash } from './crash-words.ts';
import { type Execution, type ExecutionRules, execute, PlanRun } from './execute.ts';
import { explain } from './explain.ts';
import type { Finding, Oracle, Symptom } from './finding.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { plansFrom } from './generate.ts';
import { minimise } from './minimise.ts';
import type { Model } from './model.ts';
import type { Plan } from './plan.ts';

/** What a campaign is told. */
export interface CampaignOptions {
  readonly suite: Suite;
  readonly model: Model;
  readonly target: FuzzTarget;
  readonly clock: Clock;
  readonly seed: number;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly limits: Limits;
  /** Conversations at once. */
  readonly jobs: number;
  /** A fresh process for each conversation. */
  readonly fresh: boolean;
  /** Ends after so many ms, executions or findings, whichever comes first. */
  readonly until: { readonly ms?: number; readonly executions?: number; readonly findings?: number };
  readonly oracles: ReadonlySet<Oracle>;
  /** Executions that making a finding small may take; 0 leaves it as it is. */
  readonly budget: number;
  /** How often a finding is tried on a fresh target. */
  readonly confirm: number;
  /** Milliseconds without an answer after which a target hangs. */
  readonly hang: number;
  /** Plans of earlier campaigns. */
  readonly corpus: readonly Plan[];
  tell(event: CampaignEvent): void;
}

/** What a campaign tells. */
export type CampaignEvent =
  | { readonly event: 'corpus'; readonly plan: Plan; readonly why: string }
  | { readonly event: 'finding'; readonly finding: Finding }
  | { readonly event: 'again'; readonly bucket: string; readonly hits: number }
  | { readonly event: 'note'; readonly text: string }
  | { readonly event: 'status'; readonly status: CampaignStatus };

export interface CampaignStatus {
  readonly executions: number;
  readonly ms: number;
  readonly states: number;
  readonly shapes: number;
  readonly corpus: number;
  readonly findings: number;
  readonly restarts: number;
}

export interface CampaignResult extends CampaignStatus {
  readonly all: readonly Finding[];
  readonly stopped: 'time' | 'executions' | 'findings' | 'interrupted' | 'target-dead';
}

/** Conversations drawn at once from one seed. */
const batch = 64;
/** Conversations since the last start that are kept, to be held again when one of them did harm later. */
const keptHistory = 2000;
/** Memory in octets by which a target may grow over a campaign before that is a symptom. */
const growthAllowed = 200 << 20;
/** How often a symptom is looked into that did not show again on a fresh target. */
const mostDoubts = 3;
/** Questions about what does not matter, where not 24: each of these waits until a target is given up. */
const mostQuestions: Partial<Record<Oracle, number>> = { hang: 6, deaf: 6, growth: 0 };
/** Milliseconds after the end of its connections until a target is thought to live. */
const exitLag = 1000;
/** Executions between two looks at the memory. */
const memoryEvery = 500;

/** Holds hostile conversations with a target until an end is reached; keeps, confirms and shrinks what goes wrong. */
export class Campaign {
  readonly #options: CampaignOptions;
  readonly #world: World;
  readonly #rules: ExecutionRules;
  readonly #corpus: Plan[];
  readonly #shapes = new Set<string>();
  readonly #states = new Set<string>();
  readonly #buckets = new Map<string, { hits: number; finding?: Finding }>();
  readonly #began: number;
  readonly #queue: Plan[] = [];
  readonly #doubts = new Map<string, number>();
  #history: Plan[] = [];
  #watcher: PlanRun | undefined;
  #executions = 0;
  #restarts = 0;
  /** The target was just started. */
  #untouched = false;
  #round = 0;
  #stopped: CampaignResult['stopped'] | undefined;
  #firstMemory: number | undefined;

  constructor(options: CampaignOptions) {
    this.#options = options;
    const { suite, target, clock, seed } = options;
    this.#began = clock.now();
    this.#corpus = [...options.model.plans, ...options.corpus];
    // What an earlier campaign kept is held again first, as it is.
    this.#queue.push(...options.corpus);
    // A target that is not started anew may know the names of an earlier campaign.
    const salt = target.fresh ? `${seed}` : `${seed}/${Math.floor(clock.wall())}`;
    const { protocol, requirements } = suite;
    const warns = (id: string): boolean => requirements.byId.get(id)?.warn === true;
    this.#rules = {
      hang: options.hang,
      warnings: new Set(
        protocol.rules
          .filter((rule) => rule.proves.length > 0 && rule.proves.every(warns))
          .map(({ id }) => id),
      ),
    };
    const role: Role = 'server';
    this.#world = {
      protocol,
      preambles: suite.preambles[role],
      role,
      clock,
      facts: options.facts,
      seed,
      limits: options.limits,
      quiet: 50,
      open: (peer, wishes, sink) => target.target.open(peer, wishes, sink),
      random: (name) => randomFrom(`${salt}/${name}`),
      deadline: () => options.hang,
      answered: () => undefined,
    };
  }

  /** Ends the campaign after the conversations that are under way. */
  interrupt(): void {
    this.#stopped ??= 'interrupted';
  }

  async run(): Promise<CampaignResult> {
    const { jobs, fresh } = this.#options;
    while (!this.#ended()) {
      if (fresh) await this.#restart();
      const plans = this.#next(fresh ? 1 : jobs);
      const executions = await Promise.all(
        plans.map((plan, index) => this.#execute(plan, `${this.#executions + index}`)),
      );
      this.#executions += plans.length;
      for (const [index, execution] of executions.entries()) this.#learn(plans[index] as Plan, execution);
      const symptoms = await this.#symptoms(executions);
      for (const { symptom, index } of symptoms)
        await this.#found(symptom, index === undefined ? plans : [plans[index] as Plan], plans);
      this.#remember(plans);
      if (symptoms.length > 0 || executions.some(({ unreachable }) => unreachable)) await this.#recover();
      this.#tellStatus();
    }
    this.#watcher?.leave();
    return {
      ...this.#status(),
      all: [...this.#buckets.values()].flatMap(({ finding }) => (finding ? [finding] : [])),
      stopped: this.#stopped ?? 'time',
    };
  }

  // Plans

  #next(count: number): Plan[] {
    const plans: Plan[] = [];
    while (plans.length < count) {
      if (this.#queue.length === 0) {
        this.#queue.push(
          ...plansFrom(this.#options.model, this.#corpus, this.#options.seed + this.#round, batch),
        );
        this.#round += 1;
      }
      plans.push(this.#queue.shift() as Plan);
    }
    return plans;
  }

  #learn(plan: Plan, execution: Execution): void {
    for (const state of execution.states) this.#states.add(state);
    const news = [...execution.shapes].filter((shape) => !this.#shapes.has(shape));
    if (news.length === 0) return;
    for (const shape of news) this.#shapes.add(shape);
    if (execution.symptoms.length > 0 || this.#corpus.length >= 4000) return;
    this.#corpus.push(plan);
    this.#options.tell({ event: 'corpus', plan, why: news[0] as string });
  }

  #remember(plans: readonly Plan[]): void {
    this.#history.push(...plans);
    if (this.#history.length > keptHistory) this.#history = this.#history.slice(-keptHistory / 2);
  }

  // Executing

  async #execute(plan: Plan, name: string): Promise<Execution> {
    return execute(this.#world, this.#rules, plan, name);
  }

  async #symptoms(executions: readonly Execution[]): Promise<{ symptom: Symptom; index?: number }[]> {
    const found: { symptom: Symptom; index?: number }[] = [];
    const early = await this.#death(executions.some((one) => one.unreachable));
    const watched = early ? [] : await this.#watch();
    const death = early ?? (await this.#death(watched.some(isHungUp)));
    if (death) return this.#wanted([{ symptom: death, ...(executions.length === 1 ? { index: 0 } : {}) }]);
    // What hangs altogether is not also deaf on one connection.
    const hangs = watched.some(({ oracle }) => oracle === 'hang');
    for (const [index, { symptoms }] of executions.entries())
      for (const symptom of hangs ? [] : symptoms) found.push({ symptom, index });
    const unreachable = executions.findIndex((one) => one.unreachable);
    if (unreachable >= 0)
      found.push({
        symptom: {
          oracle: 'hang',
          bucket: 'hang: no connection',
          message: 'no connection can be made any more',
        },
        index: unreachable,
      });
    for (const symptom of watched) found.push({ symptom, ...(executions.length === 1 ? { index: 0 } : {}) });
    const growth = await this.#growth(executions.length);
    if (growth) found.push({ symptom: growth });
    return this.#wanted(found);
  }

  #wanted(found: { symptom: Symptom; index?: number }[]): { symptom: Symptom; index?: number }[] {
    return found.filter(({ symptom }) => this.#options.oracles.has(symptom.oracle));
  }

  /** Whether the process ended. Its connections end before it is seen: where they did, it is waited for. */
  async #death(suspicious: boolean): Promise<Symptom | undefined> {
    const { target } = this.#options.target;
    if (target.kind !== 'spawn') return undefined;
    for (let waited = 0; suspicious && waited < exitLag && target.deaths === this.#deathsSeen; waited += 10)
      await this.#pause(10);
    if (target.deaths === this.#deathsSeen) return undefined;
    this.#deathsSeen = target.deaths;
    return deathSymptom(target.lastDeath ?? 'ended', this.#options.target.output?.() ?? '');
  }

  #deathsSeen = 0;

  /** A session that only wants to be left alone, opened before the conversations. */
  async #watch(): Promise<readonly Symptom[]> {
    if (!this.#options.oracles.has('neighbour') && !this.#options.oracles.has('hang')) return [];
    if (!this.#watcher) {
      this.#watcher = await this.#openWatcher();
      return [];
    }
    return this.#watcher.look();
  }

  async #openWatcher(): Promise<PlanRun | undefined> {
    const { alive: plan = this.#options.model.plans[0] } = this.#options.model;
    if (!plan) return undefined;
    const watcher = new PlanRun(
      this.#world,
      this.#rules,
      plan,
      `watcher/${this.#executions}/${this.#restarts}`,
    );
    return (await watcher.stay()) ? watcher : undefined;
  }

  async #growth(executed: number): Promise<Symptom | undefined> {
    if (
      !this.#options.oracles.has('growth') ||
      Math.floor(this.#executions / memoryEvery) === Math.floor((this.#executions - executed) / memoryEvery)
    )
      return undefined;
    const now = await this.#options.target.memory?.();
    if (now === undefined) return undefined;
    this.#firstMemory ??= now;
    if (now - this.#firstMemory < growthAllowed) return undefined;
    const grown = Math.round((now - this.#firstMemory) / (1 << 20));
    this.#firstMemory = undefined;
    return {
      oracle: 'growth',
      bucket: 'growth: memory',
      message: `the memory of the target grew by ${grown} MiB since its start`,
    };
  }

  async #recover(): Promise<void> {
    const { target } = this.#options.target;
    if (this.#options.target.fresh) await this.#restart();
    else if (!(await target.revive())) {
      const probe = await this.#execute({ plan: 1, moves: [{ do: 'open', peer: 'p1' }] }, 'probe');
      if (probe.unreachable) this.#stopped ??= 'target-dead';
    }
    this.#watcher?.leave();
    this.#watcher = undefined;
  }

  async #restart(): Promise<void> {
    if (!this.#options.target.fresh) return;
    await this.#options.target.fresh();
    this.#deathsSeen = this.#options.target.target.deaths;
    this.#restarts += 1;
    this.#untouched = true;
    this.#history = [];
    this.#firstMemory = undefined;
    this.#watcher?.leave();
    this.#watcher = undefined;
  }

  // Findings

  async #found(symptom: Symptom, plans: readonly Plan[], running: readonly Plan[]): Promise<void> {
    const known = this.#buckets.get(symptom.bucket);
    if (known) {
      known.hits += 1;
      this.#options.tell({ event: 'again', bucket: symptom.bucket, hits: known.hits });
      return;
    }
    if ((this.#doubts.get(symptom.bucket) ?? 0) >= mostDoubts) return;
    this.#buckets.set(symptom.bucket, { hits: 1 });
    const past = this.#history;
    await this.#restart();
    const history = await this.#culprit(symptom, plans, [...past, ...running]);
    const budget = history ? this.#options.budget : 0;
    const shrunk =
      history && budget > 0
        ? await minimise(history, (tried) => this.#shows(tried, symptom), budget)
        : { plans: history ?? plans, spent: 0 };
    const small = shrunk.plans.length > 0 ? shrunk.plans : plans;
    let times = 0;
    let last: { execution?: Execution; output: string } = { output: '' };
    for (let attempt = 0; attempt < this.#options.confirm; attempt += 1) {
      await this.#restart();
      const tried = await this.#try(small, symptom);
      if (tried.shown) {
        times += 1;
        last = tried;
      } else if (!last.execution) last = tried;
    }
    if (times === 0 && (this.#options.target.fresh || !isLasting(symptom))) {
      this.#buckets.delete(symptom.bucket);
      this.#options.tell({ event: 'note', text: `seen once and not again: ${symptom.message}` });
      this.#doubts.set(symptom.bucket, (this.#doubts.get(symptom.bucket) ?? 0) + 1);
      return;
    }
    const questions = history ? Math.min(mostQuestions[symptom.oracle] ?? 24, budget - shrunk.spent) : 0;
    const { free } = await explain(small, (tried) => this.#shows(tried, symptom), questions);
    const finding: Finding = {
      id: `F${this.#findings() + 1}`,
      symptom,
      plans: small,
      confirmed: { times, of: this.#options.confirm },
      spent: shrunk.spent,
      transcript: last.execution?.transcript() ?? [],
      output: last.output,
      hits: 1,
      free,
    };
    this.#buckets.set(symptom.bucket, { hits: 1, finding });
    this.#options.tell({ event: 'finding', finding });
    const { findings } = this.#options.until;
    if (findings !== undefined && this.#findings() >= findings) this.#stopped ??= 'findings';
  }

  /** The shortest history that shows the symptom on a fresh target; nothing if none does. */
  async #culprit(
    symptom: Symptom,
    plans: readonly Plan[],
    past: readonly Plan[],
  ): Promise<readonly Plan[] | undefined> {
    for (const plan of [...plans].reverse()) if (await this.#shows([plan], symptom)) return [plan];
    for (const back of [8, 64, 512, keptHistory]) {
      const history = past.slice(-back);
      if (await this.#shows(history, symptom)) return history;
      if (back >= past.length) break;
    }
    return undefined;
  }

  /**
   * Whether conversations show a symptom on a fresh target. Starting one costs more than they do: those
   * that show nothing on a target that has already held others are not tried again.
   */
  async #shows(plans: readonly Plan[], symptom: Symptom): Promise<boolean> {
    const wasFresh = this.#untouched;
    const { shown } = await this.#try(plans, symptom);
    if (!shown) return false;
    await this.#restart();
    if (wasFresh || !this.#options.target.fresh) return true;
    const again = await this.#try(plans, symptom);
    await this.#restart();
    return again.shown;
  }

  /** Holds conversations one after the other; whether the symptom shows. */
  async #try(
    plans: readonly Plan[],
    symptom: Symptom,
  ): Promise<{ shown: boolean; execution?: Execution; output: string }> {
    this.#untouched = false;
    this.#watcher ??= await this.#openWatcher();
    let execution: Execution | undefined;
    for (const [index, plan] of plans.entries()) {
      execution = await this.#execute(plan, `try/${this.#restarts}/${index}`);
      const early = await this.#death(execution.unreachable);
      const watched = early ? [] : await this.#watch();
      const death = early ?? (await this.#death(watched.some(isHungUp)));
      const seen = death ? [death] : [...execution.symptoms, ...watched];
      if (execution.unreachable && !death)
        seen.push({ oracle: 'hang', bucket: 'hang: no connection', message: '' });
      if (seen.some((one) => sameFault(one, symptom)))
        return { shown: true, execution, output: this.#options.target.output?.() ?? '' };
      if (death || execution.unreachable) {
        await this.#restart();
        break;
      }
    }
    if (symptom.oracle === 'growth') return { ...(await this.#growsBy(plans)), output: '' };
    return {
      shown: false,
      ...(execution ? { execution } : {}),
      output: this.#options.target.output?.() ?? '',
    };
  }

  /** Whether the same conversations over and over make the target grow. */
  async #growsBy(plans: readonly Plan[]): Promise<{ shown: boolean }> {
    const before = (await this.#options.target.memory?.()) ?? 0;
    for (let round = 0; round < 200; round += 1)
      for (const plan of plans.slice(-8)) await this.#execute(plan, `growth/${round}`);
    const after = (await this.#options.target.memory?.()) ?? 0;
    return { shown: after - before > 8 << 20 };
  }

  // Status

  #findings(): number {
    return [...this.#buckets.values()].filter(({ finding }) => finding).length;
  }

  #ended(): boolean {
    const { until, clock } = this.#options;
    if (until.ms !== undefined && clock.now() - this.#began >= until.ms) this.#stopped ??= 'time';
    if (until.executions !== undefined && this.#executions >= until.executions)
      this.#stopped ??= 'executions';
    return this.#stopped !== undefined;
  }

  #status(): CampaignStatus {
    return {
      executions: this.#executions,
      ms: this.#options.clock.now() - this.#began,
      states: this.#states.size,
      shapes: this.#shapes.size,
      corpus: this.#corpus.length,
      findings: this.#findings(),
      restarts: this.#restarts,
    };
  }

  #lastStatus = 0;

  #tellStatus(): void {
    const now = this.#options.clock.now();
    if (now - this.#lastStatus < 200) return;
    this.#lastStatus = now;
    this.#options.tell({ event: 'status', status: this.#status() });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.after(ms, resolve);
    });
  }
}

/** A death as a symptom: its bucket is the kind of the fault and the target's own frames, or how it ended. */
function deathSymptom(how: string, output: string): Symptom {
  const crash = readCrash(output);
  const identity = crash ? `${crash.kind} in ${crash.frames.join(' < ') || '?'}` : how;
  return {
    oracle: 'death',
    bucket: `death: ${identity}`,
    message: crash ? `the target ${how}: ${identity}` : `the target ${how}`,
  };
}

/** A target that is not started anew cannot do again what it did not survive. */
function isLasting({ oracle }: Symptom): boolean {
  return oracle === 'death' || oracle === 'hang' || oracle === 'growth';
}

function isHungUp({ bucket }: Symptom): boolean {
  return bucket === 'neighbour: hung up on';
}

/** Shrinking may change how a fault shows, but not what it is: deaths without a report are alike. */
function sameFault(one: Symptom, other: Symptom): boolean {
  return one.bucket === other.bucket || (one.oracle === 'hang' && other.oracle === 'hang');
}
