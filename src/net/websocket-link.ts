import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { EndKind, Link, LinkSink } from '../session/link.ts';
import { CLOSE_GRACE_MS, endKindOf, probe, resetSocket } from './socket-link.ts';

// Octets of one message: above it the connection fails with 1009.
const LARGEST_MESSAGE = 64 * 1024 * 1024;

/** The options that both sides of a WebSocket are made with. */
export const WEBSOCKET_OPTIONS: {
  perMessageDeflate: boolean;
  maxPayload: number;
  skipUTF8Validation: boolean;
  closeTimeout: number;
} = {
  perMessageDeflate: false,
  maxPayload: LARGEST_MESSAGE,
  // What is no UTF-8 is for the codec to judge, which can show it.
  skipUTF8Validation: true,
  closeTimeout: CLOSE_GRACE_MS,
};

const NORMAL_CLOSURE = 1000;

/**
 * A link over an open WebSocket (RFC 6455): each write is one message. WebSocket has no half-close:
 * `end` sends a close frame, and what still comes before the other's close frame is read.
 */
export class WebSocketLink implements Link {
  readonly #webSocket: WebSocket;
  readonly #socket: Socket;
  readonly #raw: Socket;
  readonly #format: { readonly binary: boolean };
  #sink: LinkSink | undefined;
  #closing = false;
  #kind: EndKind = 'fin';
  #cause = '';

  /** `socket` carries the WebSocket; `raw` is the one below where `socket` speaks TLS. */
  constructor(webSocket: WebSocket, socket: Socket, raw: Socket, binary: boolean) {
    this.#webSocket = webSocket;
    this.#socket = socket;
    this.#raw = raw;
    this.#format = { binary };
    // What comes together with the handshake waits until somebody listens.
    webSocket.pause();
    const secure = socket !== raw;
    const failed = (error: NodeJS.ErrnoException): void => this.#failed(endKindOf(error, secure), error);
    socket.on('error', failed);
    socket.prependListener('end', () => probe(socket, raw));
    webSocket.on('error', (error: NodeJS.ErrnoException) => this.#failed('error', error));
    // Later, for the error that `probe` brings out may follow.
    webSocket.on('close', (code, reason) => setImmediate(() => this.#closed(code, reason.toString())));
  }

  /** Begins to hand on messages. */
  attach(sink: LinkSink): void {
    this.#sink = sink;
    this.#webSocket.on('message', (message) => this.#sink?.data(message as Buffer));
    this.#webSocket.resume();
  }

  get queued(): number {
    return this.#webSocket.bufferedAmount;
  }

  write(bytes: Uint8Array): void {
    if (this.#webSocket.readyState === this.#webSocket.OPEN) this.#webSocket.send(bytes, this.#format);
  }

  end(): void {
    this.#webSocket.close(NORMAL_CLOSURE);
  }

  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#sink = undefined;
    this.resume();
    this.end();
  }

  reset(): void {
    this.#closing = true;
    this.#sink = undefined;
    resetSocket(this.#raw, this.#socket);
  }

  pause(): void {
    this.#webSocket.pause();
  }

  resume(): void {
    this.#webSocket.resume();
  }

  #failed(kind: EndKind, error: NodeJS.ErrnoException): void {
    if (this.#cause !== '') return;
    this.#kind = kind;
    this.#cause = error.code ?? error.message;
  }

  #closed(code: number, reason: string): void {
    const sink = this.#sink;
    this.#sink = undefined;
    const parts = [`close code ${code}`, reason, this.#cause];
    sink?.ended(this.#kind, parts.filter((part) => part !== '').join(', '));
  }
}
