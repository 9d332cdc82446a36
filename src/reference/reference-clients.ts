import { type Address, parseAddress } from '../net/address.ts';
import { connect } from '../net/connect.ts';
import { type Crossed, Meter } from '../net/meter.ts';
import { systemClock } from '../net/system-clock.ts';
import type { ClientMaker, StartedClient } from '../run/client-target.ts';
import type { ClientAddress } from '../run/door.ts';
import type { ClientReference, ReferenceClient } from './reference.ts';

/** How long a reference client may take to connect, in ms. */
const connectLimit = 5000;

/** A timer of a client that may run for longer, in ms, is only there for a server that never answers. */
const soon = 5000;

/** The bundled reference client, run inside this process and connected over real sockets. */
export function referenceClients(
  reference: ClientReference,
  defects: ReadonlySet<string>,
  settings: Readonly<Record<string, string | number | boolean>>,
  ca: string | undefined,
  label: string,
): ClientMaker {
  return {
    kind: 'reference',
    label,
    stimuli: new Set(Object.keys(reference.stimuli)),
    shows: reference.shows,
    facts: reference.facts,
    connectLimit,
    start: async ({ host, port, url }, values) => {
      const { kind } = parseAddress(url);
      const carrier = kind === 'unix' ? { host } : { host, transport: kind };
      const where = values['port'] === undefined ? { ...carrier, port } : carrier;
      return new InProcessClient(reference, defects, { ...settings, ...plain(values) }, ca, where);
    },
  };
}

/**
 * Where a reference client is told to connect: to the port of the protocol if it is told none, over
 * what carries the protocol if it is not told what does in this dialect.
 */
type Where = Pick<ClientAddress, 'host'> &
  Partial<Pick<ClientAddress, 'port'>> & { readonly transport?: Exclude<Address['kind'], 'unix'> };

/** Opens the connection of a reference client, as its defects make it. */
export function openerOf(
  reference: ClientReference,
  defects: ReadonlySet<string>,
  address: Where,
  ca: string | undefined,
): (sink: Parameters<typeof connect>[2]) => ReturnType<typeof connect> {
  const how = reference.connecting(defects);
  const port = how.portIsFixed === true ? how.port : (address.port ?? how.port);
  const asUsual = how.transport === reference.connecting(new Set()).transport;
  const transport = (asUsual ? address.transport : undefined) ?? how.transport;
  const at = { host: address.host, port };
  const where: Address =
    transport === 'ws' || transport === 'wss'
      ? { kind: transport, ...at, path: '/' }
      : { kind: transport, ...at };
  const tls = ca === undefined ? { insecure: true } : { ca };
  return (sink) => connect(where, { timeoutMs: connectLimit, tls }, sink);
}

class InProcessClient implements StartedClient {
  readonly #reference: ClientReference;
  readonly #client: ReferenceClient;
  readonly #meter = new Meter();
  #shown = '';
  #exit: number | undefined;
  /** Connections that are being opened, and timers that run out soon. */
  #ahead = 0;

  constructor(
    reference: ClientReference,
    defects: ReadonlySet<string>,
    settings: Readonly<Record<string, string | number | boolean>>,
    ca: string | undefined,
    address: Where,
  ) {
    this.#reference = reference;
    const open = openerOf(reference, defects, address, ca);
    this.#client = reference.createClient({
      clock: { ...systemClock, after: (ms, act) => this.#after(ms, act) },
      defects,
      settings,
      connect: async (sink) => {
        this.#ahead += 1;
        try {
          return this.#meter.link(await open(this.#meter.sink(sink)));
        } finally {
          this.#ahead -= 1;
        }
      },
      show: (line) => {
        this.#shown += `${line}\n`;
      },
      exit: (code) => {
        this.#exit = code;
      },
    });
    this.#client.start();
  }

  async run(stimulus: string, values: Readonly<Record<string, unknown>>): Promise<void> {
    const typed = this.#reference.stimuli[stimulus] ?? '';
    this.#client.typed(
      typed.replace(/\{([a-z][\w-]*)\}/gi, (whole, name: string) => String(values[name] ?? whole)),
    );
  }

  isAtRest({ links, written, read, over }: Crossed): boolean {
    if (over && this.#exit !== undefined) return true;
    const here = this.#meter;
    const heard = here.read === written && here.written === read;
    const done = here.links === links && (heard || (over && here.ends === links));
    return done && this.#ahead === 0 && this.#client.busy !== true;
  }

  #after(ms: number, act: () => void): () => void {
    if (ms >= soon) return systemClock.after(ms, act);
    let due = true;
    const over = (): void => {
      if (due) this.#ahead -= 1;
      due = false;
    };
    this.#ahead += 1;
    const cancel = systemClock.after(ms, () => {
      over();
      act();
    });
    return () => {
      over();
      cancel();
    };
  }

  shown(): string {
    return this.#shown;
  }

  ended(): { how: string; crash: boolean } | undefined {
    return this.#exit === undefined
      ? undefined
      : { how: `exited with code ${this.#exit}`, crash: this.#exit === crashed };
  }

  isSettled(connections: number): boolean {
    return this.#ahead === 0 && this.#meter.links === connections;
  }

  async stop(): Promise<void> {
    this.#client.close();
  }
}

/** The exit code by which the reference clients say that they crashed. */
const crashed = 70;

function plain(values: Readonly<Record<string, unknown>>): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string | number | boolean] =>
      ['string', 'number', 'boolean'].includes(typeof entry[1]),
    ),
  );
}
