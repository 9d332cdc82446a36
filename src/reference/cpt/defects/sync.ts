import type { Command } from '../command.ts';
import { type Reply, say } from '../reply.ts';
import type { Client, Message } from '../server.ts';
import { type Change, type CptDefect, insteadOf, msgWith } from './change.ts';

/** Sends another run of replies in answer to SYNC; the plain run ends in ENDSYNC. */
function otherRun(other: (run: readonly Reply[]) => readonly Reply[]): Change {
  return (Plain) =>
    class extends Plain {
      override sync(client: Client, group: string, after: number): readonly Reply[] {
        return other(super.sync(client, group, after));
      }
    };
}

/** Leaves messages out of the history, or changes its order or extent. */
function otherHistory(other: (history: readonly Message[], client: Client) => readonly Message[]): Change {
  return (Plain) =>
    class extends Plain {
      override history(client: Client, group: string, after: number): readonly Message[] {
        return other(super.history(client, group, after), client);
      }
    };
}

/** Understands another `after`. */
function otherAfter(other: (after: number) => number): Change {
  return (Plain) =>
    class extends Plain {
      override history(client: Client, group: string, after: number): readonly Message[] {
        return super.history(client, group, other(after));
      }
    };
}

/** Defects of SYNC, MSG and ENDSYNC. */
export const syncDefects: readonly CptDefect[] = [
  {
    name: 'srv-no-endsync',
    breaks: ['CPT-063'],
    what: 'sends the messages of a run without ENDSYNC behind them',
    change: otherRun((run) => (run.length > 1 ? run.slice(0, -1) : run)),
  },
  {
    name: 'srv-empty-sync-silent',
    breaks: ['CPT-064'],
    what: 'does not answer a SYNC when there is nothing to send',
    change: otherRun((run) => (run.length > 1 ? run : [])),
  },
  {
    name: 'srv-sync-all-groups',
    breaks: ['CPT-065'],
    what: 'sends the messages of every group',
    change: (Plain) =>
      class extends Plain {
        override history(client: Client): readonly Message[] {
          return [...this.messages.keys()].flatMap((group) => super.history(client, group, 0));
        }
      },
  },
  {
    name: 'srv-ignores-after',
    breaks: ['CPT-066'],
    what: 'sends the whole history whatever `after` is',
    change: otherAfter(() => 0),
  },
  {
    name: 'srv-after-inclusive',
    breaks: ['CPT-067'],
    what: 'sends messages of the very time of `after` again',
    change: otherAfter((after) => after - 1),
  },
  {
    name: 'srv-sync-limit',
    breaks: ['CPT-068'],
    what: 'sends the last 50 messages only',
    change: otherHistory((history) => history.slice(-50)),
  },
  {
    name: 'srv-history-from-join',
    breaks: ['CPT-069'],
    what: 'sends no messages from before the client connected',
    change: (Plain) =>
      class extends Plain {
        #clients = 0;
        readonly #joined = new WeakMap<Client, number>();
        readonly #born = new WeakMap<Message, number>();

        override connect(client: Client, name: string): readonly Reply[] {
          this.#clients += 1;
          this.#joined.set(client, this.#clients);
          return super.connect(client, name);
        }

        override store(message: Message): void {
          this.#born.set(message, this.#clients);
          super.store(message);
        }

        override history(client: Client, group: string, after: number): readonly Message[] {
          const joined = this.#joined.get(client) ?? 0;
          const all = super.history(client, group, after);
          return all.filter((message) => (this.#born.get(message) ?? 0) >= joined);
        }
      },
  },
  {
    name: 'srv-sync-hides-own',
    breaks: ['CPT-070'],
    what: 'leaves out the messages of the asking user',
    change: otherHistory((history, client) => history.filter((message) => message.sender !== client.name)),
  },
  {
    name: 'srv-endsync-early',
    breaks: ['CPT-074'],
    what: 'sends ENDSYNC before the last MSG of a run',
    change: otherRun((run) => [...run.slice(0, -2), ...run.slice(-2).reverse()]),
  },
  {
    name: 'srv-endsync-count',
    breaks: ['CPT-075'],
    what: 'adds the number of messages to ENDSYNC',
    change: otherRun((run) => [...run.slice(0, -1), say('ENDSYNC', String(run.length - 1))]),
  },
  {
    name: 'srv-sync-consumes',
    breaks: ['CPT-076'],
    what: 'sends each message only once to a reader',
    change: (Plain) =>
      class extends Plain {
        readonly #had = new WeakMap<Client, Set<Message>>();

        override history(client: Client, group: string, after: number): readonly Message[] {
          const had = this.#had.get(client) ?? new Set();
          this.#had.set(client, had);
          const fresh = super.history(client, group, after).filter((message) => !had.has(message));
          for (const message of fresh) had.add(message);
          return fresh;
        }
      },
  },
  {
    name: 'srv-sync-no-login',
    breaks: ['CPT-077'],
    what: 'answers SYNC before CONNECT',
    change: (Plain) =>
      class extends Plain {
        override answer(client: Client, command: Command): readonly Reply[] {
          const anonymous = client.name === undefined && command.word === 'SYNC';
          return anonymous && command.group !== undefined
            ? this.sync(client, command.group, command.after)
            : super.answer(client, command);
        }
      },
  },
  {
    name: 'srv-msg-without-group',
    breaks: ['CPT-078'],
    what: 'leaves the group out of MSG',
    change: insteadOf('MSG', (reply) => [say('MSG', ...reply.parameters.slice(1))]),
  },
  {
    name: 'srv-msg-group-id',
    breaks: ['CPT-079'],
    what: 'prints a number of its own for the group of a MSG',
    change: msgWith(({ group }) => ({ group: `#${group.length}` })),
  },
  {
    name: 'srv-sender-of-reader',
    breaks: ['CPT-081'],
    what: 'prints the name of the asking user as sender',
    change: msgWith((_fields, client) => ({ sender: client.name ?? '-' })),
  },
  {
    name: 'srv-timestamp-of-sync',
    breaks: ['CPT-082'],
    what: 'prints the time of delivery',
    change: (Plain) =>
      class extends Plain {
        override describe(group: string, message: Message): Reply {
          return super.describe(group, { ...message, timestamp: this.time() });
        }
      },
  },
  {
    name: 'srv-timestamp-iso',
    breaks: ['CPT-083'],
    what: 'prints times as ISO 8601',
    change: msgWith(({ timestamp }) => ({ timestamp: new Date(Number(timestamp) * 1000).toISOString() })),
  },
  {
    name: 'srv-timestamp-zero',
    breaks: ['CPT-084'],
    what: 'prints 0 for every time',
    change: msgWith(() => ({ timestamp: '0' })),
  },
  {
    name: 'srv-messages-die-with-sender',
    breaks: ['CPT-088'],
    what: 'removes the messages of a user who leaves',
    change: (Plain) =>
      class extends Plain {
        override leave(client: Client): void {
          super.leave(client);
          for (const [target, kept] of this.messages) {
            this.messages.set(
              target,
              kept.filter((message) => message.sender !== client.name),
            );
          }
        }
      },
  },
];
