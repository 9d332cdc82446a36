import type { CaseFinished, RunEvent, RunFinished } from '../events/event.ts';
import type { Protocol } from '../protocol/definition.ts';
import { chat, requirementsOfChat } from '../session/chat.testing.ts';
import { LeapingClock } from '../session/leaping-clock.testing.ts';
import { type Other, type Script, scripted } from '../session/scripted-server.testing.ts';
import { suiteOf } from '../suite/suite.testing.ts';
import { plainPlan, type RunPlan } from './plan.ts';
import { Run } from './run-suite.ts';
import type { Target } from './target.ts';

/** A target in memory, with a process that can die of what it hears and be started again. */
export class MemoryTarget implements Target {
  readonly kind = 'spawn';
  readonly label = 'memory';
  deaths = 0;
  lastDeath = 'exited with code 1';
  /** Connections that are open now, and the most that ever were. */
  open_ = 0;
  most = 0;
  /** What happened, in order: names of peers that connect, deaths and revivals. */
  readonly seen: string[] = [];
  readonly #script: (die: () => void) => Script;
  readonly #revives: boolean;
  readonly #links = new Set<Other>();
  #connect: ReturnType<typeof scripted>;
  #dead = false;

  constructor(script: (die: () => void) => Script, revives = true) {
    this.#script = script;
    this.#revives = revives;
    this.#connect = this.#start();
  }

  #start(): ReturnType<typeof scripted> {
    const script = this.#script(() => this.die());
    return scripted((line, other) => {
      this.#links.add(other);
      if (!this.#dead) script(line, other);
    });
  }

  die(): void {
    if (this.#dead) return;
    this.#dead = true;
    this.deaths += 1;
    this.seen.push('dies');
    for (const other of this.#links) other.link.reset();
    this.#links.clear();
  }

  open: Target['open'] = async (peer, _options, sink) => {
    if (this.#dead) throw Object.assign(new Error('nobody listens'), { name: 'ConnectError' });
    this.seen.push(peer);
    this.open_ += 1;
    this.most = Math.max(this.most, this.open_);
    const link = this.#connect(sink);
    let closed = false;
    const leave = (): void => {
      if (!closed) this.open_ -= 1;
      closed = true;
    };
    return {
      get queued() {
        return link.queued;
      },
      write: (bytes) => link.write(bytes),
      end: () => link.end(),
      pause: () => link.pause(),
      resume: () => link.resume(),
      close: () => {
        leave();
        link.close();
      },
      reset: () => {
        leave();
        link.reset();
      },
    };
  };

  async revive(): Promise<boolean> {
    if (!this.#dead || !this.#revives) return false;
    this.#dead = false;
    this.#connect = this.#start();
    this.seen.push('revived');
    return true;
  }
}

/** What came of a run. */
export interface Held {
  readonly events: readonly RunEvent[];
  readonly exit: number;
  readonly finished: RunFinished;
  readonly target: MemoryTarget;
  /** The result of the case of that id, without what stands before it. */
  result(id: string): CaseFinished;
  /** `id verdict`, and `cause` behind it, in the order of the results. */
  readonly verdicts: readonly string[];
}

/** Holds cases with a target in memory. */
export async function run(
  cases: readonly object[],
  target: MemoryTarget | Script,
  plan: Partial<RunPlan> & { readonly protocol?: Protocol } = {},
  began: (run: Run, event: RunEvent) => void = () => undefined,
): Promise<Held> {
  const { protocol = chat(), ...more } = plan;
  const suite = suiteOf(protocol, cases, { requirements: requirementsOfChat });
  const live = target instanceof MemoryTarget ? target : new MemoryTarget(() => target);
  const events: RunEvent[] = [];
  const one: Run = new Run(
    plainPlan({
      suite,
      cases: suite.cases,
      role: 'server',
      target: live,
      clock: new LeapingClock(),
      run: 'run',
      version: '0',
      stamp: 'stamp',
      jobs: 4,
      deadline: 500,
      quiet: 100,
      giveUp: true,
      confirm: 3,
      repeatCommand: (id) => `again ${id}`,
      ...more,
    }),
    (event) => {
      events.push(event);
      began(one, event);
    },
  );
  const exit = await one.hold();
  const results = events.filter((event) => event.event === 'case-finished');
  const short = (id: string): string => id.replace('toy/server/file/', '');
  return {
    events,
    exit,
    target: live,
    finished: events.at(-1) as RunFinished,
    verdicts: results.map((one) => [short(one.case), one.verdict, one.cause].filter(Boolean).join(' ')),
    result(id) {
      const found = results.find((one) => short(one.case) === id);
      if (!found) throw new Error(`${id} has no result`);
      return found;
    },
  };
}
