import { isIP, connect as openRaw, type Socket } from 'node:net';
import { createSecureContext, connect as openTls, type SecureContext, type SecureVersion } from 'node:tls';
import type { Link, LinkSink } from '../session/link.ts';
import { type Address, formatAddress } from './address.ts';
import { ConnectError, type ConnectStage } from './connect-error.ts';
import { SocketLink } from './socket-link.ts';

/** How the certificate of a target is judged, and which TLS is spoken. */
export interface TlsOptions {
  /** Certificates (PEM) that are trusted instead of the well-known ones. */
  readonly ca?: string;
  /** Takes any certificate. */
  readonly insecure?: boolean;
  /** The name that is asked for and checked; the host of the address if absent. */
  readonly servername?: string;
  readonly minVersion?: SecureVersion;
  readonly maxVersion?: SecureVersion;
}

/** What a WebSocket carries and asks for. */
export interface WebSocketOptions {
  readonly protocols?: readonly string[];
  /** Messages leave as binary instead of text. */
  readonly binary?: boolean;
}

export interface ConnectOptions {
  /** Milliseconds until the connection must be usable, handshakes included. */
  readonly timeoutMs: number;
  readonly tls?: TlsOptions;
  readonly webSocket?: WebSocketOptions;
}

/**
 * Opens a connection. Rejects with a `ConnectError`. What the other side sends at once may reach
 * the sink before the promise is resolved.
 */
export async function connect(address: Address, options: ConnectOptions, sink: LinkSink): Promise<Link> {
  const overWebSocket =
    address.kind === 'ws' || address.kind === 'wss' ? await import('./websocket-connect.ts') : undefined;
  const due = performance.now() + options.timeoutMs;
  const text = formatAddress(address);
  const place = address.kind === 'unix' ? { path: address.path } : { host: address.host, port: address.port };
  const raw = openRaw({ ...place, allowHalfOpen: true, noDelay: true });
  await opened(raw, 'connect', due, text);

  let socket = raw;
  if (address.kind === 'tls' || address.kind === 'wss') {
    const {
      insecure = false,
      servername = isIP(address.host) ? '' : address.host,
      ...tls
    } = options.tls ?? {};
    socket = openTls({
      secureContext: contextOf(tls),
      socket: raw,
      host: address.host,
      servername,
      rejectUnauthorized: !insecure,
    });
    await opened(socket, 'secureConnect', due, text);
  }
  const link = overWebSocket
    ? await overWebSocket.connectWebSocket(text, { ...options.webSocket, socket, raw, due })
    : new SocketLink(socket, raw);
  link.attach(sink);
  return link;
}

const contexts = new Map<string, SecureContext>();

/** What connections under the same rules share: the certificates are read once. */
function contextOf(tls: Pick<TlsOptions, 'ca' | 'minVersion' | 'maxVersion'>): SecureContext {
  const rules = { ...outdated(tls.maxVersion), ...tls };
  const key = JSON.stringify(rules);
  const context = contexts.get(key) ?? createSecureContext(rules);
  contexts.set(key, context);
  return context;
}

/** What the platform has switched off and versions before TLS 1.2 need. */
function outdated(newest: SecureVersion | undefined): { minVersion?: SecureVersion; ciphers?: string } {
  const isOld = newest === 'TLSv1' || newest === 'TLSv1.1';
  return isOld ? { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } : {};
}

function opened(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  due: number,
  text: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => socket.destroy(timedOut()), Math.max(1, due - performance.now()));
    // This listener stays: an error that comes too late for it must find one.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(connectError(event === 'connect' ? 'connect' : 'tls', error, text));
    });
    socket.once(event, () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function timedOut(): NodeJS.ErrnoException {
  return Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' });
}

const MEANINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ENOENT: 'there is no such socket',
  ENOTFOUND: 'the host is unknown',
  EAI_AGAIN: 'the host cannot be looked up now',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ECONNRESET: 'the other side hung up',
  ERR_SSL_WRONG_VERSION_NUMBER: 'what answers there is no TLS',
};

function connectError(stage: ConnectStage, error: NodeJS.ErrnoException, text: string): ConnectError {
  const code = error.code ?? 'EUNKNOWN';
  const step = stage === 'tls' ? 'no TLS with' : 'no connection to';
  const meaning = MEANINGS[code] ?? error.message;
  return new ConnectError(stage, code, `${step} ${text}: ${meaning} (${code})`, { cause: error });
}
