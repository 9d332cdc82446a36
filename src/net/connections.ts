import type { Socket } from 'node:net';

/** The open TCP connections of a server, and which of them carries a TLS socket. */
export class Connections {
  readonly #open = new Map<string, Socket>();
  #count = 0;

  add(raw: Socket): void {
    const key = keyOf(raw) ?? `#${this.#count++}`;
    this.#open.set(key, raw);
    raw.on('error', () => {});
    raw.once('close', () => this.#open.get(key) === raw && this.#open.delete(key));
  }

  below(socket: Socket): Socket {
    return this.#open.get(keyOf(socket) ?? '') ?? socket;
  }

  destroy(): void {
    for (const raw of this.#open.values()) raw.destroy();
  }
}

function keyOf(socket: Socket): string | undefined {
  return socket.remotePort === undefined ? undefined : `${socket.remoteAddress} ${socket.remotePort}`;
}
