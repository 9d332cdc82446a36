import { type Speaker, speaker } from '../speaker.testing.ts';
import type { Account, Connection } from './connection.ts';
import type { Request } from './request.ts';
import { type ChatServer, pair, type Reply } from './server.ts';

const of = speaker<ChatServer>;

const coding = (name: string, from: number, to: number): Speaker<ChatServer> =>
  of(
    name,
    (Plain) =>
      class extends Plain {
        override judgeSignin(request: Request): number {
          const code = super.judgeSignin(request);
          return code === from ? to : code;
        }
      },
  );

const listing = (name: string, change: (reply: Reply, standards: string) => Reply): Speaker<ChatServer> =>
  of(
    name,
    (Plain) =>
      class extends Plain {
        override reply(connection: Connection, request: Request, reply: Reply): void {
          const listed = request.type === 'protocol.standard' ? change(reply, request.standards) : reply;
          super.reply(connection, request, listed);
        }
      },
  );

const delivering = (name: string, delivers: (message: string) => boolean): Speaker<ChatServer> =>
  of(
    name,
    (Plain) =>
      class extends Plain {
        override deliver(request: Request): void {
          if (request.type !== 'message' || delivers(request.message)) super.deliver(request);
        }
      },
  );

/** Tells everybody who subscribed when somebody leaves. */
const telling = (name: string, type: string): Speaker<ChatServer> =>
  of(
    name,
    (Plain) =>
      class extends Plain {
        readonly #subscribed = new Set<Connection>();
        override join(connection: Connection, account: Account): void {
          super.join(connection, account);
          this.#subscribed.add(connection);
        }
        override drop(connection: Connection): void {
          this.#subscribed.delete(connection);
          for (const { username } of connection.subscriptions)
            for (const other of this.#subscribed) this.send(other, { type, user: username, status: 'away' });
          super.drop(connection);
        }
      },
  );

const actions = ['invite.request', 'invite.accept', 'invite.reject', 'message'];

/** What becomes of an action, granted or not. */
const acting = (
  name: string,
  change: (server: ChatServer, connection: Connection, request: Request, plain: () => void) => void,
): Speaker<ChatServer> =>
  of(
    name,
    (Plain) =>
      class extends Plain {
        override handle(connection: Connection, request: Request): void {
          const plain = (): void => super.handle(connection, request);
          if (actions.includes(request.type)) change(this, connection, request, plain);
          else plain();
        }
      },
  );

/** chat-network as others might speak it. */
export const chatNetworkSpeakers: readonly Speaker<ChatServer>[] = [
  listing('hash=argon2id', (reply) => ({ ...reply, hashes: ['argon2id'] })),
  coding('unknown-user-code=6', 5, 6),
  coding('wrong-password-code=5', 6, 5),
  of(
    'version-mismatch=close',
    (Plain) =>
      class extends Plain {
        override identify(connection: Connection, request: Request): void {
          if (request.version === '1.0.0') super.identify(connection, request);
          else this.drop(connection);
        }
      },
  ),
  of(
    'order=enforced',
    (Plain) =>
      class extends Plain {
        readonly #known = new WeakSet<Connection>();
        override handle(connection: Connection, request: Request): void {
          if (request.type === 'identification') this.#known.add(connection);
          if (this.#known.has(connection)) super.handle(connection, request);
          else this.reply(connection, request, { resp_code: 6 });
        }
      },
  ),
  listing('excluded=empty', (reply) => ({ ciphers: [], hashes: [], ...reply })),
  listing('excluded=any', (reply) => ({ ciphers: ['aes256-gcm'], hashes: ['sha256'], ...reply })),
  listing('algorithms=any', (reply) => ({ ...reply, hashes: ['sha256', 'md5'] })),
  of(
    'signup-precedence=hash-first',
    (Plain) =>
      class extends Plain {
        override judgeSignup(request: Request): number {
          return super.judgeSignup({ ...request, username: '' }) || super.judgeSignup(request);
        }
      },
  ),
  of(
    'username-case=insensitive',
    (Plain) =>
      class extends Plain {
        override judgeSignup(request: Request): number {
          const username = [...this.accounts.keys()].find(
            (taken) => taken.toLowerCase() === request.username.toLowerCase(),
          );
          return super.judgeSignup({ ...request, username: username ?? request.username });
        }
      },
  ),
  of(
    'token-format=any',
    (Plain) =>
      class extends Plain {
        override newToken(): string {
          return `token ${super.newToken()}`;
        }
      },
  ),
  of(
    'token-scope=connection',
    (Plain) =>
      class extends Plain {
        readonly #given = new WeakMap<Connection, Set<unknown>>();
        override reply(connection: Connection, request: Request, reply: Reply): void {
          const given = this.#given.get(connection) ?? new Set();
          this.#given.set(connection, given.add(reply['session']));
          super.reply(connection, request, reply);
        }
        override subscribe(connection: Connection, request: Request): void {
          const known = this.#given.get(connection)?.has(request.session) ?? false;
          super.subscribe(connection, known ? request : { ...request, session: '' });
        }
      },
  ),
  of(
    'signin-revokes=yes',
    (Plain) =>
      class extends Plain {
        override issue(request: Request): string {
          for (const [token, { username }] of this.tokens)
            if (username === request.username) this.tokens.delete(token);
          return super.issue(request);
        }
      },
  ),
  of(
    'multi-session=last',
    (Plain) =>
      class extends Plain {
        override join(connection: Connection, account: Account): void {
          account.subscribers.clear();
          super.join(connection, account);
        }
      },
  ),
  acting('bad-token-actions=silent', (server, _connection, request, plain) => {
    if (server.authorises(request)) plain();
  }),
  acting('bad-token-actions=error-and-disconnect', (server, connection, request, plain) => {
    plain();
    if (!server.authorises(request)) server.drop(connection);
  }),
  acting('action-reply=required', (server, connection, request, plain) => {
    plain();
    if (server.authorises(request)) server.reply(connection, request, { resp_code: 0 });
  }),
  telling('status-events=status', 'status'),
  telling('status-events=status.update', 'status.update'),
  telling('status-events=any', 'presence'),
  delivering('payload=base64', (message) => /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==)?$/.test(message)),
  delivering('payload=hex', (message) => /^[0-9a-f]+$/.test(message)),
  of(
    'message-needs-invite=yes',
    (Plain) =>
      class extends Plain {
        readonly #friends = new Set<string>();
        override decide(request: Request): void {
          if (request.type === 'invite.accept') this.#friends.add(pair(request.dest, request.source));
          super.decide(request);
        }
        override deliver(request: Request): void {
          const friends = this.#friends.has(pair(request.source, request.dest));
          if (request.type !== 'message' || friends) super.deliver(request);
        }
      },
  ),
  of(
    'offline=stored',
    (Plain) =>
      class extends Plain {
        readonly #waiting: Request[] = [];
        override deliver(request: Request): void {
          if ([...this.subscribers(request.dest)].length === 0) this.#waiting.push(request);
          else super.deliver(request);
        }
        override subscribe(connection: Connection, request: Request): void {
          super.subscribe(connection, request);
          for (const one of this.#waiting.splice(0)) this.deliver(one);
        }
      },
  ),
];

/** What the plain server speaks. */
export const chatNetworkPlain: Readonly<Record<string, string>> = {
  hash: 'sha256',
  'unknown-user-code': '5',
  'wrong-password-code': '6',
  'version-mismatch': 'reply',
  order: 'client-only',
  excluded: 'absent',
  algorithms: 'listed',
  'signup-precedence': 'user-first',
  'username-case': 'sensitive',
  'token-format': 'uuid',
  'token-scope': 'global',
  'signin-revokes': 'no',
  'multi-session': 'all',
  'bad-token-actions': 'error',
  'action-reply': 'none',
  'status-events': 'none',
  payload: 'opaque',
  'message-needs-invite': 'no',
  offline: 'dropped',
};
