import type { Command } from '../command.ts';
import { type Reply, say } from '../reply.ts';
import { type Client, type Message, REPETITION } from '../server.ts';
import { type CptDefect, insteadOf, msgWith, textAs } from './change.ts';

/** Defects of SEND and ACK. */
export const sendDefects: readonly CptDefect[] = [
  {
    name: 'srv-send-silent',
    breaks: ['CPT-042'],
    what: 'stores without answering',
    change: insteadOf('ACK', () => []),
  },
  {
    name: 'srv-ack-per-recipient',
    breaks: ['CPT-043'],
    what: 'acknowledges once for each user who is connected',
    change: (Plain) =>
      class extends Plain {
        override send(client: Client, sender: string, target: string, text: string): readonly Reply[] {
          const answer = super.send(client, sender, target, text);
          return Array.from(this.users, () => answer).flat();
        }
      },
  },
  {
    name: 'srv-ack-drop',
    breaks: ['CPT-044'],
    what: 'acknowledges and forgets',
    change: (Plain) =>
      class extends Plain {
        override store(): void {}
      },
  },
  {
    name: 'srv-decline-but-store',
    breaks: ['CPT-045'],
    what: 'stores the messages that it declines',
    change: (Plain) =>
      class extends Plain {
        override send(client: Client, sender: string, target: string, text: string): readonly Reply[] {
          if (this.refusesMessage(target) !== undefined) {
            this.store({ target, sender, timestamp: this.time(), text, private: false });
          }
          return super.send(client, sender, target, text);
        }
      },
  },
  {
    name: 'srv-users-only',
    breaks: ['CPT-046'],
    what: 'declines every target that is no connected user',
    change: (Plain) =>
      class extends Plain {
        override refusesMessage(target: string): string | undefined {
          return this.users.has(target) ? super.refusesMessage(target) : 'no_such_user';
        }
      },
  },
  {
    name: 'srv-groups-only',
    breaks: ['CPT-047'],
    what: 'declines the name of a user as target',
    change: (Plain) =>
      class extends Plain {
        override refusesMessage(target: string): string | undefined {
          return this.users.has(target) ? 'no_such_group' : super.refusesMessage(target);
        }
      },
  },
  {
    name: 'srv-user-message-lost',
    breaks: ['CPT-048'],
    what: 'acknowledges messages to users and keeps none',
    change: (Plain) =>
      class extends Plain {
        override store(message: Message): void {
          if (!message.private) super.store(message);
        }
      },
  },
  {
    name: 'srv-private-leak',
    breaks: ['CPT-049'],
    what: 'serves the mailbox of a user to anybody',
    change: (Plain) =>
      class extends Plain {
        override mayRead(): boolean {
          return true;
        }
      },
  },
  {
    name: 'srv-first-word',
    breaks: ['CPT-050'],
    what: 'keeps the first word of a message',
    change: textAs((text) => text.trim().replace(/\s.*/su, '')),
  },
  {
    name: 'srv-collapses-spaces',
    breaks: ['CPT-051'],
    what: 'turns each run of white space in a message into one space',
    change: textAs((text) => text.replace(/\s+/gu, ' ')),
  },
  {
    name: 'srv-scans-keywords',
    breaks: ['CPT-052'],
    what: 'takes a command word at the start of a message for a command',
    change: (Plain) =>
      class extends Plain {
        override parse(line: string): Command {
          const keyword = /(?<=^SEND \S+ )(CONNECT|SEND|SYNC|ACCEPT|DECLINE|ACK|MSG|ENDSYNC)( .*)?$/su;
          return super.parse(keyword.exec(line)?.[0] ?? line);
        }
      },
  },
  {
    name: 'srv-no-login-check',
    breaks: ['CPT-053'],
    what: 'takes SEND before CONNECT',
    change: (Plain) =>
      class extends Plain {
        override answer(client: Client, command: Command): readonly Reply[] {
          const anonymous = client.name === undefined && command.word === 'SEND';
          return anonymous
            ? this.send(client, 'anonymous', command.target, command.text)
            : super.answer(client, command);
        }
      },
  },
  {
    name: 'srv-ack-id',
    breaks: ['CPT-054'],
    what: 'numbers its ACKs',
    change: insteadOf('ACK', () => [say('ACK', '17')]),
  },
  {
    name: 'srv-ack-broadcast',
    breaks: ['CPT-055'],
    what: 'sends ACK to everybody who has used the group',
    change: (Plain) =>
      class extends Plain {
        readonly #members = new Map<string, Set<Client>>();

        override send(client: Client, sender: string, target: string, text: string): readonly Reply[] {
          for (const member of this.#join(client, target)) {
            if (member !== client) this.write(member, [say('ACK')]);
          }
          return super.send(client, sender, target, text);
        }

        override sync(client: Client, group: string, after: number): readonly Reply[] {
          this.#join(client, group);
          return super.sync(client, group, after);
        }

        #join(client: Client, group: string): Set<Client> {
          const members = (this.#members.get(group) ?? new Set()).add(client);
          this.#members.set(group, members);
          return members;
        }
      },
  },
  {
    name: 'srv-acks-everything',
    breaks: ['CPT-056'],
    what: 'acknowledges CONNECT and SYNC before it answers them',
    change: (Plain) =>
      class extends Plain {
        override answer(client: Client, command: Command): readonly Reply[] {
          const answer = super.answer(client, command);
          return command.word === 'CONNECT' || command.word === 'SYNC' ? [say('ACK'), ...answer] : answer;
        }
      },
  },
  {
    name: 'srv-dedup-silent',
    breaks: ['CPT-058'],
    what: 'does not answer a repeated SEND',
    change: (Plain) =>
      class extends Plain {
        override send(client: Client, sender: string, target: string, text: string): readonly Reply[] {
          const repeated = this.isRepetition(client, target, text);
          return repeated ? [] : super.send(client, sender, target, text);
        }
      },
  },
  {
    name: 'srv-no-dedup',
    breaks: ['CPT-060'],
    what: 'stores every repetition',
    change: (Plain) =>
      class extends Plain {
        override isRepetition(): boolean {
          return false;
        }
      },
  },
  {
    name: 'srv-dedup-overeager',
    breaks: ['CPT-061'],
    what: 'takes every message of the same text for a repetition, whoever sends it to whom',
    change: (Plain) =>
      class extends Plain {
        readonly #sent = new Map<string, number>();

        override isRepetition(_client: Client, _target: string, text: string): boolean {
          const at = this.#sent.get(text);
          return at !== undefined && this.clock.now() - at <= REPETITION;
        }

        override store(message: Message): void {
          this.#sent.set(message.text, this.clock.now());
          super.store(message);
        }
      },
  },
  {
    name: 'srv-parses-prefix',
    breaks: ['CPT-087'],
    what: 'reads sender and time out of the message where it can',
    change: msgWith(({ text }) => {
      const [, sender, timestamp, rest] = /^(\S+) (\d+) (.+)$/su.exec(text) ?? [];
      return sender && timestamp && rest ? { sender, timestamp, text: rest } : {};
    }),
  },
];
