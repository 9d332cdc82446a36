import { lines } from '../../../wire/lines.ts';
import { printable } from '../../../wire/printable.ts';
import { Channel } from '../../channel.ts';
import type { ClientOptions, ReferenceClient } from '../../reference.ts';
import { helpOf, readTyped } from '../../typed-command.ts';
import { commands, type Word } from './commands.ts';
import { parametersOf, type Request } from './request.ts';
import { decodeLine, type Message, parseServerLine, type ServerLine } from './server-line.ts';
import type { CptClientSettings } from './settings.ts';

/** Octets of one line; a server that sends a longer one is left. */
const LONGEST_LINE = 2 ** 16;
/** Characters of a line that are shown. */
const LONGEST_SHOWN = 4096;
/** Messages that are kept; then the oldest is forgotten. */
const MOST_MESSAGES = 1000;
/** Commands that may wait for their turn. */
const MOST_QUEUED = 1000;

const framing = lines('lf');
const utf8 = new TextEncoder();

/** What answers a request, if not DECLINE. */
const ANSWERS: Readonly<Record<Request['word'], ServerLine['word']>> = {
  CONNECT: 'ACCEPT',
  SEND: 'ACK',
  SYNC: 'ENDSYNC',
};

/**
 * The reference client of CPT. It says one thing at a time: what is typed waits until the request
 * before it has been answered. A declined CONNECT ends it; any other DECLINE does not.
 */
export class CptClient implements ReferenceClient {
  readonly options: ClientOptions;
  readonly settings: CptClientSettings;
  /** What waits for its turn. */
  readonly queue: (() => void)[] = [];
  /** The messages that have come, oldest first. */
  readonly messages: Message[] = [];
  channel: Channel | undefined;
  name: string;
  /** Who was sent the last text. */
  addressee: string | undefined;
  /** The request that has not been answered yet. */
  awaited: Request | undefined;
  stopRepeating: (() => void) | undefined;
  quitting = false;
  left = false;

  constructor(options: ClientOptions) {
    this.options = options;
    this.settings = { name: '', resendAfter: 0, ...options.settings };
    this.name = String(this.settings.name);
  }

  start(): void {
    if (/^\S+$/u.test(this.name)) this.open();
    else this.leave(2, 'a name of one word is needed');
  }

  typed(line: string): void {
    if (this.left) return;
    const typed = readTyped(line, commands);
    if (typed.kind === 'command') this.perform(typed.word, typed.args);
    else if (typed.kind === 'wrong') this.show(typed.why);
    else if (this.addressee === undefined) this.show(`to whom? ${commands.send.usage}`);
    else if (typed.text.trim() !== '') this.perform('send', [this.addressee, typed.text]);
  }

  close(): void {
    this.leave(0);
  }

  perform(word: Word, args: readonly string[]): void {
    const [first = '', second = ''] = args;
    switch (word) {
      case 'send':
        this.addressee = first;
        this.inTurn(() => this.request({ word: 'SEND', target: first, text: second }));
        break;
      case 'sync':
        this.inTurn(() => this.request({ word: 'SYNC', group: first, after: second || '0' }));
        break;
      case 'name':
        this.inTurn(() => this.rename(first));
        break;
      case 'messages':
        for (const message of this.messages) this.show(this.heldLine(message));
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
    while (!this.mustWait()) {
      const act = this.queue.shift();
      if (!act) return;
      act();
    }
  }

  mustWait(): boolean {
    return this.awaited !== undefined;
  }

  /** Connects; the CONNECT is awaited from now on. */
  open(): void {
    this.awaited = { word: 'CONNECT', username: this.name };
    this.channel = new Channel(this.options.connect, framing.reader({ frame: LONGEST_LINE }), {
      opened: () => this.opened(),
      frame: (octets) => this.receive(octets),
      over: (why) => this.leave(1, why),
    });
  }

  opened(): void {
    this.request({ word: 'CONNECT', username: this.name });
  }

  /** Takes another name, which a connection cannot: opens a new one. */
  rename(name: string): void {
    this.channel?.close();
    this.name = name;
    this.open();
  }

  request(request: Request): void {
    this.awaited = request;
    this.write(request);
    if (request.word === 'SEND' && this.resendAfter() > 0) this.scheduleRepetition(request);
  }

  resendAfter(): number {
    return this.settings.resendAfter;
  }

  scheduleRepetition(request: Request): void {
    this.stopRepeating?.();
    this.stopRepeating = this.options.clock.after(this.resendAfter(), () => {
      this.repeat(request);
      this.scheduleRepetition(request);
    });
  }

  repeat(request: Request): void {
    this.write(request);
  }

  write(request: Request): void {
    this.channel?.write(this.encode(this.render(request)));
  }

  render(request: Request): string {
    return [request.word, ...parametersOf(request)].join(' ');
  }

  encode(line: string): Uint8Array {
    return framing.encode(utf8.encode(line));
  }

  receive(octets: Uint8Array): void {
    const line = parseServerLine(decodeLine(octets) ?? '');
    switch (line.word) {
      case 'MSG':
        this.message(line.message);
        break;
      case 'DECLINE':
        this.declined(line.reason);
        break;
      case 'unknown':
        this.show(`not understood: ${printable(octets)}`);
        break;
      default:
        this.answered(line.word);
    }
  }

  /** An answer is the awaited one or nothing at all. */
  answered(word: ServerLine['word']): void {
    if (!this.awaited || ANSWERS[this.awaited.word] !== word) {
      this.show(`not asked for: ${word}`);
      return;
    }
    this.show(this.successLine(this.awaited));
    this.finish();
  }

  declined(reason: string): void {
    this.show(this.declineLine(reason));
    if (this.awaited?.word === 'CONNECT') this.refused();
    else this.finish();
  }

  refused(): void {
    this.leave(1);
  }

  finish(): void {
    this.stopRepeating?.();
    this.awaited = undefined;
    this.next();
  }

  message(message: Message): void {
    if (this.messages.push(message) > MOST_MESSAGES) this.messages.shift();
    this.show(this.messageLine(message));
  }

  messageLine({ sender, text }: Message): string {
    const shown = printable(text, LONGEST_SHOWN);
    return sender === 'system' ? `* ${shown}` : `<${printable(sender)}> ${shown}`;
  }

  heldLine(message: Message): string {
    return `[${printable(message.group)} ${printable(message.timestamp)}] ${this.messageLine(message)}`;
  }

  successLine(request: Request): string {
    switch (request.word) {
      case 'CONNECT':
        return `connected as ${request.username}`;
      case 'SEND':
        return `sent to ${request.target}`;
      case 'SYNC':
        return `synchronised ${request.group}`;
    }
  }

  declineLine(reason: string): string {
    return `declined: ${printable(reason) || 'no reason given'}`;
  }

  quit(): void {
    if (this.quitting) this.leave(0);
    this.quitting = true;
    this.inTurn(() => this.leave(0));
  }

  show(line: string): void {
    this.options.show(line);
  }

  leave(code: number, why?: string): void {
    if (this.left) return;
    this.left = true;
    if (why !== undefined) this.show(why);
    this.stopRepeating?.();
    this.queue.length = 0;
    this.channel?.close();
    this.options.exit(code);
  }
}
