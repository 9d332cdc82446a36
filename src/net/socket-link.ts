import type { Socket } from 'node:net';
import type { EndKind, Link, LinkSink } from '../session/link.ts';
import { takenIn } from './spare-memory.ts';

/** Milliseconds that `close` leaves the other side to end its half. */
export const CLOSE_GRACE_MS = 1000;
/** Octets that are still read and dropped after `close`: one who goes on is not ending his half. */
const CLOSE_GRACE_OCTETS = 1 << 20;

/**
 * A link over an open socket: tcp, tls or unix. The socket must be half-open (`allowHalfOpen`);
 * `raw` is the one below, where `socket` speaks TLS.
 */
export class SocketLink implements Link {
  readonly #socket: Socket;
  readonly #raw: Socket;
  #sink: LinkSink | undefined;
  #closing = false;
  #finSeen = false;
  #dropped = 0;
  #cut = false;

  constructor(socket: Socket, raw: Socket = socket) {
    this.#socket = socket;
    this.#raw = raw;
    socket.on('error', (error: NodeJS.ErrnoException) => this.#failed(error));
    socket.on('close', () => {
      if (this.#finSeen) this.#ended('fin');
      else this.#ended('error', 'closed on this side');
    });
  }

  /** Begins to read. */
  attach(sink: LinkSink): void {
    this.#sink = sink;
    this.#socket.on('data', (chunk: Uint8Array) => {
      takenIn(chunk.length);
      if (this.#sink) this.#sink.data(chunk);
      else this.#drop(chunk.length);
    });
    this.#socket.on('end', () => {
      this.#finSeen = true;
      probe(this.#socket, this.#raw);
      setImmediate(() => this.#ended('fin'));
    });
  }

  get queued(): number {
    return this.#socket.writableLength;
  }

  write(bytes: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  end(): void {
    this.#socket.end();
  }

  close(): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#sink = undefined;
    if (this.#socket.destroyed) return;
    this.#socket.end();
    this.#socket.resume();
    const timer = setTimeout(() => this.#socket.destroy(), CLOSE_GRACE_MS);
    this.#socket.once('close', () => clearTimeout(timer));
  }

  reset(): void {
    this.#closing = true;
    this.#sink = undefined;
    this.#cutOff();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  #drop(octets: number): void {
    this.#dropped += octets;
    if (this.#dropped > CLOSE_GRACE_OCTETS) this.#cutOff();
  }

  /** Once: what comes until the reset can leave asks for it again. */
  #cutOff(): void {
    if (this.#cut) return;
    this.#cut = true;
    resetSocket(this.#raw, this.#socket);
  }

  #failed(error: NodeJS.ErrnoException): void {
    this.#ended(endKindOf(error, this.#socket !== this.#raw), error.code ?? error.message);
  }

  #ended(kind: EndKind, detail?: string): void {
    const sink = this.#sink;
    this.#sink = undefined;
    sink?.ended(kind, detail);
  }
}

/**
 * Sends a reset where the socket is TCP; only closes it where it is not. `secure` is the TLS socket above
 * it, where there is one. (Node's resetAndDestroy waits
 * until all is written, which one who does not read never lets happen; and where that wait ends with an
 * error it leaves a handle behind that keeps the whole program from ending.)
 */
export function resetSocket(raw: Socket, secure: Socket = raw): void {
  const reset = (): void => {
    if (raw.remoteFamily !== undefined) Object.assign(raw, { resetAndClosing: true });
    raw.destroy();
  };
  // A socket whose own end is on its way out cannot be reset before that has left. That of a TLS socket
  // goes past the one below, which knows nothing of it.
  const ending = [secure, raw].find(isEnding);
  if (ending) ending.once('finish', reset).once('close', reset);
  else reset();
}

/** All is written, and the end of it is not yet out: node would fail to reset it, and leave its handle behind. */
function isEnding(socket: Socket): boolean {
  return socket.writableEnded && socket.writableLength === 0 && !socket.writableFinished;
}

const NOTHING = new Uint8Array(0);

/**
 * Call at `end`: makes a socket that was reset emit the error before the next macrotask. Node tells
 * a reset as an end when it comes together with octets; only a write shows which of the two it was.
 * (Once our own half is ended nothing can be written, and such a reset stays an end.)
 */
export function probe(socket: Socket, raw: Socket): void {
  if (socket.writable && socket.writableLength === 0) raw.write(NOTHING);
}

/**
 * What an error of an open socket says of the other side. A reset gives ECONNRESET. EPIPE means that
 * a FIN, unread so far, came before the reset; but under TLS (`secure`), whose own writes may already
 * have met the ECONNRESET, that a reset came.
 */
export function endKindOf(error: NodeJS.ErrnoException, secure: boolean): EndKind {
  if (error.code === 'ECONNRESET') return 'reset';
  if (error.code === 'EPIPE') return secure ? 'reset' : 'fin';
  return 'error';
}
