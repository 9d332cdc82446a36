import { lines } from '../../../wire/lines.ts';
import { printable } from '../../../wire/printable.ts';
import { Channel } from '../../channel.ts';
import type { ClientOptions, ReferenceClient } from '../../reference.ts';
import { helpOf, readTyped } from '../../typed-command.ts';
import type { Chat } from '../client.ts';
import { commands, type Word } from './commands.ts';
import { type Keyword, parseServerLine, type ServerLine } from './server-line.ts';

/** Octets of one line; a server that sends a longer one is left. */
const LONGEST_LINE = 2 ** 16;
/** Characters of a line that are shown. */
const LONGEST_SHOWN = 4096;
/** Messages that are kept; then the oldest is forgotten. */
const MOST_MESSAGES = 1000;
/** Names that are kept; then the oldest is forgotten. */
const MOST_USERS = 1000;
/** Commands that may wait for their turn. */
const MOST_QUEUED = 1000;

const framing = lines('crlf');
const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** A command whose response has not come yet; `argument` is the name or the recipient. */
export interface Awaited {
  readonly keyword: Exclude<Keyword, 'chatr'>;
  readonly argument: string;
}

/** A response of the server. */
export type Response = Extract<ServerLine, { readonly kind: 'response' }>;

/**
 * The reference client of WS_2017. Commands of the user go out one at a time, each after the response
 * to the one before it; pings and messages are answered at once. A refused name leaves it without one
 * until the user enters another.
 */
export class Ws2017Client implements ReferenceClient {
  readonly options: ClientOptions;
  /** What waits for its turn. */
  readonly queue: (() => void)[] = [];
  /** The messages that have come, oldest first. */
  readonly messages: Chat[] = [];
  /** Who is there, as far as the server told. */
  users: Set<string> = new Set();
  channel: Channel | undefined;
  /** The name that the server has confirmed. */
  name: string | undefined;
  /** Who was sent the last text. */
  addressee: string | undefined;
  /** What has to come before the next command may go out. */
  awaited: Awaited | 'greeting' | undefined;
  quitting = false;
  left = false;

  constructor(options: ClientOptions) {
    this.options = options;
  }

  start(): void {
    const name = String(this.options.settings['name'] ?? '');
    if (commands.name.args.test(` ${name}`)) this.open(name);
    else this.leave(2, 'a name is needed: ASCII, without blanks and quotation marks');
  }

  typed(line: string): void {
    if (this.left) return;
    const typed = readTyped(line, commands);
    if (typed.kind === 'command') this.perform(typed.word, typed.args);
    else if (typed.kind === 'wrong') this.show(typed.why);
    else if (this.addressee === undefined) this.show(`to whom? ${commands.send.usage}`);
    else if (typed.text.trim() !== '') this.typed(`/send ${this.addressee} ${typed.text}`);
  }

  close(): void {
    this.leave(0);
  }

  perform(word: Word, args: readonly string[]): void {
    const [first = '', second = ''] = args;
    switch (word) {
      case 'send':
        this.addressee = first;
        this.inTurn(() => this.send(first, second));
        break;
      case 'users':
        this.inTurn(() => this.askUsers());
        break;
      case 'name':
        this.inTurn(() => this.rename(first));
        break;
      case 'inbox':
        for (const chat of this.messages) this.show(this.chatLine(chat));
        this.show(this.usersLine());
        break;
      case 'quit':
        this.quit();
        break;
      case 'help':
        for (const line of helpOf(commands)) this.show(line);
    }
  }

  inTurn(act: () => void): void {
    if (this.queue.length < MOST_QUEUED) this.queue.push(act);
    else this.show('too much waits for the server already');
    this.next();
  }

  next(): void {
    while (!this.awaited) {
      const act = this.queue.shift();
      if (!act) return;
      act();
    }
  }

  /** Connects; enters the name after the greeting. */
  open(name: string): void {
    this.awaited = 'greeting';
    this.channel = new Channel(this.options.connect, framing.reader({ frame: LONGEST_LINE }), {
      opened: () => this.opened(name),
      frame: (octets) => this.receive(octets, name),
      over: (why) => this.leave(this.saysGoodbye() ? 0 : 1, why),
    });
  }

  opened(_name: string): void {
    this.show('connected');
  }

  receive(octets: Uint8Array, name: string): void {
    if (this.awaited === 'greeting') {
      this.show(`the server says: ${printable(octets)}`);
      this.greeted(name);
    } else this.take(this.parse(fromUtf8.decode(octets)), octets);
  }

  greeted(name: string): void {
    this.enterName(name);
  }

  parse(line: string): ServerLine {
    return parseServerLine(line);
  }

  take(line: ServerLine, octets: Uint8Array): void {
    switch (line.kind) {
      case 'response':
        this.respond(line);
        break;
      case 'ping':
        this.pong();
        break;
      case 'joined':
        this.userJoined(line.name);
        break;
      case 'renamed':
        this.userRenamed(line.old, line.name);
        break;
      case 'chat':
        this.chat(line.chat);
        break;
      case 'receipt':
        this.show(`${printable(line.recipient)} has received it`);
        break;
      case 'unknown':
        this.show(`not understood: ${printable(octets)}`);
    }
  }

  rename(name: string): void {
    this.enterName(name);
  }

  enterName(name: string): void {
    this.command('uname', name, `uname ${name}`);
  }

  askUsers(): void {
    if (this.hasName()) this.command('cgetu', '', 'cgetu');
  }

  send(recipient: string, text: string): void {
    if (this.hasName()) this.command('chatm', recipient, this.chatCommand(recipient, text));
  }

  chatCommand(recipient: string, text: string): string {
    return `chatm '${this.name}' '${recipient}' '${text}'`;
  }

  hasName(): boolean {
    if (this.name === undefined) this.show(`a name comes first: ${commands.name.usage}`);
    return this.name !== undefined;
  }

  quit(): void {
    if (this.quitting) this.leave(0);
    this.quitting = true;
    this.inTurn(() => this.command('cquit', '', 'cquit'));
  }

  /** Whether the end is all that it waits for. */
  saysGoodbye(): boolean {
    return typeof this.awaited === 'object' && this.awaited.keyword === 'cquit';
  }

  command(keyword: Awaited['keyword'], argument: string, line: string): void {
    this.awaited = { keyword, argument };
    this.write(line);
  }

  write(line: string): void {
    this.channel?.write(this.encode(line));
  }

  encode(line: string): Uint8Array {
    return framing.encode(utf8.encode(line));
  }

  /** A response is the awaited one or nothing at all. */
  respond(response: Response): void {
    const { awaited } = this;
    if (awaited && awaited !== 'greeting' && this.answers(response, awaited))
      this.answered(awaited, response);
    else if (response.about !== 'chatr') this.show(`not asked for: ${printable(response.text)}`);
  }

  answers(response: Response, awaited: Awaited): boolean {
    return response.about === undefined || response.about === awaited.keyword;
  }

  answered(awaited: Awaited, response: Response): void {
    if (response.ok) this.succeeded(awaited, response.text);
    else this.failed(awaited, response.text);
    if (awaited.keyword === 'cquit') this.leave(0);
    this.finish();
  }

  finish(): void {
    this.awaited = undefined;
    this.next();
  }

  succeeded({ keyword, argument }: Awaited, text: string): void {
    switch (keyword) {
      case 'uname':
        this.name = argument;
        this.show(`you are ${argument}`);
        break;
      case 'cgetu':
        this.users = new Set();
        for (const user of text.split(' ').slice(1).filter(Boolean)) this.know(user);
        this.show(this.usersLine());
        break;
      case 'chatm':
        this.show(`sent to ${argument}`);
        break;
      case 'cquit':
        this.show('goodbye');
    }
  }

  failed({ keyword, argument }: Awaited, text: string): void {
    this.show(`refused: ${printable(text)}`);
    if (keyword === 'uname') this.nameRefused(argument);
  }

  /** The name stays what it was, if there is one. */
  nameRefused(_refused: string): void {
    this.show(this.name === undefined ? `enter another: ${commands.name.usage}` : `you are ${this.name}`);
  }

  pong(): void {
    this.write('+OK cpong');
  }

  userJoined(name: string): void {
    this.know(name);
    this.show(`${printable(name)} is here`);
  }

  userRenamed(old: string, name: string): void {
    this.users.delete(old);
    this.know(name);
    if (this.addressee === old) this.addressee = name;
    this.show(`${printable(old)} is ${printable(name)} now`);
  }

  know(name: string): void {
    this.users.add(name);
    const [oldest] = this.users;
    if (this.users.size > MOST_USERS && oldest !== undefined) this.users.delete(oldest);
  }

  chat(chat: Chat): void {
    if (this.name === undefined) {
      this.show('not asked for: a message before there is a name');
      return;
    }
    if (this.messages.push(chat) > MOST_MESSAGES) this.messages.shift();
    this.show(this.chatLine(chat));
    this.confirm(chat);
  }

  confirm({ sender, recipient }: Chat): void {
    this.write(`chatr ${sender} ${recipient}`);
  }

  chatLine({ sender, text }: Chat): string {
    return `<${printable(sender)}> ${printable(text, LONGEST_SHOWN)}`;
  }

  usersLine(): string {
    return `users: ${printable([...this.users].join(' '), LONGEST_SHOWN)}`.trimEnd();
  }

  show(line: string): void {
    this.options.show(line);
  }

  leave(code: number, why?: string): void {
    if (this.left) return;
    this.left = true;
    if (why !== undefined) this.show(why);
    this.queue.length = 0;
    this.channel?.close();
    this.options.exit(code);
  }
}
