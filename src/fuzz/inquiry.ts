import { growthBy } from '../run/growth.ts';
import type { CampaignOptions } from './campaign-options.ts';
import type { Execution } from './execution.ts';
import { explain } from './explain.ts';
import type { Finding, Oracle, Symptom } from './finding.ts';
import { type Minimised, minimise } from './minimise.ts';
import { isOrdinary } from './ordinary.ts';
import type { Pace } from './pace.ts';
import { opened, type Plan } from './plan.ts';
import { keptHistory, type Subject } from './subject.ts';
import { isHungUp, isLasting, isSameOrPart, isSilence, sameFault } from './symptom.ts';

/** How often a symptom showed again, and what came of the last time that it did. */
interface Confirmed {
  readonly times: number;
  readonly of: number;
  readonly last: Tried;
}

/** What came of conversations that were held to see a symptom again. */
interface Tried {
  /** The symptom, as it showed. */
  readonly shown?: Symptom;
  readonly execution?: Execution;
  readonly output: string;
}

/** What a finding is, as far as looking into its symptom tells. */
export type Looked = Pick<
  Finding,
  'symptom' | 'plans' | 'confirmed' | 'spent' | 'transcript' | 'output' | 'free'
>;

/** Questions about what does not matter, where not 24: each of these waits until a target is given up. */
const mostQuestions: Partial<Record<Oracle, number>> = { hang: 6, deaf: 6, growth: 0 };
/** Conversations before and between the two looks at the memory where it is asked which of them leave more behind. */
const pieces = { warm: 50, long: 150 };

/** Looks into what went wrong: which conversations show it again on a fresh target, and the fewest that do. */
export class Inquiry {
  readonly #options: CampaignOptions;
  readonly #subject: Subject;
  readonly #pace: Pace;
  #interrupted = false;
  #turn = 0;

  constructor(options: CampaignOptions, subject: Subject, pace: Pace) {
    this.#options = options;
    this.#subject = subject;
    this.#pace = pace;
  }

  /** Tries nothing more. */
  interrupt(): void {
    this.#interrupted = true;
  }

  /**
   * Looks into a symptom of the last conversations, `plans` being those that may have caused it and `running`
   * all that were under way; undefined if it does not show again.
   */
  async look(
    symptom: Symptom,
    plans: readonly Plan[],
    running: readonly Plan[],
  ): Promise<Looked | undefined> {
    this.#subject.rules.patient = symptom.oracle !== 'growth';
    try {
      return await this.#look(symptom, plans, running);
    } finally {
      this.#subject.rules.patient = false;
    }
  }

  async #look(
    symptom: Symptom,
    plans: readonly Plan[],
    running: readonly Plan[],
  ): Promise<Looked | undefined> {
    const past = this.#subject.history;
    await this.#subject.restart();
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
    const lasting = this.#subject.role === 'server' && !this.#options.target.fresh && isLasting(symptom);
    if (times === 0 && attempts > 0 && !lasting) return undefined;
    const questions = history ? Math.min(mostQuestions[symptom.oracle] ?? 24, budget - shrunk.spent) : 0;
    if (questions > 0) await this.#subject.restart();
    const { free } = await this.#subject.waiting(this.#brief(symptom) ?? this.#options.hang, () =>
      explain(small, (tried) => this.#shows(tried, symptom), questions),
    );
    return {
      symptom: last.shown && isSameOrPart(last.shown, symptom) ? last.shown : symptom,
      plans: small,
      confirmed: { times, of: attempts },
      spent: shrunk.spent,
      transcript: last.execution?.transcript() ?? [],
      output: last.output,
      free,
    };
  }

  /** Tries conversations on fresh targets, as often as a finding is to be confirmed. */
  async #confirm(plans: readonly Plan[], symptom: Symptom): Promise<Confirmed> {
    let [times, attempts] = [0, 0];
    let last: Confirmed['last'] = { output: '' };
    while (attempts < this.#options.confirm && !this.#interrupted) {
      attempts += 1;
      await this.#subject.restart();
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
    const hasty = await this.#subject.waiting(brief, () => minimise(history, shows, budget));
    if (await shows(hasty.plans)) return { ...hasty, spent: hasty.spent + 1 };
    const slow = await minimise(history, shows, budget - hasty.spent);
    return { ...slow, spent: hasty.spent + slow.spent };
  }

  /** Milliseconds after which a target may be given up for the time being, where the symptom is that nothing comes. */
  #brief(symptom: Symptom): number | undefined {
    if (!isSilence(symptom)) return undefined;
    const { leaves } = this.#subject.rules;
    const { enough = this.#options.hang } =
      symptom.oracle === 'hang' && leaves ? leaves : this.#subject.latency;
    return enough < this.#options.hang ? enough : undefined;
  }

  /** The shortest history that shows the symptom on a fresh target; nothing if none does. */
  async #culprit(
    symptom: Symptom,
    plans: readonly Plan[],
    past: readonly Plan[],
  ): Promise<readonly Plan[] | undefined> {
    if (symptom.oracle === 'growth' && this.#subject.role === 'server') return this.#grower(past, symptom);
    for (const plan of [...plans].reverse()) if (await this.#shows([plan], symptom)) return [plan];
    if (this.#subject.role === 'client') return undefined;
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
    const { rules } = this.#subject.world.protocol;
    return rules.some(({ id, must }) => must !== undefined && bucket === `breach: rule ${id}`);
  }

  #isOrdinary({ moves }: Plan): boolean {
    const { protocol } = this.#subject.world;
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
        await this.#subject.restart();
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
    if (this.#interrupted) return false;
    const wasFresh = this.#subject.untouched;
    const { shown } = await this.#try(plans, symptom);
    if (!shown) return false;
    const limited = many && isSilence(symptom) && (await this.#pace.isLimited());
    await this.#subject.restart();
    if (limited) return false;
    if (wasFresh || !this.#options.target.fresh) return true;
    const again = await this.#try(plans, symptom);
    await this.#subject.restart();
    return again.shown !== undefined;
  }

  /** Holds conversations one after the other; whether the symptom shows. */
  async #try(plans: readonly Plan[], symptom: Symptom): Promise<Tried> {
    this.#subject.untouched = false;
    await this.#subject.beWatched();
    let execution: Execution | undefined;
    for (const [index, plan] of plans.entries()) {
      execution = await this.#subject.execute(plan, `try/${this.#subject.restarts}/${index}`);
      const early = await this.#subject.death(execution.unreachable);
      const watched = early ? [] : await this.#subject.watch([execution]);
      const death = early ?? (await this.#subject.death(watched.some(isHungUp)));
      const soon = symptom.livesOn === true && index === plans.length - 1;
      const reports = death ? [] : await this.#subject.reports(soon);
      const seen = death ? [death] : [...execution.symptoms, ...watched, ...reports];
      if (execution.unreachable && !death)
        seen.push({ oracle: 'hang', bucket: 'hang: no connection', message: '' });
      const shown = seen.find((one) => sameFault(one, symptom));
      if (shown) return { shown, execution, output: execution.output ?? this.#subject.output() };
      if (death || execution.unreachable) {
        await this.#subject.restart();
        break;
      }
    }
    const dies = symptom.oracle === 'death' && !symptom.livesOn;
    const late = dies && this.#subject.role === 'server' ? await this.#late() : [];
    const shown = late.find((one) => sameFault(one, symptom));
    const tried = { ...(execution ? { execution } : {}), output: this.#subject.output() };
    if (shown) return { shown, ...tried };
    if (symptom.oracle !== 'growth' || this.#subject.role !== 'server') return tried;
    return { ...((await this.#grows(plans)) ? { shown: symptom } : {}), output: '' };
  }

  /**
   * A target that hears several connections may answer one before it reads the end of another: once it has
   * answered a second time, it has read that.
   */
  async #late(): Promise<readonly Symptom[]> {
    const watched = await this.#subject.watch();
    const death = await this.#subject.death(watched.some(isHungUp));
    return death ? [death] : [];
  }

  /** Whether the same conversations over and over make the target grow. */
  async #grows(plans: readonly Plan[]): Promise<boolean> {
    return (await growthBy((count) => this.#memoryAfter(plans, count))) !== undefined;
  }

  async #growsMore(first: readonly Plan[], second: readonly Plan[]): Promise<boolean> {
    const grown: number[] = [];
    for (const half of [first, second]) {
      await this.#subject.restart();
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
      if (plan) await this.#subject.execute(plan, `growth/${this.#subject.restarts}/${this.#turn}`);
    }
    return (await this.#options.target.memory?.()) ?? 0;
  }
}
