import type { CampaignOptions } from './campaign-options.ts';
import type { Plan } from './plan.ts';
import type { Subject } from './subject.ts';

/** Milliseconds that a target which serves nobody is left alone before it is asked again. */
const rests = [100, 300, 1000, 3000];
/** Of these, how many where a target of our own serves nobody: alone with a fresh one that is soon seen. */
const fewRests = 2;
/** A target slows down if answers take so many times as long as at first, and so many ms more. */
const slower = { times: 8, ms: 25 };

/** How often a target may be asked: notices one that limits its pace, and spares it. */
export class Pace {
  readonly #options: CampaignOptions;
  readonly #subject: Subject;
  #limits: string | undefined;
  /** Milliseconds between two batches, for a target that limits how often it is asked. */
  #gap = 0;
  #firstLatency: number | undefined;
  #looks = 0;

  constructor(options: CampaignOptions, subject: Subject) {
    this.#options = options;
    this.#subject = subject;
  }

  get gap(): number {
    return this.#gap;
  }

  /** What keeps the target from serving as often as it is asked, in words. */
  get limits(): string | undefined {
    return this.#limits;
  }

  /** A target that takes ever longer is left alone for a while: if it is quick again then, it limits its pace. */
  async keep(): Promise<void> {
    const { usual } = this.#subject.latency;
    this.#firstLatency ??= usual;
    const first = this.#firstLatency;
    if (this.#subject.role === 'client' || usual === undefined || first === undefined) return;
    if (usual < slower.times * first || usual < first + slower.ms) return;
    // One that is quick as soon as nobody else asks it had too much to do at once, or spar itself was busy.
    const limited = !(await this.#isQuick(usual)) && (await this.#isQuickLater(usual));
    this.#subject.latency.forget();
    if (limited)
      this.#slowDown(
        `answers take ${Math.round(usual)} ms instead of ${first.toFixed(1)} when it is asked often`,
      );
    else this.#firstLatency = undefined;
  }

  async #isQuickLater(usual: number): Promise<boolean> {
    await this.#subject.pause(rests[2] ?? 1000);
    return this.#isQuick(usual);
  }

  /** Whether a whole conversation takes less than an answer usually does. */
  async #isQuick(usual: number): Promise<boolean> {
    this.#looks += 1;
    const { ms } = await this.#subject.execute(this.#valid(), `pace/${this.#looks}`);
    return ms < usual;
  }

  /** Whether a target that serves nobody does so again after a rest: then it limits how often it is asked. `soon` does not wait for long. */
  async isLimited(soon = false): Promise<boolean> {
    const { hang } = this.#options;
    // One that is only left alone too little answers as quickly as ever once it answers.
    return this.#subject.waiting(Math.min(hang, this.#subject.latency.enough ?? hang), () =>
      this.#servesLater(soon ? rests.slice(0, fewRests) : rests),
    );
  }

  async #servesLater(after: readonly number[]): Promise<boolean> {
    if (await this.#serves()) return false;
    let rested = 0;
    for (const ms of after) {
      await this.#subject.pause(ms);
      rested += ms;
      if (this.#subject.hasDied) return false;
      if (!(await this.#serves())) continue;
      this.#slowDown(`it serves nobody for about ${rested} ms once it has been asked often`);
      return true;
    }
    return false;
  }

  async #serves(): Promise<boolean> {
    const { unreachable, heard, symptoms } = await this.#subject.execute(
      this.#valid(),
      `serves/${this.#subject.executions}`,
    );
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
}
