import type { Command } from '../command.ts';
import { type Reply, say } from '../reply.ts';
import type { Client } from '../server.ts';
import { type CptDefect, insteadOf, reasonInsteadOf } from './change.ts';

/** Defects of CONNECT and ACCEPT. */
export const connectDefects: readonly CptDefect[] = [
  {
    name: 'srv-connect-ack',
    breaks: ['CPT-013'],
    what: 'answers CONNECT by ACK instead of ACCEPT',
    change: insteadOf('ACCEPT', () => [say('ACK')]),
  },
  {
    name: 'srv-allows-duplicate',
    breaks: ['CPT-014'],
    what: 'accepts a name that another client holds',
    change: (Plain) =>
      class extends Plain {
        override isTaken(name: string): boolean {
          return super.isTaken(name) && !this.users.has(name);
        }
      },
  },
  {
    name: 'srv-taken-free-text',
    breaks: ['CPT-015'],
    what: 'declines a taken name with a reason of its own',
    change: reasonInsteadOf('username_taken', 'name in use'),
  },
  {
    name: 'srv-evicts-holder',
    breaks: ['CPT-016'],
    what: 'closes the holder of a name when another client asks for it',
    change: (Plain) =>
      class extends Plain {
        override connect(client: Client, name: string): readonly Reply[] {
          const holder = this.users.get(name);
          const answer = super.connect(client, name);
          if (holder && holder !== client) {
            this.leave(holder);
            holder.link.close();
          }
          return answer;
        }
      },
  },
  {
    name: 'srv-accept-then-decline',
    breaks: ['CPT-017'],
    what: 'accepts at once, and declines after its checks',
    change: (Plain) =>
      class extends Plain {
        override connect(client: Client, name: string): readonly Reply[] {
          const answer = super.connect(client, name);
          return client.name === undefined ? [say('ACCEPT'), ...answer] : answer;
        }
      },
  },
  {
    name: 'srv-declined-but-connected',
    breaks: ['CPT-019'],
    what: 'lets a client act under the name for which it was declined',
    change: (Plain) =>
      class extends Plain {
        readonly #declined = new WeakMap<Client, string>();

        override connect(client: Client, name: string): readonly Reply[] {
          this.#declined.set(client, name);
          return super.connect(client, name);
        }

        override answer(client: Client, command: Command): readonly Reply[] {
          const name = this.#declined.get(client);
          const declined = client.name === undefined && name !== undefined;
          return declined && command.word === 'SEND'
            ? this.send(client, name, command.target, command.text)
            : super.answer(client, command);
        }
      },
  },
  {
    name: 'srv-counts-declined-connect',
    breaks: ['CPT-020'],
    what: 'counts a declined CONNECT as a login',
    change: (Plain) =>
      class extends Plain {
        readonly #tried = new WeakSet<Client>();

        override refusesUser(client: Client, name: string): string | undefined {
          if (this.#tried.has(client)) return 'already_logged_in';
          this.#tried.add(client);
          return super.refusesUser(client, name);
        }
      },
  },
  {
    name: 'srv-name-leak',
    breaks: ['CPT-021'],
    what: 'keeps the names of closed connections',
    change: (Plain) =>
      class extends Plain {
        override leave(client: Client): void {
          client.gone = true;
        }
      },
  },
  {
    name: 'srv-accept-with-name',
    breaks: ['CPT-022'],
    what: 'repeats the name behind ACCEPT',
    change: insteadOf('ACCEPT', (_reply, client) => [say('ACCEPT', client.name ?? '')]),
  },
  {
    name: 'srv-name-normalised',
    breaks: ['CPT-023'],
    what: 'turns names into lower case',
    change: (Plain) =>
      class extends Plain {
        override connect(client: Client, name: string): readonly Reply[] {
          return super.connect(client, name.toLowerCase());
        }
      },
  },
  {
    name: 'srv-waits-after-accept',
    breaks: ['CPT-024'],
    what: 'is deaf after ACCEPT until the client answers it',
    change: (Plain) =>
      class extends Plain {
        readonly #answered = new WeakSet<Client>();

        override answer(client: Client, command: Command): readonly Reply[] {
          if (client.name === undefined || this.#answered.has(client)) return super.answer(client, command);
          if (command.word === 'invalid' && /^(ACCEPT|ACK)$/.test(command.line)) this.#answered.add(client);
          return [];
        }
      },
  },
  {
    name: 'srv-second-accept',
    breaks: ['CPT-025'],
    what: 'answers a further CONNECT by ACCEPT',
    change: (Plain) =>
      class extends Plain {
        override connect(client: Client, name: string): readonly Reply[] {
          return client.name === undefined ? super.connect(client, name) : [say('ACCEPT')];
        }
      },
  },
  {
    name: 'srv-declines-but-renames',
    breaks: ['CPT-026'],
    what: 'takes the new name of a further CONNECT although it declines it',
    change: (Plain) =>
      class extends Plain {
        override connect(client: Client, name: string): readonly Reply[] {
          const renames = client.name !== undefined && !this.isTaken(name);
          const answer = super.connect(client, name);
          if (renames) {
            this.users.delete(client.name ?? '');
            this.users.set(name, client);
            client.name = name;
          }
          return answer;
        }
      },
  },
  {
    name: 'srv-allows-system',
    breaks: ['CPT-086'],
    what: 'accepts the name system',
    change: (Plain) =>
      class extends Plain {
        override isTaken(name: string): boolean {
          return this.users.has(name);
        }
      },
  },
];
