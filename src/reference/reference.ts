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
}
