import type { Clock } from '../../session/clock.ts';
import type { EndKind, Link, LinkSink } from '../../session/link.ts';
import { lines } from '../../wire/lines.ts';
import type { ReferenceServer, ServerOptions } from '../reference.ts';
import type { Chat, Client } from './client.ts';
import { type Command, type Keyword, LONGEST_NAME, parseCommand } from './command.ts';
import { type Ws2017Settings, ws2017Settings } from './settings.ts';

/** Octets of one line; who sends a longer one is refused and disconnected. */
const LONGEST_LINE = 8192;
/** Octets that may wait for a client that does not read; then it is cut off. */
const MOST_QUEUED = 2 ** 23;
/** Messages of one recipient that wait for a receipt; then the oldest is forgotten. */
const MOST_UNCONFIRMED = 1024;

const framing = lines('crlf', 'crlf');
const ascii = new TextEncoder();
const latin1 = new TextDecoder('latin1');

/**
 * The reference server of WS_2017. Where the document leaves a choice: CQUIT is accepted before a
 * name is entered, CGETU leaves the own name out, names differ by case, and a CHATR is answered only
 * when there is nothing to confirm.
 */
export class Ws2017Server implements ReferenceServer {
  readonly clock: Clock;
  readonly settings: Ws2017Settings;
  readonly clients: Set<Client> = new Set();
  /** Who is in the TRANSACTION state, by name. */
  readonly users: Map<string, Client> = new Map();

  constructor(options: ServerOptions) {
    this.clock = options.clock;
    this.settings = { ...ws2017Settings, ...options.settings };
  }

  accept(link: Link): LinkSink {
    const client: Client = {
      link,
      lines: framing.reader({ frame: LONGEST_LINE }),
      name: undefined,
      unconfirmed: [],
      stopPinging: undefined,
      stopWaiting: undefined,
      gone: false,
    };
    this.clients.add(client);
    this.greet(client);
    return {
      data: (chunk) => this.receive(client, chunk),
      ended: (kind) => this.ended(client, kind),
    };
  }

  close(): void {
    for (const client of this.clients) this.leave(client);
  }

  greet(client: Client): void {
    this.write(client, 'WS_2017 server ready');
  }

  receive(client: Client, chunk: Uint8Array): void {
    client.lines.push(chunk);
    while (!client.gone) {
      const read = client.lines.next();
      if (read.kind === 'need') return;
      if (read.kind === 'frame') this.perform(client, this.parse(latin1.decode(read.frame.payload)));
      else this.refuseLength(client);
    }
  }

  parse(line: string): Command {
    return parseCommand(line);
  }

  perform(client: Client, command: Command): void {
    switch (command.kind) {
      case 'command':
        this.execute(client, command.keyword, command.args);
        break;
      case 'pong':
        this.pong(client);
        break;
      case 'malformed':
        this.refuseForm(client, command.word);
        break;
      case 'unknown':
        this.refuseUnknown(client);
    }
  }

  execute(client: Client, keyword: Keyword, args: readonly string[]): void {
    if (!this.allows(client, keyword)) {
      this.refuse(client, keyword, 'enter a user name first');
      return;
    }
    const [first = '', second = '', text = ''] = args;
    switch (keyword) {
      case 'uname':
        this.enterName(client, first);
        break;
      case 'cgetu':
        this.listUsers(client);
        break;
      case 'chatm':
        this.chat(client, { sender: first, recipient: second, text });
        break;
      case 'chatr':
        this.confirm(client, first, second);
        break;
      case 'cquit':
        this.quit(client);
    }
  }

  /** Whether the state of the client has the command. */
  allows(client: Client, keyword: Keyword): boolean {
    return client.name !== undefined || keyword === 'uname' || keyword === 'cquit';
  }

  enterName(client: Client, name: string): void {
    if (name === client.name) this.refuseOwnName(client, name);
    else if (this.isTaken(name)) this.refuseTaken(client, name);
    else if (client.name === undefined) this.join(client, name);
    else this.rename(client, client.name, name);
  }

  isTaken(name: string): boolean {
    return this.users.has(name);
  }

  join(client: Client, name: string): void {
    this.hold(client, name);
    this.schedulePing(client);
    this.respond(client, this.welcome(name));
    this.announceJoin(client, name);
  }

  rename(client: Client, old: string, name: string): void {
    this.release(client, old);
    this.hold(client, name);
    this.respond(client, this.renamed(name));
    this.announceChange(client, old, name);
  }

  hold(client: Client, name: string): void {
    client.name = name;
    this.users.set(name, client);
  }

  release(client: Client, name: string): void {
    if (this.users.get(name) === client) this.users.delete(name);
  }

  welcome(name: string): string {
    return `+OK 'you are' ${name}`;
  }

  renamed(name: string): string {
    return `+OK uname ${name}`;
  }

  announceJoin(client: Client, name: string): void {
    for (const other of this.others(client)) this.push(other, this.joinLine(name));
  }

  announceChange(client: Client, old: string, name: string): void {
    for (const other of this.others(client)) this.push(other, this.changeLine(old, name));
  }

  joinLine(name: string): string {
    return `nuser ${name}`;
  }

  changeLine(old: string, name: string): string {
    return `+OK nuser ${old} ${name}`;
  }

  /** Who hears of the names of a client. */
  others(client: Client): readonly Client[] {
    return [...this.clients].filter((other) => other !== client);
  }

  refuseOwnName(client: Client, _name: string): void {
    this.respond(client, "-ERR 'same username entered'");
  }

  refuseTaken(client: Client, name: string): void {
    this.respond(client, `-ERR uname ${this.suggest(name)}`);
  }

  /** A free name like the given one. */
  suggest(name: string): string {
    for (let number = 1; ; number++) {
      const ending = String(number);
      const suggestion = name.slice(0, LONGEST_NAME - ending.length) + ending;
      if (!this.isTaken(suggestion)) return suggestion;
    }
  }

  schedulePing(client: Client): void {
    client.stopPinging = this.clock.after(this.settings.pingInterval, () => this.ping(client));
  }

  ping(client: Client): void {
    this.schedulePing(client);
    this.awaitPong(client);
    this.push(client, this.pingLine());
  }

  pingLine(): string {
    return 'cping';
  }

  awaitPong(client: Client): void {
    client.stopWaiting ??= this.clock.after(this.settings.pingTimeout, () => this.hangUp(client));
  }

  pong(client: Client): void {
    client.stopWaiting?.();
    client.stopWaiting = undefined;
  }

  listUsers(client: Client): void {
    this.respond(client, this.userList(this.namesFor(client)));
  }

  namesFor(client: Client): readonly string[] {
    return [...this.users.keys()].filter((name) => name !== client.name);
  }

  userList(names: readonly string[]): string {
    return ['+OK cgetu', ...names].join(' ');
  }

  chat(client: Client, chat: Chat): void {
    const recipient = this.users.get(chat.recipient);
    if (!this.maySendAs(client, chat.sender)) this.refuse(client, 'chatm', 'sender is not your name');
    else if (!recipient) this.refuseRecipient(client);
    else {
      this.deliver(client, recipient, chat);
      this.respondRelayed(client);
    }
  }

  maySendAs(client: Client, sender: string): boolean {
    return sender === client.name;
  }

  refuseRecipient(client: Client): void {
    this.refuse(client, 'chatm', 'no user has this name');
  }

  respondRelayed(client: Client): void {
    this.respond(client, "+OK 'message relayed'");
  }

  deliver(from: Client, recipient: Client, chat: Chat): void {
    const { unconfirmed } = recipient;
    unconfirmed.push({ sender: chat.sender, recipient: chat.recipient, from });
    if (unconfirmed.length > MOST_UNCONFIRMED) unconfirmed.shift();
    this.push(recipient, this.chatLine(chat));
  }

  chatLine({ sender, recipient, text }: Chat): string {
    return `chatm ${sender} ${recipient} '${text}'`;
  }

  confirm(client: Client, sender: string, recipient: string): void {
    const from = this.takeUnconfirmed(client, sender, recipient);
    if (from) this.relayReceipt(from, sender, recipient);
    else this.refuse(client, 'chatr', 'no message waits for this receipt');
  }

  /** Who sent the oldest message between these names that the client has not confirmed. */
  takeUnconfirmed(client: Client, sender: string, recipient: string): Client | undefined {
    const index = client.unconfirmed.findIndex(
      (message) => message.sender === sender && message.recipient === recipient,
    );
    return index === -1 ? undefined : client.unconfirmed.splice(index, 1)[0]?.from;
  }

  relayReceipt(from: Client, sender: string, recipient: string): void {
    this.push(from, this.receiptLine(sender, recipient));
  }

  receiptLine(sender: string, recipient: string): string {
    return `chatr ${sender} ${recipient}`;
  }

  quit(client: Client): void {
    this.sayGoodbye(client);
    this.hangUp(client);
  }

  sayGoodbye(client: Client): void {
    this.respond(client, "+OK 'terminating tasks and disconnecting'");
  }

  refuse(client: Client, keyword: Keyword, why: string): void {
    this.respond(client, `-ERR ${keyword} '${why}'`);
  }

  refuseUnknown(client: Client): void {
    this.respond(client, "-ERR 'entered command does not exist'");
  }

  refuseForm(client: Client, word: string): void {
    this.respond(client, `-ERR '${word} is not a properly formatted command'`);
  }

  refuseLength(client: Client): void {
    this.refuseForm(client, 'line');
    this.hangUp(client);
  }

  /** Writes what answers a command. */
  respond(client: Client, line: string): void {
    this.write(client, line);
  }

  /** Writes what answers no command. */
  push(client: Client, line: string): void {
    this.write(client, line);
  }

  write(client: Client, line: string): void {
    if (client.gone) return;
    if (client.link.queued > MOST_QUEUED) this.cutOff(client);
    else client.link.write(this.encode(line));
  }

  encode(line: string): Uint8Array {
    return ascii.encode(`${line}\r\n`);
  }

  ended(client: Client, kind: EndKind): void {
    this.leave(client);
    if (kind === 'fin') client.link.close();
  }

  hangUp(client: Client): void {
    this.leave(client);
    client.link.close();
  }

  cutOff(client: Client): void {
    this.leave(client);
    client.link.reset();
  }

  leave(client: Client): void {
    client.gone = true;
    client.stopPinging?.();
    client.stopWaiting?.();
    this.clients.delete(client);
    if (client.name !== undefined) this.release(client, client.name);
  }
}
