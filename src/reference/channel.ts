import type { EndKind, Link } from '../session/link.ts';
import type { FrameReader } from '../wire/framing.ts';
import type { ClientOptions } from './reference.ts';

/** Octets that may wait for a server that does not read; then the connection is given up. */
const MOST_QUEUED = 2 ** 20;

const ENDINGS: Readonly<Record<EndKind, string>> = {
  fin: 'the server closed the connection',
  reset: 'the server reset the connection',
  error: 'the connection broke',
};

/** What a reference client hears of its connection. */
export interface ChannelEvents {
  opened(): void;
  /** A frame came, without its framing. */
  frame(payload: Uint8Array): void;
  /** It is over, or never opened, and not by `close`: `why`, for the user. The last call. */
  over(why: string): void;
}

/**
 * A connection of a reference client. Nothing is heard before it is open, and nothing after it is
 * over, even out of the same chunk.
 */
export class Channel {
  readonly #reader: FrameReader;
  readonly #events: ChannelEvents;
  #link: Link | undefined;
  #closed = false;
  #early: (() => void)[] = [];

  constructor(connect: ClientOptions['connect'], reader: FrameReader, events: ChannelEvents) {
    this.#reader = reader;
    this.#events = events;
    connect({
      data: (chunk) => this.#onceOpen(() => this.#receive(chunk)),
      ended: (kind) => this.#onceOpen(() => this.#over(ENDINGS[kind])),
    }).then(
      (link) => this.#opened(link),
      (error: unknown) => this.#over(error instanceof Error ? error.message : String(error)),
    );
  }

  write(octets: Uint8Array): void {
    if (this.#closed || !this.#link) return;
    if (this.#link.queued > MOST_QUEUED) this.#over('the server does not read');
    else this.#link.write(octets);
  }

  /** Stops reading until `resume`; what has come already is still heard. */
  pause(): void {
    this.#link?.pause();
  }

  resume(): void {
    this.#link?.resume();
  }

  close(): void {
    this.#closed = true;
    this.#link?.close();
  }

  /** Closes as a program does that dies. */
  reset(): void {
    this.#closed = true;
    this.#link?.reset();
  }

  #opened(link: Link): void {
    this.#link = link;
    if (this.#closed) link.close();
    else this.#events.opened();
    for (const act of this.#early) act();
    this.#early = [];
  }

  #onceOpen(act: () => void): void {
    if (this.#link) act();
    else this.#early.push(act);
  }

  #receive(chunk: Uint8Array): void {
    this.#reader.push(chunk);
    while (!this.#closed) {
      const read = this.#reader.next();
      if (read.kind === 'need') return;
      if (read.kind === 'frame') this.#events.frame(read.frame.payload);
      else this.#over(read.problem.what);
    }
  }

  #over(why: string): void {
    if (this.#closed) return;
    this.close();
    this.#events.over(why);
  }
}
