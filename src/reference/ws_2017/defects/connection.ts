import type { EndKind } from '../../../session/link.ts';
import type { Client } from '../client.ts';
import type { Command } from '../command.ts';
import { parseCommand } from '../command.ts';
import { replaces, type Ws2017Defect } from './change.ts';

/** Defects of connection, greeting and lines. */
export const connectionDefects: readonly Ws2017Defect[] = [
  {
    name: 'srv-port-1031',
    breaks: ['WS-001'],
    what: 'listens on port 1031',
    listening: { port: 1031 },
  },
  {
    name: 'srv-no-greeting',
    breaks: ['WS-003'],
    what: 'waits silently for uname',
    change: replaces({ greet: () => undefined }),
  },
  {
    name: 'srv-greets-with-command',
    breaks: ['WS-004'],
    what: 'greets with a line that starts with a keyword',
    change: replaces({
      greet(client) {
        this.write(client, 'uname please');
      },
    }),
  },
  {
    name: 'srv-one-command',
    breaks: ['WS-006'],
    what: 'closes the connection after its first response',
    change: (Plain) =>
      class extends Plain {
        override respond(client: Client, line: string): void {
          super.respond(client, line);
          this.hangUp(client);
        }
      },
  },
  {
    name: 'srv-abort-kills-all',
    breaks: ['WS-007'],
    what: 'ends all connections when one is aborted',
    change: (Plain) =>
      class extends Plain {
        override ended(client: Client, kind: EndKind): void {
          super.ended(client, kind);
          if (kind !== 'fin') for (const other of this.clients) this.cutOff(other);
        }
      },
  },
  {
    name: 'srv-lf-only',
    breaks: ['WS-009'],
    what: 'ends its lines with LF',
    change: replaces({ encode: (line) => new TextEncoder().encode(`${line}\n`) }),
  },
  {
    name: 'srv-keeps-cr',
    breaks: ['WS-010'],
    what: 'takes the CR of the line end for a part of the name',
    change: (Plain) =>
      class extends Plain {
        override enterName(client: Client, name: string): void {
          super.enterName(client, `${name}\r`);
        }
      },
  },
  {
    name: 'srv-read-is-a-line',
    breaks: ['WS-011'],
    what: 'takes each received segment for a command',
    change: replaces({
      receive(client, chunk) {
        const line = new TextDecoder('latin1').decode(chunk).replace(/[\r\n]+$/, '');
        if (!client.gone) this.perform(client, this.parse(line));
      },
    }),
  },
  {
    name: 'srv-curly-chatm',
    breaks: ['WS-012'],
    what: 'quotes relayed messages with U+2019',
    change: replaces({ chatLine: ({ sender, recipient, text }) => `chatm ${sender} ${recipient} ’${text}’` }),
  },
  {
    name: 'srv-curly-responses',
    breaks: ['WS-013'],
    what: 'quotes in its responses with U+2019',
    change: (Plain) =>
      class extends Plain {
        override respond(client: Client, line: string): void {
          super.respond(client, line.replaceAll("'", '’'));
        }
      },
  },
  {
    name: 'srv-case-sensitive',
    breaks: ['WS-014'],
    what: 'knows keywords in lower case only',
    change: replaces({
      parse(line): Command {
        return /^[^ ]*[A-Z]/.test(line) && !line.startsWith('+OK ')
          ? { kind: 'unknown' }
          : parseCommand(line);
      },
    }),
  },
  {
    name: 'srv-long-keyword',
    breaks: ['WS-016'],
    what: 'announces names by newuser',
    change: replaces({ joinLine: (name) => `newuser ${name}` }),
  },
  {
    name: 'srv-keyword-prefix',
    breaks: ['WS-018'],
    what: 'compares the first five characters of a keyword only',
    change: (Plain) =>
      class extends Plain {
        override parse(line: string): Command {
          return super.parse(line.replace(/^([^ ]{5})[^ ]+/, '$1'));
        }
      },
  },
  {
    name: 'srv-trailing-space',
    breaks: ['WS-019'],
    what: 'ends its commands with a space',
    change: (Plain) =>
      class extends Plain {
        override push(client: Client, line: string): void {
          super.push(client, `${line} `);
        }
      },
  },
];
