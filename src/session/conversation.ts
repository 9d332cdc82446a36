import type { Cause, Choice, Failure, TranscriptEntry } from '../events/event.ts';
import { ExpressionError, NoValueError } from '../match/expression.ts';
import { compileValue } from '../match/interpolate.ts';
import { fits, type Mismatch, type Pattern } from '../match/pattern.ts';
import type { Barrier } from '../protocol/definition.ts';
import {
  identifyLine,
  identifyObject,
  type Message,
  payloadBytes,
  readMessage,
} from '../protocol/message.ts';
import { viewOf } from '../protocol/rules.ts';
import type { Answer } from '../protocol/states.ts';
import type { Case } from '../suite/case.ts';
import type { Bytes, EndWish, Option, Step } from '../suite/step.ts';
import { concatBytes } from '../wire/bytes.ts';
import { printable } from '../wire/printable.ts';
import { readBarrier } from './barrier.ts';
import { StepFailure } from './failure.ts';
import { type Arrival, type Broken, oppositeRole, Peer, valueAt } from './peer.ts';
import { CaseScope, Names } from './scope.ts';
import { Transcript } from './transcript.ts';
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

/** Where in a case the engine is: under which names, and who is blamed. */
interface Frame {
  readonly scope: CaseScope;
  readonly proves: readonly string[];
  readonly step?: Step;
}

/** Holds the conversations of one case, one try. */
export class Conversation {
  readonly #world: World;
  readonly #case: Case;
  readonly #names: Names;
  readonly #peers = new Map<string, Peer>();
  readonly #transcript = new Transcript();
  readonly #failures: Failure[] = [];
  readonly #notes = new Set<string>();
  readonly #choices = new Map<string, Choice>();
  readonly #rules = new Set<string>();
  readonly #began: number;
  readonly #sleepers = new Set<() => void>();
  readonly #wall = (): number => this.#world.clock.wall();
  #stepIndex = -1;
  #aborted: StepFailure | undefined;

  constructor(world: World, one: Case, attempt: number) {
    this.#world = world;
    this.#case = one;
    this.#began = world.clock.now();
    this.#names = new Names(world, world.random(`${one.id}#${attempt}`), one.row, one.peers);
  }

  /** Ends the conversation as soon as it waits for something. */
  abort(cause: Cause, message: string): void {
    this.#aborted ??= new StepFailure(cause, message);
    for (const peer of this.#peers.values()) peer.interrupt();
    for (const wake of this.#sleepers) wake();
  }

  async hold(): Promise<Outcome> {
    const frame: Frame = { scope: new CaseScope(this.#world, this.#names), proves: this.#case.proves };
    let current: Step | undefined;
    try {
      for (const [index, step] of this.#case.steps.entries()) {
        this.#stepIndex = index;
        current = step;
        const acting = this.#step(step, frame);
        if (acting) await acting;
      }
      current = undefined;
      this.#stepIndex = this.#case.steps.length;
      if (this.#failures.length === 0) await this.#settle();
      if (this.#failures.length === 0) await this.#world.leaving?.();
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
      ms: this.#world.clock.now() - this.#began,
      failures: this.#failures,
      notes: [...this.#notes],
      choices: [...this.#choices.values()],
      rules: this.#rules,
      walked: new Set([...this.#peers.values()].flatMap((peer) => [...peer.walked])),
      heard: [...this.#peers.values()].some((peer) => peer.heard),
      transcript: () => this.#transcript.entries(),
    };
  }

  #fail(error: BlamedFailure | StepFailure, current: Step | undefined, frame: Frame): void {
    const inner = error instanceof BlamedFailure ? error.inner : error;
    const step = error instanceof BlamedFailure ? error.step : current;
    const proves = error instanceof BlamedFailure ? error.proves : (current?.proves ?? frame.proves);
    const { failure } = inner;
    // What breaks the rules may well lack what a step needs of it: that is told already.
    if (inner instanceof MissingValue && this.#failures.some(({ cause }) => cause !== 'harness')) {
      this.#notes.add(`went no further: ${failure.message}`);
      return;
    }
    this.#failures.unshift({
      ...failure,
      requirements: this.#aborted === inner ? [] : (inner.proves ?? proves),
      ...(step
        ? { step: { text: step.text, file: step.file, line: step.line, index: this.#stepIndex } }
        : {}),
    });
  }

  /** Runs a step; what fails inside is blamed on the innermost step. */
  #step(step: Step, frame: Frame): Promise<void> | void {
    this.#check();
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

  #check(): void {
    if (this.#aborted) throw this.#aborted;
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
        return this.#send(this.#peer(step.peer, frame), step.payload(scope), step.wrong);
      case 'send-bytes':
        return this.#sendBytes(this.#peer(step.peer, frame), step.bytes, frame);
      case 'expect':
        return this.#expect(
          this.#peer(step.peer, frame),
          step.pattern,
          frame,
          this.#limit(step, scope),
          step.maybe,
        );
      case 'either':
        return this.#either(this.#peer(step.peer, frame), step.options, frame, this.#limit(step, scope));
      case 'any-order':
        return this.#anyOrder(this.#peer(step.peer, frame), step.patterns, frame, this.#limit(step, scope));
      case 'collect':
        return this.#collect(step, frame, this.#limit(step, scope));
      case 'silence':
        return this.#silence(this.#peer(step.peer, frame), frame, step);
      case 'hears-no':
        return this.#hearsNo(this.#peer(step.peer, frame), step.patterns, frame);
      case 'never':
        return this.#never(this.#peer(step.peer, frame), step.patterns, frame);
      case 'connected':
        return this.#connected(this.#peer(step.peer, frame), frame);
      case 'rest':
        return this.#rest(this.#peer(step.peer, frame));
      case 'closed':
        return this.#closed(this.#peer(step.peer, frame), step.how, this.#limit(step, scope));
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
        for (const [name, value] of step.values) this.#capture(scope, name, value(scope));
        return;
      case 'wait':
        return this.#wait(count(step.ms(scope)));
      case 'note':
        this.#notes.add(String(step.note(scope)));
        return;
      case 'stimulate':
        return this.#stimulate(scope.peer(step.peer), step.stimulus, step.with(scope));
      case 'shows':
        return this.#shows(scope.peer(step.peer), step, frame, this.#limit(step, scope));
    }
  }

  #limit(step: Step, scope: CaseScope, usual = this.#world.deadline()): number {
    return step.within ? count(step.within(scope)) : usual;
  }

  #at(): number {
    return this.#world.clock.now() - this.#began;
  }

  #capture(scope: CaseScope, name: string, value: unknown): void {
    scope.capture(name, value);
    if (typeof value === 'string') this.#names.own.add(value);
  }

  // Peers and connections

  #named(name: string, frame: Frame): Peer {
    const before = this.#peers.get(name);
    if (before) return before;
    const conversation = this;
    const peer = new Peer(
      name,
      this.#world,
      frame.scope.within([['self', name]]),
      {
        breach: (failure) => this.#failures.push(failure),
        ruled: (rule) => this.#rules.add(rule),
        note: (text) => this.#notes.add(text),
        at: () => this.#at(),
        get step() {
          return conversation.#stepIndex;
        },
      },
      this.#transcript,
    );
    peer.onAutomatic = (send, { payload: request }) => {
      const payload = compileValue(send)(peer.scope.within([], [['request', request]]));
      const definition = this.#definitionOf(peer, payload);
      if (this.#world.role === 'client') this.#ask(peer, definition?.name, payload);
      this.#write(peer, payloadBytes(this.#world.protocol, payload), definition?.name);
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
    const limit = this.#limit(step, frame.scope, usual);
    const peer = this.#named(name, frame);
    peer.link?.close();
    peer.link = undefined;
    peer.begin();
    const { fails, ...others } = options;
    const filled = compileValue(others)(peer.scope) as Record<string, unknown>;
    try {
      peer.link = await this.#unlessAborted(
        this.#world.open(name, { timeout: limit, ...this.#identities(name), ...filled }, peer),
        (late) => late.close(),
      );
      peer.sentAt = this.#world.clock.now();
      this.#log(peer, 'connect', '');
    } catch (error) {
      if ((fails === true || step.steps) && isRefusal(error)) {
        this.#log(peer, 'connect', `is refused: ${(error as Error).message}`);
        if (step.steps) this.#took(frame, 'no connection');
        return;
      }
      if (isRefusal(error)) throw new StepFailure('unreachable', (error as Error).message, { peer: name });
      throw error;
    }
    if (fails === true)
      throw new StepFailure('not-closed', `${name} must not get a connection, and gets one`, { peer: name });
    if (!step.steps) return;
    this.#took(frame, 'a connection');
    await this.#steps(step.steps, frame);
  }

  /** The names of a peer, for the command line of its client. */
  #identities(peer: string): Record<string, unknown> {
    if (this.#world.role === 'server') return {};
    const keys = ['name', ...this.#world.protocol.identity.keys()];
    const before = this.#world.identities?.() ?? {};
    for (const key of keys) if (before[key] !== undefined) this.#names.setOfPeer(peer, key, before[key]);
    return Object.fromEntries(
      keys.map((key) => [key, this.#names.ofPeer(peer, key)]).filter(([, value]) => value !== undefined),
    );
  }

  #end(peer: Peer, how: 'close' | 'half-close' | 'reset' | 'deaf'): void {
    const words = { close: 'closes', 'half-close': 'ends its half', reset: 'resets', deaf: 'stops reading' };
    this.#log(peer, 'close', words[how]);
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

  #log(peer: Peer, what: TranscriptEntry['what'], text: string): void {
    this.#transcript.add({ at: this.#at(), peer: peer.name, what, text, step: this.#stepIndex });
  }

  // Sending

  #send(peer: Peer, payload: unknown, wrong: boolean): void {
    const { protocol } = this.#world;
    const definition = this.#definitionOf(peer, payload);
    if (!wrong && !definition && protocol.messages.size > 0) {
      throw new StepFailure(
        'harness',
        `"${show(payload)}" is no message of ${protocol.name}: a step that is wrong on purpose is written ">!"`,
      );
    }
    if (!wrong && definition?.schema) {
      const [fault] = protocol.checkSchema(definition.name, payload);
      if (fault !== undefined) {
        throw new StepFailure(
          'harness',
          `spar's own ${definition.name} breaks its schema: ${fault}; write ">!" if that is meant`,
        );
      }
    }
    this.#ask(peer, definition?.name, payload);
    this.#write(peer, payloadBytes(protocol, payload), definition?.name);
    peer.sending(false);
  }

  #definitionOf(
    peer: Peer,
    payload: unknown,
  ): { readonly name: string; readonly schema?: object } | undefined {
    const { protocol, role } = this.#world;
    const from = oppositeRole(role);
    const awaits = this.#awaits(peer);
    if (protocol.payload === 'text') return identifyLine(protocol, from, String(payload), awaits)?.definition;
    return identifyObject(protocol, from, payload, awaits);
  }

  /** What is recognised only where it is awaited: of what spar sends, that holds for a server's messages. */
  #awaits(peer: Peer): (message: string) => boolean {
    return this.#world.role === 'client' ? (message) => peer.tracker.awaits(message) : always;
  }

  #ask(peer: Peer, name: string | undefined, payload: unknown): void {
    const { correlate } = this.#world.protocol;
    const id = correlate === undefined ? undefined : (payload as Record<string, unknown> | null)?.[correlate];
    if (this.#world.role === 'client') peer.tracker.heard(name, id, true);
    else peer.tracker.asked(name ?? 'unknown', id);
  }

  #write(peer: Peer, payload: Uint8Array, message: string | undefined): void {
    this.#writeRaw(peer, this.#world.protocol.framing.encode(payload), message);
  }

  #writeRaw(peer: Peer, bytes: Uint8Array, message?: string): void {
    peer.sentAt = this.#world.clock.now();
    this.#transcript.add({
      at: this.#at(),
      peer: peer.name,
      what: 'send',
      bytes,
      step: this.#stepIndex,
      ...(message === undefined ? {} : { message }),
    });
    peer.link?.write(bytes);
  }

  async #sendBytes(peer: Peer, bytes: Bytes, frame: Frame): Promise<void> {
    const { protocol, role } = this.#world;
    const all = concatBytes(bytes.pieces.map((piece) => this.#pieceBytes(piece, frame)));
    const reader = protocol.framing.reader({ frame: Number.MAX_SAFE_INTEGER });
    reader.push(all);
    for (let read = reader.next(); read.kind === 'frame'; read = reader.next()) {
      const message = readMessage(protocol, oppositeRole(role), read.frame, this.#awaits(peer));
      this.#ask(peer, message.definition?.name, message.payload);
    }
    if (reader.pending() > 0) peer.tracker.loosen();
    peer.sending(true);
    let from = 0;
    for (const cut of [...bytes.cuts, all.length]) {
      const to = cut < 0 ? all.length + cut : cut;
      if (to <= from) continue;
      this.#writeRaw(peer, all.subarray(from, to));
      from = to;
      if (from < all.length) await this.#wait(betweenCuts);
    }
    peer.sending(reader.pending() > 0);
  }

  #pieceBytes(piece: Bytes['pieces'][number], frame: Frame): Uint8Array {
    const { protocol } = this.#world;
    if (piece.kind === 'hex') return piece.bytes;
    if (piece.kind === 'raw') return encoder.encode(String(piece.text(frame.scope)));
    if (piece.kind === 'payload')
      return protocol.framing.encode(encoder.encode(String(piece.text(frame.scope))));
    return protocol.framing.encode(payloadBytes(protocol, piece.payload(frame.scope)));
  }

  // Expecting

  /** The next message, so many milliseconds after `since`: a target that pushes other things gains no time. */
  async #next(peer: Peer, limit: number, wanted: () => string, since: number): Promise<Arrival> {
    let due = since + limit;
    let unsent = Number.POSITIVE_INFINITY;
    let late = false;
    for (;;) {
      this.#check();
      const arrival = peer.inbox.shift();
      if (arrival) return arrival;
      if (peer.broken) throw cannotBeRead(peer, peer.broken, wanted());
      if (peer.endKind) throw this.#endedInstead(peer, wanted());
      const left = due - this.#world.clock.now();
      if (left > 0 && (await peer.waitForMore(left))) continue;
      const queued = peer.link?.queued ?? 0;
      if (queued > 0 && queued < unsent) {
        // The target cannot answer what is still on its way out.
        unsent = queued;
        due = this.#world.clock.now() + limit;
        continue;
      }
      if (late) {
        peer.tellUnfinished();
        throw silent(peer, limit, wanted());
      }
      // Where spar itself was busy, what came in time may still lie in the socket's buffer.
      late = true;
      await peer.waitForMore(1);
    }
  }

  #endedInstead(peer: Peer, wanted: string): StepFailure {
    const reset = peer.endKind !== 'fin';
    const detail = peer.endDetail ? ` (${printable(peer.endDetail)})` : '';
    return new StepFailure(
      reset ? 'reset' : 'closed',
      `the target ${reset ? 'resets' : 'ends'} the connection of ${peer.name}${detail}, instead of ${wanted}`,
      { peer: peer.name, expected: wanted, actual: reset ? 'reset' : 'end of the connection' },
    );
  }

  #matches(pattern: Pattern, message: Message, frame: Frame): readonly Mismatch[] {
    const captures: [string, unknown][] = [];
    const taken: string[] = [];
    const found = pattern.match(message, {
      scope: frame.scope,
      wall: () => this.#world.clock.wall(),
      captures,
      taken,
    });
    if (found.length > 0) return found;
    for (const [name, value] of captures) this.#capture(frame.scope, name, value);
    for (const way of taken) this.#took(frame, way);
    return found;
  }

  /** Keeps which way the target took at a step that allows several. */
  #took({ step }: Frame, way: string): void {
    if (!step) return;
    const { text, file, line } = step;
    const key = `${file} ${line} ${text} ${way}`;
    if (!this.#choices.has(key)) this.#choices.set(key, { step: { text, file, line }, took: way });
  }

  #fromAside(peer: Peer, pattern: Pattern, frame: Frame): Message | undefined {
    const index = peer.aside.findIndex((arrival) => this.#concerns(pattern, arrival, frame));
    return index < 0 ? undefined : peer.aside.splice(index, 1)[0]?.message;
  }

  /** True for what fits a pattern; of what speaks of others, only where the pattern says of whom. */
  #concerns(pattern: Pattern, arrival: Arrival, frame: Frame): boolean {
    const { message, passing } = arrival;
    if (!fits(pattern, message, frame.scope, this.#wall)) return false;
    if (passing && fits(pattern, aboutOthers(message), frame.scope, this.#wall)) return false;
    return this.#matches(pattern, message, frame).length === 0;
  }

  async #expect(peer: Peer, pattern: Pattern, frame: Frame, limit: number, maybe: boolean): Promise<void> {
    const wanted = (): string => pattern.print(frame.scope);
    if (maybe) return this.#perhaps(peer, pattern, frame);
    if (this.#fromAside(peer, pattern, frame)) return;
    const since = this.#world.clock.now();
    for (;;) {
      const arrival = await this.#next(peer, limit, wanted, since);
      const found = this.#matches(pattern, arrival.message, frame);
      if (found.length === 0) {
        this.#world.answered(this.#world.clock.now() - peer.sentAt);
        return;
      }
      if (!arrival.aside) throw mismatch(peer, wanted(), arrival.message, found);
      peer.aside.push(arrival);
    }
  }

  /** Takes a message that may or may not come before the answer of a barrier. */
  async #perhaps(peer: Peer, pattern: Pattern, frame: Frame): Promise<void> {
    if (this.#fromAside(peer, pattern, frame)) return this.#took(frame, 'a message');
    const heard = await this.#barrier(peer, frame);
    const index = heard.findIndex((arrival) => this.#matches(pattern, arrival.message, frame).length === 0);
    if (index >= 0) heard.splice(index, 1);
    this.#took(frame, index >= 0 ? 'a message' : 'nothing');
    peer.inbox.unshift(...heard);
  }

  async #either(peer: Peer, options: readonly Option[], frame: Frame, limit: number): Promise<void> {
    const wanted = (): string =>
      options.map((one) => one.pattern?.print(frame.scope) ?? 'the end of the connection').join(' or ');
    const take = async (option: Option): Promise<void> => {
      this.#took(frame, option.text);
      if (option.note !== undefined) this.#notes.add(option.note);
      await this.#steps(option.steps, frame);
    };
    for (const option of options) {
      if (option.pattern && this.#fromAside(peer, option.pattern, frame)) return take(option);
    }
    const since = this.#world.clock.now();
    for (;;) {
      let arrival: Arrival;
      try {
        arrival = await this.#next(peer, limit, wanted, since);
      } catch (error) {
        const closed = options.find((one) => one.closed !== undefined && endFits(peer, one.closed));
        if (!(error instanceof StepFailure) || !peer.endKind || !closed) throw error;
        peer.done = true;
        return take(closed);
      }
      const { message } = arrival;
      const option = options.find(
        ({ pattern }) => pattern && fits(pattern, message, frame.scope, this.#wall),
      );
      if (option?.pattern) {
        this.#matches(option.pattern, message, frame);
        this.#world.answered(this.#world.clock.now() - peer.sentAt);
        return take(option);
      }
      if (!arrival.aside) {
        const details = options.flatMap(({ pattern }) => {
          const found = pattern ? this.#matches(pattern, message, frame) : [];
          return pattern ? [`not ${pattern.print(frame.scope)}: ${sentence(found)}`] : [];
        });
        throw mismatch(peer, wanted(), message, [], details);
      }
      peer.aside.push(arrival);
    }
  }

  async #anyOrder(peer: Peer, patterns: readonly Pattern[], frame: Frame, limit: number): Promise<void> {
    const left = patterns.filter((pattern) => !this.#fromAside(peer, pattern, frame));
    const since = this.#world.clock.now();
    while (left.length > 0) {
      const wanted = (): string => left.map((pattern) => pattern.print(frame.scope)).join(' and ');
      const arrival = await this.#next(peer, limit, wanted, since);
      const index = left.findIndex((pattern) => this.#matches(pattern, arrival.message, frame).length === 0);
      if (index >= 0) left.splice(index, 1);
      else if (arrival.aside) peer.aside.push(arrival);
      else throw mismatch(peer, wanted(), arrival.message, []);
    }
  }

  async #collect(step: Extract<Step, { do: 'collect' }>, frame: Frame, limit: number): Promise<void> {
    const peer = this.#peer(step.peer, frame);
    const items: unknown[] = [];
    const wanted = (): string => `${step.each.print(frame.scope)} … ${step.until.print(frame.scope)}`;
    let since = this.#world.clock.now();
    for (;;) {
      const arrival = await this.#next(peer, limit, wanted, since);
      if (this.#matches(step.until, arrival.message, frame).length === 0) break;
      const found = this.#matches(step.each, arrival.message, frame);
      if (found.length === 0) {
        items.push(viewOf(arrival.message));
        since = this.#world.clock.now();
      } else if (arrival.aside || arrival.message.definition?.push) peer.aside.push(arrival);
      else throw mismatch(peer, wanted(), arrival.message, found);
    }
    this.#world.answered(this.#world.clock.now() - peer.sentAt);
    if (step.as !== undefined) frame.scope.capture(step.as, items);
  }

  // Nothing

  /** What came before the answer of something that must be answered; or within a quiet time. */
  async #barrier(peer: Peer, frame: Frame): Promise<Arrival[]> {
    const { protocol } = this.#world;
    if (peer.endKind) return peer.inbox.splice(0);
    const barrier = this.#barrierOf(peer);
    if (!barrier) return this.#quiet(peer);
    const { send, until, needs, view } = readBarrier(protocol, barrier);
    const scope = frame.scope.within(
      [['self', peer.name]],
      needs.map((name) => [name, name === 'nonce' ? this.#names.nonce() : this.#names.nowhere()]),
    );
    this.#send(peer, send(scope), barrier.wrong);
    const heard: Arrival[] = [];
    const limit = this.#world.deadline();
    let since = this.#world.clock.now();
    for (;;) {
      let arrival: Arrival;
      try {
        arrival = await this.#next(peer, limit, () => until.print(scope), since);
      } catch (error) {
        if (peer.endKind && error instanceof StepFailure) return heard;
        if (error instanceof StepFailure && error.failure.cause === 'silent') {
          const message = `${peer.name} gets no answer any more: ${error.message}`;
          throw new StepFailure('hung', message, { peer: peer.name }, barrier.proves);
        }
        throw error;
      }
      if (fits(until, view(arrival.message), scope, noTime)) {
        this.#world.answered(this.#world.clock.now() - peer.sentAt);
        return heard;
      }
      const push = arrival.message.definition?.push === true;
      heard.push(push ? { ...arrival, aside: true } : arrival);
      if (!push) since = this.#world.clock.now();
    }
  }

  #barrierOf(peer: Peer): Barrier | undefined {
    const { protocol, role } = this.#world;
    const barriers = protocol.barriers[role];
    return barriers.get(peer.tracker.state) ?? barriers.get('any');
  }

  async #quiet(peer: Peer): Promise<Arrival[]> {
    this.#notes.add(
      `silence of ${peer.name} was waited for, ${this.#world.quiet} ms: there is no barrier in state ${peer.tracker.state}`,
    );
    return this.#listen(peer, this.#world.quiet);
  }

  /** What comes within so many milliseconds. */
  async #listen(peer: Peer, ms: number): Promise<Arrival[]> {
    const due = this.#world.clock.now() + ms;
    for (let left = ms; left > 0 && !peer.endKind; left = due - this.#world.clock.now()) {
      await peer.waitForMore(left);
      this.#check();
    }
    return peer.inbox.splice(0);
  }

  async #silence(peer: Peer, frame: Frame, step: Step): Promise<void> {
    const heard = step.within
      ? await this.#listen(peer, this.#limit(step, frame.scope))
      : await this.#barrier(peer, frame);
    for (const arrival of heard) {
      if (arrival.aside) {
        peer.aside.push(arrival);
        continue;
      }
      throw new StepFailure('unexpected', `${peer.name} must hear nothing here`, {
        peer: peer.name,
        expected: 'nothing',
        actual: printable(arrival.message.frame.payload),
      });
    }
    if (peer.endKind && !peer.done && !peer.tracker.mayClose) throw this.#endedInstead(peer, 'nothing');
  }

  async #hearsNo(peer: Peer, patterns: readonly Pattern[], frame: Frame): Promise<void> {
    const heard = await this.#barrier(peer, frame);
    for (const arrival of [...peer.aside, ...heard]) {
      const pattern = patterns.find((one) => this.#concerns(one, arrival, frame));
      if (!pattern) continue;
      throw new StepFailure('unexpected', `${peer.name} must not hear ${pattern.print(frame.scope)}`, {
        peer: peer.name,
        expected: `nothing like ${pattern.print(frame.scope)}`,
        actual: printable(arrival.message.frame.payload),
      });
    }
    peer.aside.push(...heard.filter((arrival) => arrival.aside));
    peer.inbox.unshift(...heard.filter((arrival) => !arrival.aside));
  }

  #never(peer: Peer, patterns: readonly Pattern[], frame: Frame): void {
    for (const pattern of patterns) peer.watched.add({ pattern, proves: frame.proves });
  }

  async #connected(peer: Peer, frame: Frame): Promise<void> {
    const heard = await this.#barrier(peer, frame);
    peer.inbox.unshift(...heard);
    if (peer.endKind) throw this.#endedInstead(peer, 'an open connection');
  }

  /** Until the requests of a peer are answered, or nothing has come for a quiet time. */
  async #rest(peer: Peer): Promise<void> {
    const answered = (): boolean =>
      peer.endKind !== undefined || peer.broken !== undefined || peer.tracker.waiting === 0;
    while (peer.tracker.isUnclear || !answered()) {
      if (peer.endKind || !(await peer.waitForMore(this.#world.quiet))) break;
      this.#check();
    }
    peer.inbox.splice(0);
    if (peer.endKind) peer.done = true;
  }

  async #closed(peer: Peer, how: EndWish, limit: number): Promise<void> {
    const wanted = how === 'any' ? 'the end of the connection' : how === 'fin' ? 'an orderly end' : 'a reset';
    const since = this.#world.clock.now();
    for (;;) {
      let arrival: Arrival;
      try {
        arrival = await this.#next(peer, limit, () => wanted, since);
      } catch (error) {
        if (!(error instanceof StepFailure) || !peer.endKind) {
          if (error instanceof StepFailure && error.failure.cause === 'silent') {
            throw new StepFailure(
              'not-closed',
              `the target keeps the connection of ${peer.name} open for ${Math.round(limit)} ms`,
              {
                peer: peer.name,
                expected: wanted,
                actual: 'an open connection',
              },
            );
          }
          throw error;
        }
        if (!endFits(peer, how)) throw this.#endedInstead(peer, wanted);
        peer.done = true;
        return;
      }
      if (!arrival.aside) throw mismatch(peer, wanted, arrival.message, []);
      peer.aside.push(arrival);
    }
  }

  // Structure

  async #given(step: Extract<Step, { do: 'given' }>, frame: Frame): Promise<void> {
    const { protocol, preambles } = this.#world;
    const values = Object.entries(step.with).map(([name, fill]) => [name, fill(frame.scope)] as const);
    const aliases = values.filter(
      ([, value]) => typeof value === 'string' && this.#names.isPeer(frame.scope.peer(value)),
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
    const due = this.#world.clock.now() + this.#limit(step, frame.scope, 10_000);
    for (;;) {
      await this.#steps(step.steps, frame);
      const context = { scope: frame.scope, wall: () => this.#world.clock.wall(), captures: [] };
      const found = step.is.match(step.that(frame.scope), context);
      if (found.length === 0) return;
      if (this.#world.clock.now() > due)
        throw new StepFailure('check', `this does not come about: ${sentence(found)}`);
      await this.#wait(step.pause);
    }
  }

  #that(value: unknown, pattern: Pattern, frame: Frame): void {
    const captures: [string, unknown][] = [];
    const taken: string[] = [];
    const found = pattern.match(value, {
      scope: frame.scope,
      wall: () => this.#world.clock.wall(),
      captures,
      taken,
    });
    for (const [name, captured] of captures) this.#capture(frame.scope, name, captured);
    if (found.length === 0) {
      for (const way of taken) this.#took(frame, way);
      return;
    }
    throw new StepFailure('check', `this does not hold: ${sentence(found)}`, {
      expected: pattern.print(frame.scope),
      actual: show(value),
      details: found.map((one) => `${one.path || 'value'}: expected ${one.expected}, got ${one.actual}`),
    });
  }

  async #wait(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        cancel();
        this.#sleepers.delete(wake);
        resolve();
      };
      const cancel = this.#world.clock.after(ms, wake);
      this.#sleepers.add(wake);
    });
    this.#check();
  }

  /** Waits for what cannot be hurried, but not after an abort; what comes too late for that is dropped. */
  #unlessAborted<T>(work: Promise<T>, drop: (late: T) => void = () => undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const wake = (): void => {
        this.#sleepers.delete(wake);
        reject(this.#aborted);
      };
      this.#sleepers.add(wake);
      work.then((done) => (this.#sleepers.delete(wake) ? resolve(done) : drop(done)), reject);
    });
  }

  async #stimulate(peer: string, stimulus: string, values: unknown): Promise<void> {
    if (!this.#world.stimuli)
      throw new StepFailure('harness', `nothing can make a client "${stimulus}" here`);
    this.#transcript.add({
      at: this.#at(),
      peer,
      what: 'note',
      text: `is made to ${stimulus} ${show(values)}`,
      step: this.#stepIndex,
    });
    await this.#unlessAborted(this.#world.stimuli.run(peer, stimulus, values as Record<string, unknown>));
  }

  /** What a client has shown: all of it, or what of one kind is read from its lines. */
  #shown(output: string, kind: string | undefined): unknown[] {
    if (kind === undefined) return [output];
    const reads = this.#world.shows?.get(kind);
    return output.split(/\r?\n/).flatMap((line): unknown[] => {
      const parts = reads?.groups(line);
      return parts ? [parts] : [];
    });
  }

  async #shows(
    peer: string,
    { pattern, never, kind }: Extract<Step, { do: 'shows' }>,
    frame: Frame,
    limit: number,
  ): Promise<void> {
    const wanted = `${kind === undefined ? '' : `${kind} `}${pattern.print(frame.scope)}`;
    const due = this.#world.clock.now() + (never ? this.#world.quiet : limit);
    for (;;) {
      const shown = this.#world.stimuli?.shown(peer) ?? '';
      const isShown = this.#shown(shown, kind).some((one) => fits(pattern, one, frame.scope, noTime));
      if (isShown && !never) return;
      if (isShown)
        throw new StepFailure('unexpected', `the client of ${peer} must not show ${wanted}`, {
          peer,
          actual: printable(shown.slice(-400)),
        });
      if (this.#world.clock.now() >= due) {
        if (never) return;
        throw new StepFailure('silent', `the client of ${peer} does not show ${wanted}`, {
          peer,
          expected: wanted,
          actual: printable(shown.slice(-400)),
        });
      }
      await this.#wait(15);
    }
  }

  // The end

  /** After the last step: nothing more may come, nobody was hung up on, and the target still answers. */
  async #settle(): Promise<void> {
    const frame: Frame = { scope: new CaseScope(this.#world, this.#names), proves: this.#case.proves };
    await Promise.all([...this.#peers.values()].map((peer) => this.#settlePeer(peer, frame)));
  }

  async #settlePeer(peer: Peer, frame: Frame): Promise<void> {
    if (!peer.link || peer.done || peer.broken) return;
    const barrier = this.#barrierOf(peer);
    const heard = barrier || peer.endKind ? await this.#barrier(peer, frame) : peer.inbox.splice(0);
    const stray = heard.find((arrival) => !arrival.aside);
    if (stray && this.#failures.length === 0) {
      throw new StepFailure('unexpected', `${peer.name} hears more than the case knows of`, {
        peer: peer.name,
        expected: 'nothing',
        actual: printable(stray.message.frame.payload),
      });
    }
    if (peer.endKind && !peer.done && !peer.tracker.mayClose)
      throw this.#endedInstead(peer, 'an open connection');
  }
}

/** A failure together with the innermost step and those requirements that are to blame. */
class BlamedFailure extends Error {
  override readonly name = 'BlamedFailure';
  readonly inner: StepFailure;
  readonly step: Step;
  readonly proves: readonly string[];

  constructor(inner: StepFailure, step: Step, proves: readonly string[]) {
    super(inner.message);
    this.inner = inner;
    this.step = step;
    this.proves = proves;
  }
}

/** A name without a value is the case's own fault; a value that is not as it should be came from the target. */
function unreckonable(error: ExpressionError): StepFailure {
  return error instanceof NoValueError
    ? new MissingValue('harness', error.message)
    : new StepFailure('check', error.message);
}

/** A step needs a name that nothing has given a value. */
class MissingValue extends StepFailure {}

function count(value: unknown): number {
  const number = Number(value);
  if (value !== '' && Number.isFinite(number)) return number;
  throw new StepFailure('harness', `${JSON.stringify(value)} is no number`);
}

const encoder = new TextEncoder();
/** Milliseconds between the pieces of a message that is cut: enough to arrive apart on a busy machine. */
const betweenCuts = 5;
const always = (): boolean => true;

const noTime = (): number => 0;

/** The same message about people of other names: letters and digits are moved on by one. */
function aboutOthers(message: Message): Message {
  const names = (message.definition?.about ?? [])
    .flatMap((field) => valueAt(message.fields, field))
    .filter((name) => typeof name === 'string' && name !== '') as string[];
  const renamed = (value: unknown): unknown => {
    if (typeof value === 'string')
      return names.reduce((text, name) => text.replaceAll(name, moved(name)), value);
    if (Array.isArray(value)) return value.map(renamed);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, renamed(inner)]));
  };
  const fields = renamed(message.fields) as Message['fields'];
  return { ...message, payload: renamed(message.payload), fields };
}

function moved(name: string): string {
  const next: Readonly<Record<string, string>> = { z: 'a', Z: 'A', 9: '0' };
  return name.replace(/[a-z0-9]/gi, (char) => next[char] ?? String.fromCharCode(char.charCodeAt(0) + 1));
}

function endFits(peer: Peer, how: EndWish): boolean {
  if (!peer.endKind) return false;
  if (how === 'any') return true;
  return how === 'fin' ? peer.endKind === 'fin' : peer.endKind !== 'fin';
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && ['ConnectError', 'NoClientError'].includes(error.name);
}

function cannotBeRead(peer: Peer, { cause, what }: Broken, wanted: string): StepFailure {
  const how = cause === 'flood' ? 'is flooded' : 'hears what cannot be read';
  const message = `${peer.name} ${how}, instead of ${wanted}: ${what}`;
  return new StepFailure(cause, message, { peer: peer.name, expected: wanted });
}

function silent(peer: Peer, limit: number, wanted: string): StepFailure {
  const others = peer.unread;
  const but = others === 0 ? '' : ` but ${others} that may come at any time or concern nobody here`;
  const message = `${peer.name} hears nothing${but} within ${Math.round(limit)} ms, instead of ${wanted}`;
  return new StepFailure('silent', message, { peer: peer.name, expected: wanted });
}

function mismatch(
  peer: Peer,
  wanted: string,
  message: Message,
  found: readonly Mismatch[],
  details: readonly string[] = [],
): StepFailure {
  const actual = printable(message.frame.payload);
  const at = typeof message.payload === 'string' ? Number(found[0]?.path) : Number.NaN;
  return new StepFailure('mismatch', `${peer.name} hears ${actual}, instead of ${wanted}`, {
    peer: peer.name,
    expected: wanted,
    actual,
    ...(Number.isInteger(at) ? { differsAt: at } : {}),
    details: [
      ...found.map((one) => `${one.path || '/'}: expected ${one.expected}, got ${one.actual}`),
      ...details,
    ],
  });
}

function sentence(found: readonly Mismatch[]): string {
  return found
    .map((one) => `${one.path ? `${one.path} ` : ''}expected ${one.expected}, got ${one.actual}`)
    .join('; ');
}

function show(value: unknown): string {
  return printable(typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'), 300);
}
