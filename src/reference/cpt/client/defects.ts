import type { ClientDefect } from '../../client-defect.ts';
import type { CptClient } from './client.ts';
import { parametersOf, type Request } from './request.ts';
import type { Message } from './server-line.ts';

type CptClientDefect = ClientDefect<CptClient>;
type Change = NonNullable<CptClientDefect['change']>;

/** The exit code of a program that went down with an error of its own. */
const CRASHED = 70;
/** Milliseconds after which the defect of repeating repeats. */
const IMPATIENCE = 500;

/** Words of DECLINE that the document lists. */
const KNOWN_REASONS: readonly string[] = [
  'username_taken',
  'account_locked',
  'ip_invalid',
  'already_logged_in',
  'unsupported_command',
  'invalid_command',
];

/** Prints requests otherwise. */
function prints(render: (request: Request) => string | undefined): Change {
  return (Plain) =>
    class extends Plain {
      override render(request: Request): string {
        return render(request) ?? super.render(request);
      }
    };
}

function crash(client: CptClient, why: string): void {
  client.channel?.reset();
  client.leave(CRASHED, why);
}

/** What can be wrong with a client of this protocol. */
export const cptClientDefects: readonly CptClientDefect[] = [
  {
    name: 'cli-tls-hello',
    breaks: ['CPT-001'],
    what: 'starts TLS',
    connecting: { transport: 'tls' },
  },
  {
    name: 'cli-port-8080',
    breaks: ['CPT-002'],
    what: 'connects to port 8080 by default',
    connecting: { port: 8080 },
  },
  {
    name: 'cli-port-fixed',
    breaks: ['CPT-003'],
    what: 'connects to port 39168 whatever it is told',
    connecting: { portIsFixed: true },
  },
  {
    name: 'cli-no-line-end',
    breaks: ['CPT-005'],
    what: 'leaves out the line end',
    change: (Plain) =>
      class extends Plain {
        override encode(line: string): Uint8Array {
          return super.encode(line).slice(0, -1);
        }
      },
  },
  {
    name: 'cli-lower-case',
    breaks: ['CPT-006'],
    what: 'sends command words in lower case',
    change: prints((request) => [request.word.toLowerCase(), ...parametersOf(request)].join(' ')),
  },
  {
    name: 'cli-colon-separator',
    breaks: ['CPT-007'],
    what: 'separates word and parameters by colons',
    change: prints((request) => [request.word, ...parametersOf(request)].join(':')),
  },
  {
    name: 'cli-sends-brackets',
    breaks: ['CPT-008'],
    what: 'sends the name of CONNECT in angled brackets',
    change: prints((request) => (request.word === 'CONNECT' ? `CONNECT <${request.username}>` : undefined)),
  },
  {
    name: 'cli-acks-msg',
    breaks: ['CPT-010'],
    what: 'answers each MSG by ACK',
    change: (Plain) =>
      class extends Plain {
        override message(message: Message): void {
          super.message(message);
          this.channel?.write(this.encode('ACK'));
        }
      },
  },
  {
    name: 'cli-send-first',
    breaks: ['CPT-011'],
    what: 'sends a greeting to a group before CONNECT',
    change: (Plain) =>
      class extends Plain {
        override opened(): void {
          this.write({ word: 'SEND', target: 'lobby', text: 'hello' });
          super.opened();
        }
      },
  },
  {
    name: 'cli-connect-bare',
    breaks: ['CPT-012'],
    what: 'sends CONNECT without a name',
    change: prints((request) => (request.word === 'CONNECT' ? 'CONNECT' : undefined)),
  },
  {
    name: 'cli-only-username-taken',
    breaks: ['CPT-018'],
    what: 'takes a declined CONNECT for an accepted one, unless the reason is username_taken',
    change: (Plain) =>
      class extends Plain {
        override declined(reason: string): void {
          if (this.awaited?.word === 'CONNECT' && reason !== 'username_taken') this.finish();
          else super.declined(reason);
        }
      },
  },
  {
    name: 'cli-renames-in-band',
    breaks: ['CPT-027'],
    what: 'asks for another name by a second CONNECT on the same connection',
    change: (Plain) =>
      class extends Plain {
        override rename(name: string): void {
          this.request({ word: 'CONNECT', username: name });
        }
      },
  },
  {
    name: 'cli-stays-after-decline',
    breaks: ['CPT-029'],
    what: 'keeps the connection after a declined CONNECT',
    change: (Plain) =>
      class extends Plain {
        override refused(): void {}
      },
  },
  {
    name: 'cli-decline-hidden',
    breaks: ['CPT-030'],
    what: 'tells the user of success when it is declined',
    change: (Plain) =>
      class extends Plain {
        override declineLine(reason: string): string {
          return this.awaited ? this.successLine(this.awaited) : super.declineLine(reason);
        }
      },
  },
  {
    name: 'cli-unknown-reason-crash',
    breaks: ['CPT-040'],
    what: 'crashes at a reason that the document does not list',
    change: (Plain) =>
      class extends Plain {
        override declined(reason: string): void {
          if (KNOWN_REASONS.includes(reason)) super.declined(reason);
          else crash(this, 'unknown reason');
        }
      },
  },
  {
    name: 'cli-send-quoted',
    breaks: ['CPT-041'],
    what: 'puts the message of SEND in quotation marks',
    change: prints((request) =>
      request.word === 'SEND' ? `SEND ${request.target} "${request.text}"` : undefined,
    ),
  },
  {
    name: 'cli-pipelines',
    breaks: ['CPT-057'],
    what: 'does not wait for ACK',
    change: (Plain) =>
      class extends Plain {
        override mustWait(): boolean {
          return super.mustWait() && this.awaited?.word !== 'SEND';
        }
      },
  },
  {
    name: 'cli-resend-altered',
    breaks: ['CPT-059'],
    what: 'numbers the repetitions of a SEND without an answer',
    change: (Plain) =>
      class extends Plain {
        repetitions = 0;

        override resendAfter(): number {
          return super.resendAfter() || IMPATIENCE;
        }

        override repeat(request: Request): void {
          this.repetitions += 1;
          const numbered =
            request.word === 'SEND' ? { ...request, text: `${request.text} (${this.repetitions})` } : request;
          super.repeat(numbered);
        }
      },
  },
  {
    name: 'cli-sync-swapped',
    breaks: ['CPT-062'],
    what: 'puts the time of SYNC before the group',
    change: prints((request) =>
      request.word === 'SYNC' ? `SYNC ${request.after} ${request.group}` : undefined,
    ),
  },
  {
    name: 'cli-rejects-newer',
    breaks: ['CPT-071'],
    what: 'takes a message that is newer than its SYNC for an error',
    change: (Plain) =>
      class extends Plain {
        /** Epoch seconds of the last request. */
        asked = 0;

        override request(request: Request): void {
          this.asked = Math.floor(this.options.clock.wall() / 1000);
          super.request(request);
        }

        override message(message: Message): void {
          const newer = this.awaited?.word === 'SYNC' && Number(message.timestamp) > this.asked;
          if (newer) this.leave(1, 'a message from the future');
          else super.message(message);
        }
      },
  },
  {
    name: 'cli-sends-during-sync',
    breaks: ['CPT-072'],
    what: 'goes on at the first MSG of a SYNC',
    change: (Plain) =>
      class extends Plain {
        override message(message: Message): void {
          super.message(message);
          if (this.awaited?.word === 'SYNC') this.finish();
        }
      },
  },
  {
    name: 'cli-system-crash',
    breaks: ['CPT-073'],
    what: 'crashes at a message of system',
    change: (Plain) =>
      class extends Plain {
        override message(message: Message): void {
          if (message.sender === 'system') crash(this, 'no such user: system');
          else super.message(message);
        }
      },
  },
  {
    name: 'cli-push-as-ack',
    breaks: ['CPT-080'],
    what: 'takes a MSG for the answer to its SEND',
    change: (Plain) =>
      class extends Plain {
        override message(message: Message): void {
          super.message(message);
          if (this.awaited?.word === 'SEND') this.answered('ACK');
        }
      },
  },
  {
    name: 'cli-epoch-drop',
    breaks: ['CPT-085'],
    what: 'drops messages with the timestamp 0',
    change: (Plain) =>
      class extends Plain {
        override message(message: Message): void {
          if (message.timestamp !== '0') super.message(message);
        }
      },
  },
];
