import type { Link, LinkSink } from '../../session/link.ts';
import type { FramingSpec } from '../../wire/framing-by-name.ts';
import { lines } from '../../wire/lines.ts';
import { reframed, type Speaker, speaker } from '../speaker.testing.ts';
import type { Chat, Client } from './client.ts';
import type { Command, Keyword } from './command.ts';
import type { Ws2017Server } from './server.ts';

const of = speaker<Ws2017Server>;
const own = lines('crlf', 'crlf');

const framed = (framing: FramingSpec): Speaker<Ws2017Server> =>
  of(
    `framing=${String(framing)}`,
    (Plain) =>
      class extends Plain {
        override accept(link: Link): LinkSink {
          return reframed(link, framing, own, (inner) => super.accept(inner));
        }
      },
  );

const responding = (name: string, change: (line: string) => string): Speaker<Ws2017Server> =>
  of(
    name,
    (Plain) =>
      class extends Plain {
        override respond(client: Client, line: string): void {
          super.respond(client, change(line));
        }
      },
  );

/** The line is read as another one, or as what it is made to mean. */
const parsing = (name: string, change: (line: string) => string | Command): Speaker<Ws2017Server> =>
  of(
    name,
    (Plain) =>
      class extends Plain {
        override parse(line: string): Command {
          const meant = change(line);
          return typeof meant === 'string' ? super.parse(meant) : meant;
        }
      },
  );

const greeting = (name: string, line: string | undefined): Speaker<Ws2017Server> =>
  of(
    name,
    (Plain) =>
      class extends Plain {
        override greet(client: Client): void {
          if (line !== undefined) this.write(client, line);
        }
      },
  );

const telling = (name: string, tells: (other: Client, client: Client) => boolean): Speaker<Ws2017Server> =>
  of(
    name,
    (Plain) =>
      class extends Plain {
        override others(client: Client): readonly Client[] {
          return [...this.clients].filter((other) => tells(other, client));
        }
      },
  );

const unclear = /^(usernames|cgetu all)$/;
const unknown: Command = { kind: 'unknown' };

/** WS_2017 as others might speak it. */
export const ws2017Speakers: readonly Speaker<Ws2017Server>[] = [
  framed('lf'),
  framed('cr'),
  framed('nul'),
  greeting('greeting=ok-line', '+OK ready'),
  greeting('greeting=none', undefined),
  responding('quotes=typographic', (line) => line.replaceAll("'", '’')),
  responding('quotes=none', (line) => line.replaceAll("'", '')),
  parsing('message-charset=utf-8', (line) =>
    line.startsWith('chatm ')
      ? {
          kind: 'command',
          keyword: 'chatm',
          args: (/'(.*)' '(.*)' '(.*)'/.exec(utf8(line)) ?? []).slice(1),
        }
      : line,
  ),
  of(
    'name-case=insensitive',
    (Plain) =>
      class extends Plain {
        override isTaken(name: string): boolean {
          return [...this.users.keys()].some((taken) => taken.toLowerCase() === name.toLowerCase());
        }
      },
  ),
  responding('ok-style=keyword-first', (line) => line.replace("+OK 'you are'", "+OK uname 'you are'")),
  responding('ok-style=any', (line) => line.replace(/^\+OK 'you are' .*/, "+OK 'welcome'")),
  responding('err-style=keyword-first', (line) => line.replace(/^-ERR '/, "-ERR uname '")),
  responding('err-style=any', (line) => line.replace(/^-ERR '.*/, '-ERR no')),
  of(
    'format-error=line',
    (Plain) =>
      class extends Plain {
        #line = '';
        override parse(line: string): Command {
          this.#line = line;
          return super.parse(line);
        }
        override refuseForm(client: Client, _word: string): void {
          super.refuseForm(client, this.#line);
        }
      },
  ),
  parsing('unclear-errors=format', (line) => (unclear.test(line) ? { kind: 'malformed', word: line } : line)),
  parsing('unclear-errors=unknown', (line) => (unclear.test(line) ? unknown : line)),
  parsing('quit-word=quit', (line) => (line === 'cquit' ? unknown : line === 'quit' ? 'cquit' : line)),
  of(
    'quit-in-auth=refused',
    (Plain) =>
      class extends Plain {
        override allows(client: Client, keyword: Keyword): boolean {
          return client.name !== undefined || keyword === 'uname';
        }
      },
  ),
  of(
    'quit-in-auth=any',
    (Plain) =>
      class extends Plain {
        override sayGoodbye(client: Client): void {
          if (client.name !== undefined) super.sayGoodbye(client);
        }
      },
  ),
  responding('suggestion-prefix=suggested', (line) =>
    line.replace(/^-ERR uname (\w+)$/, '-ERR uname suggested $1'),
  ),
  of(
    'suggestion=any',
    (Plain) =>
      class extends Plain {
        override suggest(name: string): string {
          return name;
        }
      },
  ),
  telling('nuser-scope=all', () => true),
  telling('nuser-scope=others-named', (other, client) => other !== client && other.name !== undefined),
  of(
    'nuser-prefix=never',
    (Plain) =>
      class extends Plain {
        override changeLine(old: string, name: string): string {
          return `nuser ${old} ${name}`;
        }
      },
  ),
  of(
    'nuser-prefix=any',
    (Plain) =>
      class extends Plain {
        override joinLine(name: string): string {
          return `+OK nuser ${name}`;
        }
      },
  ),
  of(
    'ping=both',
    (Plain) =>
      class extends Plain {
        override parse(line: string): Command {
          return line === 'cping' ? { kind: 'malformed', word: 'cping' } : super.parse(line);
        }
        override refuseForm(client: Client, word: string): void {
          if (word === 'cping') this.respond(client, '+OK cpong');
          else super.refuseForm(client, word);
        }
      },
  ),
  parsing('pong=cpong', (line) =>
    line === 'cpong' ? { kind: 'pong' } : line === '+OK cpong' ? unknown : line,
  ),
  of(
    'cgetu-own=yes',
    (Plain) =>
      class extends Plain {
        override namesFor(): readonly string[] {
          return [...this.users.keys()];
        }
      },
  ),
  of(
    'chatm-names=quoted',
    (Plain) =>
      class extends Plain {
        override chatLine({ sender, recipient, text }: Chat): string {
          return `chatm '${sender}' '${recipient}' '${text}'`;
        }
      },
  ),
  parsing('chatm-names=bare', (line) =>
    line.startsWith("chatm '")
      ? { kind: 'malformed', word: 'chatm' }
      : line.replace(/^chatm (\S+) (\S+) /, "chatm '$1' '$2' "),
  ),
  of(
    'chatr-order=receipt',
    (Plain) =>
      class extends Plain {
        override confirm(client: Client, sender: string, recipient: string): void {
          super.confirm(client, recipient, sender);
        }
      },
  ),
  of(
    'chatr-relay=ok-line',
    (Plain) =>
      class extends Plain {
        override receiptLine(sender: string, recipient: string): string {
          return `+OK chatr ${sender} ${recipient}`;
        }
      },
  ),
  of(
    'chatr-answer=required',
    (Plain) =>
      class extends Plain {
        override confirm(client: Client, sender: string, recipient: string): void {
          const waiting = client.unconfirmed.length;
          super.confirm(client, sender, recipient);
          if (client.unconfirmed.length < waiting) this.respond(client, '+OK chatr');
        }
      },
  ),
  of(
    'chatr-answer=none',
    (Plain) =>
      class extends Plain {
        override refuse(client: Client, keyword: Keyword, why: string): void {
          if (keyword !== 'chatr') super.refuse(client, keyword, why);
        }
      },
  ),
];

function utf8(latin1: string): string {
  return new TextDecoder().decode(Uint8Array.from(latin1, (char) => char.charCodeAt(0)));
}

/** What the plain server speaks. */
export const ws2017Plain: Readonly<Record<string, string>> = {
  greeting: 'line',
  quotes: 'ascii',
  'message-charset': 'ascii',
  'name-case': 'sensitive',
  'ok-style': 'printed',
  'err-style': 'printed',
  'format-error': 'keyword',
  'unclear-errors': 'either',
  'quit-word': 'cquit',
  'quit-in-auth': 'allowed',
  'suggestion-prefix': 'none',
  suggestion: 'usable',
  'nuser-scope': 'others-connected',
  'nuser-prefix': 'printed',
  ping: 'server',
  pong: 'ok-cpong',
  'cgetu-own': 'no',
  'chatm-names': 'printed',
  'chatr-order': 'message',
  'chatr-relay': 'chatr-line',
  'chatr-answer': 'optional',
};
