import type { Role } from '../events/verdict.ts';
import type { Answer } from '../protocol/states.ts';
import { readCrash } from '../run/crash-words.ts';
import { growthBy, mebibyte, mib } from '../run/growth.ts';
import type { Clock } from '../session/clock.ts';
import { randomFrom } from '../session/random.ts';
import type { Limits, World } from '../session/world.ts';
import type { Suite } from '../suite/load-suite.ts';
import { type Coverage, Edges } from './edges.ts';
import { type Execution, type ExecutionRules, execute, PlanRun } from './execute.ts';
import { explain } from './explain.ts';
import type { Finding, Oracle, Symptom } from './finding.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { plansFrom } from './generate.ts';
import { Growth } from './growth.ts';
import { Latency } from './latency.ts';
import { type Minimised, minimise } from './minimise.ts';
import type { Model } from './model.ts';
import { isOrdinary } from './ordinary.ts';
import { opened, type Plan, peersOf } from './plan.ts';
import { Secrets } from './secrets.ts';
import { Shapes } from './shapes.ts';

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
  /** Plans of earlier campaigns. They are held first. */
  readonly corpus: readonly Plan[];
  /** What the target is; a server if absent. */
  readonly role?: Role;
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
  /** States that the protocol has. */
  readonly allStates: number;
  /** Answers of the state table that came, and how many it has. */
  readonly transitions: number;
  readonly allTransitions: number;
  readonly shapes: number;
  /** Edges of the target's code, where it tells. */
  readonly edges?: number;
  /** Milliseconds until the campaign ends, as far as that can be told. */
  readonly left?: number;
  readonly corpus: number;
  readonly findings: number;
  readonly restarts: number;
}

export interface CampaignResult extends CampaignStatus {
  readonly all: readonly Finding[];
  readonly stopped: 'time' | 'executions' | 'findings' | 'interrupted' | 'target-dead' | 'invalid';
  /** What keeps the target from serving as often as it is asked, in words. */
  readonly limits?: string;
}

/** How often a symptom showed again, and what came of the last time that it did. */
interface Confirmed {
  readonly times: number;
  readonly of: number;
  readonly last: { readonly execution?: Execution; readonly output: string };
}

/** Conversations drawn at once from one seed. */
const batch = 64;
/** How many conversations of each of those at once are held before the target is looked at. */
const perJob = 8;
/** Plans that are built upon. */
const mostPlans = 4000;
/** Conversations since the last start that are kept, to be held again when one of them did harm later. */
const keptHistory = 4096;
/** Memory in octets by which a client may grow in one conversation, over what one that is well needs. */
const clientGrowth = 200 << 20;
/** How often a symptom is looked into that did not show again on a fresh target. */
const mostDoubts = 3;
/** Questions about what does not matter, where not 24: each of these waits until a target is given up. */
const mostQuestions: Partial<Record<Oracle, number>> = { hang: 6, deaf: 6, growth: 0 };
/** Milliseconds after the end of its connections until a target is thought to live. */
const exitLag = 1000;
/** Milliseconds that a client may take to end once spar has ended its connection: a crash shows at once. */
const shortLag = 30;
/** Executions between two looks at the memory. */
const memoryEvery = 100;
/** Conversations before and between the two looks at the memory where it is asked which of them leave more behind. */
const pieces = { warm: 50, long: 150 };
/** Milliseconds that a target which serves nobody is left alone before it is asked again. */
const rests = [100, 300, 1000, 3000];
/** A target slows down if answers take so many times as long as at first, and so many ms more. */
const slower = { times: 8, ms: 25 };

/** Holds hostile conversations with a target until an end is reached; keeps, confirms and shrinks what goes wrong. */
export class Campaign {
  readonly #options: CampaignOptions;
  readonly #world: World;
  readonly #rules: ExecutionRules;
  readonly #corpus: Plan[];
  readonly #shapes = new Shapes();
  readonly #states = new Set<string>();
  readonly #walked = new Set<Answer>();
  readonly #edges = new Edges();
  readonly #latency = new Latency();
  readonly #growth = new Growth();
  readonly #role: Role;
  /** Where the seed of each batch comes from: those of neighbouring campaigns have nothing in common. */
  readonly #draw: () => number;
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
  #stopped: CampaignResult['stopped'] | undefined;
  #usualMemory: number | undefined;
  #limits: string | undefined;
  /** Milliseconds between two batches, for a target that limits how often it is asked. */
  #gap = 0;
  #firstLatency: number | undefined;

  constructor(options: CampaignOptions) {
    this.#options = options;
    const { suite, target, clock, seed } = options;
    this.#began = clock.now();
    this.#role = options.role ?? 'server';
    this.#draw = randomFrom(seed);
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
      latency: this.#latency,
      ...(options.role === 'client' ? { connects: new Latency(), leaves: new Latency() } : {}),
      alone: options.jobs === 1,
      secrets: new Secrets(),
    };
    const role = this.#role;
    this.#world = {
      protocol,
      preambles: suite.preambles[role],
      role,
      clock,
      facts: options.facts,
      seed,
      limits: options.limits,
      ...(target.target.connectLimit === undefined ? {} : { connectLimit: target.target.connectLimit }),
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
    const { fresh } = this.#options;
    if (this.#role === 'client' && !(await this.#zero())) this.#stopped = 'invalid';
    while (!this.#ended()) {
      if (fresh || this.#history.length >= keptHistory) await this.#restart();
      if (this.#gap > 0) await this.#pause(this.#gap);
      const { plans, executions } = await this.#hold(this.#next(this.#size()));
      const symptoms = await this.#symptoms(executions);
      for (const { symptom, index } of symptoms)
        await this.#found(symptom, index === undefined ? plans : [plans[index] as Plan], plans);
      this.#remember(plans);
      const shaken = symptoms.length > 0 || executions.some(({ unreachable }) => unreachable);
      if (shaken && this.#role === 'server') await this.#recover();
      else await this.#keepPace();
      this.#tellStatus();
    }
    this.#watcher?.leave();
    return {
      ...this.#status(),
      all: [...this.#buckets.values()].flatMap(({ finding }) => (finding ? [finding] : [])),
      stopped: this.#stopped ?? 'time',
      ...(this.#limits === undefined ? {} : { limits: this.#limits }),
    };
  }

  /** The valid conversation that comes furthest; false if no client holds one. */
  async #zero(): Promise<boolean> {
    const longest = [...this.#options.model.openings].sort((a, b) => b.moves.length - a.moves.length);
    for (const [index, plan] of longest.entries()) {
      const { missed, unreachable, symptoms, heard } = await this.#execute(plan, `zero/${index}`);
      if (!unreachable && heard && missed === 0 && symptoms.length === 0) return true;
    }
    return false;
  }

  /** Conversations between two looks at the target: more than are held at once, so that nobody waits for the slowest. */
  #size(): number {
    const { jobs, fresh, until, target } = this.#options;
    if (fresh) return 1;
    const few = jobs === 1 || this.#gap > 0 || target.coverage !== undefined;
    const left = (until.executions ?? Number.POSITIVE_INFINITY) - this.#executions;
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
        const execution = await this.#execute(wanted[index] as Plan, `${this.#executions + index}`);
        executions[index] = execution;
        shaken ||= execution.symptoms.length > 0 || execution.unreachable;
      }
    };
    await Promise.all(Array.from({ length: Math.min(jobs, wanted.length) }, worker));
    const plans = wanted.slice(0, next);
    this.#queue.unshift(...wanted.slice(next));
    this.#executions += plans.length;
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
        await this.#execute(plan, `${this.#executions}/edges/${index}`);
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

  #remember(plans: readonly Plan[]): void {
    this.#history.push(...plans);
    if (this.#history.length > 2 * keptHistory) this.#history = this.#history.slice(-keptHistory);
  }

  // Executing

  async #execute(plan: Plan, name: string): Promise<Execution> {
    const stage = this.#options.target.target.stage?.(name, 1);
    if (!stage) return execute(this.#world, this.#rules, plan, name);
    const { stimuli } = stage;
    const inProcess = this.#options.target.target.kind === 'reference';
    const world: World = {
      ...this.#world,
      open: (peer, wishes, sink) => stage.open(peer, wishes, sink),
      ...(stimuli ? { stimuli } : {}),
    };
    let memory: number | undefined;
    const execution = await execute(world, this.#rules, plan, name, {
      leaving: async () => {
        memory = await stage.memory?.();
      },
      ...(inProcess && stage.isAtRest ? { rests: (...what) => stage.isAtRest?.(...what) === true } : {}),
    });
    const how = await stage.end(inProcess ? 0 : execution.left ? undefined : shortLag);
    const output = peersOf(plan)
      .map((peer) => stage.stimuli?.shown(peer) ?? '')
      .join('');
    if (how !== undefined) return { ...execution, symptoms: [deathSymptom('client', how, output)], output };
    const growth = memory === undefined ? undefined : this.#clientGrowth(memory);
    return { ...execution, symptoms: [...execution.symptoms, ...(growth ? [growth] : [])], output };
  }

  #clientGrowth(memory: number): Symptom | undefined {
    this.#usualMemory ??= memory;
    if (memory - this.#usualMemory < clientGrowth) return undefined;
    const grown = mib(memory - this.#usualMemory);
    const below = Math.ceil((this.#usualMemory + clientGrowth) / mebibyte);
    return {
      ...growthSymptom(`the client takes ${grown} MiB more for this conversation than for a valid one`),
      below,
    };
  }

  async #symptoms(executions: readonly Execution[]): Promise<{ symptom: Symptom; index?: number }[]> {
    const found: { symptom: Symptom; index?: number }[] = [];
    if (this.#role === 'client')
      return this.#wanted(
        executions.flatMap(({ symptoms }, index) => symptoms.map((symptom) => ({ symptom, index }))),
      );
    const early = await this.#death(executions.some((one) => one.unreachable));
    const watched = early ? [] : await this.#watch(executions);
    const death = early ?? (await this.#death(watched.some(isHungUp)));
    if (death) return this.#wanted([{ symptom: death, ...(executions.length === 1 ? { index: 0 } : {}) }]);
    // What hangs altogether is not also deaf on one connection.
    const hangs = watched.some(({ oracle }) => oracle === 'hang');
    for (const [index, { symptoms }] of executions.entries())
      for (const symptom of hangs ? [] : symptoms) found.push({ symptom, index });
    const unreachable = executions.findIndex((one) => one.unreachable);
    const hanging = unreachable >= 0 || hangs || found.some(({ symptom }) => symptom.oracle === 'deaf');
    const unheard = executions.every(({ heard }) => !heard);
    if (hanging || unheard) {
      // One conversation alone with a fresh target is no reason to limit its pace: that is soon seen.
      if (await this.#isLimited(this.#options.target.fresh ? rests.slice(0, 2) : rests)) return [];
      const late = await this.#death(false);
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
    for (const symptom of watched) found.push({ symptom, ...(executions.length === 1 ? { index: 0 } : {}) });
    const growth = await this.#grown(executions.length);
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
    return deathSymptom('target', target.lastDeath ?? 'ended', this.#output());
  }

  #deathsSeen = 0;

  /** What the present process of the target printed: what an earlier one died of is not its own. */
  #output(): string {
    return added(this.#options.target.output?.() ?? '', this.#printed);
  }

  /** What the target had printed when its present process began. */
  #printed = '';

  /** A session that only wants to be left alone, opened before the conversations. */
  async #watch(executions: readonly Execution[] = []): Promise<readonly Symptom[]> {
    if (this.#role === 'client') return [];
    if (!this.#options.oracles.has('neighbour') && !this.#options.oracles.has('hang')) return [];
    if (!this.#watcher) {
      this.#watcher = await this.#openWatcher();
      return [];
    }
    // Where a conversation was waited for in vain, there was time enough for this one, too.
    const waited = executions.some(({ symptoms }) => symptoms.some(({ oracle }) => oracle === 'deaf'));
    const seen = await this.#watcher.look(waited ? this.#latency.enough : undefined);
    // One that heard what was not for it no longer knows which answer is its own.
    if (seen.length > 0 && !seen.some(isHungUp)) {
      this.#watcher.leave();
      this.#watcher = undefined;
    }
    return seen;
  }

  async #openWatcher(): Promise<PlanRun | undefined> {
    const [plan] = this.#options.model.plans;
    if (!plan || this.#role === 'client') return undefined;
    const watcher = new PlanRun(
      this.#world,
      this.#rules,
      plan,
      `watcher/${this.#executions}/${this.#restarts}`,
    );
    return (await watcher.stay()) ? watcher : undefined;
  }

  async #grown(executed: number): Promise<Symptom | undefined> {
    if (
      !this.#options.oracles.has('growth') ||
      Math.floor(this.#executions / memoryEvery) === Math.floor((this.#executions - executed) / memoryEvery)
    )
      return undefined;
    const now = await this.#options.target.memory?.();
    const grown = now === undefined ? undefined : this.#growth.add(this.#executions, now);
    return grown === undefined ? undefined : growthSymptom(grown);
  }

  // Pace

  /** A target that takes ever longer is left alone for a while: if it is quick again then, it limits its pace. */
  async #keepPace(): Promise<void> {
    const { usual } = this.#latency;
    this.#firstLatency ??= usual;
    const first = this.#firstLatency;
    if (this.#role === 'client' || usual === undefined || first === undefined) return;
    if (usual < slower.times * first || usual < first + slower.ms) return;
    // One that is quick as soon as nobody else asks it had too much to do at once, or spar itself was busy.
    const limited = !(await this.#isQuick(usual)) && (await this.#isQuickLater(usual));
    this.#latency.forget();
    if (limited)
      this.#slowDown(
        `answers take ${Math.round(usual)} ms instead of ${first.toFixed(1)} when it is asked often`,
      );
    else this.#firstLatency = undefined;
  }

  async #isQuickLater(usual: number): Promise<boolean> {
    await this.#pause(rests[2] ?? 1000);
    return this.#isQuick(usual);
  }

  /** Whether a whole conversation takes less than an answer usually does. */
  async #isQuick(usual: number): Promise<boolean> {
    this.#looks += 1;
    const { ms } = await this.#execute(this.#valid(), `pace/${this.#looks}`);
    return ms < usual;
  }

  #looks = 0;

  /** Whether a target that serves nobody does so again after a rest: then it limits how often it is asked. */
  async #isLimited(after: readonly number[] = rests): Promise<boolean> {
    const { hang } = this.#options;
    // One that is only left alone too little answers as quickly as ever once it answers.
    return this.#waiting(Math.min(hang, this.#latency.enough ?? hang), () => this.#servesLater(after));
  }

  /** Does something while a target is given up after so many ms. */
  async #waiting<T>(ms: number, act: () => Promise<T>): Promise<T> {
    this.#rules.hang = ms;
    try {
      return await act();
    } finally {
      this.#rules.hang = this.#options.hang;
    }
  }

  async #servesLater(after: readonly number[]): Promise<boolean> {
    if (await this.#serves()) return false;
    let rested = 0;
    for (const ms of after) {
      await this.#pause(ms);
      rested += ms;
      if (this.#options.target.target.deaths !== this.#deathsSeen) return false;
      if (!(await this.#serves())) continue;
      this.#slowDown(`it serves nobody for about ${rested} ms once it has been asked often`);
      return true;
    }
    return false;
  }

  async #serves(): Promise<boolean> {
    const { unreachable, heard, symptoms } = await this.#execute(this.#valid(), `serves/${this.#executions}`);
    return !unreachable && heard && symptoms.length === 0;
  }

  /** A valid conversation of one peer. */
  #valid(): Plan {
    const { openings, plans } = this.#options.model;
    return openings.at(-1) ?? plans[0] ?? { plan: 1, moves: [{ do: 'open', peer: 'p1' }] };
  }

  #slowDown(how: string): void {
    this.#gap = Math.min(500, Math.max(20, 2 * this.#gap));
    if (this.#limits !== undefined) return;
    this.#limits = how;
    this.#options.tell({ event: 'note', text: `the target limits its pace: ${how}` });
  }

  async #recover(): Promise<void> {
    const { target } = this.#options.target;
    if (this.#options.target.fresh) await this.#restart();
    else if (await target.revive()) this.#printed = this.#options.target.output?.() ?? '';
    else {
      const probe = await this.#execute({ plan: 1, moves: [{ do: 'open', peer: 'p1' }] }, 'probe');
      if (probe.unreachable) this.#stopped ??= 'target-dead';
    }
    this.#watcher?.leave();
    this.#watcher = undefined;
  }

  async #restart(): Promise<void> {
    if (!this.#options.target.fresh) return;
    await this.#options.target.fresh();
    this.#printed = this.#options.target.output?.() ?? '';
    this.#deathsSeen = this.#options.target.target.deaths;
    this.#restarts += 1;
    this.#untouched = true;
    this.#history = [];
    this.#growth.restarted();
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
    this.#rules.patient = symptom.oracle !== 'growth';
    const history = await this.#culprit(symptom, plans, [...past, ...running]);
    const budget = history ? this.#options.budget : 0;
    const shrunk =
      history && budget > 0
        ? await this.#small(history, symptom, budget)
        : { plans: history ?? plans, spent: 0 };
    let small = shrunk.plans.length > 0 ? shrunk.plans.map(opened) : plans;
    let confirmed = await this.#confirm(small, symptom);
    if (history && shrunk.spent > 0 && confirmed.times < confirmed.of) {
      // What was taken away may have made it surer.
      const whole = history.map(opened);
      const again = await this.#confirm(whole, symptom);
      if (again.times > confirmed.times) [small, confirmed] = [whole, again];
    }
    const { times, of: attempts, last } = confirmed;
    const lasting = this.#role === 'server' && !this.#options.target.fresh && isLasting(symptom);
    if (times === 0 && attempts > 0 && !lasting) {
      this.#buckets.delete(symptom.bucket);
      this.#options.tell({ event: 'note', text: `seen once and not again: ${symptom.message}` });
      this.#doubts.set(symptom.bucket, (this.#doubts.get(symptom.bucket) ?? 0) + 1);
      this.#rules.patient = false;
      return;
    }
    const questions = history ? Math.min(mostQuestions[symptom.oracle] ?? 24, budget - shrunk.spent) : 0;
    if (questions > 0) await this.#restart();
    const { free } = await this.#waiting(this.#brief(symptom) ?? this.#options.hang, () =>
      explain(small, (tried) => this.#shows(tried, symptom), questions),
    );
    this.#rules.patient = false;
    const finding: Finding = {
      id: `F${this.#findings() + 1}`,
      ...(this.#role === 'client' ? { role: this.#role } : {}),
      symptom,
      plans: small,
      confirmed: { times, of: attempts },
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

  /** Tries conversations on fresh targets, as often as a finding is to be confirmed. */
  async #confirm(plans: readonly Plan[], symptom: Symptom): Promise<Confirmed> {
    let [times, attempts] = [0, 0];
    let last: Confirmed['last'] = { output: '' };
    while (attempts < this.#options.confirm && this.#stopped !== 'interrupted') {
      attempts += 1;
      await this.#restart();
      const tried = await this.#try(plans, symptom);
      if (tried.shown) {
        times += 1;
        last = tried;
      } else if (!last.execution) last = tried;
    }
    return { times, of: attempts, last };
  }

  /**
   * A history made small. Where the symptom is that nothing comes, each question would wait until a target is
   * given up: it is given up sooner meanwhile, and what is left must show the symptom without haste.
   */
  async #small(history: readonly Plan[], symptom: Symptom, budget: number): Promise<Minimised> {
    const shows = (tried: readonly Plan[]): Promise<boolean> => this.#shows(tried, symptom);
    const brief = this.#brief(symptom);
    if (brief === undefined) return minimise(history, shows, budget);
    const hasty = await this.#waiting(brief, () => minimise(history, shows, budget));
    if (await shows(hasty.plans)) return { ...hasty, spent: hasty.spent + 1 };
    const slow = await minimise(history, shows, budget - hasty.spent);
    return { ...slow, spent: hasty.spent + slow.spent };
  }

  /** Milliseconds after which a target may be given up for the time being, where the symptom is that nothing comes. */
  #brief(symptom: Symptom): number | undefined {
    if (!isSilence(symptom)) return undefined;
    const { leaves } = this.#rules;
    const { enough = this.#options.hang } = symptom.oracle === 'hang' && leaves ? leaves : this.#latency;
    return enough < this.#options.hang ? enough : undefined;
  }

  /** The shortest history that shows the symptom on a fresh target; nothing if none does. */
  async #culprit(
    symptom: Symptom,
    plans: readonly Plan[],
    past: readonly Plan[],
  ): Promise<readonly Plan[] | undefined> {
    if (symptom.oracle === 'growth' && this.#role === 'server') return this.#grower(past, symptom);
    for (const plan of [...plans].reverse()) if (await this.#shows([plan], symptom)) return [plan];
    if (this.#role === 'client') return undefined;
    const before = this.#isOfContents(symptom) ? past.filter((plan) => this.#isOrdinary(plan)) : past;
    for (const back of [8, 64, 512, keptHistory]) {
      const history = before.slice(-back);
      if (await this.#shows(history, symptom, true)) return history;
      if (back >= before.length) break;
    }
    return undefined;
  }

  /** A breach of a rule about contents, which is not meant for those that a hostile packet has left behind. */
  #isOfContents({ bucket }: Symptom): boolean {
    const { rules } = this.#world.protocol;
    return rules.some(({ id, must }) => must !== undefined && bucket === `breach: rule ${id}`);
  }

  #isOrdinary({ moves }: Plan): boolean {
    const { protocol } = this.#world;
    return moves.every((move) => move.do !== 'octets' && (move.do !== 'send' || isOrdinary(protocol, move)));
  }

  /**
   * Of the last conversations the one that makes the target grow, by halves: the first that plainly does, or,
   * where that leads to none, the one that does so more.
   */
  async #grower(past: readonly Plan[], symptom: Symptom): Promise<readonly Plan[] | undefined> {
    for (const plainly of [true, false]) {
      let suspects = past.slice(-64);
      while (suspects.length > 1) {
        const middle = suspects.length >> 1;
        const [first, second] = [suspects.slice(0, middle), suspects.slice(middle)];
        await this.#restart();
        const grown = plainly ? await this.#grows(first) : await this.#growsMore(first, second);
        suspects = grown ? first : second;
      }
      if (await this.#shows(suspects, symptom)) return suspects;
    }
    return undefined;
  }

  /**
   * Whether conversations show a symptom on a fresh target. Starting one costs more than they do: those
   * that show nothing on a target that has already held others are not tried again. So `many` that it only
   * limits its pace do not show that it hangs.
   */
  async #shows(plans: readonly Plan[], symptom: Symptom, many = false): Promise<boolean> {
    if (this.#stopped === 'interrupted') return false;
    const wasFresh = this.#untouched;
    const { shown } = await this.#try(plans, symptom);
    if (!shown) return false;
    const limited = many && isSilence(symptom) && (await this.#isLimited());
    await this.#restart();
    if (limited) return false;
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
      const watched = early ? [] : await this.#watch([execution]);
      const death = early ?? (await this.#death(watched.some(isHungUp)));
      const seen = death ? [death] : [...execution.symptoms, ...watched];
      if (execution.unreachable && !death)
        seen.push({ oracle: 'hang', bucket: 'hang: no connection', message: '' });
      if (seen.some((one) => sameFault(one, symptom)))
        return {
          shown: true,
          execution,
          output: execution.output ?? this.#output(),
        };
      if (death || execution.unreachable) {
        await this.#restart();
        break;
      }
    }
    const late = symptom.oracle === 'death' && this.#role === 'server' ? await this.#late() : [];
    if (late.some((one) => sameFault(one, symptom)))
      return {
        shown: true,
        ...(execution ? { execution } : {}),
        output: this.#output(),
      };
    if (symptom.oracle === 'growth' && this.#role === 'server')
      return { shown: await this.#grows(plans), output: '' };
    return {
      shown: false,
      ...(execution ? { execution } : {}),
      output: this.#output(),
    };
  }

  /**
   * A target that hears several connections may answer one before it reads the end of another: once it has
   * answered a second time, it has read that.
   */
  async #late(): Promise<readonly Symptom[]> {
    const watched = await this.#watch();
    const death = await this.#death(watched.some(isHungUp));
    return death ? [death] : [];
  }

  /** Whether the same conversations over and over make the target grow. */
  async #grows(plans: readonly Plan[]): Promise<boolean> {
    return (await growthBy((count) => this.#memoryAfter(plans, count))) !== undefined;
  }

  async #growsMore(first: readonly Plan[], second: readonly Plan[]): Promise<boolean> {
    const grown: number[] = [];
    for (const half of [first, second]) {
      await this.#restart();
      const before = await this.#memoryAfter(half, pieces.warm);
      grown.push((await this.#memoryAfter(half, pieces.long)) - before);
    }
    return (grown[0] ?? 0) > (grown[1] ?? 0);
  }

  /** The memory of the target after so many conversations more. */
  async #memoryAfter(plans: readonly Plan[], executions: number): Promise<number> {
    for (let count = 0; count < executions; count += 1) {
      const plan = plans[this.#turn % plans.length];
      this.#turn += 1;
      if (plan) await this.#execute(plan, `growth/${this.#restarts}/${this.#turn}`);
    }
    return (await this.#options.target.memory?.()) ?? 0;
  }

  #turn = 0;

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
    const { states } = this.#options.suite.protocol;
    const left = this.#left();
    return {
      executions: this.#executions,
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
      restarts: this.#restarts,
    };
  }

  /** Milliseconds until the first of the bounds is reached, at the pace so far. */
  #left(): number | undefined {
    const { ms, executions } = this.#options.until;
    const gone = this.#options.clock.now() - this.#began;
    const byTime = ms === undefined ? undefined : Math.max(0, ms - gone);
    const byCount =
      executions === undefined || this.#executions === 0
        ? undefined
        : Math.max(0, executions - this.#executions) * (gone / this.#executions);
    return byTime === undefined || byCount === undefined ? (byTime ?? byCount) : Math.min(byTime, byCount);
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
function deathSymptom(who: string, how: string, output: string): Symptom {
  const crash = readCrash(output);
  const identity = crash ? `${crash.kind} in ${crash.frames.join(' < ') || '?'}` : how;
  return {
    oracle: 'death',
    bucket: `death: ${identity}`,
    message: crash ? `the ${who} ${how}: ${identity}` : `the ${who} ${how}`,
  };
}

/** What was added to a text of which only the end is kept. */
function added(all: string, before: string): string {
  if (all.startsWith(before)) return all.slice(before.length);
  const end = before.slice(-4000);
  const at = all.indexOf(end);
  return at < 0 ? all : all.slice(at + end.length);
}

function growthSymptom(message: string): Symptom {
  return { oracle: 'growth', bucket: 'growth: memory', message };
}

/** A target that is not started anew cannot do again what it did not survive. */
function isLasting({ oracle }: Symptom): boolean {
  return oracle === 'death' || oracle === 'hang' || oracle === 'growth';
}

/** What shows by nothing that comes. */
function isSilence({ oracle }: Symptom): boolean {
  return oracle === 'hang' || oracle === 'deaf';
}

function isHungUp({ bucket }: Symptom): boolean {
  return bucket === 'neighbour: hung up on';
}

/** Shrinking may change how a fault shows, but not what it is: deaths without a report are alike. */
function sameFault(one: Symptom, other: Symptom): boolean {
  const both = (holds: (symptom: Symptom) => boolean): boolean => holds(one) && holds(other);
  return one.bucket === other.bucket || both(({ oracle }) => oracle === 'hang') || both(isCrash);
}

/** The signal that ends a program whose memory is spoilt depends on how much of it is. */
function isCrash({ bucket }: Symptom): boolean {
  return /^death: was ended by SIG(?:SEGV|BUS|ABRT|ILL|FPE|TRAP)$/.test(bucket);
}
