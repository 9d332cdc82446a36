import { fits } from '../match/pattern.ts';
import { Meter } from '../net/meter.ts';
import { type Message, payloadBytes, readMessage } from '../protocol/message.ts';
import { readBarrier } from '../session/barrier.ts';
import { isNoConnection, type Link, type LinkSink } from '../session/link.ts';
import { type Arrival, oppositeRole, Peer } from '../session/peer.ts';
import { CaseScope, Names } from '../session/scope.ts';
import { Transcript } from '../session/transcript.ts';
import type { World } from '../session/world.ts';
import { bytesFromHex, concatBytes } from '../wire/bytes.ts';
import { printable } from '../wire/printable.ts';
import type { Backstage, Execution, ExecutionRules } from './execution.ts';
import { faultsOf } from './faults.ts';
import type { Symptom } from './finding.ts';
import { Judge } from './judge.ts';
import { fillLeniently } from './lenient.ts';
import { isOrdinary } from './ordinary.ts';
import { makePacket } from './packet.ts';
import { type Move, type Plan, peersOf, type SendMove, type StimulateMove } from './plan.ts';
import { isMadeSecret } from './secrets.ts';
import { isValid, mayBeTaken } from './tolerance.ts';

/** Milliseconds in which further messages may follow one that is not the awaited answer. */
const grace = 8;
/** Where a target is slow that is so many of its usual answers, up to so many ms; at least that with patience. */
const slowGrace = { times: 20, most: 100, patient: 25 };
/** Milliseconds between two pieces of a packet, and between many of them, so that each arrives by itself; and with patience. */
const breaths = { few: 5, many: 1, patient: { first: 25, pieces: 6, later: 2 } };
/** Milliseconds after the time is over: where spar itself was busy, an answer may lie in the socket's buffer. */
const afterthought = 50;
/** Milliseconds that a message of a client is waited for: so many times its usual answer, within bounds. */
const patience = { times: 20, least: 60, first: 400, most: 1000 };
/** Milliseconds between two looks at whether a client rests. */
const restless = 1;
/** Milliseconds that a client may take to come back, and to connect at least once others have. */
const connecting = { again: 60, least: 500 };

/** Octets of a packet beyond which a target may have a limit of its own. */
const roomy = 1 << 16;

/** What our own octets ask for; `wrong` if nothing in them is a message of the definition, and why. */
interface Asked {
  readonly is: 'valid' | 'wrong' | 'unclear';
  readonly faults: readonly string[];
}

/** Holds one plan with the target. Nothing is waited for but answers; what is left open is reset. */
export async function execute(
  world: World,
  rules: ExecutionRules,
  plan: Plan,
  name: string,
  backstage: Backstage = {},
): Promise<Execution> {
  return new PlanRun(world, rules, plan, name, backstage).run();
}

/** One execution of a plan. */
export class PlanRun {
  readonly #world: World;
  readonly #rules: ExecutionRules;
  readonly #plan: Plan;
  readonly #backstage: Backstage;
  readonly #judge: Judge;
  readonly #names: Names;
  readonly #scope: CaseScope;
  readonly #peers = new Map<string, Peer>();
  readonly #spoiled = new Set<string>();
  /** Peers that have sent something without waiting for the answer. */
  readonly #unawaited = new Set<string>();
  /** Peers whose last barrier was not seen answered by what answers it: that may still come. */
  readonly #behind = new Set<string>();
  readonly #transcript = new Transcript();
  readonly #states = new Set<string>();
  readonly #wall = (): number => this.#world.clock.wall();
  readonly #began: number;
  #step = 0;
  #unreachable = false;
  #missed = 0;
  readonly #lastSent = new Map<string, string>();
  #left = false;
  readonly #mute = new Set<string>();
  readonly #meters = new Map<string, Meter>();
  /** What came since the last barrier was sent. */
  #replies: Message[] = [];

  constructor(world: World, rules: ExecutionRules, plan: Plan, name: string, backstage: Backstage = {}) {
    this.#world = world;
    this.#rules = rules;
    this.#plan = plan;
    this.#judge = new Judge(world.protocol, rules);
    this.#backstage = backstage;
    this.#began = world.clock.now();
    this.#names = new Names(world, world.random(name), {}, peersOf(plan));
    this.#scope = new CaseScope(world, this.#names);
  }

  /** Holds the moves and leaves the connections open; false if anything went wrong. */
  async stay(): Promise<boolean> {
    for (const move of this.#plan.moves) await this.#move(move);
    const peers = [...this.#peers.values()];
    // What came until now was for them.
    for (const peer of peers) {
      peer.inbox.length = 0;
      peer.aside.length = 0;
    }
    return (
      !this.#unreachable && peers.every((peer) => peer.link && !peer.endKind && peer.tracker.waiting === 0)
    );
  }

  /** What happened to connections that only wanted to be left alone; they are waited for so many ms. */
  async look(wait: number = this.#rules.hang): Promise<readonly Symptom[]> {
    const ms = Math.min(wait, this.#rules.hang);
    const found: Symptom[] = [];
    const disturbed = (oracle: 'neighbour' | 'hang', bucket: string, message: string): void => {
      found.push({ oracle, bucket: `${oracle}: ${bucket}`, message });
    };
    for (const peer of this.#peers.values()) {
      const heard = await this.#barrier(peer, { wait: ms });
      if (peer.endKind)
        disturbed('neighbour', 'hung up on', `a session that did nothing was hung up on (${peer.endKind})`);
      else if (!heard)
        disturbed(
          'hang',
          'neighbour',
          `a session that did nothing gets no answer for ${Math.round(ms)} ms${this.#judge.usually}`,
        );
      const own = peer.aside.filter(({ passing }) => !passing);
      const [stray] = [...peer.inbox, ...own];
      if (stray)
        disturbed(
          'neighbour',
          `hears ${stray.message.definition?.name ?? 'unknown'}`,
          `a session that did nothing hears ${printable(stray.message.frame.payload)}`,
        );
      peer.inbox.length = 0;
      peer.aside.length = 0;
    }
    return found;
  }

  /** Ends the connections that `stay` left open. */
  leave(): void {
    for (const peer of this.#peers.values()) peer.link?.reset();
  }

  async run(): Promise<Execution> {
    try {
      for (const [index, move] of this.#plan.moves.entries()) {
        this.#step = index;
        await this.#move(move);
        if (this.#judge.symptoms.length > 0 || (this.#unreachable && this.#world.role === 'server')) break;
      }
      if (this.#world.role === 'client') {
        await this.#backstage.leaving?.();
        await this.#takeLeave();
      } else await this.#settle();
    } finally {
      for (const peer of this.#peers.values()) {
        for (const state of peer.tracker.visited) this.#states.add(state);
        peer.link?.reset();
      }
    }
    return {
      symptoms: this.#judge.symptoms,
      shapes: this.#judge.shapes,
      states: this.#states,
      ms: this.#world.clock.now() - this.#began,
      unreachable: this.#unreachable,
      walked: new Set([...this.#peers.values()].flatMap((peer) => [...peer.walked])),
      heard: [...this.#peers.values()].some((peer) => peer.heard),
      missed: this.#missed,
      left: this.#left,
      transcript: () => this.#transcript.entries(),
    };
  }

  async #move(move: Move): Promise<void> {
    if (move.do === 'open') return this.#open(move.peer, move.with);
    const peer = this.#peers.get(move.peer);
    if (!peer?.link || peer.endKind || peer.broken) return;
    // Nobody waits for an answer to half a packet: what follows shall not arrive together with it.
    if (this.#rules.patient && this.#spoiled.has(peer.name)) await this.#breath(this.#between(1, 1));
    if (move.do === 'send') return this.#send(peer, move);
    if (move.do === 'hear') return this.#hear(peer);
    if (move.do === 'stimulate') return this.#stimulate(peer, move);
    if (move.do === 'octets') {
      this.#judge.clean = false;
      const octets = bytesFromHex(move.hex);
      this.#ask(peer, [octets], move);
      this.#unawaited.add(peer.name);
      peer.tracker.loosen();
      this.#write(peer, octets);
      return;
    }
    this.#log(peer, 'close', move.do);
    peer.done = true;
    if (move.do === 'close') peer.link.close();
    else if (move.do === 'reset') peer.link.reset();
    else if (move.do === 'stop-reading') peer.link.pause();
    else {
      peer.link.end();
      await this.#untilEnd(peer);
    }
  }

  async #open(name: string, options: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const before = this.#peers.get(name);
    before?.link?.reset();
    const peer = new Peer(
      name,
      this.#world,
      this.#scope.within([['self', name]]),
      {
        breach: (failure) => this.#judge.breach(failure),
        ruled: () => undefined,
        note: () => undefined,
        at: () => this.#world.clock.now() - this.#began,
        step: this.#step,
      },
      this.#transcript,
    );
    peer.onAutomatic = (send, { payload: request }) => {
      const frame = this.#frameOf(fillLeniently(send, peer.scope.within([], [['request', request]])));
      if (this.#world.role === 'client') this.#ask(peer, [frame]);
      this.#write(peer, frame);
    };
    this.#peers.set(name, peer);
    this.#spoiled.delete(name);
    this.#behind.delete(name);
    try {
      const filled = fillLeniently(options, peer.scope) as Record<string, unknown>;
      const { connectLimit = this.#rules.hang } = this.#world;
      const usual = this.#rules.connects?.usual;
      const timeout =
        usual === undefined
          ? connectLimit
          : Math.min(connectLimit, Math.max(connecting.least, patience.times * usual));
      const began = this.#world.clock.now();
      const wishes = { timeout, ...this.#identities(name), ...filled };
      const meter = this.#backstage.rests && this.#meterOf(name);
      const sink = meter?.sink(peer) ?? peer;
      const again = this.#world.role === 'client' && (before || options['from'] !== undefined);
      const link = await (again ? this.#openAgain(name, wishes, sink) : this.#world.open(name, wishes, sink));
      peer.link = meter?.link(link) ?? link;
      this.#rules.connects?.add(this.#world.clock.now() - began);
      this.#log(peer, 'connect', '');
    } catch (error) {
      if (!isNoConnection(error)) throw error;
      this.#log(peer, 'note', `cannot connect: ${error.message}`);
      this.#unreachable = true;
      return;
    }
    if (this.#world.role === 'server' && peer.tracker.waiting > 0) await this.#answered(peer);
  }

  /** The next connection of a client that was there before: it is waited for until the client surely opens none. */
  async #openAgain(name: string, wishes: Readonly<Record<string, unknown>>, sink: LinkSink): Promise<Link> {
    const { rests } = this.#backstage;
    if (!rests) return this.#world.open(name, { ...wishes, timeout: connecting.again }, sink);
    const due = this.#world.clock.now() + connecting.again;
    let last = false;
    for (let timeout = restless; ; timeout *= 2) {
      try {
        return await this.#world.open(name, { ...wishes, timeout }, sink);
      } catch (error) {
        if (last || this.#world.clock.now() >= due) throw error;
        last = rests(name, this.#meterOf(name).crossed(true));
      }
    }
  }

  #meterOf(peer: string): Meter {
    const meter = this.#meters.get(peer) ?? new Meter();
    this.#meters.set(peer, meter);
    return meter;
  }

  /** The names of a peer, for the command line of its client. */
  #identities(peer: string): Record<string, unknown> {
    if (this.#world.role === 'server') return {};
    const keys = ['name', ...this.#world.protocol.identity.keys()];
    return Object.fromEntries(
      keys.map((key) => [key, this.#names.ofPeer(peer, key)]).filter(([, value]) => value !== undefined),
    );
  }

  // Clients under test

  /** Takes the next message of a client, if one comes; one that was silent once is not waited for again. */
  async #hear(peer: Peer): Promise<void> {
    const usual = this.#rules.latency?.usual;
    const wait =
      usual === undefined
        ? patience.first
        : Math.min(patience.most, Math.max(patience.least, patience.times * usual));
    const began = this.#world.clock.now();
    const due = began + (this.#mute.has(peer.name) ? 0 : wait);
    for (;;) {
      const index = peer.inbox.findIndex(({ aside }) => !aside);
      const [arrival] = index < 0 ? [] : peer.inbox.splice(index, 1);
      if (arrival) {
        this.#rules.latency?.add(this.#world.clock.now() - began);
        this.#judge.shapes.add(
          `${peer.tracker.state} after ${this.#lastSent.get(peer.name) ?? 'nothing'} says ${arrival.message.definition?.name ?? 'unknown'}`,
        );
        this.#judge.leaks(arrival.message);
        return;
      }
      const left = due - this.#world.clock.now();
      if (left <= 0 || peer.endKind || peer.broken) break;
      const { rests } = this.#backstage;
      const more = await peer.waitForMore(rests ? Math.min(left, restless) : left);
      if (!more && rests?.(peer.name, this.#meterOf(peer.name).crossed(false))) break;
    }
    this.#missed += 1;
    this.#mute.add(peer.name);
  }

  async #stimulate(peer: Peer, { stimulus, with: values }: StimulateMove): Promise<void> {
    const filled = fillLeniently(values, peer.scope) as Record<string, unknown>;
    this.#mute.delete(peer.name);
    peer.sentAt = this.#world.clock.now();
    this.#judge.said(new TextEncoder().encode(JSON.stringify(filled)));
    this.#log(peer, 'note', `is made to ${stimulus}: ${JSON.stringify(filled)}`);
    try {
      await this.#world.stimuli?.run(peer.name, stimulus, filled);
    } catch {
      // One that has ended cannot be made to do anything: how it ended tells more.
    }
  }

  /** Ends the connections as a server does; whether the clients notice shows that they still live. */
  async #takeLeave(): Promise<void> {
    const open = [...this.#peers.values()].filter((peer) => peer.link && !peer.endKind && !peer.done);
    this.#left = [...this.#peers.values()].some(({ endKind }) => endKind !== undefined);
    for (const peer of open) peer.link?.end();
    const began = this.#world.clock.now();
    const due = began + this.#rules.hang;
    for (const peer of open) {
      while (!peer.endKind && !peer.broken) {
        const left = due - this.#world.clock.now();
        if (left <= 0 || this.#rules.noticesEnd === false) break;
        await peer.waitForMore(left);
      }
      for (const { message } of peer.inbox) this.#judge.leaks(message);
      if (peer.endKind || peer.broken || this.#judge.symptoms.length > 0) continue;
      if (this.#rules.noticesEnd)
        this.#judge.symptom(
          'hang',
          'notices nothing',
          `the client does not notice the end of its connection for ${this.#rules.hang} ms${this.#judge.usually}`,
        );
      else this.#rules.noticesEnd = false;
    }
    if (open.length === 0 || !open.every(({ endKind }) => endKind)) return;
    this.#rules.noticesEnd ??= true;
    this.#rules.leaves?.add(this.#world.clock.now() - began);
  }

  /** What still comes after the last answers is heard, too. */
  async #settle(): Promise<void> {
    for (const peer of this.#peers.values()) {
      const quiet = peer.link && peer.tracker.waiting === 0 && !peer.tracker.isUnclear;
      if (quiet && this.#judge.symptoms.length === 0 && !peer.done && !this.#spoiled.has(peer.name))
        await this.#barrier(peer, { last: true });
    }
  }

  // Sending

  async #send(peer: Peer, move: SendMove): Promise<void> {
    const { protocol } = this.#world;
    const definition = protocol.messages.get(move.message);
    const fields = fillLeniently(move.fields, peer.scope);
    const packet = makePacket(protocol, definition, fields, move.mutations);
    if (!isOrdinary(protocol, move)) this.#judge.clean = false;
    // What a state allows cannot be told before the answers that lead to it are there.
    const behind = peer.tracker.waiting > 0;
    if (behind) {
      peer.tracker.loosen();
      this.#unawaited.add(peer.name);
    }
    const asked = this.#ask(peer, packet.pieces, move);
    if (!packet.complete) {
      this.#spoiled.add(peer.name);
      peer.tracker.loosen();
    }
    const state = peer.tracker.state;
    for (const [index, piece] of packet.pieces.entries()) {
      if (index > 0) await this.#breath(this.#between(index, packet.pieces.length));
      this.#write(peer, piece, index === 0 ? move.message : undefined);
    }
    this.#lastSent.set(peer.name, [move.message, ...move.mutations.map(({ kind }) => kind)].join(' '));
    if (move.pipelined === true) {
      this.#unawaited.add(peer.name);
      return;
    }
    await this.#after(peer, move, asked, state);
    if (peer.tracker.waiting === 0) this.#unawaited.delete(peer.name);
  }

  /** Notes what our own octets ask for. */
  #ask(peer: Peer, pieces: readonly Uint8Array[], move?: Extract<Move, { do: 'send' | 'octets' }>): Asked {
    const { protocol } = this.#world;
    const made = move !== undefined && (move.do === 'octets' || isMadeSecret(move));
    const meant = move?.do === 'send' ? protocol.messages.get(move.message) : undefined;
    const faults = new Set<string>();
    const octets = concatBytes(pieces);
    this.#judge.said(octets);
    const from = oppositeRole(this.#world.role);
    const reader = protocol.framing.reader({ frame: Number.MAX_SAFE_INTEGER });
    for (const piece of protocol.framing.name === 'message' ? [octets] : pieces) reader.push(piece);
    let [known, wrong] = [0, 0];
    for (let read = reader.next(); read.kind === 'frame'; read = reader.next()) {
      const message = readMessage(protocol, from, read.frame, () => true);
      const { correlate } = protocol;
      const id = correlate === undefined ? undefined : message.fields[correlate];
      const valid = isValid(message);
      if (valid) known += 1;
      else {
        wrong += 1;
        for (const fault of faultsOf(message, meant)) faults.add(fault);
      }
      if (!valid && mayBeTaken(protocol, from, message)) known += 1;
      // What cannot be read has no text either.
      if (message.payload !== undefined) this.#rules.secrets?.sent(message.fields, made);
      const name = valid ? (message.definition?.name ?? 'unknown') : 'unknown';
      if (from === 'client') peer.tracker.asked(name, id);
      // What is said before it is asked for may be taken for the answer by a client that asks meanwhile.
      else if (!['answer', 'push'].includes(peer.tracker.heard(name, id, message.definition?.push === true)))
        this.#judge.clean = false;
      if (!valid) peer.tracker.loosen();
    }
    // Who has a limit of his own refuses what is longer unread, and cannot say to whom.
    if (octets.length > roomy) peer.tracker.loosen();
    if (reader.pending() > 0) {
      this.#spoiled.add(peer.name);
      peer.tracker.loosen();
    }
    if (known > 0 && wrong === 0) return { is: 'valid', faults: [] };
    return { is: known === 0 && wrong > 0 ? 'wrong' : 'unclear', faults: [...faults].sort() };
  }

  /** Waits for what must come after a send, and looks at it. */
  async #after(peer: Peer, move: SendMove, asked: Asked, state: string): Promise<void> {
    if (this.#world.role === 'client') {
      if (!peer.tracker.isUnclear && !(await this.#barrier(peer))) this.#judge.deaf(peer, move, state);
      return;
    }
    const before = peer.inbox.length;
    let unanswered = false;
    let wait = this.#rules.hang;
    if (
      asked.is === 'valid' &&
      move.mutations.length === 0 &&
      peer.tracker.waiting > 0 &&
      !peer.tracker.isUnclear
    ) {
      if (await this.#answered(peer)) {
        this.#look(peer, move, state, before);
        return;
      }
      if (peer.endKind) {
        this.#judge.shape(state, move, 'closed');
        return;
      }
      if (this.#judge.symptoms.length > 0) return;
      unanswered = this.#judge.clean;
      // It has been waited for once.
      wait = Math.min(wait, this.#rules.latency?.enough ?? wait);
    }
    if (this.#spoiled.has(peer.name)) return;
    const isClear = !this.#unawaited.has(peer.name) && !this.#behind.has(peer.name);
    const heard = await this.#barrier(peer, { wait });
    const first = this.#look(peer, move, state, before);
    if (peer.endKind) this.#judge.shape(state, move, 'closed');
    if (!heard && !peer.endKind) this.#judge.deaf(peer, move, state);
    else if (unanswered)
      this.#judge.symptom(
        'breach',
        `unanswered ${state} ${move.message}`,
        `a valid ${move.message} in state ${state} is not answered`,
      );
    if (asked.is === 'wrong' && first !== undefined && isClear)
      this.#judge.accepted(move, state, this.#firstOf(this.#replies) ?? first, asked.faults);
  }

  /** Until every request is answered, something is wrong, or nothing has come for too long. */
  async #answered(peer: Peer): Promise<boolean> {
    const began = this.#world.clock.now();
    const due = began + this.#rules.hang;
    let late = false;
    while (peer.tracker.waiting > 0 && !peer.endKind && !peer.broken) {
      const left = due - this.#world.clock.now();
      if (late || this.#judge.symptoms.length > 0) return false;
      late = left <= 0;
      await peer.waitForMore(late ? afterthought : left);
    }
    if (!peer.endKind) this.#rules.latency?.add(this.#world.clock.now() - began);
    return peer.tracker.waiting === 0;
  }

  /**
   * Sends what must be answered; true if anything came back. With the `last` one an answer that is not the
   * awaited one may be a reply too many: then the awaited one is still to come. It is waited for so many ms.
   */
  async #barrier(
    peer: Peer,
    { last = false, wait = this.#rules.hang }: { readonly last?: boolean; readonly wait?: number } = {},
  ): Promise<boolean> {
    const { protocol } = this.#world;
    const barriers = protocol.barriers[this.#world.role];
    const barrier = barriers.get(peer.tracker.state) ?? barriers.get('any');
    if (!barrier || peer.endKind) return true;
    const scope = peer.scope.within(
      [],
      [
        ['nonce', this.#names.nonce()],
        ['nowhere', this.#names.nowhere()],
      ],
    );
    const seen = peer.inbox.length;
    const { send, until, view } = readBarrier(protocol, barrier);
    const frame = this.#frameOf(send(scope));
    this.#ask(peer, [frame]);
    this.#write(peer, frame);
    const due = this.#world.clock.now() + wait;
    let looked = seen;
    this.#replies = [];
    let answered = false;
    let done = false;
    let late = false;
    this.#behind.add(peer.name);
    for (;;) {
      for (; looked < peer.inbox.length; looked += 1) {
        const { message, heard } = peer.inbox[looked] as Arrival;
        if (heard !== 'push') this.#replies.push(message);
        if (done || !fits(until, view(message), scope, this.#wall)) continue;
        peer.inbox.splice(looked, 1);
        looked -= 1;
        answered = true;
        this.#behind.delete(peer.name);
        // What was sent before may be answered alike: then the barrier's own answer is still to come.
        done = this.#world.role === 'client' || peer.tracker.waiting === 0;
      }
      if (done || peer.endKind || peer.broken) return true;
      const replies = looked - seen;
      const settled = this.#world.role === 'server' && peer.tracker.waiting === 0;
      if (!last && settled && replies >= (peer.tracker.isUnclear ? 2 : 1)) return true;
      const left = due - this.#world.clock.now();
      const any = answered || peer.inbox.slice(seen).some(({ heard }) => heard !== 'push');
      if (left <= 0 && (any || late)) return any;
      late = left <= 0;
      const more = await peer.waitForMore(late ? afterthought : any ? Math.min(this.#grace(), left) : left);
      if (!more && any) return true;
    }
  }

  /** Of several replies without ids the first is that to what was sent first, even if the barrier may be answered alike. */
  #firstOf(replies: readonly Message[]): Message | undefined {
    return this.#world.protocol.correlate === undefined && replies.length > 1 ? replies[0] : undefined;
  }

  // Looking

  /** Takes note of what has come; the first message that may be an answer. */
  #look(peer: Peer, move: SendMove, state: string, before: number): Message | undefined {
    let first: Message | undefined;
    for (const { message } of peer.inbox.slice(before)) {
      const name = message.definition?.name ?? 'unknown';
      if (this.#isAnswer(message)) first ??= message;
      this.#judge.shape(state, move, name);
      this.#judge.leaks(message);
    }
    peer.inbox.length = Math.min(peer.inbox.length, before);
    return first;
  }

  /** Where answers carry the id of their request, what has none is no answer. */
  #isAnswer({ fields }: Message): boolean {
    const { correlate } = this.#world.protocol;
    return correlate === undefined || (fields[correlate] ?? null) !== null;
  }

  // Small things

  #frameOf(payload: unknown): Uint8Array {
    return this.#world.protocol.framing.encode(payloadBytes(this.#world.protocol, payload));
  }

  #write(peer: Peer, bytes: Uint8Array, message?: string): void {
    peer.sentAt = this.#world.clock.now();
    this.#transcript.add({
      at: peer.sentAt - this.#began,
      peer: peer.name,
      what: 'send',
      bytes,
      step: this.#step,
      ...(message === undefined ? {} : { message }),
    });
    peer.link?.write(bytes);
  }

  #log(peer: Peer, what: 'connect' | 'close' | 'note', text: string): void {
    this.#transcript.add({
      at: this.#world.clock.now() - this.#began,
      peer: peer.name,
      what,
      text,
      step: this.#step,
    });
  }

  /** An end that a reset follows at once is never seen as one. */
  async #untilEnd(peer: Peer): Promise<void> {
    const due = this.#world.clock.now() + this.#grace();
    while (!peer.endKind && !peer.broken) {
      const left = due - this.#world.clock.now();
      if (left <= 0) return;
      await peer.waitForMore(left);
    }
  }

  /** Milliseconds in which a target that is well says what it has to say. */
  #grace(): number {
    const usual = this.#rules.latency?.usual ?? 0;
    const least = this.#rules.patient ? slowGrace.patient : grace;
    return Math.max(least, Math.min(slowGrace.most, slowGrace.times * usual));
  }

  /** Milliseconds before a piece of a packet; with patience the first ones, where length and kind stand, surely come alone. */
  #between(index: number, pieces: number): number {
    const { first, pieces: mattering, later } = breaths.patient;
    if (this.#rules.patient) return index <= mattering ? first : later;
    return pieces > 4 ? breaths.many : breaths.few;
  }

  /** Long enough for a write to leave by itself. */
  #breath(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#world.clock.after(ms, resolve);
    });
  }
}
