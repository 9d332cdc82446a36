import { randomUUID } from 'node:crypto';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type SecureVersion, type Server as TlsServer } from 'node:tls';
import { SparError } from '../problem/problem.ts';
import type { Accept } from '../session/link.ts';
import type { Address } from './address.ts';
import { Connections } from './connections.ts';
import { SocketLink } from './socket-link.ts';

export interface ListenOptions {
  readonly transport: Address['kind'];
  /** 127.0.0.1 if absent. */
  readonly host?: string;
  /** A free one if absent or 0. */
  readonly port?: number;
  /** The path of the socket, for `unix`; one of its own among the temporary files if absent. */
  readonly path?: string;
  /** Needed for `tls` and `wss`. */
  readonly tls?: {
    readonly key: string;
    readonly cert: string;
    readonly minVersion?: SecureVersion;
    readonly ciphers?: string;
  };
  /** For `tls`: who does not begin a TLS handshake is served in clear. */
  readonly alsoPlain?: boolean;
  /** WebSocket messages leave as binary instead of text. */
  readonly binary?: boolean;
  /** Told why a connection failed before it was accepted, e.g. in its TLS handshake. */
  readonly refused?: (reason: string) => void;
}

export interface Listener {
  readonly address: Address;
  /** 0 for `unix`. */
  readonly port: number;
  /** Destroys the connections and does not keep the program running, until it is woken. */
  rest(): void;
  wake(): void;
  /** Stops listening and destroys the connections. */
  close(): Promise<void>;
}

/** Listens for connections. Throws a `SparError` (fault: user) where it cannot. */
export async function listen(options: ListenOptions, accept: Accept): Promise<Listener> {
  const { transport, host = '127.0.0.1', port = 0, path } = options;
  const connections = new Connections();
  const server = await makeServer(options, accept, connections);
  server.on('connection', (raw: Socket) => connections.add(raw));
  await started(server, transport === 'unix' ? { path: path ?? ownPath() } : { host, port });

  let closed: Promise<void> | undefined;
  const address = addressOf(transport, host, server.address());
  return {
    address,
    port: address.kind === 'unix' ? 0 : address.port,
    rest() {
      connections.destroy();
      server.unref();
    },
    wake() {
      server.ref();
    },
    close() {
      closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        connections.destroy();
      });
      return closed;
    },
  };
}

function ownPath(): string {
  return join(tmpdir(), `spar-${randomUUID()}.sock`);
}

async function makeServer(options: ListenOptions, accept: Accept, connections: Connections): Promise<Server> {
  const { transport, tls = {}, refused } = options;
  const join = (socket: Socket, raw: Socket): void => {
    const link = new SocketLink(socket, raw);
    link.attach(accept(link));
  };
  switch (transport) {
    case 'tcp':
    case 'unix':
      return createServer({ allowHalfOpen: true, noDelay: true }, (socket) => join(socket, socket));
    case 'tls': {
      const secure = createTlsServer({ allowHalfOpen: true, noDelay: true, ...tls }, (socket) =>
        join(socket, connections.below(socket)),
      ).on('tlsClientError', (error) => refused?.(error.message));
      return options.alsoPlain ? withPlain(secure, (socket) => join(socket, socket)) : secure;
    }
    case 'ws':
    case 'wss': {
      const { webSocketServer } = await import('./websocket-listen.ts');
      return webSocketServer(options, (link) => link.attach(accept(link)), connections);
    }
  }
}

/** The first octet of a TLS handshake. */
const HANDSHAKE = 0x16;

/** A server that hands a connection on by its first octet: to the TLS server, or to `plain`. */
function withPlain(secure: TlsServer, plain: (socket: Socket) => void): Server {
  return createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.once('data', (chunk: Uint8Array) => {
      socket.pause();
      socket.unshift(chunk);
      if (chunk[0] === HANDSHAKE) {
        secure.emit('connection', socket);
        return;
      }
      plain(socket);
      socket.resume();
    });
  });
}

function started(server: Server, place: { path: string } | { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const where = 'path' in place ? place.path : `${place.host}:${place.port}`;
      reject(cannotListen(where, error));
    });
    server.listen(place, resolve);
  });
}

function cannotListen(where: string, error: NodeJS.ErrnoException): SparError {
  const mend: Readonly<Record<string, string>> = {
    EADDRINUSE: 'Something listens there already: stop it, or choose another port (0 takes a free one).',
    EACCES: 'Choose a port above 1023, or a folder that you may write to.',
    EADDRNOTAVAIL: 'Choose an address of this machine, e.g. 127.0.0.1.',
    ENOTFOUND: 'Choose an address of this machine, e.g. 127.0.0.1.',
  };
  const hint = mend[error.code ?? ''];
  return new SparError({
    fault: 'user',
    what: `cannot listen on ${where}: ${error.message}`,
    ...(hint !== undefined && { mend: hint }),
  });
}

function addressOf(kind: Address['kind'], host: string, bound: AddressInfo | string | null): Address {
  if (kind === 'unix' || bound === null || typeof bound === 'string')
    return { kind: 'unix', path: `${bound}` };
  const { port } = bound;
  return kind === 'ws' || kind === 'wss' ? { kind, host, port, path: '/' } : { kind, host, port };
}
