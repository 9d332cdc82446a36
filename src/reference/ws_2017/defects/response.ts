import type { Client } from '../client.ts';
import type { Command } from '../command.ts';
import { replaces, type Ws2017Defect } from './change.ts';

/** Defects of positive and negative responses. */
export const responseDefects: readonly Ws2017Defect[] = [
  {
    name: 'srv-silent-error',
    breaks: ['WS-021'],
    what: 'ignores what it cannot execute',
    change: (Plain) =>
      class extends Plain {
        override respond(client: Client, line: string): void {
          if (!line.startsWith('-ERR')) super.respond(client, line);
        }
      },
  },
  {
    name: 'srv-double-response',
    breaks: ['WS-022'],
    what: 'gives each positive response twice',
    change: (Plain) =>
      class extends Plain {
        override respond(client: Client, line: string): void {
          if (line.startsWith('+OK')) super.respond(client, line);
          super.respond(client, line);
        }
      },
  },
  {
    name: 'srv-reorders',
    breaks: ['WS-023'],
    what: 'gives negative responses last when several commands come at once',
    change: (Plain) =>
      class extends Plain {
        #late: string[] = [];

        override receive(client: Client, chunk: Uint8Array): void {
          super.receive(client, chunk);
          for (const line of this.#late.splice(0)) super.respond(client, line);
        }

        override respond(client: Client, line: string): void {
          if (line.startsWith('-ERR')) this.#late.push(line);
          else super.respond(client, line);
        }
      },
  },
  {
    name: 'srv-ok-lower',
    breaks: ['WS-024'],
    what: 'writes +ok',
    change: (Plain) =>
      class extends Plain {
        override respond(client: Client, line: string): void {
          super.respond(client, line.replace(/^\+OK/, '+ok'));
        }
      },
  },
  {
    name: 'srv-bare-err',
    breaks: ['WS-025'],
    what: 'refuses by -ERR alone where no text is printed',
    change: replaces({
      refuse(client) {
        this.respond(client, '-ERR');
      },
    }),
  },
  {
    name: 'srv-format-other-text',
    breaks: ['WS-026'],
    what: 'has another text for badly formatted commands',
    change: replaces({
      refuseForm(client, word) {
        this.respond(client, `-ERR ${word} 'wrong number of arguments'`);
      },
    }),
  },
  {
    name: 'srv-relays-partial',
    breaks: ['WS-027'],
    what: 'relays a chatm without message as an empty one',
    change: (Plain) =>
      class extends Plain {
        override parse(line: string): Command {
          return super.parse(/^chatm '[^']*' '[^']*'$/i.test(line) ? `${line} ''` : line);
        }
      },
  },
  {
    name: 'srv-unknown-other-text',
    breaks: ['WS-028'],
    what: 'has another text for unknown commands',
    change: replaces({
      refuseUnknown(client) {
        this.respond(client, "-ERR 'what?'");
      },
    }),
  },
  {
    name: 'srv-closes-on-error',
    breaks: ['WS-029'],
    what: 'disconnects after a negative response',
    change: (Plain) =>
      class extends Plain {
        override respond(client: Client, line: string): void {
          super.respond(client, line);
          if (line.startsWith('-ERR')) this.hangUp(client);
        }
      },
  },
];
