import type { Clock } from '../../session/clock.ts';
import { memoryLinks } from '../../session/memory-link.ts';
import type { Framing } from '../../wire/framing.ts';
import { framingOf } from '../../wire/framing-by-name.ts';
import { gurgle } from './index.ts';

/** What came: a packet, the text of what is no JSON, or the end of the connection. */
export type Heard = Record<string, unknown> | string;

/** A client made of a memory link. */
export interface Peer {
  /** Writes packets in one go; gives all that comes back. */
  say(...packets: object[]): Promise<Heard[]>;
  /** Writes octets as they are; gives all that comes back. */
  write(octets: Uint8Array): Promise<Heard[]>;
  /** What has come since the last call; `END` stands for the end of the connection. */
  heard(): Promise<Heard[]>;
  end(): void;
  reset(): void;
}

/** Time plays no part in Gurgle. */
const clock: Clock = { now: () => 0, wall: () => 0, after: () => () => {} };

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** The octets of a text. */
export function octets(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A server of its own for one test. */
export class Stage {
  readonly framing: Framing;
  readonly #server;

  constructor(defects: readonly string[] = [], framing: 'len32be' | 'json-stream' = 'len32be') {
    this.framing = framingOf(framing);
    this.#server = gurgle.createServer({ clock, defects: new Set(defects), settings: { framing } });
  }

  peer(): Peer {
    const [near, far] = memoryLinks();
    const reader = this.framing.reader({ frame: 2 ** 25 });
    let came: Heard[] = [];
    far.attach(this.#server.accept(far));
    near.attach({
      data: (chunk) => {
        reader.push(chunk);
        for (let read = reader.next(); read.kind === 'frame'; read = reader.next()) {
          came.push(decoded(new TextDecoder().decode(read.frame.payload)));
        }
      },
      ended: () => came.push('END'),
    });
    const heard = async () => {
      await settled();
      const all = came;
      came = [];
      return all;
    };
    const write = (bytes: Uint8Array) => {
      near.write(bytes);
      return heard();
    };
    const frame = (packet: object) => this.framing.encode(octets(JSON.stringify(packet)));
    return {
      say: (...packets) => write(Uint8Array.from(packets.flatMap((packet) => [...frame(packet)]))),
      write,
      heard,
      end: () => near.end(),
      reset: () => near.reset(),
    };
  }

  /** A client that has logged in, by default at a terminal called `desk`. */
  async user(name: string, terminal = 'desk'): Promise<Peer> {
    const peer = this.peer();
    await peer.say(login(name, terminal));
    return peer;
  }

  /** A client that has logged in and shown its presence. */
  async present(name: string, terminal = 'desk'): Promise<Peer> {
    const peer = await this.user(name, terminal);
    await peer.say(showing('available'));
    return peer;
  }
}

/** An auth packet of a user with the right password. */
export function login(name: string, terminal?: string): object {
  const from = terminal === undefined ? idOf(name) : `${idOf(name)}/${terminal}`;
  return { id: 1, cmd: 'auth', from, method: 'plain', password: `pw-${name}` };
}

export function idOf(name: string): string {
  return `${name}@gurgle.example`;
}

export function showing(status: string, mood = ''): object {
  return { id: 2, cmd: 'presence', presence: { status, mood } };
}

/** A packet with messages; what is left out of one has a plain value. */
export function sending(...messages: object[]): object {
  const plain = { timestamp: 1_700_000_000, text: 'hi', html: '<p>hi</p>', attachments: [] };
  return { id: 3, cmd: 'message', messages: messages.map((one) => ({ ...plain, ...one })) };
}

function decoded(text: string): Heard {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
