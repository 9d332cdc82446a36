import type { Clock } from '../../session/clock.ts';
import type { Link } from '../../session/link.ts';
import { memoryLinks } from '../../session/memory-link.ts';
import type { ReferenceServer } from '../reference.ts';
import { ws2017 } from './index.ts';

/** Moves when told, and then calls what is due. */
export class HandClock implements Clock {
  #ms = 0;
  #timers: { readonly due: number; readonly act: () => void }[] = [];

  /** Timers that wait. */
  get waiting(): number {
    return this.#timers.length;
  }

  now(): number {
    return this.#ms;
  }

  wall(): number {
    return this.#ms;
  }

  after(ms: number, act: () => void): () => void {
    const timer = { due: this.#ms + ms, act };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  pass(ms: number): void {
    const end = this.#ms + ms;
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#ms = next.due;
      this.#timers.splice(this.#timers.indexOf(next), 1);
      next.act();
    }
    this.#ms = end;
  }

  #next(end: number) {
    return this.#timers.filter(({ due }) => due <= end).sort((one, other) => one.due - other.due)[0];
  }
}

/** Waits until all that was written has been read. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** One client of a stage. */
export class Peer {
  readonly link: Link;
  #text = '';

  constructor(link: Link) {
    this.link = link;
  }

  hear(text: string): void {
    this.#text += text;
  }

  /** Writes octets as they are; gives all that came since the last call. */
  async write(octets: string | Uint8Array): Promise<string[]> {
    this.link.write(typeof octets === 'string' ? new TextEncoder().encode(octets) : octets);
    return this.heard();
  }

  /** Writes lines in one go, each with its end; gives all that came since the last call. */
  say(...lines: string[]): Promise<string[]> {
    return this.write(lines.map((line) => `${line}\r\n`).join(''));
  }

  /** The lines that came since the last call; `END` stands for the end of the connection. */
  async heard(): Promise<string[]> {
    await settled();
    const lines = this.#text.split('\r\n');
    this.#text = '';
    if (lines.at(-1) === '') lines.pop();
    return lines;
  }
}

/** A server in memory, the clock that it lives by, and what its clients can do. */
export interface Stage {
  readonly clock: HandClock;
  readonly server: ReferenceServer;
  open(): Peer;
  /** Opens a connection for each name, enters the names, and forgets what was heard meanwhile. */
  join<const Names extends readonly string[]>(...names: Names): Promise<{ [Index in keyof Names]: Peer }>;
}

/** Sets up a server that pings each 100 ms and waits 250 ms for the answer. */
export function stage(...defects: string[]): Stage {
  const clock = new HandClock();
  const server = ws2017.createServer({
    clock,
    defects: new Set(defects),
    settings: { pingInterval: 100, pingTimeout: 250 },
  });

  function open(): Peer {
    const [near, far] = memoryLinks();
    const peer = new Peer(near);
    near.attach({
      data: (chunk) => peer.hear(new TextDecoder().decode(chunk)),
      ended: () => peer.hear('END\r\n'),
    });
    far.attach(server.accept(far));
    return peer;
  }

  async function join<const Names extends readonly string[]>(...names: Names) {
    const peers = names.map(open);
    for (const [index, name] of names.entries()) await peers[index]?.say(`uname ${name}`);
    for (const peer of peers) await peer.heard();
    return peers as { [Index in keyof Names]: Peer };
  }

  return { clock, server, open, join };
}
