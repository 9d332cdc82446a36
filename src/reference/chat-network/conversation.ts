import type { Clock } from '../../session/clock.ts';
import type { Link } from '../../session/link.ts';
import { memoryLinks } from '../../session/memory-link.ts';
import type { ReferenceServer, ServerOptions } from '../reference.ts';
import { chatNetwork } from './index.ts';

const utf8 = new TextEncoder();
const text = new TextDecoder();

/** A client at the other end of a link in memory. */
export interface Client {
  readonly link: Link;
  /** What came and was not taken yet, as it lay on the wire. */
  readonly inbox: string[];
  /** The session of the last reply that had one. */
  token: string;
  ended: string | undefined;
}

/** Clients that talk to one reference server in memory, and a record of what they got, in order. */
export class Conversation {
  readonly record: string[] = [];
  readonly clock: ManualClock = new ManualClock();
  readonly #server: ReferenceServer;
  readonly #tokens: string[] = [];

  constructor(defects: readonly string[] = [], settings: ServerOptions['settings'] = {}) {
    this.#server = chatNetwork.createServer({ clock: this.clock, defects: new Set(defects), settings });
  }

  /** `queued`: octets that seem to wait for the client. */
  connect(name: string, queued = 0): Client {
    const [near, far] = memoryLinks();
    const client: Client = { link: near, inbox: [], token: '', ended: undefined };
    near.attach({
      data: (chunk) => {
        const line = text.decode(chunk);
        client.inbox.push(line);
        client.token = /"session":"([^"]+)"/.exec(line)?.[1] ?? client.token;
        this.record.push(`${name} < ${this.#withoutTokens(line)}`);
      },
      ended: (kind) => {
        client.ended = kind;
        this.record.push(`${name} ${kind}`);
      },
    });
    far.attach(this.#server.accept(Object.defineProperty(far, 'queued', { value: queued })));
    return client;
  }

  /** Sends an object, or a text as it stands; waits for nothing. */
  send(client: Client, what: object | string): void {
    client.link.write(utf8.encode(typeof what === 'string' ? what : JSON.stringify(what)));
  }

  /** Lets everything arrive, also what the server does within a second. */
  async settle(): Promise<void> {
    await turn();
    this.clock.advance(1000);
    await turn();
  }

  /** Sends and settles. */
  async tell(client: Client, what: object | string): Promise<void> {
    this.send(client, what);
    await this.settle();
  }

  /** Sends, settles, and takes what came. */
  async ask(client: Client, what: object | string): Promise<unknown[]> {
    await this.tell(client, what);
    return this.take(client);
  }

  take(client: Client): unknown[] {
    return client.inbox.splice(0).map((line) => JSON.parse(line) as unknown);
  }

  /** Names tokens by the order of their first appearance, and tells which begin alike. */
  #withoutTokens(line: string): string {
    return line.replace(/"session":"([^"]+)"/, (_, token: string) => {
      const start = token.slice(0, 8);
      if (!this.#tokens.includes(token)) this.#tokens.push(token);
      const alike = this.#tokens.filter((other) => other.startsWith(start)).length;
      const form = token.replace(/[0-9a-f]/g, 'x');
      return `token ${this.#tokens.indexOf(token)}, ${form}, ${alike} alike`;
    });
  }
}

class ManualClock implements Clock {
  #now = 0;
  #timers: { readonly due: number; readonly act: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  wall(): number {
    return this.#now;
  }

  after(ms: number, act: () => void): () => void {
    const timer = { due: this.#now + ms, act };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  advance(ms: number): void {
    this.#now += ms;
    const due = this.#timers.filter((timer) => timer.due <= this.#now);
    this.#timers = this.#timers.filter((timer) => timer.due > this.#now);
    for (const { act } of due.sort((a, b) => a.due - b.due)) act();
  }
}

/** A macrotask: links in memory deliver in microtasks. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
