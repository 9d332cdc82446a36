import { loopback } from '../net/loopback.ts';
import type { Crossed } from '../net/meter.ts';
import { segmented } from '../net/segment.ts';
import type { Link, LinkSink } from '../session/link.ts';
import { type ClientAddress, Door, Doors, type Listening, NoClientError } from './door.ts';
import type { Wiring } from './live-target.ts';
import type { Stage, Target } from './target.ts';

/** One client under test, started for one peer. */
export interface StartedClient {
  /** Makes it do what a stimulus is bound to. Rejects where that cannot be done. */
  run(stimulus: string, values: Readonly<Record<string, unknown>>): Promise<void>;
  /** What it has shown its user so far. */
  shown(): string;
  /** Memory of its process in octets, where it has one of its own. */
  memory?(): Promise<number | undefined>;
  /** True if it has opened so many connections, and opens no more; absent where that cannot be told. */
  isSettled?(connections: number): boolean;
  /** As `Stage` says of the client of a peer. */
  isAtRest?(crossed: Crossed): boolean;
  /** How it ended, if it has; `crash` where nothing asked for that. Certain once it is stopped. */
  ended(): { readonly how: string; readonly crash: boolean } | undefined;
  stop(): Promise<void>;
}

/** What starts clients: a command, the bundled reference, or a person. */
export interface ClientMaker {
  readonly kind: Target['kind'];
  readonly label: string;
  /** Names of the stimuli that are bound. */
  readonly stimuli: ReadonlySet<string>;
  /** How what they show is read. */
  readonly shows: Readonly<Record<string, string>>;
  /** Facts that hold for these clients whatever the user says. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** Milliseconds that a client may take from its start to its connection. */
  readonly connectLimit: number;
  start(address: ClientAddress, values: Readonly<Record<string, unknown>>): Promise<StartedClient>;
}

/** A target of clients: each try of a case gets its own, one for each peer. */
export function clientTargetOf(
  maker: ClientMaker,
  listening: Listening,
  wiring: Wiring,
  { kept, doors = new Doors(listening, 0) }: { readonly kept?: KeptClient; readonly doors?: Doors } = {},
): Target {
  return {
    kind: maker.kind,
    label: maker.label,
    stimuli: maker.stimuli,
    shows: maker.shows,
    connectLimit: maker.connectLimit,
    deaths: 0,
    revive: async () => true,
    open: () => Promise.reject(new Error('a client is opened on a stage')),
    stage: () => new ClientStage(maker, listening, wiring, doors, kept),
  };
}

interface OnStage {
  readonly door: Door;
  readonly client: StartedClient;
}

/** A client that reconnects when its connection ends: one process serves case after case, under its first names. */
export class KeptClient {
  #one: (OnStage & { readonly values: Values }) | undefined;
  #shown = 0;

  /** The client, if it lives and was started with these values. */
  reuse(values: Values): OnStage | undefined {
    const one = this.#one;
    if (!one || one.client.ended() || namesOf(one.values) !== namesOf(values)) return undefined;
    this.#shown = one.client.shown().length;
    return one;
  }

  /** The values with which it was started. */
  get values(): Values {
    return this.#one && !this.#one.client.ended() ? this.#one.values : {};
  }

  keep(one: OnStage, values: Values): void {
    if (this.#one && !this.#one.client.ended()) return;
    this.#one = { ...one, values };
    this.#shown = 0;
  }

  /** True for the client that goes on to the next case. */
  goesOn({ client }: OnStage): boolean {
    return this.#one?.client === client && !client.ended();
  }

  /** What it has shown since the case began. */
  shown(client: StartedClient): string {
    return this.#one?.client === client ? client.shown().slice(this.#shown) : client.shown();
  }

  async stop(): Promise<void> {
    await this.#one?.client.stop();
    await this.#one?.door.close();
  }
}

type Values = Readonly<Record<string, unknown>>;

/** What tells whether a client is started alike: all but the time that it may take. */
function namesOf({ timeout: _, ...names }: Values): string {
  return JSON.stringify(names);
}

class ClientStage implements Stage {
  readonly #maker: ClientMaker;
  readonly #listening: Listening;
  readonly #wiring: Wiring;
  readonly #clients = new Map<string, OnStage>();
  readonly #doors: Doors;
  readonly #kept: KeptClient | undefined;

  constructor(
    maker: ClientMaker,
    listening: Listening,
    wiring: Wiring,
    doors: Doors,
    kept: KeptClient | undefined,
  ) {
    this.#maker = maker;
    this.#listening = listening;
    this.#wiring = wiring;
    this.#doors = doors;
    this.#kept = kept;
  }

  /** The names that a peer has already, since its client was started in an earlier case. */
  identities(): Values {
    return this.#clients.size === 0 ? (this.#kept?.values ?? {}) : {};
  }

  readonly stimuli = {
    run: async (peer: string, name: string, values: Readonly<Record<string, unknown>>): Promise<void> => {
      const one = this.#clients.get(peer);
      if (!one) throw new NoClientError(`${peer} has no client yet: the case lacks "${peer} connects"`);
      await one.client.run(name, values);
    },
    shown: (peer: string): string => {
      const client = this.#clients.get(peer)?.client;
      return client === undefined ? '' : (this.#kept?.shown(client) ?? client.shown());
    },
  };

  /** Starts the client of a peer and waits for its connection; `from` waits for a further one of a client. */
  async open(peer: string, options: Readonly<Record<string, unknown>>, sink: LinkSink): Promise<Link> {
    const limit = Number(options['timeout'] ?? this.#maker.connectLimit);
    const from = options['from'];
    const known = this.#clients.get(typeof from === 'string' ? from : peer);
    const one = known ?? (await this.#start(peer, options));
    if (known) this.#clients.set(peer, known);
    const link = await one.door.next(limit, sink, () => one.client.ended()?.how);
    const messages = this.#listening.transport === 'ws' || this.#listening.transport === 'wss';
    return messages ? link : segmented(link, this.#wiring.segment, this.#wiring.random);
  }

  async #start(peer: string, values: Values): Promise<OnStage> {
    const reused = this.#clients.size === 0 ? this.#kept?.reuse(values) : undefined;
    if (reused) {
      this.#clients.set(peer, reused);
      return reused;
    }
    const door = await this.#door(values['port']);
    try {
      const client = await this.#maker.start(door.address, values);
      const one = { door, client };
      this.#kept?.keep(one, values);
      this.#clients.set(peer, one);
      return one;
    } catch (error) {
      await door.close();
      throw error;
    }
  }

  /**
   * A free port for each client, or one that a step names: that to which a client goes that is told
   * none. There it stands on a loopback address of its own, where the system has such, so that it
   * meets neither another run nor a server of that protocol.
   */
  async #door(port: unknown): Promise<Door> {
    if (port === undefined) return this.#doors.take();
    const named = { ...this.#listening, port: Number(port) };
    try {
      return await Door.open({ ...named, host: loopback() });
    } catch {
      return Door.open(named).catch((error: Error) => {
        throw new NoClientError(`the client cannot be let in at port ${port}: ${error.message}`);
      });
    }
  }

  isAtRest(peer: string, crossed: Crossed): boolean {
    return this.#clients.get(peer)?.client.isAtRest?.(crossed) ?? false;
  }

  async memory(): Promise<number | undefined> {
    const all = [...new Set(this.#clients.values())];
    const sizes = await Promise.all(all.map(({ client }) => client.memory?.()));
    return sizes.some((size) => size !== undefined)
      ? sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0)
      : undefined;
  }

  async end(lag: number = exitLag): Promise<string | undefined> {
    const all = [...new Set(this.#clients.values())];
    await Promise.all(
      all.map(async ({ door, client }) => {
        if (this.#kept?.goesOn({ door, client })) return;
        if (door.isLeft) await lastMoments(client, lag);
        await client.stop();
        if (client.isSettled?.(door.connections)) await this.#doors.leave(door);
        else await door.close();
      }),
    );
    return all.map(({ client }) => client.ended()).find((ended) => ended?.crash === true)?.how;
  }
}

/** Milliseconds that a client may take to end after it has hung up. */
const exitLag = 300;

/** A client that has hung up may be about to end: how it does is seen only if nobody ends it before. */
async function lastMoments(client: StartedClient, lag: number): Promise<void> {
  for (let left = lag; left > 0 && !client.ended(); left -= 10) {
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
}
