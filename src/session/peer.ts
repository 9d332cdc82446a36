import type { Failure } from '../events/event.ts';
import type { Role } from '../events/verdict.ts';
import { fits, type Pattern } from '../match/pattern.ts';
import type { MessageDefinition, Protocol } from '../protocol/definition.ts';
import { type Message, readMessage } from '../protocol/message.ts';
import { applyRule, type Rule, type RuleBook, ruleBook } from '../protocol/rules.ts';
import { type Answer, type Heard, Tracker } from '../protocol/states.ts';
import type { FrameReader } from '../wire/framing.ts';
import { printable } from '../wire/printable.ts';
import type { EndKind, Link, LinkSink } from './link.ts';
import type { CaseScope } from './scope.ts';
import type { Transcript } from './transcript.ts';
import type { World } from './world.ts';

/** A message that waits to be looked at. */
export interface Arrival {
  readonly message: Message;
  readonly heard: Heard;
  /** May come at any time: set aside where a step looks for something else. */
  readonly aside: boolean;
  /** Speaks of nobody in this conversation. */
  readonly passing: boolean;
}

/** Why the octets of the target are not read any more. */
export interface Broken {
  readonly cause: 'garbage' | 'flood';
  readonly what: string;
}

/** What a peer tells the conversation around it. */
export interface PeerEvents {
  /** A rule is broken, or the target sent what cannot be read. */
  breach(failure: Failure): void;
  /** A rule spoke of a message. */
  ruled(rule: string): void;
  note(text: string): void;
  /** Milliseconds since the conversation began. */
  at(): number;
  readonly step: number;
}

/** Messages that are kept of those that concern nobody here. */
const keptPassing = 200;

/** One connection that spar plays: what arrived on it, and what the state table says of it. */
export class Peer implements LinkSink {
  readonly name: string;
  readonly scope: CaseScope;
  tracker: Tracker;
  readonly #walked = new Set<Answer>();
  link: Link | undefined;
  inbox: Arrival[] = [];
  aside: Arrival[] = [];
  endKind: EndKind | undefined;
  endDetail: string | undefined;
  /** The case knows that the connection is over. */
  done = false;
  /** Time of the last thing sent, for latencies. */
  sentAt = 0;
  readonly silenced: Set<string> = new Set();
  readonly watched: Set<{ readonly pattern: Pattern; readonly proves: readonly string[] }> = new Set();
  readonly #world: World;
  readonly #events: PeerEvents;
  readonly #transcript: Transcript;
  readonly #distinct = new Map<string, Set<string>>();
  readonly #book: RuleBook;
  #reader: FrameReader;
  #wake: (() => void) | undefined;
  #broken: Broken | undefined;
  #octets = 0;
  #messages = 0;
  #passing = 0;
  #halfSent = false;
  #held: (() => void)[] = [];
  readonly #breached = new Set<string>();

  constructor(name: string, world: World, scope: CaseScope, events: PeerEvents, transcript: Transcript) {
    this.name = name;
    this.scope = scope;
    this.#world = world;
    this.#events = events;
    this.#transcript = transcript;
    this.tracker = newTracker(world.protocol);
    this.#book = ruleBook(world.protocol.rules, world.role);
    this.#reader = world.protocol.framing.reader({ frame: world.limits.frame });
  }

  /** The answers of the state table that came, on all connections under this name. */
  get walked(): ReadonlySet<Answer> {
    return new Set([...this.#walked, ...this.tracker.walked]);
  }

  /** Begins a new connection under the same name. */
  begin(): void {
    for (const answer of this.tracker.walked) this.#walked.add(answer);
    this.tracker = newTracker(this.#world.protocol);
    this.#reader = this.#world.protocol.framing.reader({ frame: this.#world.limits.frame });
    this.inbox = [];
    this.aside = [];
    this.#distinct.clear();
    this.endKind = undefined;
    this.done = false;
    this.#broken = undefined;
    this.#octets = 0;
    this.#messages = 0;
    this.#passing = 0;
    this.#halfSent = false;
    this.#held = [];
  }

  data(chunk: Uint8Array): void {
    if (this.#broken) return;
    this.#octets += chunk.length;
    this.#reader.push(chunk);
    for (;;) {
      const read = this.#reader.next();
      if (read.kind === 'need') break;
      if (read.kind === 'breach') {
        this.#garbage('bad-frame', read.problem.what);
        break;
      }
      this.#messages += 1;
      this.#arrived(readMessage(this.#world.protocol, this.#world.role, read.frame, this.#awaits));
      if (this.#broken || this.inbox.length > this.#world.limits.unread.messages) break;
    }
    if (!this.#broken && this.#isFlood()) this.#flood();
    this.#wakeUp();
  }

  ended(kind: EndKind, detail?: string): void {
    if (this.endKind) return;
    const cut = this.#reader.pending();
    if (cut > 0 && !this.#broken) {
      this.#events.note(`${this.name}: the last message is cut off after ${cut} octets`);
      if (kind === 'fin') this.tellUnfinished();
    }
    this.endKind = kind;
    this.endDetail = detail;
    this.tracker.ended();
    const what = kind === 'error' ? 'the connection breaks' : '';
    this.#log(
      kind === 'fin' ? 'end' : 'reset',
      [what, printable(detail ?? '')].filter((text) => text !== '').join(': '),
    );
    this.#wakeUp();
  }

  /** Where the target has begun a message and nothing more comes, the rule on that is broken. */
  tellUnfinished(): void {
    const octets = this.#reader.pending();
    const rule = this.#world.protocol.rules.find(
      (one) => one.from === this.#world.role && one.on.includes('unfinished'),
    );
    if (octets === 0 || !rule || this.#breached.has(rule.id)) return;
    this.#breached.add(rule.id);
    this.#events.ruled(rule.id);
    this.#events.breach({
      cause: 'rule',
      message: `${rule.title}: ${octets} octets came that end no message`,
      requirements: rule.proves,
      peer: this.name,
      rule: rule.id,
    });
  }

  /** Resolves when something has arrived, or after so many milliseconds; true if in time. */
  waitForMore(ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = this.#world.clock.after(ms, () => {
        this.#wake = undefined;
        resolve(false);
      });
      this.#wake = () => {
        cancel();
        resolve(true);
      };
    });
  }

  /** Wakes whoever waits, e.g. since the conversation was aborted. */
  #wakeUp(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }

  interrupt(): void {
    this.#wakeUp();
  }

  readonly #wall = (): number => this.#world.clock.wall();
  #awaits = (message: string): boolean => this.tracker.awaits(message);

  #arrived(message: Message): void {
    const { protocol } = this.#world;
    const { definition } = message;
    const id = protocol.correlate === undefined ? undefined : message.fields[protocol.correlate];
    const foreign = definition?.push === true && this.#isForeign(message);
    const heard = this.#follow(definition, id, foreign);
    this.#transcript.add({
      at: this.#events.at(),
      peer: this.name,
      what: 'receive',
      bytes: message.frame.raw,
      step: this.#events.step,
      ...(definition ? { message: definition.name } : {}),
    });
    this.#applyRules(message, heard === 'unasked');
    let answered = false;
    try {
      this.#watch(message);
      answered = this.#answer(message);
    } catch (error) {
      this.#cannot(error);
    }
    const passing = heard === 'push' && foreign;
    if (!passing) this.scope.names.heard(this.name, message.fields);
    const arrival: Arrival = { message, heard, passing, aside: heard === 'push' || answered };
    if (passing) this.#setAside(arrival);
    else this.inbox.push(arrival);
  }

  /** What the state table says of a message: an answer or push of a server, a request of a client. */
  #follow(definition: MessageDefinition | undefined, id: unknown, foreign: boolean): Heard {
    // What may come at any time and speaks of others is no answer, even where one like it is due.
    if (this.#world.role === 'server' && foreign && id === undefined) return 'push';
    if (this.#world.role === 'server')
      return this.tracker.heard(definition?.name, id, definition?.push === true);
    const expected = definition !== undefined && this.tracker.allows(definition.name);
    this.tracker.asked(definition?.name ?? 'unknown', id);
    return expected ? 'answer' : 'unasked';
  }

  #setAside(arrival: Arrival): void {
    this.aside.push(arrival);
    this.#passing += 1;
    if (this.#passing % keptPassing > 0) return;
    let surplus = this.aside.filter((one) => one.passing).length - keptPassing;
    this.aside = this.aside.filter((one) => {
      if (one.passing) surplus -= 1;
      return !one.passing || surplus < 0;
    });
  }

  #isForeign(message: Message): boolean {
    const about = message.definition?.about ?? [];
    if (about.length === 0) return false;
    const { own } = this.scope.names;
    return !about.some((field) => {
      const value = valueAt(message.fields, field);
      return Array.isArray(value) ? value.some((one) => own.has(one)) : own.has(value);
    });
  }

  #applyRules(message: Message, unasked: boolean): void {
    const { told, open } = this.#book.read(message, this.tracker.state, unasked);
    for (const { rule, broken } of told) {
      this.#events.ruled(rule.id);
      if (broken !== undefined) this.#breach(rule, broken, message);
    }
    for (const rule of open) {
      try {
        this.#applyRule(rule, message, unasked);
      } catch (error) {
        this.#cannot(error, rule.id);
      }
    }
  }

  #applyRule(rule: Rule, message: Message, unasked: boolean): void {
    const context = { scope: this.scope, wall: this.#wall, captures: [] };
    const result = applyRule(rule, message, this.tracker.state, unasked, context);
    if (!result.applies) return;
    this.#events.ruled(rule.id);
    const broken = result.broken ?? this.#repeated(rule, message);
    if (broken !== undefined) this.#breach(rule, broken, message);
  }

  /** Arrivals come in the callback of a socket: what were thrown there would end the program. */
  #cannot(error: unknown, rule = ''): void {
    if (this.#breached.has(`harness ${rule}`)) return;
    this.#breached.add(`harness ${rule}`);
    const what = error instanceof Error ? error.message : String(error);
    const message = rule === '' ? what : `the rule "${rule}" cannot be applied: ${what}`;
    const failure = { cause: 'harness' as const, message, requirements: [], peer: this.name };
    this.#events.breach(rule === '' ? failure : { ...failure, rule });
  }

  #repeated(rule: Rule, message: Message): string | undefined {
    if (rule.distinct === undefined) return undefined;
    const value = JSON.stringify(valueAt(message.fields, rule.distinct));
    const seen = this.#distinct.get(rule.id) ?? new Set();
    this.#distinct.set(rule.id, seen);
    if (seen.has(value)) return `${rule.distinct} is ${value} a second time`;
    seen.add(value);
    return undefined;
  }

  /** A rule is told once for each peer: a flood of breaches is one failure. */
  #breach(rule: Rule, broken: string, message: Message): void {
    if (this.#breached.has(rule.id)) return;
    this.#breached.add(rule.id);
    this.#events.breach({
      cause: 'rule',
      message: `${rule.title}: ${printable(broken)}`,
      requirements: rule.proves,
      peer: this.name,
      actual: printable(message.frame.raw),
      rule: rule.id,
    });
  }

  #garbage(subject: string, what: string): void {
    this.#broken = { cause: 'garbage', what };
    const rule = this.#world.protocol.rules.find(
      (one) => one.from === this.#world.role && one.on.includes(subject),
    );
    this.#events.breach({
      cause: 'garbage',
      message: what,
      requirements: rule?.proves ?? [],
      peer: this.name,
    });
    this.link?.reset();
  }

  #isFlood(): boolean {
    const { octets, messages, unread } = this.#world.limits;
    if (this.#octets > octets || this.#messages > messages || this.unread > unread.messages) return true;
    if (this.#octets <= unread.octets) return false;
    const held = [...this.inbox, ...this.aside];
    return held.reduce((sum, { message }) => sum + message.frame.raw.length, 0) > unread.octets;
  }

  #flood(): void {
    const what = `the target sent ${this.#messages} messages, ${this.#octets} octets: more than a conversation takes`;
    this.#broken = { cause: 'flood', what };
    this.#events.breach({ cause: 'flood', message: what, requirements: [], peer: this.name });
    this.inbox = [];
    this.aside = [];
    this.link?.reset();
  }

  /** Messages that no step has looked at. */
  get unread(): number {
    return this.inbox.length + this.aside.filter((one) => !one.passing).length + this.#passing;
  }

  /** True if the target was heard on this connection. */
  get heard(): boolean {
    return this.#octets > 0 || this.#broken !== undefined;
  }

  /** Why the octets of the target are not read any more, once they are not. */
  get broken(): Broken | undefined {
    return this.#broken;
  }

  #watch(message: Message): void {
    for (const one of this.watched) {
      const { pattern, proves } = one;
      if (!fits(pattern, message, this.scope, this.#wall)) continue;
      this.watched.delete(one);
      this.#events.breach({
        cause: 'unexpected',
        message: `${this.name} must never hear ${pattern.print(this.scope)}`,
        requirements: proves,
        peer: this.name,
        actual: printable(message.frame.payload),
      });
    }
  }

  #answer(message: Message): boolean {
    const { protocol, role } = this.#world;
    const name = message.definition?.name;
    if (name === undefined || this.silenced.has(name)) return false;
    const automatic = protocol.automatic.find((one) => one.on === name && one.role === role);
    if (!automatic) return false;
    const answer = (): void => this.onAutomatic?.(automatic.send, message);
    if (this.#halfSent) this.#held.push(answer);
    else answer();
    return true;
  }

  /** A message of spar's own is half sent, or no longer: what is answered by itself waits for its end. */
  sending(half: boolean): void {
    this.#halfSent = half;
    if (!half) for (const answer of this.#held.splice(0)) answer();
  }

  /** Sends what the definition says is answered by itself. */
  onAutomatic: ((send: unknown, message: Message) => void) | undefined;

  #log(what: 'end' | 'reset', text: string): void {
    this.#transcript.add({ at: this.#events.at(), peer: this.name, what, text, step: this.#events.step });
  }
}

function newTracker(protocol: Protocol): Tracker {
  return new Tracker(protocol.states, protocol.start, protocol.correlate !== undefined);
}

/** What a field holds; a path walks into objects and lists. */
export function valueAt(fields: Readonly<Record<string, unknown>>, path: string): unknown {
  let value: unknown = fields;
  for (const key of path.split('.')) {
    if (Array.isArray(value)) value = value.map((one) => (one as Record<string, unknown> | null)?.[key]);
    else value = (value as Record<string, unknown> | null | undefined)?.[key];
  }
  return Array.isArray(value) ? value.flat() : value;
}

export function oppositeRole(role: Role): Role {
  return role === 'server' ? 'client' : 'server';
}
