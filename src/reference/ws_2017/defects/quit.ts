import type { Chat, Client } from '../client.ts';
import { replaces, type Ws2017Defect } from './change.ts';

/** Defects of leaving. */
export const quitDefects: readonly Ws2017Defect[] = [
  {
    name: 'srv-quit-no-goodbye',
    breaks: ['WS-095'],
    what: 'closes after cquit without a response',
    change: replaces({ sayGoodbye: () => undefined }),
  },
  {
    name: 'srv-quit-stays',
    breaks: ['WS-096'],
    what: 'leaves the connection open after the goodbye',
    change: replaces({
      quit(client) {
        this.sayGoodbye(client);
        this.leave(client);
      },
    }),
  },
  {
    name: 'srv-executes-after-quit',
    breaks: ['WS-097'],
    what: 'executes what came together with cquit before it closes',
    change: (Plain) =>
      class extends Plain {
        readonly #quitting = new WeakSet<Client>();

        override receive(client: Client, chunk: Uint8Array): void {
          super.receive(client, chunk);
          if (this.#quitting.has(client)) this.hangUp(client);
        }

        override quit(client: Client): void {
          this.sayGoodbye(client);
          this.#quitting.add(client);
        }
      },
  },
  {
    name: 'srv-quit-drops-queue',
    breaks: ['WS-098'],
    what: 'drops confirmed messages when their sender quits',
    change: (Plain) =>
      class extends Plain {
        #queue: (() => void)[] = [];

        override receive(client: Client, chunk: Uint8Array): void {
          super.receive(client, chunk);
          for (const deliver of this.#queue.splice(0)) if (!client.gone) deliver();
        }

        override deliver(from: Client, recipient: Client, chat: Chat): void {
          this.#queue.push(() => super.deliver(from, recipient, chat));
        }
      },
  },
  {
    name: 'srv-pings-after-quit',
    breaks: ['WS-099'],
    what: 'sends a ping after the goodbye',
    change: (Plain) =>
      class extends Plain {
        override sayGoodbye(client: Client): void {
          super.sayGoodbye(client);
          this.push(client, this.pingLine());
        }
      },
  },
];
