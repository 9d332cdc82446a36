import type { Clock } from '../../session/clock.ts';
import type { EndKind, Link, LinkSink } from '../../session/link.ts';
import type { ReferenceServer, ServerOptions } from '../reference.ts';
import { type Command, decodeLine, parseCommand } from './command.ts';
import { LineReader } from './line-reader.ts';
import { type Reply, say } from './reply.ts';
import { type CptSettings, cptSettings } from './settings.ts';

/** Octets of one line; who sends a longer one is declined and closed. */
const LONGEST_LINE = 2 ** 20;
/** Characters of all messages that are kept; then SEND is declined. */
const MOST_STORED = 2 ** 27;
/** Octets that may wait for a client that does not read; then it is cut off. */
const MOST_QUEUED = 2 ** 26;
/** Milliseconds in which the same SEND again counts as a repetition. */
export const REPETITION = 2000;

const utf8 = new TextEncoder();

/** One connection. Once it is gone, whatever it still sends is ignored. */
export interface Client {
  readonly link: Link;
  readonly lines: LineReader;
  name: string | undefined;
  /** The last command, where it was a SEND that was stored; `at` is the clock's time. */
  lastSend: { readonly target: string; readonly text: string; readonly at: number } | undefined;
  gone: boolean;
}

/** A message that was acknowledged. */
export interface Message {
  readonly target: string;
  readonly sender: string;
  /** Epoch seconds of its arrival. */
  readonly timestamp: number;
  readonly text: string;
  /** Sent to the name of a user who was connected: only who holds the name may read it. */
  readonly private: boolean;
}

/**
 * The reference server of CPT. Groups exist by being written to, messages wait for a SYNC (nothing
 * is pushed), and a mailbox is what was sent to a user's name.
 */
export class CptServer implements ReferenceServer {
  readonly clock: Clock;
  readonly settings: CptSettings;
  /** Milliseconds by which its clock is set ahead. */
  #ahead = 0;
  /** Who is connected, by name. */
  readonly users: Map<string, Client> = new Map();
  /** Messages by target, in the order of their arrival. */
  readonly messages: Map<string, Message[]> = new Map();
  #stored = 0;

  constructor(options: ServerOptions) {
    this.clock = options.clock;
    this.settings = { ...cptSettings, ...options.settings };
    const begins = this.settings.secondBegins;
    if (begins > 0) this.#ahead = (1000 - ((this.clock.wall() + begins) % 1000)) % 1000;
  }

  accept(link: Link): LinkSink {
    const client: Client = {
      link,
      lines: new LineReader(),
      name: undefined,
      lastSend: undefined,
      gone: false,
    };
    return {
      data: (chunk) => this.receive(client, chunk),
      ended: (kind) => this.ended(client, kind),
    };
  }

  close(): void {
    this.users.clear();
    this.messages.clear();
    this.#stored = 0;
  }

  receive(client: Client, chunk: Uint8Array): void {
    if (client.gone) return;
    for (const line of client.lines.push(chunk)) {
      if (line.length > LONGEST_LINE) this.hangUp(client);
      else if (client.link.queued > MOST_QUEUED) this.cutOff(client);
      else this.write(client, this.answer(client, this.read(line)));
      if (client.gone) return;
    }
    if (client.lines.held > LONGEST_LINE) this.hangUp(client);
  }

  read(line: Uint8Array): Command {
    return this.parse(decodeLine(line) ?? '');
  }

  parse(line: string): Command {
    return parseCommand(line);
  }

  /** Carries a command out; gives what is said in answer. */
  answer(client: Client, command: Command): readonly Reply[] {
    if (command.word !== 'SEND') client.lastSend = undefined;
    if (command.word === 'invalid') return [say('DECLINE', 'invalid_command')];
    if (command.word === 'CONNECT') return this.connect(client, command.username);
    if (client.name === undefined) return [say('DECLINE', 'not_logged_in')];
    if (command.word === 'SEND') return this.send(client, client.name, command.target, command.text);
    return this.sync(client, command.group ?? client.name, command.after);
  }

  connect(client: Client, name: string): readonly Reply[] {
    const refusal = this.refusesUser(client, name);
    if (refusal !== undefined) return [say('DECLINE', refusal)];
    client.name = name;
    this.users.set(name, client);
    return [say('ACCEPT')];
  }

  /** Why a CONNECT is declined, if it is. */
  refusesUser(client: Client, name: string): string | undefined {
    if (client.name !== undefined) return 'already_logged_in';
    if (name === this.settings.lockedName) return 'account_locked';
    if (name === this.settings.ipBoundName) return 'ip_invalid';
    return this.isTaken(name) ? 'username_taken' : undefined;
  }

  isTaken(name: string): boolean {
    return name === 'system' || this.users.has(name);
  }

  send(client: Client, sender: string, target: string, text: string): readonly Reply[] {
    if (this.isRepetition(client, target, text)) return [say('ACK')];
    client.lastSend = undefined;
    const refusal = this.refusesMessage(target);
    if (refusal !== undefined) return [say('DECLINE', refusal)];
    this.store({ target, sender, timestamp: this.time(), text, private: this.users.has(target) });
    client.lastSend = { target, text, at: this.clock.now() };
    return [say('ACK')];
  }

  isRepetition(client: Client, target: string, text: string): boolean {
    const last = client.lastSend;
    return last?.target === target && last.text === text && this.clock.now() - last.at <= REPETITION;
  }

  /** Why a SEND is declined, if it is. */
  refusesMessage(target: string): string | undefined {
    if (target === this.settings.closedGroup) return 'group_closed';
    return this.#stored > MOST_STORED ? 'storage_full' : undefined;
  }

  store(message: Message): void {
    const kept = this.messages.get(message.target);
    if (kept) kept.push(message);
    else this.messages.set(message.target, [message]);
    this.#stored += message.target.length + message.sender.length + message.text.length;
  }

  sync(client: Client, group: string, after: number): readonly Reply[] {
    const run = this.history(client, group, after).map((message) => this.describe(group, message));
    return [...run, say('ENDSYNC')];
  }

  /** The messages that answer a SYNC. */
  history(client: Client, group: string, after: number): readonly Message[] {
    const kept = this.messages.get(group) ?? [];
    return kept.filter((message) => message.timestamp > after && this.mayRead(client, message));
  }

  mayRead(client: Client, message: Message): boolean {
    return !message.private || message.target === client.name;
  }

  describe(group: string, message: Message): Reply {
    return say('MSG', group, message.sender, String(message.timestamp), message.text);
  }

  /** Writes lines, all at once. */
  write(client: Client, replies: readonly Reply[]): void {
    if (replies.length > 0) client.link.write(this.encode(replies.map((reply) => this.render(reply))));
  }

  render(reply: Reply): string {
    return [reply.word, ...reply.parameters].join(' ');
  }

  encode(lines: readonly string[]): Uint8Array {
    return utf8.encode(`${lines.join('\n')}\n`);
  }

  /** Now, in epoch seconds. */
  time(): number {
    return Math.floor((this.clock.wall() + this.#ahead) / 1000);
  }

  ended(client: Client, kind: EndKind): void {
    this.leave(client);
    if (kind === 'fin') client.link.close();
  }

  hangUp(client: Client): void {
    this.write(client, [say('DECLINE', 'invalid_command')]);
    this.leave(client);
    client.link.close();
  }

  cutOff(client: Client): void {
    this.leave(client);
    client.link.reset();
  }

  leave(client: Client): void {
    client.gone = true;
    if (client.name !== undefined && this.users.get(client.name) === client) this.users.delete(client.name);
  }
}
