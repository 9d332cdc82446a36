import type { Client } from '../client.ts';
import { replaces, type Ws2017Defect } from './change.ts';

/** Defects of pings and their answers. */
export const pingDefects: readonly Ws2017Defect[] = [
  {
    name: 'srv-never-pings',
    breaks: ['WS-062'],
    what: 'sends no pings',
    change: replaces({ schedulePing: () => undefined }),
  },
  {
    name: 'srv-pings-once',
    breaks: ['WS-063'],
    what: 'sends one ping only',
    change: (Plain) =>
      class extends Plain {
        readonly #pinged = new WeakSet<Client>();

        override schedulePing(client: Client): void {
          if (this.#pinged.has(client)) return;
          this.#pinged.add(client);
          super.schedulePing(client);
        }
      },
  },
  {
    name: 'srv-ping-argument',
    breaks: ['WS-064'],
    what: 'numbers its pings',
    change: replaces({ pingLine: () => 'cping 17' }),
  },
  {
    name: 'srv-tolerates-dead',
    breaks: ['WS-068'],
    what: 'keeps clients that answer no pings',
    change: replaces({ awaitPong: () => undefined }),
  },
  {
    name: 'srv-ignores-pong',
    breaks: ['WS-069'],
    what: 'disconnects clients although they answer its pings',
    change: replaces({ pong: () => undefined }),
  },
  {
    name: 'srv-answers-pong',
    breaks: ['WS-070'],
    what: 'answers a pong as an unknown command',
    change: (Plain) =>
      class extends Plain {
        override pong(client: Client): void {
          super.pong(client);
          this.refuseUnknown(client);
        }
      },
  },
];
