import type { Link, LinkSink } from '../../session/link.ts';
import type { FramingSpec } from '../../wire/framing-by-name.ts';
import { lines } from '../../wire/lines.ts';
import { reframed, type Speaker, speaker } from '../speaker.testing.ts';
import type { Command } from './command.ts';
import { type Reply, say } from './reply.ts';
import type { Client, CptServer, Message } from './server.ts';

const of = speaker<CptServer>;
const own = lines('lf', 'lf');
const invalid = [say('DECLINE', 'invalid_command')];

const framed = (framing: FramingSpec): Speaker<CptServer> =>
  of(
    `framing=${String(framing)}`,
    (Plain) =>
      class extends Plain {
        override accept(link: Link): LinkSink {
          return reframed(link, framing, own, (inner) => super.accept(inner));
        }
      },
  );

const parsing = (name: string, change: (line: string) => string): Speaker<CptServer> =>
  of(
    name,
    (Plain) =>
      class extends Plain {
        override parse(line: string): Command {
          return super.parse(change(line));
        }
      },
  );

const answering = (
  name: string,
  change: (plain: () => readonly Reply[], client: Client, command: Command) => readonly Reply[],
): Speaker<CptServer> =>
  of(
    name,
    (Plain) =>
      class extends Plain {
        override answer(client: Client, command: Command): readonly Reply[] {
          return change(() => super.answer(client, command), client, command);
        }
      },
  );

const early = (client: Client, { word }: Command): boolean =>
  client.name === undefined && (word === 'SEND' || word === 'SYNC');

const declined = new WeakSet<Client>();

/** CPT as others might speak it. */
export const cptSpeakers: readonly Speaker<CptServer>[] = [
  framed('crlf'),
  framed('nul'),
  framed('len16be'),
  framed('len32be'),
  parsing('trailing-space=strip', (line) => line.trimEnd()),
  of(
    'encoding=latin-1',
    (Plain) =>
      class extends Plain {
        override read(line: Uint8Array): Command {
          return this.parse(
            [...line]
              .map((octet) => String.fromCharCode(octet))
              .join('')
              .replace(/[\x80-\x9f]/g, ''),
          );
        }
        override encode(texts: readonly string[]): Uint8Array {
          return Uint8Array.from(`${texts.join('\n')}\n`, (char) => char.charCodeAt(0));
        }
      },
  ),
  parsing('encoding=ascii', (line) => line.replace(/[^ -~]/g, '?')),
  parsing('word-case=insensitive', (line) => line.replace(/^[a-z]+/, (word) => word.toUpperCase())),
  of(
    'name-case=insensitive',
    (Plain) =>
      class extends Plain {
        override isTaken(name: string): boolean {
          return [...this.users.keys()].some((taken) => taken.toLowerCase() === name.toLowerCase());
        }
      },
  ),
  answering('before-connect=invalid_command', (plain, client, command) =>
    early(client, command) ? invalid : plain(),
  ),
  answering('before-connect=any', (plain, client, command) => {
    if (!early(client, command)) return plain();
    client.link.close();
    return [];
  }),
  answering('retry=refused', (plain, client, { word }) => {
    if (word === 'CONNECT' && declined.has(client)) return invalid;
    const replies = plain();
    if (replies[0]?.word === 'DECLINE') declined.add(client);
    return replies;
  }),
  of(
    'reason-precedence=any',
    (Plain) =>
      class extends Plain {
        override refusesUser(client: Client, name: string): string | undefined {
          return this.isTaken(name) ? 'username_taken' : super.refusesUser(client, name);
        }
      },
  ),
  answering('unknown-word=either', (plain, _client, { word }) =>
    word === 'invalid' ? [say('DECLINE', 'unsupported_command')] : plain(),
  ),
  answering('ack=all', (plain, _client, { word }) => (word === 'SEND' ? plain() : [...plain(), say('ACK')])),
  of(
    'dedup=window',
    (Plain) =>
      class extends Plain {
        readonly #seen = new Set<string>();
        override isRepetition(_client: Client, target: string, text: string): boolean {
          const seen = this.#seen.has(`${target} ${text}`);
          this.#seen.add(`${target} ${text}`);
          return seen;
        }
      },
  ),
  of(
    'dedup=off',
    (Plain) =>
      class extends Plain {
        override isRepetition(): boolean {
          return false;
        }
      },
  ),
  answering('sync-bare=invalid', (plain, client, command) =>
    command.word === 'SYNC' && command.group === undefined && client.name !== undefined ? invalid : plain(),
  ),
  answering('sync-bare=either', (plain, client, command) =>
    command.word === 'SYNC' && command.group === undefined && client.name !== undefined
      ? [say('ENDSYNC')]
      : plain(),
  ),
  of(
    'after=inclusive',
    (Plain) =>
      class extends Plain {
        override history(client: Client, group: string, after: number): readonly Message[] {
          return super.history(client, group, after - 1);
        }
      },
  ),
  of(
    'msg-private=three',
    (Plain) =>
      class extends Plain {
        override describe(group: string, message: Message): Reply {
          const { word, parameters } = super.describe(group, message);
          return { word, parameters: message.private ? parameters.slice(1) : parameters };
        }
      },
  ),
  of(
    'timestamp=milliseconds',
    (Plain) =>
      class extends Plain {
        override time(): number {
          return this.clock.wall();
        }
      },
  ),
];

/** What the plain server speaks. */
export const cptPlain: Readonly<Record<string, string>> = {
  'trailing-space': 'keep',
  encoding: 'utf-8',
  'word-case': 'sensitive',
  'name-case': 'sensitive',
  'before-connect': 'custom',
  retry: 'allowed',
  'reason-precedence': 'already_logged_in',
  'unknown-word': 'invalid_command',
  ack: 'send',
  dedup: 'back-to-back',
  'sync-bare': 'mailbox',
  after: 'exclusive',
  'msg-private': 'four',
  timestamp: 'seconds',
};
