import type { Incoming } from '../client.ts';
import type { GurgleClientDefect } from './change.ts';

/** The exit code of a reference client that crashed. */
const CRASHED = 70;

/** Defects of what is done with what the server says. */
export const answerDefects: readonly GurgleClientDefect[] = [
  {
    name: 'cli-ignores-flush',
    breaks: ['GUR-009'],
    what: 'does not take the contacts that the server lists',
    change: (Plain) =>
      class extends Plain {
        override flushContacts(): void {}
      },
  },
  {
    name: 'cli-keep-clears',
    breaks: ['GUR-098'],
    what: 'forgets its contacts when the server has no others',
    change: (Plain) =>
      class extends Plain {
        override keepContacts(): void {
          this.contacts.clear();
        }
      },
  },
  {
    name: 'cli-silent-offline',
    breaks: ['GUR-013'],
    what: 'does not answer messages that are pushed',
    change: (Plain) =>
      class extends Plain {
        override confirm(): void {}
      },
  },
  {
    name: 'cli-first-message-only',
    breaks: ['GUR-132'],
    what: 'takes only the first of several messages',
    change: (Plain) =>
      class extends Plain {
        override takeMessages(packet: Incoming): void {
          const { messages } = packet;
          super.takeMessages({ ...packet, messages: Array.isArray(messages) ? messages.slice(0, 1) : [] });
        }
      },
  },
  {
    name: 'cli-null-status-crash',
    breaks: ['GUR-083'],
    what: 'dies of a status that is null',
    change: (Plain) =>
      class extends Plain {
        override takePresence(from: string, status: unknown, mood: string): void {
          if (status !== null) {
            super.takePresence(from, status, mood);
            return;
          }
          this.channel?.reset();
          this.leave(CRASHED);
        }
      },
  },
  {
    name: 'cli-pong-unchecked',
    breaks: ['GUR-072'],
    what: 'takes any pong for the answer to its ping',
    change: (Plain) =>
      class extends Plain {
        override askFor(packet: Incoming): unknown {
          const [id] = [...this.asks].find(([, { cmd }]) => cmd === 'ping') ?? [];
          return packet['cmd'] === 'pong' ? id : super.askFor(packet);
        }

        override isPong(): boolean {
          return true;
        }
      },
  },
  {
    name: 'cli-next-packet-is-reply',
    breaks: ['GUR-149'],
    what: 'takes the next packet for the answer that it waits for',
    change: (Plain) =>
      class extends Plain {
        override askFor(): unknown {
          const [first] = this.asks.keys();
          return first;
        }
      },
  },
];
