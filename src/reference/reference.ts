import type { Clock } from '../session/clock.ts';
import type { Link, LinkSink } from '../session/link.ts';

/** One deliberate fault that a reference implementation can be given. */
export interface Defect {
  /** Its name on the command line, as the catalogue of requirements has it. */
  readonly name: string;
  /** The requirements that it breaks. */
  readonly breaks: readonly string[];
  /** What the faulty implementation does, in a few words. */
  readonly what: string;
}

/** How a reference server listens; a defect may change it. */
export interface Listening {
  readonly transport: 'tcp' | 'tls' | 'ws';
  /** The port of the protocol's document. */
  readonly port: number;
  /** For `tls`: serves clients that do not start TLS as well, in clear. */
  readonly alsoPlain?: boolean;
}

/** A running reference server: plain data and timers, no sockets of its own. */
export interface ReferenceServer {
  /** Takes a new connection (for `tls`: after the handshake). */
  accept(link: Link): LinkSink;
  /** Stops timers; forgets everything. */
  close(): void;
}

/** What a reference server is made of. */
export interface ServerOptions {
  readonly clock: Clock;
  readonly defects: ReadonlySet<string>;
  /** Settings of the protocol, e.g. intervals; each server documents its own. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
}

/** The reference implementation of one protocol. */
export interface Reference {
  readonly protocol: string;
  readonly serverDefects: readonly Defect[];
  listening(defects: ReadonlySet<string>): Listening;
  createServer(options: ServerOptions): ReferenceServer;
  /** Facts of a target (accounts, locked names …) that hold for this server. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Settings that make cases about time quick, and the facts that go with them. */
  readonly brisk?: {
    readonly settings: Readonly<Record<string, string | number | boolean>>;
    readonly facts: Readonly<Record<string, unknown>>;
  };
}

/** Where a reference client connects; a defect may change it. */
export interface Connecting {
  readonly transport: 'tcp' | 'tls' | 'ws';
  /** The port if the user names none. */
  readonly port: number;
  /** True if the client connects to `port` whatever the user says. */
  readonly portIsFixed?: boolean;
}

/** What a reference client is made of. */
export interface ClientOptions {
  readonly clock: Clock;
  readonly defects: ReadonlySet<string>;
  /** Name, password and the like; each client documents its own. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  /** Opens the connection, or opens it again. */
  connect(sink: LinkSink): Promise<Link>;
  /** Shows one line to the user. */
  show(line: string): void;
  /** The client is done; `code` is the exit code of its program. */
  exit(code: number): void;
}

/** A running reference client: plain data and timers, no sockets of its own. */
export interface ReferenceClient {
  /** Connects and does what the protocol wants at the beginning. */
  start(): void;
  /** The user typed a line: `/send bob hello`, `/quit` … or text for the one who was addressed last. */
  typed(line: string): void;
  /** True while it is about to say something for which it waits neither for the server nor for the user. */
  readonly busy?: boolean;
  /** Stops timers and leaves. */
  close(): void;
}

/** The client half of a reference implementation. */
export interface ClientReference {
  readonly clientDefects: readonly Defect[];
  connecting(defects: ReadonlySet<string>): Connecting;
  createClient(options: ClientOptions): ReferenceClient;
  /** What to type for each stimulus of the protocol, with its arguments as `{target}` places. */
  readonly stimuli: Readonly<Record<string, string>>;
  /** How each kind of what it shows is read from a line of its output. */
  readonly shows: Readonly<Record<string, string>>;
  /** What may be typed, a line each, for help. */
  readonly help: readonly string[];
  /** Facts of a target that hold for this client. */
  readonly facts: Readonly<Record<string, unknown>>;
}
