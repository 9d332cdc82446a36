import type { Framing } from '../../../wire/framing.ts';
import { encodeJson } from '../../../wire/json.ts';
import { printable } from '../../../wire/printable.ts';
import { Channel } from '../../channel.ts';
import type { ClientOptions, ReferenceClient } from '../../reference.ts';
import { helpOf, readTyped } from '../../typed-command.ts';
import { type Answer, isObject, isPacketId, isStrings, type PacketId, readPacket } from '../packet.ts';
import { framingSetting } from '../settings.ts';
import { commands, type Word } from './commands.ts';
import { Contacts } from './contacts.ts';
import { fileOf, htmlOf, type Outgoing, type OutgoingFile } from './outgoing.ts';
import { type Credentials, credentials } from './settings.ts';
import { shown } from './shown.ts';

/** Octets of one packet; a server that sends a longer one is left. */
const LONGEST_PACKET = 2 ** 24;
/** Characters of a line that the user is shown; of a longer one the middle is left out. */
const LONGEST_LINE = 4096;
/** Messages that the inbox keeps. */
const MOST_KEPT = 1000;
/** Commands that may wait for the login. */
const MOST_QUEUED = 1000;
/** Milliseconds that the client waits for a response. */
const PATIENCE_MS = 10_000;

/** A packet of the server. */
export type Incoming = Answer;

/** A request without a response yet. */
export interface Ask {
  readonly cmd: unknown;
  readonly stop: () => void;
  readonly then: (answer: Incoming) => void;
}

const NEED_LOGIN: readonly Word[] = ['send', 'attach', 'presence', 'alias', 'delete'];

/** What the server may send without being asked. A response with such a command answers that command. */
const PUSHES: readonly unknown[] = ['presence', 'update_roaster', 'message'];

/**
 * The reference client of Gurgle. It logs in at its start, and what is typed waits until that has
 * gone well or wrong; after that requests do not wait for one another. When the server hangs up
 * after the login the client stays, for `/login`.
 */
export class GurgleClient implements ReferenceClient {
  readonly options: ClientOptions;
  readonly credentials: Credentials;
  readonly contacts: Contacts = new Contacts();
  /** The tag of the contact list that came last. */
  etag: unknown;
  /** Requests without a response, by their ids. */
  readonly asks: Map<unknown, Ask> = new Map();
  left = false;
  channel: Channel | undefined;
  readonly #framing: Framing;
  readonly #inbox: string[] = [];
  readonly #queue: (() => void)[] = [];
  /** The contacts are what the tag stands for: after a push, which may hold a part only, they may not be. */
  #contactsAreExact = false;
  #state: 'setting up' | 'logged in' | 'logged out' = 'setting up';
  #quitting = false;
  #leaving: (() => void) | undefined;
  #packets = 0;
  #messages = 0;
  #addressee: string | undefined;

  constructor(options: ClientOptions) {
    this.options = options;
    this.credentials = credentials(options.settings);
    this.#framing = framingSetting(options.settings);
  }

  start(): void {
    if (this.credentials.id === '') this.leave(2, 'the setting id is needed');
    else this.connect();
  }

  typed(line: string): void {
    const typed = readTyped(line, commands);
    if (typed.kind === 'command' && typed.word === 'quit') this.quit();
    else if (typed.kind === 'command') this.inTurn(() => this.perform(typed.word, typed.args));
    else if (typed.kind === 'wrong') this.say(typed.why);
    else this.inTurn(() => this.sendAgain(typed.text));
  }

  close(): void {
    this.leave(0);
  }

  inTurn(act: () => void): void {
    if (this.#queue.length < MOST_QUEUED) this.#queue.push(act);
    else this.say('too much waits for the login already');
    this.next();
  }

  next(): void {
    while (this.#state !== 'setting up' && !this.left) {
      const act = this.#queue.shift();
      if (!act) return;
      act();
    }
  }

  perform(word: Word, args: readonly string[]): void {
    if (this.#state !== 'logged in' && NEED_LOGIN.includes(word)) {
      this.say('not logged in: /login');
      return;
    }
    const [first = '', second = '', third = ''] = args;
    switch (word) {
      case 'login':
        this.login();
        break;
      case 'send':
        this.#addressee = first;
        this.sendMessage(first, second, []);
        break;
      case 'attach':
        this.sendMessage(first, '', [this.fileOf(second, third)]);
        break;
      case 'presence':
        this.publish(first, second);
        break;
      case 'alias':
        this.changeContact(first, second, false);
        break;
      case 'delete':
        this.changeContact(first, this.contacts.aliasOf(first), true);
        break;
      case 'contacts':
        for (const line of this.contacts.lines()) this.say(line);
        break;
      case 'inbox':
        for (const line of this.#inbox) this.say(line);
        break;
      case 'ping':
        this.ping('spar');
        break;
      case 'help':
        for (const line of helpOf(commands)) this.say(line);
    }
  }

  sendAgain(text: string): void {
    if (this.#addressee === undefined) this.say(`to whom? ${commands.send.usage}`);
    else if (text.trim() !== '') this.perform('send', [this.#addressee, text]);
  }

  // Setting up

  connect(): void {
    this.#state = 'setting up';
    this.channel = new Channel(this.options.connect, this.#framing.reader({ frame: LONGEST_PACKET }), {
      opened: () => this.opened(),
      frame: (payload) => this.receive(payload),
      over: (why) => this.over(why),
    });
  }

  opened(): void {
    this.declareVersion();
  }

  declareVersion(): void {
    this.ask({ version: '0.1' }, () => this.upgrade());
  }

  /** Asks for no feature, as it has none. */
  upgrade(): void {
    this.ask({ cmd: 'upgrade', features: [] }, (answer) => this.upgraded(answer));
  }

  /** What was not granted was not needed. */
  upgraded(_answer: Incoming): void {
    this.queryMethods();
  }

  queryMethods(): void {
    this.ask({ cmd: 'query', query: 'auth' }, ({ answer }) => {
      const method = this.chooseMethod(isStrings(answer) ? answer : []);
      if (method === undefined) this.denied('the server has no login method that this client knows');
      else this.authenticate(method);
    });
  }

  chooseMethod(offered: readonly string[]): string | undefined {
    return offered.find((method) => method === 'plain');
  }

  authenticate(method: string): void {
    const { id, password } = this.credentials;
    this.ask({ cmd: 'auth', from: id, method, password }, (answer) => this.authenticated(answer));
  }

  authenticated(answer: Incoming): void {
    const refusal = refusalOf(answer);
    if (refusal !== undefined) this.denied(`login refused: ${refusal}`);
    else this.admitted(answer['to']);
  }

  denied(why: string): void {
    this.say(why);
    this.settle('logged out');
  }

  admitted(id: unknown): void {
    this.say(`logged in as ${shown(id)}`);
    this.fetchRoaster();
  }

  fetchRoaster(): void {
    const etag = this.cachedTag();
    this.ask({ cmd: 'get_roaster', ...(etag !== undefined && { etag }) }, (answer) => {
      this.takeRoaster(answer);
      this.introduce();
      this.settle('logged in');
    });
  }

  /** The tag of the contacts, if they are known. */
  cachedTag(): unknown {
    return this.#contactsAreExact ? this.etag : undefined;
  }

  takeRoaster(answer: Incoming): void {
    if (answer['cmd'] === 'flush_roaster') this.flushContacts(answer);
    else if (answer['cmd'] === 'keep_roaster') this.keepContacts();
    else this.say(`no contacts: ${refusalOf(answer) ?? 'not understood'}`);
  }

  flushContacts({ etag, roaster }: Incoming): void {
    this.etag = etag;
    this.#contactsAreExact = true;
    this.contacts.clear();
    this.contacts.merge(roaster);
  }

  keepContacts(): void {}

  introduce(): void {
    this.publish('available', '');
  }

  /** The set-up is over; now what was typed is done. */
  settle(state: 'logged in' | 'logged out'): void {
    this.#state = state;
    this.next();
  }

  // Requests of the user

  login(): void {
    this.#state = 'setting up';
    if (this.channel) this.takeLeave(() => this.connect());
    else this.connect();
  }

  ping(data: string): void {
    this.ask({ cmd: 'ping', data }, (answer) => {
      if (this.isPong(answer, data)) this.say('pong');
      else this.say('the server answered something else than was asked');
    });
  }

  isPong(answer: Incoming, data: string): boolean {
    return answer['cmd'] === 'pong' && answer['data'] === data;
  }

  publish(status: string, mood: string): void {
    this.ask({ cmd: 'presence', presence: { status, mood } }, (answer) => {
      const refusal = refusalOf(answer);
      if (refusal !== undefined) this.say(`presence refused: ${refusal}`);
      else this.say(`you are ${status} ${mood}`.trim());
    });
  }

  changeContact(from: string, alias: string, remove: boolean): void {
    const roaster = [{ from, alias, delete: remove }];
    this.ask({ cmd: 'update_roaster', etag: this.etag ?? null, roaster }, (answer) => {
      const refusal = refusalOf(answer);
      if (refusal !== undefined) {
        this.say(`contact not changed: ${refusal}`);
        return;
      }
      this.etag = answer['etag'];
      this.contacts.merge(answer['roaster']);
      if (remove) this.contacts.delete(from);
      this.say('contact changed');
    });
  }

  fileOf(name: string, content: string): OutgoingFile {
    return fileOf(name, content);
  }

  sendMessage(to: string, text: string, attachments: readonly OutgoingFile[]): void {
    const message = {
      id: this.newMessageId(),
      timestamp: this.timestamp(),
      to,
      text,
      html: htmlOf(text),
      attachments,
    };
    this.ask({ cmd: 'message', messages: [message] }, (answer) => {
      const { success, failure } = answer;
      if (Array.isArray(success) && success.includes(message.id)) this.say(`sent to ${to}`);
      else this.say(`not sent to ${to}: ${refusalOf(answer) ?? shown(failure)}`);
    });
  }

  newMessageId(): PacketId {
    this.#messages++;
    return `m${this.#messages}`;
  }

  /** UNIX seconds. */
  timestamp(): unknown {
    return Math.floor(this.options.clock.wall() / 1000);
  }

  quit(): void {
    if (this.#quitting) this.leave(0);
    this.#quitting = true;
    this.inTurn(() => {
      if (this.channel) this.takeLeave(() => this.leave(0));
      else this.leave(0);
    });
  }

  /** Quits politely; once the server has said bye, or says nothing, or is gone, `then` comes. */
  takeLeave(then: () => void): void {
    this.#leaving = then;
    this.ask({ cmd: 'quit', reason: 'the user leaves' }, () => this.gone());
  }

  gone(): void {
    const then = this.#leaving;
    this.#leaving = undefined;
    this.hangUp();
    then?.();
  }

  // What the server says

  receive(payload: Uint8Array): void {
    const read = this.read(payload);
    if (typeof read === 'string') this.kill('malformed', read);
    else this.take(read);
  }

  /** A packet, or why the octets are none. */
  read(payload: Uint8Array): Incoming | string {
    const read = readPacket(payload);
    return read.ok ? (read.packet as Incoming) : read.what;
  }

  take(packet: Incoming): void {
    const id = this.askFor(packet);
    const ask = this.asks.get(id);
    if (ask) {
      this.asks.delete(id);
      ask.stop();
      ask.then(packet);
    } else this.takePush(packet);
  }

  /** The id of the request that a packet answers, if it does. */
  askFor(packet: Incoming): unknown {
    const { id, cmd } = packet;
    const ask = this.asks.get(id);
    const isPush = cmd === 'message' || (PUSHES.includes(cmd) && cmd !== ask?.cmd);
    return ask && !isPush ? id : undefined;
  }

  takePush(packet: Incoming): void {
    switch (packet['cmd']) {
      case 'presence':
        this.takePresences(packet['presences']);
        break;
      case 'update_roaster':
        this.etag = packet['etag'];
        this.#contactsAreExact = false;
        this.contacts.merge(packet['roaster']);
        break;
      case 'message':
        this.takeMessages(packet);
        break;
      case 'kill':
        this.say(`the server kills the session: ${shown(packet['reason'])}`);
    }
  }

  takePresences(presences: unknown): void {
    if (!Array.isArray(presences)) return;
    for (const one of presences.filter(isObject)) {
      const { from, status, mood } = one;
      if (typeof from === 'string') this.takePresence(from, status, typeof mood === 'string' ? mood : '');
    }
  }

  takePresence(from: string, status: unknown, mood: string): void {
    const known = typeof status === 'string' ? status : null;
    if (this.contacts.setPresence(from, known, mood))
      this.say(`${from} is ${known ?? 'offline'} ${mood}`.trim());
  }

  takeMessages({ id, messages }: Incoming): void {
    const all = Array.isArray(messages) ? messages.filter(isObject) : [];
    for (const message of all) this.takeMessage(message);
    if (isPacketId(id))
      this.confirm(
        id,
        all.map((message) => message['id']),
      );
  }

  takeMessage({ from, text, attachments }: Incoming): void {
    const files = Array.isArray(attachments) ? attachments.filter(isObject) : [];
    const names = files.map(({ name, size }) => ` [${shown(name)}, ${shown(size)} octets]`);
    const line = `${shown(from)}: ${shown(text)}${names.join('')}`;
    if (this.#inbox.push(line.slice(0, LONGEST_LINE)) > MOST_KEPT) this.#inbox.shift();
    this.say(line);
  }

  /** Answers a push in the form that the document prints for messages; it has none for this. */
  confirm(id: PacketId, success: readonly unknown[]): void {
    this.send({ id, cmd: 'sent', success, failure: [], error: null });
  }

  // Packets

  /** Sends a request; an id is not used again. */
  ask(request: Outgoing, then: (answer: Incoming) => void): void {
    if (!this.channel) {
      this.say('not connected: /login');
      return;
    }
    const id = this.newId();
    const { cmd = 'version' } = request;
    const stop = this.options.clock.after(PATIENCE_MS, () => this.unanswered(id, cmd, then));
    this.asks.get(id)?.stop();
    this.asks.set(id, { cmd, stop, then });
    this.send({ id, ...request });
  }

  newId(): PacketId {
    this.#packets++;
    return this.#packets;
  }

  unanswered(id: unknown, cmd: unknown, then: (answer: Incoming) => void): void {
    this.asks.delete(id);
    this.say(`no answer to ${shown(cmd)}`);
    if (cmd === 'quit') then({});
    else if (this.#state === 'setting up') this.leave(1);
  }

  send(packet: Outgoing): void {
    this.channel?.write(this.#framing.encode(this.render(packet)));
  }

  render(packet: Outgoing): Uint8Array {
    return encodeJson(packet);
  }

  /** Ends the session with a server that does not speak the protocol. */
  kill(error: string, reason: string): void {
    this.send({ id: this.newId(), cmd: 'kill', error, reason });
    this.leave(1, `the server does not speak the protocol: ${reason}`);
  }

  // Ends

  over(why: string): void {
    this.hangUp();
    if (this.#leaving) this.gone();
    else if (this.#state === 'setting up') this.leave(1, why);
    else {
      this.say(`${why}: /login connects again`);
      this.settle('logged out');
    }
  }

  hangUp(): void {
    for (const { stop } of this.asks.values()) stop();
    this.asks.clear();
    this.channel?.close();
    this.channel = undefined;
  }

  /** Shows a line, harmlessly. */
  say(line: string): void {
    this.options.show(printable(line, LONGEST_LINE));
  }

  leave(code: number, why?: string): void {
    if (this.left) return;
    this.left = true;
    if (why !== undefined) this.say(why);
    this.hangUp();
    this.options.exit(code);
  }
}

/** Why a response says no; undefined if it says yes. */
function refusalOf({ error = null, reason }: Incoming): string | undefined {
  return error === null
    ? undefined
    : `${typeof reason === 'string' ? reason : 'no reason given'} (${shown(error)})`;
}
