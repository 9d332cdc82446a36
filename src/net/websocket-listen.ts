import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Server } from 'node:net';
import { WebSocketServer } from 'ws';
import type { Connections } from './connections.ts';
import type { ListenOptions } from './listen.ts';
import { WEBSOCKET_OPTIONS, WebSocketLink } from './websocket-link.ts';

const UPGRADE_REQUIRED = 426;

/** An HTTP server (not yet listening) that hands on each WebSocket opened with it. */
export function webSocketServer(
  options: ListenOptions,
  opened: (link: WebSocketLink) => void,
  connections: Connections,
): Server {
  const { transport, tls = {}, binary = false, refused } = options;
  const plain: RequestListener = (_, response) => {
    response.writeHead(UPGRADE_REQUIRED, { connection: 'close', upgrade: 'websocket' }).end();
    refused?.('an HTTP request without the WebSocket handshake');
  };
  const server = transport === 'wss' ? createTlsServer(tls, plain) : createServer(plain);
  server.on('tlsClientError', (error: Error) => refused?.(error.message));
  new WebSocketServer({ ...WEBSOCKET_OPTIONS, server })
    .on('connection', (webSocket, { socket }) => {
      opened(new WebSocketLink(webSocket, socket, connections.below(socket), binary));
    })
    .on('wsClientError', (error, socket) => {
      socket.destroy();
      refused?.(error.message);
    });
  return server;
}
