import type { Role } from '../events/verdict.ts';
import { added, readReports } from '../run/crash-reports.ts';
import { mebibyte, mib } from '../run/growth.ts';
import { randomFrom } from '../session/random.ts';
import type { World } from '../session/world.ts';
import type { CampaignOptions } from './campaign-options.ts';
import { execute, PlanRun } from './execute.ts';
import type { Execution, ExecutionRules } from './execution.ts';
import type { Symptom } from './finding.ts';
import { Growth } from './growth.ts';
import { Latency } from './latency.ts';
import { type Plan, peersOf } from './plan.ts';
import { Secrets } from './secrets.ts';
import { deathSymptom, growthSymptom, isHungUp, reportSymptom } from './symptom.ts';
import { Traces } from './traces.ts';

/** Conversations since the last start that are kept, to be held again when one of them did harm later. */
export const keptHistory = 4096;
/** Memory in octets by which a client may grow in one conversation, over what one that is well needs. */
const clientGrowth = 200 << 20;
/** Milliseconds after the end of its connections until a target is thought to live. */
const exitLag = 1000;
/** Milliseconds that a client may take to end once spar has ended its connection: a crash shows at once. */
const shortLag = 30;
/** Milliseconds in which a report of a crash comes, and those between two looks at what was printed. */
const [reportLag, pipeLag] = [50, 5];
/** Executions between two looks at the memory. */
const memoryEvery = 100;

/** The target of a campaign: holds plans with it, starts it anew, and sees what has become of it. */
export class Subject {
  readonly role: Role;
  readonly world: World;
  readonly rules: ExecutionRules;
  readonly latency: Latency = new Latency();
  /** Conversations of the campaign so far; those that only look into something are not counted. */
  executions = 0;
  /** How often it was started anew. */
  restarts = 0;
  /** It was just started. */
  untouched = false;
  readonly #options: CampaignOptions;
  readonly #growth = new Growth();
  #history: Plan[] = [];
  #watcher: PlanRun | undefined;
  #usualMemory: number | undefined;
  #deathsSeen = 0;
  /** What it had printed when its present process began, and when that was last looked through. */
  #printed = '';
  #read = '';

  constructor(options: CampaignOptions) {
    this.#options = options;
    const { suite, target, clock, seed } = options;
    this.role = options.role ?? 'server';
    // A target that is not started anew may know the names of an earlier campaign.
    const salt = target.fresh ? `${seed}` : `${seed}/${Math.floor(clock.wall())}`;
    const { protocol, requirements } = suite;
    const warns = (id: string): boolean => requirements.byId.get(id)?.warn === true;
    this.rules = {
      hang: options.hang,
      warnings: new Set(
        protocol.rules
          .filter((rule) => rule.proves.length > 0 && rule.proves.every(warns))
          .map(({ id }) => id),
      ),
      latency: this.latency,
      ...(options.role === 'client' ? { connects: new Latency(), leaves: new Latency() } : {}),
      alone: options.jobs === 1,
      secrets: new Secrets(),
      traces: new Traces(),
    };
    const role = this.role;
    this.world = {
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

  /** The last conversations since its last start. */
  get history(): readonly Plan[] {
    return this.#history;
  }

  /** Notes what was held with it. */
  remember(plans: readonly Plan[]): void {
    this.#history.push(...plans);
    if (this.#history.length > 2 * keptHistory) this.#history = this.#history.slice(-keptHistory);
  }

  /** Holds one plan with it; the name decides what is drawn by chance. */
  async execute(plan: Plan, name: string): Promise<Execution> {
    const stage = this.#options.target.target.stage?.(name, 1);
    if (!stage) return execute(this.world, this.rules, plan, name);
    const { stimuli } = stage;
    const inProcess = this.#options.target.target.kind === 'reference';
    const world: World = {
      ...this.world,
      open: (peer, wishes, sink) => stage.open(peer, wishes, sink),
      ...(stimuli ? { stimuli } : {}),
    };
    let memory: number | undefined;
    const execution = await execute(world, this.rules, plan, name, {
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
    const reports = readReports(output).map((report) => reportSymptom('client', report));
    return {
      ...execution,
      symptoms: [...execution.symptoms, ...reports, ...(growth ? [growth] : [])],
      output,
    };
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

  /** It has ended since its last death was told. */
  get hasDied(): boolean {
    return this.#options.target.target.deaths !== this.#deathsSeen;
  }

  /** Whether the process ended. Its connections end before it is seen: where they did, it is waited for. */
  async death(suspicious: boolean): Promise<Symptom | undefined> {
    const { target } = this.#options.target;
    if (target.kind !== 'spawn') return undefined;
    for (let waited = 0; suspicious && waited < exitLag && !this.hasDied; waited += 10) await this.pause(10);
    if (!this.hasDied) return undefined;
    this.#deathsSeen = target.deaths;
    return deathSymptom('target', target.lastDeath ?? 'ended', this.#unread());
  }

  /**
   * What it printed of crashes since it was last asked, though it goes on. `soon`: a report is waited for, which
   * comes by another way than the answers.
   */
  async reports(soon = false): Promise<readonly Symptom[]> {
    if (!this.#options.target.output || !this.#options.oracles.has('death')) return [];
    let unread = this.#unread();
    for (let waited = 0; soon && waited < reportLag && readReports(unread).length === 0; waited += pipeLag) {
      await this.pause(pipeLag);
      unread = this.#unread();
    }
    if (unread === '') return [];
    // A report may come in pieces.
    for (let before = ''; readReports(unread).length > 0 && unread !== before; ) {
      before = unread;
      await this.pause(pipeLag);
      unread = this.#unread();
    }
    this.#read = this.#allOutput();
    return readReports(unread).map((report) => reportSymptom('target', report));
  }

  #unread(): string {
    return added(this.#allOutput(), this.#read);
  }

  #allOutput(): string {
    return this.#options.target.output?.() ?? '';
  }

  #beginOutput(): void {
    this.#printed = this.#allOutput();
    this.#read = this.#printed;
  }

  /** What the present process of the target printed: what an earlier one died of is not its own. */
  output(): string {
    return added(this.#allOutput(), this.#printed);
  }

  /** Looks at a session that only wants to be left alone, opened before the conversations. */
  async watch(executions: readonly Execution[] = []): Promise<readonly Symptom[]> {
    if (this.role === 'client') return [];
    if (!this.#options.oracles.has('neighbour') && !this.#options.oracles.has('hang')) return [];
    if (!this.#watcher) {
      this.#watcher = await this.#openWatcher();
      return [];
    }
    // Where a conversation was waited for in vain, there was time enough for this one, too.
    const waited = executions.some(({ symptoms }) => symptoms.some(({ oracle }) => oracle === 'deaf'));
    const seen = await this.#watcher.look(waited ? this.latency.enough : undefined);
    // One that heard what was not for it no longer knows which answer is its own.
    if (seen.length > 0 && !seen.some(isHungUp)) this.leave();
    return seen;
  }

  /** Has somebody watch from the beginning. */
  async beWatched(): Promise<void> {
    this.#watcher ??= await this.#openWatcher();
  }

  async #openWatcher(): Promise<PlanRun | undefined> {
    const [plan] = this.#options.model.plans;
    if (!plan || this.role === 'client') return undefined;
    const watcher = new PlanRun(this.world, this.rules, plan, `watcher/${this.executions}/${this.restarts}`);
    return (await watcher.stay()) ? watcher : undefined;
  }

  /** Whether its memory grows, looked at now and then; so many conversations were held since the last call. */
  async grown(executed: number): Promise<Symptom | undefined> {
    if (
      !this.#options.oracles.has('growth') ||
      Math.floor(this.executions / memoryEvery) === Math.floor((this.executions - executed) / memoryEvery)
    )
      return undefined;
    const now = await this.#options.target.memory?.();
    const grown = now === undefined ? undefined : this.#growth.add(this.executions, now);
    return grown === undefined ? undefined : growthSymptom(grown);
  }

  /** After something went wrong it is made to serve again; false if it cannot be reached any more. */
  async recover(): Promise<boolean> {
    const { target } = this.#options.target;
    if (this.#options.target.fresh) await this.restart();
    else if (await target.revive()) this.#beginOutput();
    else {
      const probe = await this.execute({ plan: 1, moves: [{ do: 'open', peer: 'p1' }] }, 'probe');
      if (probe.unreachable) return false;
    }
    this.leave();
    return true;
  }

  /** Starts it anew, where that can be done. */
  async restart(): Promise<void> {
    if (!this.#options.target.fresh) return;
    await this.#options.target.fresh();
    this.#beginOutput();
    this.#deathsSeen = this.#options.target.target.deaths;
    this.restarts += 1;
    this.untouched = true;
    this.#history = [];
    this.#growth.restarted();
    this.leave();
  }

  /** Ends what watches it. */
  leave(): void {
    this.#watcher?.leave();
    this.#watcher = undefined;
  }

  /** Does something while a target is given up after so many ms. */
  async waiting<T>(ms: number, act: () => Promise<T>): Promise<T> {
    this.rules.hang = ms;
    try {
      return await act();
    } finally {
      this.rules.hang = this.#options.hang;
    }
  }

  pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.after(ms, resolve);
    });
  }
}
