import { createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls';

/** Servers that rest are kept up to so many for each certificate. */
const most = 64;

const resting = new WeakMap<object, Server[]>();

/** What a TLS server tells while it is in use. */
export interface TlsEvents {
  opened(socket: TLSSocket): void;
  /** A handshake failed. */
  failed(error: Error): void;
}

/**
 * A TLS server that does not listen yet: one that rests, where there is one that was made with `tls`. To read
 * a certificate takes longer than a handshake, and a client under test has a server of its own.
 */
export function takeTlsServer(tls: TlsOptions, events: TlsEvents): Server {
  const server = resting.get(tls)?.pop() ?? createServer({ allowHalfOpen: true, noDelay: true, ...tls });
  return server.on('secureConnection', events.opened).on('tlsClientError', events.failed);
}

/** Keeps a server that was taken with these options, and is closed, for the next who takes one. */
export function restTlsServer(tls: TlsOptions, events: TlsEvents, server: Server): void {
  server.off('secureConnection', events.opened).off('tlsClientError', events.failed);
  const servers = resting.get(tls) ?? [];
  resting.set(tls, servers);
  if (servers.length < most) servers.push(server);
}
