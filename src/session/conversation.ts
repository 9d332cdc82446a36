import type { Cause, Choice, Failure, TranscriptEntry } from '../events/event.ts';
import { ExpressionError } from '../match/expression.ts';
import { compileValue } from '../match/interpolate.ts';
import type { Pattern } from '../match/pattern.ts';
import type { Answer } from '../protocol/states.ts';
import type { Case } from '../suite/case.ts';
import type { Step } from '../suite/step.ts';
import { Course, count, type Frame } from './course.ts';
import { BlamedFailure, MissingValue, StepFailure, unreckonable } from './failure.ts';
import { Hearing } from './hearing.ts';
import { isNoConnection } from './link.ts';
import { Peer } from './peer.ts';
import { CaseScope, Names } from './scope.ts';
import { shows, stimulate } from './showing.ts';
import { Speaking } from './speaking.ts';
import { sentence, show } from './told.ts';
import type { World } from './world.ts';

/** What came of a conversation. */
export interface Outcome {
  readonly ms: number;
  readonly failures: readonly Failure[];
  readonly notes: readonly string[];
  /** Ways taken where steps allow several, once each. */
  readonly choices: readonly Choice[];
  /** Rules that spoke of at least one message. */
  readonly rules: ReadonlySet<string>;
  /** The answers of the state table that came. */
  readonly walked: ReadonlySet<Answer>;
  /** True if the target was heard at all. */
  readonly heard: boolean;
  transcript(): readonly TranscriptEntry[];
}

/** Milliseconds that a connection may take to be made, handshakes included, where nobody says otherwise. */
const connectLimit = 5000;

/** Holds the conversations of one case, one try. */
export class Conversation {
  readonly #world: World;
  readonly #case: Case;
  readonly #course: Course;
  readonly #speaking: Speaking;
  readonly #hearing: Hearing;
  readonly #peers = new Map<string, Peer>();

  constructor(world: World, one: Case, attempt: number) {
    this.#world = world;
    this.#case = one;
    const names = new Names(world, world.random(`${one.id}#${attempt}`), one.row, one.peers);
    this.#course = new Course(world, names);
    this.#speaking = new Speaking(this.#course);
    this.#hearing = new Hearing(this.#course, this.#speaking);
  }

  /** Ends the conversation as soon as it waits for something. */
  abort(cause: Cause, message: string): void {
    this.#course.abort(cause, message);
    for (const peer of this.#peers.values()) peer.interrupt();
  }

  async hold(): Promise<Outcome> {
    const frame: Frame = { scope: new CaseScope(this.#world, this.#course.names), proves: this.#case.proves };
    let current: Step | undefined;
    try {
      for (const [index, step] of this.#case.steps.entries()) {
        this.#course.stepIndex = index;
        current = step;
        const acting = this.#step(step, frame);
        if (acting) await acting;
      }
      current = undefined;
      this.#course.stepIndex = this.#case.steps.length;
      if (this.#course.failures.length === 0) await this.#settle();
      if (this.#course.failures.length === 0) await this.#world.leaving?.();
    } catch (error) {
      if (!(error instanceof BlamedFailure || error instanceof StepFailure)) throw error;
      this.#fail(error, current, frame);
    } finally {
      for (const peer of this.#peers.values()) peer.link?.close();
    }
    return this.#outcome();
  }

  #outcome(): Outcome {
    return {
      ms: this.#course.at(),
      failures: this.#course.failures,
      notes: [...this.#course.notes],
      choices: [...this.#course.choices.values()],
      rules: this.#course.rules,
      walked: new Set([...this.#peers.values()].flatMap((peer) => [...peer.walked])),
      heard: [...this.#peers.values()].some((peer) => peer.heard),
      transcript: () => this.#course.transcript.entries(),
    };
  }

  #fail(error: BlamedFailure | StepFailure, current: Step | undefined, frame: Frame): void {
    const inner = error instanceof BlamedFailure ? error.inner : error;
    const step = error instanceof BlamedFailure ? error.step : current;
    const proves = error instanceof BlamedFailure ? error.proves : (current?.proves ?? frame.proves);
    const { failure } = inner;
    // What breaks the rules may well lack what a step needs of it: that is told already.
    if (inner instanceof MissingValue && this.#course.failures.some(({ cause }) => cause !== 'harness')) {
      this.#course.notes.add(`went no further: ${failure.message}`);
      return;
    }
    this.#course.failures.unshift({
      ...failure,
      requirements: this.#course.isAbort(inner) ? [] : (inner.proves ?? proves),
      ...(step
        ? { step: { text: step.text, file: step.file, line: step.line, index: this.#course.stepIndex } }
        : {}),
    });
  }

  /** Runs a step; what fails inside is blamed on the innermost step. */
  #step(step: Step, frame: Frame): Promise<void> | void {
    this.#course.check();
    const proves = step.proves ?? frame.proves;
    const blamed = (error: unknown): never => {
      if (error instanceof StepFailure) throw new BlamedFailure(error, step, proves);
      if (error instanceof ExpressionError) throw new BlamedFailure(unreckonable(error), step, proves);
      throw error;
    };
    try {
      const acting = this.#act(step, { scope: frame.scope, step, proves });
      return acting?.catch(blamed);
    } catch (error) {
      return blamed(error);
    }
  }

  async #steps(steps: readonly Step[], frame: Frame): Promise<void> {
    for (const step of steps) {
      const acting = this.#step(step, frame);
      if (acting) await acting;
    }
  }

  #act(step: Step, frame: Frame): Promise<void> | void {
    const { scope } = frame;
    switch (step.do) {
      case 'connect':
        return this.#connect(scope.peer(step.peer), step, frame);
      case 'send':
        return this.#speaking.send(this.#peer(step.peer, frame), step.payload(scope), step.wrong);
      case 'send-bytes':
        return this.#speaking.sendBytes(this.#peer(step.peer, frame), step.bytes, frame);
      case 'expect':
        return this.#hearing.expect(
          this.#peer(step.peer, frame),
          step.pattern,
          frame,
          this.#course.limit(step, scope),
          step.maybe,
        );
      case 'either':
        return this.#either(step, frame);
      case 'any-order':
        return this.#hearing.anyOrder(
          this.#peer(step.peer, frame),
          step.patterns,
          frame,
          this.#course.limit(step, scope),
        );
      case 'collect':
        return this.#hearing.collect(
          this.#peer(step.peer, frame),
          step,
          frame,
          this.#course.limit(step, scope),
        );
      case 'silence':
        return this.#hearing.silence(this.#peer(step.peer, frame), frame, step);
      case 'hears-no':
        return this.#hearing.hearsNo(this.#peer(step.peer, frame), step.patterns, frame);
      case 'never':
        return this.#never(this.#peer(step.peer, frame), step.patterns, frame);
      case 'connected':
        return this.#hearing.connected(this.#peer(step.peer, frame), frame);
      case 'rest':
        return this.#hearing.rest(this.#peer(step.peer, frame));
      case 'closed':
        return this.#hearing.closed(this.#peer(step.peer, frame), step.how, this.#course.limit(step, scope));
      case 'close':
      case 'half-close':
      case 'reset':
      case 'deaf':
        return this.#end(this.#peer(step.peer, frame), step.do);
      case 'not-automatic': {
        const peer = this.#named(scope.peer(step.peer), frame);
        for (const name of step.messages) peer.silenced.add(name);
        return;
      }
      case 'given':
        return this.#given(step, frame);
      case 'crowd':
        return this.#crowd(step.peers, step.steps, frame);
      case 'together':
        return this.#together(step.steps, frame);
      case 'repeat':
        return this.#repeat(step, frame);
      case 'each':
        return this.#each(step, frame);
      case 'until':
        return this.#until(step, frame);
      case 'that':
        return this.#that(step.that(scope), step.is, frame);
      case 'set':
        for (const [name, value] of step.values) this.#course.capture(scope, name, value(scope));
        return;
      case 'wait':
        return this.#course.wait(count(step.ms(scope)));
      case 'note':
        this.#course.notes.add(String(step.note(scope)));
        return;
      case 'stimulate':
        return stimulate(this.#course, scope.peer(step.peer), step.stimulus, step.with(scope));
      case 'shows':
        return shows(this.#course, scope.peer(step.peer), step, frame, this.#course.limit(step, scope));
    }
  }

  // Peers and connections

  #named(name: string, frame: Frame): Peer {
    const before = this.#peers.get(name);
    if (before) return before;
    const course = this.#course;
    const peer = new Peer(
      name,
      this.#world,
      frame.scope.within([['self', name]]),
      {
        breach: (failure) => this.#course.failures.push(failure),
        ruled: (rule) => this.#course.rules.add(rule),
        note: (text) => this.#course.notes.add(text),
        at: () => this.#course.at(),
        get step() {
          return course.stepIndex;
        },
      },
      this.#course.transcript,
    );
    peer.onAutomatic = (send, { payload: request }) => {
      const payload = compileValue(send)(peer.scope.within([], [['request', request]]));
      this.#speaking.automatic(peer, payload);
    };
    this.#peers.set(name, peer);
    return peer;
  }

  #peer(name: string, frame: Frame): Peer {
    const peer = this.#named(frame.scope.peer(name), frame);
    if (!peer.link)
      throw new StepFailure(
        'harness',
        `${peer.name} is not connected: the case lacks "${peer.name} connects"`,
      );
    return peer;
  }

  async #connect(name: string, step: Extract<Step, { do: 'connect' }>, frame: Frame): Promise<void> {
    const { options } = step;
    const usual = this.#world.connectLimit ?? Math.max(this.#world.deadline(), connectLimit);
    const limit = this.#course.limit(step, frame.scope, usual);
    const peer = this.#named(name, frame);
    peer.link?.close();
    peer.link = undefined;
    peer.begin();
    const { fails, ...others } = options;
    const filled = compileValue(others)(peer.scope) as Record<string, unknown>;
    try {
      peer.link = await this.#course.unlessAborted(
        this.#world.open(name, { timeout: limit, ...this.#identities(name), ...filled }, peer),
        (late) => late.close(),
      );
      peer.sentAt = this.#world.clock.now();
      this.#course.log(peer, 'connect', '');
    } catch (error) {
      if ((fails === true || step.steps) && isNoConnection(error)) {
        this.#course.log(peer, 'connect', `is refused: ${error.message}`);
        if (step.steps) this.#course.took(frame, 'no connection');
        return;
      }
      if (isNoConnection(error)) throw new StepFailure('unreachable', error.message, { peer: name });
      throw error;
    }
    if (fails === true)
      throw new StepFailure('not-closed', `${name} must not get a connection, and gets one`, { peer: name });
    if (!step.steps) return;
    this.#course.took(frame, 'a connection');
    await this.#steps(step.steps, frame);
  }

  /** The names of a peer, for the command line of its client. */
  #identities(peer: string): Record<string, unknown> {
    if (this.#world.role === 'server') return {};
    const keys = ['name', ...this.#world.protocol.identity.keys()];
    const before = this.#world.identities?.() ?? {};
    for (const key of keys)
      if (before[key] !== undefined) this.#course.names.setOfPeer(peer, key, before[key]);
    return Object.fromEntries(
      keys
        .map((key) => [key, this.#course.names.ofPeer(peer, key)])
        .filter(([, value]) => value !== undefined),
    );
  }

  #end(peer: Peer, how: 'close' | 'half-close' | 'reset' | 'deaf'): void {
    const words = { close: 'closes', 'half-close': 'ends its half', reset: 'resets', deaf: 'stops reading' };
    this.#course.log(peer, 'close', words[how]);
    if (how === 'deaf') {
      peer.link?.pause();
      peer.done = true;
    } else if (how === 'half-close') peer.link?.end();
    else {
      peer.done = true;
      if (how === 'close') peer.link?.close();
      else peer.link?.reset();
    }
  }

  #never(peer: Peer, patterns: readonly Pattern[], frame: Frame): void {
    for (const pattern of patterns) peer.watched.add({ pattern, proves: frame.proves });
  }

  // Structure

  async #either(step: Extract<Step, { do: 'either' }>, frame: Frame): Promise<void> {
    const limit = this.#course.limit(step, frame.scope);
    const taken = await this.#hearing.either(this.#peer(step.peer, frame), step.options, frame, limit);
    await this.#steps(taken.steps, frame);
  }

  async #given(step: Extract<Step, { do: 'given' }>, frame: Frame): Promise<void> {
    const { protocol, preambles } = this.#world;
    const values = Object.entries(step.with).map(([name, fill]) => [name, fill(frame.scope)] as const);
    const aliases = values.filter(
      ([, value]) => typeof value === 'string' && this.#course.names.isPeer(frame.scope.peer(value)),
    );
    const scope = frame.scope.within(
      [
        ['self', frame.scope.peer(step.peer)],
        ...aliases.map(([name, value]) => [name, frame.scope.peer(String(value))] as const),
      ],
      values.filter(([name]) => !aliases.some(([alias]) => alias === name)),
    );
    const proves = protocol.given.get(step.preamble)?.steps[this.#world.role]?.proves ?? [];
    await this.#steps(preambles.get(step.preamble) ?? [], {
      scope,
      proves: proves.length > 0 ? proves : frame.proves,
    });
  }

  async #crowd(peers: readonly string[], steps: readonly Step[], frame: Frame): Promise<void> {
    await Promise.all(
      peers.map((name) => this.#steps(steps, { ...frame, scope: frame.scope.within([['self', name]]) })),
    );
  }

  async #together(steps: readonly Step[], frame: Frame): Promise<void> {
    await Promise.all(steps.map(async (one) => this.#step(one, frame)));
  }

  async #repeat(step: Extract<Step, { do: 'repeat' }>, frame: Frame): Promise<void> {
    const times = count(step.times(frame.scope));
    for (let index = 1; index <= times; index += 1) {
      await this.#steps(step.steps, { ...frame, scope: frame.scope.within([], [[step.as, index]]) });
    }
  }

  async #each(step: Extract<Step, { do: 'each' }>, frame: Frame): Promise<void> {
    const list = step.in(frame.scope);
    if (list === null || typeof list !== 'object')
      throw new StepFailure('check', `${show(list)} is no list, so there is nothing to go through`);
    for (const value of Object.values(list)) {
      await this.#steps(step.steps, { ...frame, scope: frame.scope.within([], [[step.as, value]]) });
    }
  }

  async #until(step: Extract<Step, { do: 'until' }>, frame: Frame): Promise<void> {
    const due = this.#world.clock.now() + this.#course.limit(step, frame.scope, 10_000);
    for (;;) {
      await this.#steps(step.steps, frame);
      const context = { scope: frame.scope, wall: this.#course.wall, captures: [] };
      const found = step.is.match(step.that(frame.scope), context);
      if (found.length === 0) return;
      if (this.#world.clock.now() > due)
        throw new StepFailure('check', `this does not come about: ${sentence(found)}`);
      await this.#course.wait(step.pause);
    }
  }

  #that(value: unknown, pattern: Pattern, frame: Frame): void {
    const found = this.#course.matches(pattern, value, frame);
    if (found.length === 0) return;
    throw new StepFailure('check', `this does not hold: ${sentence(found)}`, {
      expected: pattern.print(frame.scope),
      actual: show(value),
      details: found.map((one) => `${one.path || 'value'}: expected ${one.expected}, got ${one.actual}`),
    });
  }

  // The end

  /** After the last step: nothing more may come, nobody was hung up on, and the target still answers. */
  async #settle(): Promise<void> {
    const frame: Frame = { scope: new CaseScope(this.#world, this.#course.names), proves: this.#case.proves };
    await Promise.all([...this.#peers.values()].map((peer) => this.#hearing.settle(peer, frame)));
  }
}
