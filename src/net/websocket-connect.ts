import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { ConnectError } from './connect-error.ts';
import { WEBSOCKET_OPTIONS, WebSocketLink } from './websocket-link.ts';

interface Handshake {
  readonly protocols?: readonly string[];
  readonly binary?: boolean;
  readonly socket: Socket;
  readonly raw: Socket;
  /** When the connection must be open, on the clock of `performance.now()`. */
  readonly due: number;
}

/** Makes a WebSocket of a socket that is open. Rejects with a `ConnectError`. */
export function connectWebSocket(url: string, handshake: Handshake): Promise<WebSocketLink> {
  const { protocols = [], binary = false, socket, raw, due } = handshake;
  const webSocket = new WebSocket(url, [...protocols], {
    ...WEBSOCKET_OPTIONS,
    createConnection: () => socket,
  });
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(
      () => {
        late = true;
        webSocket.terminate();
      },
      Math.max(1, due - performance.now()),
    );
    const failed = (error: NodeJS.ErrnoException): void => {
      clearTimeout(timer);
      socket.destroy();
      const code = late ? 'ETIMEDOUT' : (error.code ?? 'EPROTO');
      const reason = late ? 'no answer in time' : error.message;
      const message = `no WebSocket with ${url}: ${reason} (${code})`;
      reject(new ConnectError('handshake', code, message, { cause: error }));
    };
    webSocket.on('error', failed);
    webSocket.once('open', () => {
      clearTimeout(timer);
      webSocket.off('error', failed);
      resolve(new WebSocketLink(webSocket, socket, raw, binary));
    });
  });
}
