import type { ClientDefect } from '../../client-defect.ts';
import type { Chat } from '../client.ts';
import type { Awaited, Ws2017Client } from './client.ts';
import type { ServerLine } from './server-line.ts';

type Ws2017ClientDefect = ClientDefect<Ws2017Client>;
type Change = NonNullable<Ws2017ClientDefect['change']>;

/** Milliseconds between two pongs that nobody asked for. */
const HEARTBEAT = 500;
/** Milliseconds in which messages share a receipt. */
const BATCH = 100;

/** Writes other lines. */
function writes(other: (line: string) => string): Change {
  return (Plain) =>
    class extends Plain {
      override write(line: string): void {
        super.write(other(line));
      }
    };
}

/** What can be wrong with a client of this protocol. */
export const ws2017ClientDefects: readonly Ws2017ClientDefect[] = [
  {
    name: 'cli-tls-hello',
    breaks: ['WS-002'],
    what: 'starts TLS',
    connecting: { transport: 'tls' },
  },
  {
    name: 'cli-speaks-first',
    breaks: ['WS-005'],
    what: 'enters its name before the greeting',
    change: (Plain) =>
      class extends Plain {
        override opened(name: string): void {
          this.enterName(name);
        }
      },
  },
  {
    name: 'cli-lf-only',
    breaks: ['WS-008'],
    what: 'ends lines with LF alone',
    change: (Plain) =>
      class extends Plain {
        override encode(line: string): Uint8Array {
          return new TextEncoder().encode(`${line}\n`);
        }
      },
  },
  {
    name: 'cli-curly-chatm',
    breaks: ['WS-012'],
    what: 'quotes with typographic marks',
    change: writes((line) => line.replaceAll("'", '\u2019')),
  },
  {
    name: 'cli-case-sensitive',
    breaks: ['WS-015'],
    what: 'understands keywords in lower case only',
    change: (Plain) =>
      class extends Plain {
        override parse(line: string): ServerLine {
          return /^[A-Za-z]*[A-Z]/.test(line) ? { kind: 'unknown' } : super.parse(line);
        }
      },
  },
  {
    name: 'cli-long-keyword',
    breaks: ['WS-017'],
    what: 'asks for the users by getusers',
    change: writes((line) => (line === 'cgetu' ? 'getusers' : line)),
  },
  {
    name: 'cli-leading-space',
    breaks: ['WS-019'],
    what: 'begins lines with a space',
    change: writes((line) => ` ${line}`),
  },
  {
    name: 'cli-next-line-is-response',
    breaks: ['WS-020'],
    what: 'takes an announcement for the response that it waits for',
    change: (Plain) =>
      class extends Plain {
        override take(line: ServerLine, octets: Uint8Array): void {
          const { awaited } = this;
          const announces = line.kind === 'joined' || line.kind === 'renamed';
          if (!announces || typeof awaited !== 'object') super.take(line, octets);
          else {
            const text = new TextDecoder().decode(octets);
            this.answered(awaited, { kind: 'response', ok: true, about: undefined, text });
          }
        }
      },
  },
  {
    name: 'cli-cgetu-first',
    breaks: ['WS-031'],
    what: 'asks for the users before it enters a name',
    change: (Plain) =>
      class extends Plain {
        override greeted(name: string): void {
          this.write('cgetu');
          super.greeted(name);
        }
      },
  },
  {
    name: 'cli-uname-no-wait',
    breaks: ['WS-032'],
    what: 'asks for the users right behind its name',
    change: (Plain) =>
      class extends Plain {
        override greeted(name: string): void {
          super.greeted(name);
          this.write('cgetu');
        }
      },
  },
  {
    name: 'cli-rename-reconnects',
    breaks: ['WS-059'],
    what: 'takes another name on a new connection',
    change: (Plain) =>
      class extends Plain {
        override rename(name: string): void {
          this.channel?.close();
          this.name = undefined;
          this.open(name);
        }
      },
  },
  {
    name: 'cli-assumes-rename',
    breaks: ['WS-060'],
    what: 'goes on under a new name that was refused',
    change: (Plain) =>
      class extends Plain {
        override nameRefused(refused: string): void {
          if (this.name !== undefined) this.name = refused;
          super.nameRefused(refused);
        }
      },
  },
  {
    name: 'cli-answers-nuser',
    breaks: ['WS-061'],
    what: 'answers the announcement of a user',
    change: (Plain) =>
      class extends Plain {
        override userJoined(name: string): void {
          super.userJoined(name);
          this.write('+OK nuser');
        }
      },
  },
  {
    name: 'cli-pong-bare',
    breaks: ['WS-065'],
    what: 'answers a ping by cpong without +OK',
    change: writes((line) => (line === '+OK cpong' ? 'cpong' : line)),
  },
  {
    name: 'cli-pong-blocked',
    breaks: ['WS-066'],
    what: 'answers no ping while it waits for a response',
    change: (Plain) =>
      class extends Plain {
        owed = 0;

        override pong(): void {
          if (this.awaited) this.owed += 1;
          else super.pong();
        }

        override finish(): void {
          for (; this.owed > 0; this.owed -= 1) super.pong();
          super.finish();
        }
      },
  },
  {
    name: 'cli-pong-timer',
    breaks: ['WS-067'],
    what: 'sends pongs on a timer',
    change: (Plain) =>
      class extends Plain {
        stopBeating: (() => void) | undefined;

        override succeeded(awaited: Awaited, text: string): void {
          super.succeeded(awaited, text);
          if (!this.stopBeating) this.beat();
        }

        beat(): void {
          this.stopBeating = this.options.clock.after(HEARTBEAT, () => {
            this.pong();
            this.beat();
          });
        }

        override leave(code: number, why?: string): void {
          this.stopBeating?.();
          super.leave(code, why);
        }
      },
  },
  {
    name: 'cli-cgetu-argument',
    breaks: ['WS-071'],
    what: 'asks for the users by cgetu all',
    change: writes((line) => (line === 'cgetu' ? 'cgetu all' : line)),
  },
  {
    name: 'cli-chatm-two-arguments',
    breaks: ['WS-076'],
    what: 'leaves the sender out of chatm',
    change: (Plain) =>
      class extends Plain {
        override chatCommand(recipient: string, text: string): string {
          return `chatm '${recipient}' '${text}'`;
        }
      },
  },
  {
    name: 'cli-no-chatr',
    breaks: ['WS-085'],
    what: 'sends no receipts',
    change: (Plain) =>
      class extends Plain {
        override confirm(): void {}
      },
  },
  {
    name: 'cli-chatr-swapped',
    breaks: ['WS-086'],
    what: 'names itself first in a receipt',
    change: (Plain) =>
      class extends Plain {
        override confirm({ sender, recipient, text }: Chat): void {
          super.confirm({ sender: recipient, recipient: sender, text });
        }
      },
  },
  {
    name: 'cli-chatr-batched',
    breaks: ['WS-087'],
    what: 'sends one receipt for messages that come together',
    change: (Plain) =>
      class extends Plain {
        stopWaiting: (() => void) | undefined;

        override confirm(chat: Chat): void {
          this.stopWaiting ??= this.options.clock.after(BATCH, () => {
            this.stopWaiting = undefined;
            super.confirm(chat);
          });
        }

        override leave(code: number, why?: string): void {
          this.stopWaiting?.();
          super.leave(code, why);
        }
      },
  },
  {
    name: 'cli-quit-abrupt',
    breaks: ['WS-094'],
    what: 'leaves without cquit',
    change: (Plain) =>
      class extends Plain {
        override quit(): void {
          this.inTurn(() => this.leave(0));
        }
      },
  },
];
