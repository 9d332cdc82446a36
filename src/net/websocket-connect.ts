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
    handshakeTimeout: Math.max(1, due - performance.now()),
  });
  return new Promise((resolve, reject) => {
    webSocket.once('error', (error: NodeJS.ErrnoException) => {
      socket.destroy();
      const code = error.code ?? (/timed out/.test(error.message) ? 'ETIMEDOUT' : 'EPROTO');
      const message = `no WebSocket with ${url}: ${error.message} (${code})`;
      reject(new ConnectError('handshake', code, message, { cause: error }));
    });
    webSocket.once('open', () => {
      webSocket.removeAllListeners('error');
      resolve(new WebSocketLink(webSocket, socket, raw, binary));
    });
  });
}
