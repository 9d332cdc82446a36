import type { Framing } from '../../../wire/framing.ts';
import { printable } from '../../../wire/printable.ts';
import { Channel } from '../../channel.ts';
import type { ClientOptions, ReferenceClient } from '../../reference.ts';
import { helpOf, readTyped } from '../../typed-command.ts';
import { commands, unquoted, type Word } from './commands.ts';
import { describeEvent } from './events.ts';
import { decodeIncoming, type Incoming, isGranted, refusalOf } from './incoming.ts';
import { freshNonce, seal } from './sealed.ts';
import { framingSetting } from './settings.ts';

/** Octets of one object; a server that sends a longer one is left. */
const LONGEST_OBJECT = 2 ** 20;
/** Characters of a line that the user is shown; of a longer one the middle is left out. */
const LONGEST_LINE = 4096;
/** Lines that the inbox keeps. */
const MOST_KEPT = 1000;
/** Commands that may wait for their turn. */
const MOST_QUEUED = 1000;
/** Milliseconds until a server that does not answer is left. */
const PATIENCE_MS = 10_000;

/** An object as the client sends it. */
export interface Outgoing {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** Who is signed in. */
export interface Session {
  readonly username: string;
  readonly token: string;
}

interface Ask {
  readonly type: string;
  readonly stop: () => void;
  readonly then: (reply: Incoming) => void;
}

/**
 * The reference client of chat-network. It identifies itself and asks for the standards; what is
 * typed waits until that is done, and each line until the server has answered the line before.
 * Events are shown when they come.
 */
export class ChatClient implements ReferenceClient {
  readonly options: ClientOptions;
  session: Session | undefined;
  /** The hashes that the server has, in its order. */
  hashes: readonly unknown[] = [];
  left = false;
  readonly #framing: Framing;
  /** The events that came last, as they were shown. */
  readonly #inbox: string[] = [];
  readonly #queue: (() => void)[] = [];
  #channel: Channel | undefined;
  #asks: readonly Ask[] = [];
  #ready = false;
  #sealing = false;
  /** Fulfilled once all events that came are shown; so many are not. */
  #shown: Promise<void> = Promise.resolve();
  #unshown = 0;
  #addressee: string | undefined;
  #quitting = false;

  constructor(options: ClientOptions) {
    this.options = options;
    this.#framing = framingSetting(options.settings);
  }

  start(): void {
    this.connect();
  }

  typed(line: string): void {
    const typed = readTyped(line, commands);
    if (typed.kind === 'command') this.perform(typed.word, typed.args);
    else if (typed.kind === 'wrong') this.say(typed.why);
    else if (this.#addressee === undefined) this.say(`to whom? ${commands.send.usage}`);
    else if (typed.text.trim() !== '') this.perform('send', [this.#addressee, typed.text]);
  }

  close(): void {
    this.leave(0);
  }

  perform(word: Word, args: readonly string[]): void {
    const [first = '', second = ''] = args;
    const user = unquoted(first);
    switch (word) {
      case 'signup':
        this.inTurn(() => this.signUp(user, unquoted(second)));
        break;
      case 'signin':
        this.inTurn(() => this.signIn(user, unquoted(second)));
        break;
      case 'invite':
        this.inTurn(() => this.invite(user));
        break;
      case 'accept':
      case 'reject':
        this.inTurn(() => this.decide(word, user));
        break;
      case 'send':
        this.#addressee = first;
        this.inTurn(() => this.write(user, second));
        break;
      case 'inbox':
        for (const line of this.#inbox) this.options.show(line);
        break;
      case 'quit':
        this.quit();
        break;
      case 'help':
        for (const line of helpOf(commands)) this.say(line);
    }
  }

  get busy(): boolean {
    return this.#sealing || this.#unshown > 0;
  }

  inTurn(act: () => void): void {
    if (this.#queue.length < MOST_QUEUED) this.#queue.push(act);
    else this.say('too much waits for the server already');
    this.next();
  }

  /** Does what waits, until something has to wait for the server. */
  next(): void {
    while (this.#ready && this.#asks.length === 0 && !this.#sealing && !this.left) {
      const act = this.#queue.shift();
      if (!act) return;
      act();
    }
  }

  quit(): void {
    if (this.#quitting) this.leave(0);
    this.#quitting = true;
    this.inTurn(() => this.leave(0));
  }

  connect(): void {
    this.#channel = new Channel(this.options.connect, this.#framing.reader({ frame: LONGEST_OBJECT }), {
      opened: () => this.greet(),
      frame: (payload) => this.receive(payload),
      over: (why) => void this.#shown.then(() => this.over(why)),
    });
  }

  over(why: string): void {
    this.leave(1, why);
  }

  receive(payload: Uint8Array): void {
    const object = this.decode(payload);
    if (object) this.take(object);
    else this.leave(1, 'the server does not speak the protocol');
  }

  decode(payload: Uint8Array): Incoming | undefined {
    return decodeIncoming(payload);
  }

  take(object: Incoming): void {
    const ask = this.#asks.find(({ type }) => this.answers(object, type));
    if (ask) this.answer(ask, object);
    else if (!('resp_code' in object)) this.hear(object);
    else if (!isGranted(object)) this.say(refusalOf(object));
  }

  /** Whether an object is the reply to a request of `type`. */
  answers(object: Incoming, type: string): boolean {
    return object.type === type;
  }

  answer(ask: Ask, reply: Incoming): void {
    ask.stop();
    this.#asks = this.#asks.filter((other) => other !== ask);
    ask.then(reply);
    this.next();
  }

  greet(): void {
    this.identify();
  }

  identify(): void {
    this.ask({ type: 'identification', version: '1.0.0', client: 'spar reference' }, (reply) => {
      if (this.approves(reply)) this.askStandards();
      else this.leave(1, refusalOf(reply));
    });
  }

  /** Whether the client goes on with a server that identifies itself so. */
  approves(identification: Incoming): boolean {
    return isGranted(identification);
  }

  askStandards(): void {
    this.ask({ type: 'protocol.standard', standards: 'ciphers,hashes' }, (reply) => {
      if (isGranted(reply)) this.learn(reply['hashes']);
      else this.leave(1, refusalOf(reply));
    });
  }

  learn(hashes: unknown): void {
    if (Array.isArray(hashes)) this.hashes = hashes;
    this.say('connected: /signup or /signin, and /help for the rest');
    this.ready();
  }

  /** From now on it does what is typed. */
  ready(): void {
    this.#ready = true;
    this.next();
  }

  signUp(username: string, password: string): void {
    const hash = this.chooseHash();
    if (hash === undefined) this.say('the server has no hash: nobody can sign up');
    else this.enter({ type: 'signup', username, password, hash }, username);
  }

  chooseHash(): string | undefined {
    return this.hashes.find((hash) => typeof hash === 'string');
  }

  signIn(username: string, password: string): void {
    this.enter({ type: 'signin', username, password }, username);
  }

  enter(request: Outgoing, username: string): void {
    this.ask(request, (reply) => {
      const token = this.tokenOf(reply);
      if (token === undefined) this.say(refusalOf(reply));
      else this.begin({ username, token });
    });
  }

  /** The token of a reply that says yes. */
  tokenOf(reply: Incoming): string | undefined {
    const { session } = reply;
    return isGranted(reply) && typeof session === 'string' && session !== '' ? session : undefined;
  }

  begin(session: Session): void {
    this.session = session;
    this.subscribe(session);
  }

  subscribe(session: Session): void {
    this.ask({ type: 'subscribe', session: session.token }, (reply) => {
      if (isGranted(reply)) this.say(`signed in as ${session.username}`);
      else this.refused(session, reply);
    });
  }

  /** The server does not take the token: it is not used again. */
  refused(_session: Session, reply: Incoming): void {
    this.session = undefined;
    this.say(refusalOf(reply));
  }

  invite(user: string): void {
    this.act('invite.request', user);
  }

  decide(decision: 'accept' | 'reject', inviter: string): void {
    this.act(`invite.${decision}`, inviter);
  }

  write(user: string, text: string): void {
    if (!this.session) {
      this.say('not signed in');
      return;
    }
    this.#sealing = true;
    const nonce = this.newNonce();
    void this.seal(text, nonce, this.session.username, user).then((message) => {
      this.#sealing = false;
      this.act('message', user, { nonce, message });
      this.next();
    });
  }

  newNonce(): string {
    return freshNonce();
  }

  seal(text: string, nonce: string, source: string, dest: string): Promise<string> {
    return seal(text, nonce, source, dest);
  }

  act(type: string, dest: string, more: object = {}): void {
    if (!this.session) this.say('not signed in');
    else this.send({ type, session: this.session.token, source: this.session.username, dest, ...more });
  }

  /** Shows an event and keeps it; nothing more is read until it is shown. */
  hear(event: Incoming): void {
    this.#unshown++;
    this.#channel?.pause();
    this.#shown = this.#shown.then(async () => {
      const line = printable(await describeEvent(event), LONGEST_LINE);
      this.#inbox.push(line);
      if (this.#inbox.length > MOST_KEPT) this.#inbox.shift();
      this.options.show(line);
      this.#unshown--;
      if (this.#unshown === 0) this.#channel?.resume();
    });
  }

  /** Sends a request that has a reply. */
  ask(request: Outgoing, then: (reply: Incoming) => void): void {
    const { type } = request;
    const stop = this.options.clock.after(PATIENCE_MS, () => this.leave(1, `no answer to ${type}`));
    this.#asks = [...this.#asks, { type, stop, then }];
    this.send(request);
  }

  send(object: Outgoing): void {
    this.#channel?.write(this.#framing.encode(Buffer.from(this.encode(object))));
  }

  encode(object: Outgoing): string {
    return JSON.stringify(object);
  }

  /** Shows a line of its own. */
  say(line: string): void {
    this.options.show(printable(line, LONGEST_LINE));
  }

  leave(code: number, why?: string): void {
    if (this.left) return;
    this.left = true;
    if (why !== undefined) this.say(why);
    this.stopWaiting();
    this.#channel?.close();
    this.options.exit(code);
  }

  stopWaiting(): void {
    for (const { stop } of this.#asks) stop();
    this.#asks = [];
  }
}
