import type { Link, LinkSink } from '../../../session/link.ts';
import { type Reply, say } from '../reply.ts';
import type { Client } from '../server.ts';
import { type CptDefect, insteadOf } from './change.ts';

/** Defects of the connection and of the form of a line. */
export const transportDefects: readonly CptDefect[] = [
  {
    name: 'srv-websocket-only',
    breaks: ['CPT-001'],
    what: 'expects a WebSocket handshake',
    listening: { transport: 'ws' },
  },
  {
    name: 'srv-port-8080',
    breaks: ['CPT-002'],
    what: 'listens on port 8080 by default',
    listening: { port: 8080 },
  },
  {
    name: 'srv-banner',
    breaks: ['CPT-004'],
    what: 'greets before the first command',
    change: (Plain) =>
      class extends Plain {
        override accept(link: Link): LinkSink {
          link.write(this.encode(['MSG lobby system 0 welcome']));
          return super.accept(link);
        }
      },
  },
  {
    name: 'srv-no-line-end',
    breaks: ['CPT-005'],
    what: 'leaves out the line end after the last line of an answer',
    change: (Plain) =>
      class extends Plain {
        override encode(lines: readonly string[]): Uint8Array {
          return super.encode(lines).slice(0, -1);
        }
      },
  },
  {
    name: 'srv-lower-case',
    breaks: ['CPT-006'],
    what: 'sends command words in lower case',
    change: (Plain) =>
      class extends Plain {
        override render(reply: Reply): string {
          return super.render({ ...reply, word: reply.word.toLowerCase() });
        }
      },
  },
  {
    name: 'srv-tab-separator',
    breaks: ['CPT-007'],
    what: 'separates word and parameters by a tab',
    change: (Plain) =>
      class extends Plain {
        override render(reply: Reply): string {
          return [reply.word, ...reply.parameters].join('\t');
        }
      },
  },
  {
    name: 'srv-sends-brackets',
    breaks: ['CPT-008'],
    what: 'prints the reason of DECLINE in angled brackets',
    change: insteadOf('DECLINE', (reply) => [say('DECLINE', `<${reply.parameters.join(' ')}>`)]),
  },
  {
    name: 'srv-extra-command',
    breaks: ['CPT-009'],
    what: 'sends a PING before it answers a SYNC',
    change: (Plain) =>
      class extends Plain {
        override sync(client: Client, group: string, after: number): readonly Reply[] {
          return [{ word: 'PING', parameters: [] }, ...super.sync(client, group, after)];
        }
      },
  },
];
