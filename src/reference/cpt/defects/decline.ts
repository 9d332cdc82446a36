import type { Command } from '../command.ts';
import { type Reply, say } from '../reply.ts';
import type { Client } from '../server.ts';
import { type CptDefect, insteadOf, reasonInsteadOf } from './change.ts';

/** Defects of DECLINE and its reasons. */
export const declineDefects: readonly CptDefect[] = [
  {
    name: 'srv-bare-decline',
    breaks: ['CPT-028'],
    what: 'sends DECLINE without a reason',
    change: insteadOf('DECLINE', () => [say('DECLINE')]),
  },
  {
    name: 'srv-locked-as-taken',
    breaks: ['CPT-031'],
    what: 'calls a locked account taken',
    change: reasonInsteadOf('account_locked', 'username_taken'),
  },
  {
    name: 'srv-ip-as-locked',
    breaks: ['CPT-032'],
    what: 'calls an account bound to other addresses locked',
    change: reasonInsteadOf('ip_invalid', 'account_locked'),
  },
  {
    name: 'srv-unsupported-silent',
    breaks: ['CPT-033'],
    what: 'lacks SEND and ignores it',
    change: (Plain) =>
      class extends Plain {
        override send(): readonly Reply[] {
          return [];
        }
      },
  },
  {
    name: 'srv-unknown-ignored',
    breaks: ['CPT-034'],
    what: 'ignores unknown words',
    change: (Plain) =>
      class extends Plain {
        override answer(client: Client, command: Command): readonly Reply[] {
          const known = /^(CONNECT|SEND|SYNC|ACCEPT|DECLINE|ACK|MSG|ENDSYNC)( |$)/;
          const ignored = command.word === 'invalid' && !known.test(command.line);
          return ignored ? [] : super.answer(client, command);
        }
      },
  },
  {
    name: 'srv-empty-send-acked',
    breaks: ['CPT-035'],
    what: 'acknowledges SEND without a message',
    change: (Plain) =>
      class extends Plain {
        override answer(client: Client, command: Command): readonly Reply[] {
          const empty = command.word === 'invalid' && /^SEND( \S+)? *$/.test(command.line);
          return empty && client.name !== undefined ? [say('ACK')] : super.answer(client, command);
        }
      },
  },
  {
    name: 'srv-anonymous-connect',
    breaks: ['CPT-036'],
    what: 'accepts CONNECT without a name',
    change: (Plain) =>
      class extends Plain {
        override parse(line: string): Command {
          return /^CONNECT *$/.test(line) ? { word: 'CONNECT', username: '' } : super.parse(line);
        }

        override isTaken(name: string): boolean {
          return name !== '' && super.isTaken(name);
        }
      },
  },
  {
    name: 'srv-connect-joins-words',
    breaks: ['CPT-037'],
    what: 'takes all words behind CONNECT as the name',
    change: (Plain) =>
      class extends Plain {
        override parse(line: string): Command {
          const name = /^CONNECT (\S.*\S)$/u.exec(line)?.[1];
          return name === undefined ? super.parse(line) : { word: 'CONNECT', username: name };
        }
      },
  },
  {
    name: 'srv-bad-after-is-zero',
    breaks: ['CPT-038'],
    what: 'takes an `after` that is no timestamp as 0',
    change: (Plain) =>
      class extends Plain {
        override parse(line: string): Command {
          const [, group, after] = /^SYNC (\S+) (\S+)$/u.exec(line) ?? [];
          const odd = after !== undefined && !/^\d+$/.test(after);
          return odd ? { word: 'SYNC', group, after: 0 } : super.parse(line);
        }
      },
  },
  {
    name: 'srv-relays-client-msg',
    breaks: ['CPT-039'],
    what: 'stores the MSG lines of a client, although it declines them',
    change: (Plain) =>
      class extends Plain {
        override answer(client: Client, command: Command): readonly Reply[] {
          const line = command.word === 'invalid' ? command.line : '';
          const [, target, sender, text] = /^MSG (\S+) (\S+) \d+ (.+)$/su.exec(line) ?? [];
          if (target && sender && text) {
            this.store({ target, sender, timestamp: this.time(), text, private: false });
          }
          return super.answer(client, command);
        }
      },
  },
];
