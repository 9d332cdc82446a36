import type { Attempt, CaseFinished, Cause, Failure, RunEvent, RunStarted } from '../events/event.ts';
import { areSkipped, type Role, type Verdict } from '../events/verdict.ts';
import { regex } from '../match/regex.ts';
import { SparError } from '../problem/problem.ts';
import { holdsIn } from '../protocol/load.ts';
import { Conversation, type Outcome } from '../session/conversation.ts';
import { randomFrom } from '../session/random.ts';
import type { World } from '../session/world.ts';
import type { Case } from '../suite/case.ts';
import type { Suite } from '../suite/load-suite.ts';
import { isRowOf } from '../suite/select.ts';
import { staleEntries } from '../suite/stale-entries.ts';
import type { Step } from '../suite/step.ts';
import { added, crashName, readReports } from './crash-reports.ts';
import { Deadlines } from './deadlines.ts';
import { expectedReason } from './expected-failures.ts';
import { isBad, verdictOf } from './judge.ts';
import type { RunPlan } from './plan.ts';
import { type StatesRecord, statesRecord } from './states-info.ts';
import { notSteady, tooMuch } from './steady.ts';
import type { Stage } from './target.ts';

/** Milliseconds that the death of a process may be seen after the end of its connections. */
const deathLag = 60;
/** Milliseconds in which what a target prints of a crash comes after its answers. */
const reportLag = 60;

type Stop = { readonly why: 'target-dead' | 'bail' | 'interrupted' | 'harness'; readonly message: string };

/** Holds all cases of a plan and tells what happens, event by event. */
export class Run {
  readonly #plan: RunPlan;
  readonly #emit: (event: RunEvent) => void;
  readonly #began: number;
  readonly #states: StatesRecord;
  readonly #start: RunStarted;
  readonly #deadlines: Deadlines;
  readonly #world: World;
  readonly #results = new Map<string, CaseFinished>();
  readonly #waiting: (() => void)[] = [];
  readonly #finishing: Promise<void>[] = [];
  readonly #live = new Set<Conversation>();
  /** Cases that have to be held more often, and are. */
  readonly #courses = new Set<Course>();
  readonly #suspects: { readonly one: Case; readonly first: Tried }[] = [];
  #stop: Stop | undefined;
  #heard = false;
  #silent = 0;
  #bad = 0;
  #reviving: Promise<boolean> | undefined;

  constructor(plan: RunPlan, emit: (event: RunEvent) => void) {
    this.#plan = plan;
    this.#emit = emit;
    this.#began = plan.clock.now();
    this.#states = statesRecord(plan.suite.protocol);
    this.#start = this.#started(plan);
    this.#deadlines = new Deadlines(plan.deadline);
    const base = randomFrom(`${plan.seed}/${plan.stamp}`);
    const salt = Math.floor(base() * 2 ** 32);
    this.#world = {
      protocol: plan.suite.protocol,
      preambles: plan.suite.preambles[plan.role],
      role: plan.role,
      clock: plan.clock,
      facts: plan.facts,
      seed: plan.seed,
      limits: plan.limits,
      quiet: plan.quiet,
      shows: new Map(Object.entries(plan.target.shows ?? {}).map(([kind, one]) => [kind, regex(one)])),
      ...(plan.target.connectLimit === undefined ? {} : { connectLimit: plan.target.connectLimit }),
      open: (peer, options, sink) => plan.target.open(peer, options, sink),
      random: (name) => randomFrom(`${salt}/${name}`),
      deadline: () => this.#deadlines.limit,
      answered: (ms) => this.#deadlines.answered(ms),
    };
  }

  /** Ends the run soon: conversations are cut off, what has happened stays. */
  interrupt(): void {
    this.#end({ why: 'interrupted', message: 'the run was interrupted' });
  }

  /** Holds everything. The result is the exit code. Raises a SparError where clients cannot be started. */
  async hold(): Promise<number> {
    const plan = this.#plan;
    this.#emit(this.#start);
    const order = longestFirst(plan.cases);
    const shared = order.filter((one) => !one.alone);
    await this.#pool(shared, plan.jobs);
    await this.#pool(
      order.filter((one) => one.alone),
      1,
    );
    await this.#trySuspects();
    await Promise.all(this.#finishing);
    return this.#finish();
  }

  #at(): number {
    return Math.round((this.#plan.clock.now() - this.#began) * 10) / 10;
  }

  #started(plan: RunPlan): RunStarted {
    const { protocol, requirements } = plan.suite;
    return {
      event: 'run-started',
      run: plan.run,
      time: new Date(plan.clock.wall()).toISOString(),
      spar: plan.version,
      protocol: { name: protocol.name, title: protocol.title, path: protocol.source.file },
      role: plan.role,
      target: {
        kind: plan.target.kind,
        label: plan.target.label,
        ...(plan.targetName === undefined ? {} : { name: plan.targetName }),
      },
      seed: plan.seed,
      dialects: protocol.dialect,
      options: plan.options,
      strict: plan.strict,
      requirements: [...requirements.byId.values()]
        .filter((one) => one.binds === plan.role || one.binds === 'both')
        .map(({ id, section, level, binds, text, warn, untestable }) => ({
          proofs: proofsOf(plan.suite, plan.role, id),
          id,
          section,
          level,
          binds,
          text,
          warn,
          ...(untestable === undefined ? {} : { untestable }),
        })),
      rules: protocol.rules
        .filter((rule) => rule.from === plan.role)
        .map(({ id, proves }) => ({ id, proves })),
      cases: plan.cases.map(({ id, title, section, file, line, proves }) => ({
        id,
        title,
        section,
        file,
        line,
        proves,
      })),
      ...(protocol.states.size === 0 ? {} : { states: this.#states.info }),
      ...(plan.expected.length === 0 ? {} : { expected: plan.expected }),
    };
  }

  // The pool

  async #pool(cases: readonly Case[], jobs: number): Promise<void> {
    const waiting: (() => void)[] = [];
    const wake = (): void => {
      for (const one of waiting.splice(0)) one();
    };
    let next = 0;
    let beginning = 0;
    const worker = async (): Promise<void> => {
      for (;;) {
        const one = cases[next];
        next += 1;
        if (one) {
          beginning += 1;
          const course = await this.#hold(one);
          beginning -= 1;
          wake();
          // Whoever began a case goes on with it; who has nothing to do helps.
          if (course) await this.#goOn(course);
          continue;
        }
        const course = mostLeft(this.#courses);
        if (course) await this.#goOn(course);
        else if (beginning > 0) await new Promise<void>((resolve) => waiting.push(resolve));
        else return;
      }
    };
    const most = cases.length * this.#plan.repeat;
    await Promise.all(Array.from({ length: Math.max(1, Math.min(jobs, most)) }, worker));
  }

  /** Holds a case as often as it takes to believe it. A course if that is not often enough. */
  async #hold(one: Case): Promise<Course | undefined> {
    const missing = this.#missing(one);
    if (missing) {
      const nothing = { ms: 0, attempts: [], failures: [], notes: [], rules: [] };
      this.#finished(one, { verdict: 'skip', ...nothing, ...missing });
      return undefined;
    }
    if (this.#stop) {
      this.#finished(one, notHeld(this.#stop));
      return undefined;
    }
    this.#emit({ event: 'case-started', at: this.#at(), case: one.id });
    const first = await this.#try(one, 1);
    if (first.died !== undefined) {
      this.#suspects.push({ one, first });
      await this.#revive();
      return undefined;
    }
    const { repeat, confirm } = this.#plan;
    const course: Course = { one, tries: [first], next: 2, wanted: repeat, under: 0 };
    if (first.verdict === 'fail' || first.verdict === 'warn') course.wanted = Math.max(repeat, confirm);
    if (this.#deadSoFar(first)) course.wanted = 1;
    if (first.verdict === 'fail' && course.wanted > 1) await this.#alive(one, first);
    if (course.wanted > 1 && !this.#stop) {
      this.#courses.add(course);
      return course;
    }
    this.#finished(one, caseResult(course.tries));
    return undefined;
  }

  #finished(one: Case, result: CaseResult): void {
    this.#finishing.push(this.#finishCase(one, result));
  }

  async #goOn(course: Course): Promise<void> {
    while (left(course) > 0) await this.#tryAgain(course);
  }

  /** One more try of a case; the last of them to end finishes it. */
  async #tryAgain(course: Course): Promise<void> {
    const { one, tries } = course;
    const { repeat, confirm } = this.#plan;
    const attempt = course.next;
    course.next += 1;
    course.under += 1;
    const again = await this.#try(one, attempt);
    course.under -= 1;
    if (again.verdict === 'skip') course.wanted = 0;
    else if (again.verdict === 'pass') tries.push(withoutOutcome(again));
    else tries.push(again.died === undefined ? again : withDeath(again));
    if (again.died !== undefined) await this.#revive();
    if (again.verdict === 'fail')
      course.wanted = Math.max(course.wanted, Math.min(attempt + confirm - 1, repeat + confirm - 1));
    if (this.#stop) course.wanted = 0;
    if (course.under > 0 || left(course) > 0 || !this.#courses.delete(course)) return;
    this.#finished(one, caseResult(tries));
  }

  #missing(one: Case): Pick<CaseFinished, 'cause' | 'reason'> | undefined {
    const { suite, facts, target } = this.#plan;
    if (!holdsIn(one.dialect, suite.protocol.dialect)) {
      const wanted = Object.entries(one.dialect).map(
        ([name, value]) => `${name}=${Array.isArray(value) ? value.join('|') : value}`,
      );
      return { cause: 'needs-dialect', reason: wanted.join(', ') };
    }
    const fact = one.facts.find((name) => facts[name] === undefined || facts[name] === null);
    if (fact !== undefined) return { cause: 'needs-fact', reason: fact };
    const stimulus = one.stimuli.find((name) => target.stimuli?.has(name) !== true);
    if (stimulus !== undefined) return { cause: 'needs-stimulus', reason: stimulus };
    const shown = one.shows.find((kind) => target.shows?.[kind] === undefined);
    if (shown !== undefined) return { cause: 'needs-shows', reason: shown };
    const ofProcess = one.memory !== undefined || one.output !== undefined;
    return ofProcess && target.kind !== 'spawn' ? { cause: 'needs-process' } : undefined;
  }

  async #try(one: Case, attempt: number): Promise<Tried> {
    const { target, suite } = this.#plan;
    const deaths = target.deaths;
    const stage = target.stage?.(one.id, attempt);
    const world = stage ? onStage(this.#world, stage) : this.#world;
    let memory: number | undefined;
    const leaving = async (): Promise<void> => {
      memory = await (stage ?? target).memory?.();
    };
    const bounded = typeof one.memory === 'object';
    const printed = (): string =>
      stage
        ? one.peers.map((peer) => stage.stimuli?.shown(peer) ?? '').join('\n')
        : (target.output?.() ?? '');
    const before = one.output === undefined || stage ? '' : printed();
    const conversation = new Conversation(bounded ? { ...world, leaving } : world, one, attempt);
    this.#live.add(conversation);
    if (this.#stop) conversation.abort('interrupted', this.#stop.message);
    let outcome: Outcome;
    try {
      outcome = await conversation.hold();
    } catch (error) {
      await stage?.end();
      if (error instanceof SparError) throw error;
      return harnessFault(error);
    } finally {
      this.#live.delete(conversation);
    }
    const crash = await stage?.end();
    if (outcome.heard) this.#heard = true;
    const ended = outcome.failures.some(
      ({ cause }) => cause === 'closed' || cause === 'reset' || cause === 'unreachable',
    );
    if (ended && target.kind === 'spawn') await this.#pause(deathLag);
    const failures = [
      ...(crash === undefined ? [] : [crashed(one, crash)]),
      ...outcome.failures,
      ...(outcome.failures.length > 0 ? [] : await this.#ofProcess(one, attempt, memory)),
      ...(one.output === undefined ? [] : await this.#reported(one, before, printed)),
    ];
    const died = target.deaths > deaths ? (target.lastDeath ?? 'the target died') : undefined;
    const verdict = verdictOfTry(failures, suite.requirements);
    return { ms: Math.round(outcome.ms * 10) / 10, outcome, failures, verdict, died };
  }

  /** What a case says of memory that does not hold. `memory`: octets at the end of its conversation. */
  async #ofProcess(one: Case, attempt: number, memory: number | undefined): Promise<readonly Failure[]> {
    const { memory: said, ...plain } = one;
    if (said === undefined) return [];
    const { target } = this.#plan;
    if (said !== 'steady') return tooMuch(one, said.below, memory);
    const again = async (number: number): Promise<readonly Failure[]> =>
      (await this.#try(plain, attempt * 1000 + number)).failures;
    return notSteady(one, target, again);
  }

  /** The reports of crashes that a target has printed that it must not. They come by another way than the answers. */
  async #reported(one: Case, before: string, printed: () => string): Promise<readonly Failure[]> {
    await this.#pause(reportLag);
    return readReports(added(printed(), before)).map((report) => ({
      cause: 'output',
      message: `the target printed the report of a crash: ${crashName(report)}`,
      requirements: one.proves,
    }));
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#plan.clock.after(ms, resolve);
    });
  }

  /** A target that has never said anything is not asked three times. */
  #deadSoFar(tried: Tried): boolean {
    if (!this.#plan.giveUp) return false;
    const causes = tried.failures.map((failure) => failure.cause);
    const mute =
      !this.#heard &&
      causes.some((cause) => cause === 'silent' || cause === 'hung' || cause === 'not-closed');
    const gone = !this.#heard && causes.includes('unreachable');
    if (!mute && !gone) return false;
    this.#silent += 1;
    if (this.#silent >= Math.min(this.#plan.jobs, this.#plan.cases.length)) {
      const message = mute
        ? `the target accepts connections and has not said anything in ${this.#silent} cases`
        : 'the target cannot be reached any more';
      this.#end({ why: 'target-dead', message });
    }
    return true;
  }

  /** After a failing case: asks whether the target lives, by the protocol's own means. */
  async #alive(one: Case, tried: Tried): Promise<void> {
    const { protocol } = this.#plan.suite;
    const preamble = protocol.alive[this.#plan.role];
    if (!this.#plan.giveUp || preamble === undefined || this.#plan.role === 'client' || this.#stop) return;
    const probe = await this.#try(probeCase(one, preamble), tried.failures.length + 1000);
    if (probe.verdict === 'pass') {
      this.#probesFailed = 0;
      return;
    }
    const cause: Cause = probe.died === undefined ? 'hung' : 'died';
    const how = probe.died ?? probe.failures[0]?.message ?? '';
    tried.failures = [
      ...tried.failures,
      {
        cause,
        message: `after this case the target does not serve a new connection: ${how}`,
        requirements: [],
      },
    ];
    const revived = await this.#revive();
    if (!revived) this.#probesFailed += 1;
    if (this.#probesFailed >= 3) {
      this.#end({
        why: 'target-dead',
        message: `the target does not serve new connections any more: ${how}`,
      });
    }
  }

  #probesFailed = 0;

  #revive(): Promise<boolean> {
    this.#reviving ??= this.#plan.target.revive().finally(() => {
      this.#reviving = undefined;
    });
    return this.#reviving;
  }

  /** Cases during which the target died are held again, one by one, to tell the culprit from bystanders. */
  async #trySuspects(): Promise<void> {
    const held: { one: Case; tries: Tried[] }[] = [];
    for (const { one, first } of this.#suspects) {
      const tries = [withDeath(first)];
      if (!this.#stop) {
        const again = await this.#try(one, 2);
        tries.push(again.died === undefined ? again : withDeath(again));
        if (again.died !== undefined) await this.#revive();
      }
      held.push({ one, tries });
    }
    const culprit = held.find(
      ({ tries }) => tries.length > 1 && tries.every((tried) => tried.died !== undefined),
    );
    for (const { one, tries } of held) {
      const bystander = culprit && culprit.one !== one && tries[1]?.died === undefined;
      const result = bystander ? caseResult(tries.slice(1)) : caseResult(tries);
      const notes = bystander
        ? [...result.notes, `held again: the target died during ${culprit.one.id}`]
        : result.notes;
      this.#finishing.push(this.#finishCase(one, { ...result, notes }));
    }
  }

  // Results

  async #finishCase(one: Case, result: CaseResult): Promise<void> {
    const final = await this.#judgeControl(one, result);
    const broken = final.failures.flatMap((failure) => failure.requirements);
    const failing = final.verdict === 'fail' || final.verdict === 'warn';
    const expected = failing ? expectedReason(this.#plan.expected, one.id, broken) : undefined;
    const { transcript, walked: came, ...plain } = final;
    const walked = [...(came ?? [])].flatMap((answer) => this.#states.places.get(answer) ?? []);
    const finished: CaseFinished = {
      event: 'case-finished',
      at: this.#at(),
      case: one.id,
      ...plain,
      ...(walked.length > 0 ? { answers: walked } : {}),
      ...(final.verdict !== 'pass' && final.verdict !== 'skip'
        ? { repeat: this.#plan.repeatCommand(one.id) }
        : {}),
      ...(transcript && (final.verdict !== 'pass' || this.#plan.verbose) ? { transcript: transcript() } : {}),
      ...(expected === undefined ? {} : { expected }),
    };
    this.#results.set(one.id, finished);
    this.#emit(finished);
    this.#wakeWaiting();
    if (isBad(finished, this.#plan.strict)) this.#bad += 1;
    if (this.#plan.bail !== undefined && this.#bad >= this.#plan.bail) {
      this.#end({ why: 'bail', message: `stopped after ${this.#bad} failing cases` });
    }
  }

  /** A negative case counts only if its control twin was accepted. */
  async #judgeControl(one: Case, result: CaseResult): Promise<CaseResult> {
    if (one.control === undefined || result.verdict !== 'pass') return result;
    const { control } = one;
    const twins = this.#plan.cases.filter((other) => isRowOf(other, control));
    while (twins.some((twin) => !this.#results.has(twin.id)))
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const results = twins.map((twin) => this.#results.get(twin.id));
    const skipped = results.find((twin) => twin?.verdict === 'skip');
    if (skipped)
      return {
        ...result,
        verdict: 'skip',
        cause: skipped.cause ?? 'control',
        reason: skipped.reason ?? control,
      };
    if (results.some((twin) => twin?.verdict === 'pass' || twin?.verdict === 'warn')) return result;
    const message = `its control ${control} did not hold, so the refusal proves nothing`;
    return {
      ...result,
      verdict: 'fail',
      cause: 'control',
      failures: [{ cause: 'control', message, requirements: one.proves }],
    };
  }

  #wakeWaiting(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #end(stop: Stop): void {
    if (this.#stop) return;
    this.#stop = stop;
    const cause: Cause = stop.why === 'harness' ? 'harness' : stop.why;
    for (const conversation of this.#live) conversation.abort(cause, stop.message);
  }

  #finish(): number {
    const plan = this.#plan;
    const results = [...this.#results.values()];
    const stale = this.#stop || plan.shard ? [] : staleEntries(this.#start, results);
    const bad = results.some((result) => isBad(result, plan.strict)) || stale.length > 0;
    const fault = results.some((result) => result.verdict === 'error');
    const idle = !plan.shard && areSkipped(results);
    const exit = fault ? 4 : bad || this.#stop ? 1 : idle ? 2 : 0;
    this.#emit({
      event: 'run-finished',
      at: this.#at(),
      time: new Date(plan.clock.wall()).toISOString(),
      ...(this.#stop ? { stopped: this.#stop.why, message: this.#stop.message } : {}),
      stale,
      exit,
    });
    return exit;
  }
}

/** Causes for which a case is not held, or not to its end. */
const cutOff: ReadonlySet<Cause> = new Set(['interrupted', 'bail', 'needs-process']);

/** A try that was cut off shows nothing but what was broken until then. */
function verdictOfTry(failures: readonly Failure[], requirements: Suite['requirements']): Verdict {
  const seen = failures.filter(({ cause }) => !cutOff.has(cause));
  return seen.length === 0 && failures.length > 0 ? 'skip' : verdictOf(seen, requirements);
}

interface Tried {
  readonly ms: number;
  readonly outcome?: Outcome;
  failures: readonly Failure[];
  readonly verdict: Verdict;
  readonly died: string | undefined;
}

/** A case that is held again and again. */
interface Course {
  readonly one: Case;
  readonly tries: Tried[];
  /** The number of the next try; and of the last that is wanted. */
  next: number;
  wanted: number;
  /** Tries that are being held. */
  under: number;
}

function left({ next, wanted }: Course): number {
  return Math.max(0, wanted - next + 1);
}

/** The course with most to do; one that fails is left to itself, so that it is not its own neighbour. */
function mostLeft(courses: ReadonlySet<Course>): Course | undefined {
  let found: Course | undefined;
  for (const course of courses) {
    if (course.tries.every(({ verdict }) => verdict === 'pass') && left(course) > (found ? left(found) : 0))
      found = course;
  }
  return found;
}

interface CaseResult extends Omit<CaseFinished, 'event' | 'at' | 'case' | 'transcript' | 'answers'> {
  readonly walked?: Outcome['walked'];
  readonly transcript?: () => NonNullable<CaseFinished['transcript']>;
}

/** How many cases and rules of the suite prove a requirement. */
function proofsOf(suite: Suite, role: Role, id: string): number {
  const cases = suite.cases.filter((one) => one.role === role && one.proves.includes(id)).length;
  return cases + suite.protocol.rules.filter((rule) => rule.from === role && rule.proves.includes(id)).length;
}

function caseResult(tries: readonly Tried[]): CaseResult {
  const worst =
    tries.find((tried) => tried.verdict === 'error') ??
    tries.find((tried) => tried.verdict === 'fail') ??
    tries.find((tried) => tried.verdict === 'warn') ??
    (tries[0] as Tried);
  const { outcome } = worst;
  const [first] = worst.failures;
  const cut = worst.verdict === 'skip';
  return {
    verdict: worst.verdict,
    ...(first ? { cause: first.cause } : {}),
    ...(first && cut ? { reason: first.message } : {}),
    ms: worst.ms,
    attempts: tries.map(attemptOf),
    failures: cut ? [] : worst.failures,
    notes: outcome?.notes ?? [],
    ...(outcome && outcome.choices.length > 0 ? { choices: outcome.choices } : {}),
    rules: [...(outcome?.rules ?? [])],
    ...(outcome ? { walked: outcome.walked, transcript: () => outcome.transcript() } : {}),
  };
}

function attemptOf(tried: Tried): Attempt {
  const { verdict, ms, failures } = tried;
  const message = failures[0]?.message;
  return { verdict, ms, ...(message === undefined ? {} : { message }) };
}

/** A later try that passes only counts: thousands of whole conversations are not kept for that. */
function withoutOutcome({ ms, failures, verdict, died }: Tried): Tried {
  return { ms, failures, verdict, died };
}

function withDeath(tried: Tried): Tried {
  const failure: Failure = { cause: 'died', message: `the target died: ${tried.died}`, requirements: [] };
  return { ...tried, verdict: 'fail', failures: [failure, ...tried.failures] };
}

/** The world of one try, where it has a stage of its own. */
function onStage(world: World, stage: Stage): World {
  return {
    ...world,
    open: (peer, options, sink) => stage.open(peer, options, sink),
    ...(stage.stimuli ? { stimuli: stage.stimuli } : {}),
    identities: () => stage.identities?.() ?? {},
  };
}

/** A client is there for its case alone: what the case led it through is what it does not survive. */
function crashed({ proves }: Case, how: string): Failure {
  return { cause: 'died', message: `the client crashed: it ${how}`, requirements: proves };
}

function harnessFault(error: unknown): Tried {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    ms: 0,
    failures: [{ cause: 'harness', message: `spar failed: ${message}`, requirements: [] }],
    verdict: 'error',
    died: undefined,
  };
}

function notHeld(stop: Stop): CaseResult {
  const cause: Cause = stop.why === 'harness' ? 'harness' : stop.why;
  const base = { cause, ms: 0, attempts: [], notes: [], rules: [] };
  if (stop.why === 'target-dead') {
    const failures = [{ cause, message: `not held: ${stop.message}`, requirements: [] }];
    return { ...base, verdict: 'fail', failures };
  }
  return { ...base, verdict: 'skip', failures: [], reason: stop.message };
}

/** Controls before what leans on them; before them what has to wait for a clock, since it takes longest. */
function longestFirst(cases: readonly Case[]): Case[] {
  const controls = new Set(cases.flatMap((one) => (one.control === undefined ? [] : [one.control])));
  const rank = (one: Case): number => {
    if (one.steps.some(takesTime)) return 0;
    return controls.has(one.id.replace(/\[.*$/, '')) ? 1 : 2;
  };
  return [...cases].sort((left, right) => rank(left) - rank(right));
}

/** True for a step that waits for a clock, or has a time of its own to be waited for. */
function takesTime(step: Step): boolean {
  if (step.do === 'until' || step.do === 'wait' || step.within !== undefined) return true;
  return 'steps' in step && step.steps !== undefined && step.steps.some(takesTime);
}

function probeCase(one: Case, preamble: string): Case {
  return {
    ...one,
    id: `${one.id}/is-alive`,
    proves: [],
    row: {},
    peers: ['probe'],
    steps: [
      {
        do: 'given',
        peer: 'probe',
        preamble,
        with: {},
        text: `probe ${preamble}`,
        file: one.file,
        line: one.line,
      },
    ],
  };
}
