import { formatAddress } from '../net/address.ts';
import type { Certificate } from '../net/certificate.ts';
import { type Listener, listen } from '../net/listen.ts';
import type { Transport } from '../protocol/definition.ts';
import type { EndKind, Link, LinkSink } from '../session/link.ts';

/** Where a client has to connect. */
export interface ClientAddress {
  readonly host: string;
  readonly port: number;
  /** `tcp://127.0.0.1:40000` */
  readonly url: string;
}

/** How spar listens for clients. */
export interface Listening {
  readonly transport: Transport;
  readonly host: string;
  /** A free one for each client if absent. */
  readonly port?: number;
  readonly certificate?: Certificate;
}

/** Connections that a client may open before one is asked for: a flood ends there. */
const mostWaiting = 100;

/** A client did not connect. The conversation takes it for a connection that cannot be had. */
export class NoClientError extends Error {
  override readonly name = 'NoClientError';
}

/** A listener that hands out its connections one by one. */
export class Door {
  readonly #waiting: EarlyLink[] = [];
  readonly #open = new Set<EarlyLink>();
  /** Connections that came. */
  connections = 0;
  readonly #refused: string[] = [];
  #listener: Listener | undefined;
  #wake: (() => void) | undefined;

  static async open(listening: Listening): Promise<Door> {
    const door = new Door();
    const { transport, host, port, certificate } = listening;
    door.#listener = await listen(
      {
        transport: transport === 'stdio' ? 'tcp' : transport,
        host,
        ...(port === undefined ? {} : { port }),
        ...(certificate ? { tls: certificate } : {}),
        refused: (reason) => {
          door.#refused.push(reason);
          door.#wake?.();
        },
      },
      (link) => door.#accept(link),
    );
    return door;
  }

  get address(): ClientAddress {
    const listener = this.#listener as Listener;
    const { address } = listener;
    return {
      host: address.kind === 'unix' ? address.path : address.host,
      port: listener.port,
      url: formatAddress(address),
    };
  }

  #accept(link: Link): LinkSink {
    const early = new EarlyLink(link, () => this.#open.delete(early));
    this.#open.add(early);
    this.connections += 1;
    if (this.#waiting.length >= mostWaiting) link.reset();
    else {
      this.#waiting.push(early);
      this.#wake?.();
    }
    return early;
  }

  /** True if the client has ended all the connections that it had. */
  get isLeft(): boolean {
    return this.connections > 0 && this.#open.size === 0;
  }

  /** The next connection; rejects with a NoClientError when none comes. */
  async next(limit: number, sink: LinkSink, ended: () => string | undefined): Promise<Link> {
    const due = performance.now() + limit;
    for (;;) {
      const early = this.#waiting.shift();
      if (early) return early.attach(sink);
      const how = ended();
      const [refused] = this.#refused;
      if (refused !== undefined) throw new NoClientError(`the client's connection fails: ${refused}`);
      if (how !== undefined) throw new NoClientError(`the client ${how} and never connected`);
      const left = due - performance.now();
      if (left <= 0) throw new NoClientError(`the client did not connect within ${Math.round(limit)} ms`);
      await this.#something(Math.min(left, 50));
    }
  }

  #something(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Ends what came, and waits for the next client without keeping the program running. */
  rest(): void {
    this.#listener?.rest();
    this.#waiting.length = 0;
    this.#open.clear();
    this.connections = 0;
  }

  /** True if nothing that came was refused. */
  get isSound(): boolean {
    return this.#refused.length === 0;
  }

  wake(): this {
    this.#listener?.wake();
    return this;
  }

  async close(): Promise<void> {
    await this.#listener?.close();
  }
}

/**
 * The doors of clients that come one after the other. To listen takes longer than a connection: where a
 * client surely opens no more, its door is for the next one.
 */
export class Doors {
  readonly #listening: Listening;
  readonly #most: number;
  /** Those that were opened for anybody: one at a port that a client had to find is for that client alone. */
  readonly #common = new WeakSet<Door>();
  #resting: Door[] = [];

  /** Keeps up to so many that nobody uses. */
  constructor(listening: Listening, most = 64) {
    this.#listening = listening;
    this.#most = listening.port === undefined ? most : 0;
  }

  async take(): Promise<Door> {
    const rested = this.#resting.pop()?.wake();
    if (rested) return rested;
    const door = await Door.open(this.#listening);
    this.#common.add(door);
    return door;
  }

  async leave(door: Door): Promise<void> {
    const isKept = this.#common.has(door) && door.isSound && this.#resting.length < this.#most;
    if (!isKept) return door.close();
    door.rest();
    this.#resting.push(door);
  }

  async close(): Promise<void> {
    const resting = this.#resting;
    this.#resting = [];
    await Promise.all(resting.map((door) => door.close()));
  }
}

/** Octets that are kept of a connection that no step has taken yet. */
const mostEarly = 1 << 16;

/** Keeps what a connection says before anybody listens, within bounds. */
class EarlyLink implements LinkSink {
  readonly #link: Link;
  readonly #chunks: Uint8Array[] = [];
  #end: [EndKind, string | undefined] | undefined;
  #sink: LinkSink | undefined;
  #octets = 0;

  readonly #over: () => void;

  constructor(link: Link, over: () => void) {
    this.#link = link;
    this.#over = over;
  }

  data(chunk: Uint8Array): void {
    if (this.#sink) {
      this.#sink.data(chunk);
      return;
    }
    this.#octets += chunk.length;
    this.#chunks.push(chunk);
    if (this.#octets > mostEarly) this.#link.pause();
  }

  ended(kind: EndKind, detail?: string): void {
    this.#over();
    if (this.#sink) this.#sink.ended(kind, detail);
    else this.#end = [kind, detail];
  }

  attach(sink: LinkSink): Link {
    this.#sink = sink;
    const { chunks, end } = { chunks: this.#chunks, end: this.#end };
    queueMicrotask(() => {
      for (const chunk of chunks) sink.data(chunk);
      if (end) sink.ended(...end);
      this.#link.resume();
    });
    return this.#link;
  }
}
