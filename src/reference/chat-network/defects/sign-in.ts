import { BAD_TOKEN, INVALID_PASSWORD, SUCCESS, USER_NOT_IN_USE } from '../codes.ts';
import type { Connection } from '../connection.ts';
import type { Request } from '../request.ts';
import { type ChatDefect, judgesSignin, replies } from './change.ts';

const COMPARED = 72;

/** Defects of signin. */
export const signInDefects: readonly ChatDefect[] = [
  {
    name: 'srv-signin-one-hash',
    breaks: ['CN-042'],
    what: 'takes every stored password for one that was hashed with sha256',
    change: judgesSignin((code, { username }, server) => {
      const hash = server.accounts.get(username)?.secret.hash;
      return hash === 'argon2id' ? INVALID_PASSWORD : code;
    }),
  },
  {
    name: 'srv-accounts-per-connection',
    breaks: ['CN-058'],
    what: 'forgets an account when the connection ends on which it signed up',
    change: (Plain) =>
      class extends Plain {
        readonly #made = new WeakMap<Connection, string[]>();

        override signup(connection: Connection, request: Request): void {
          const { username } = request;
          const isNew = !this.accounts.has(username);
          super.signup(connection, request);
          if (isNew) this.#made.set(connection, [...(this.#made.get(connection) ?? []), username]);
        }

        override drop(connection: Connection): void {
          for (const username of this.#made.get(connection) ?? []) this.accounts.delete(username);
          super.drop(connection);
        }
      },
  },
  {
    name: 'srv-signin-silent-refusal',
    breaks: ['CN-059'],
    what: 'does not answer a signin that it refuses',
    change: replies('signin', (reply) => (reply['resp_code'] === SUCCESS ? reply : undefined)),
  },
  {
    name: 'srv-signin-no-token',
    breaks: ['CN-060'],
    what: 'grants a signin without a token',
    change: replies('signin', (reply) => ({ ...reply, session: '' })),
  },
  {
    name: 'srv-token-per-user',
    breaks: ['CN-061'],
    what: 'gives a user the same token every time',
    change: (Plain) =>
      class extends Plain {
        readonly #given = new Map<string, string>();

        override issue(request: Request): string {
          const token = this.#given.get(request.username) ?? super.issue(request);
          this.#given.set(request.username, token);
          return token;
        }
      },
  },
  {
    name: 'srv-signin-creates',
    breaks: ['CN-062'],
    what: 'creates the account of a signin that has none',
    change: (Plain) =>
      class extends Plain {
        override signin(connection: Connection, request: Request): void {
          const { username, password } = request;
          if (!this.accounts.has(username)) this.register(username, password, 'sha256');
          super.signin(connection, request);
        }
      },
  },
  {
    name: 'srv-signin-unknown-1',
    breaks: ['CN-063'],
    what: 'refuses an unknown user by 1',
    change: judgesSignin((code) => (code === USER_NOT_IN_USE ? BAD_TOKEN : code)),
  },
  {
    name: 'srv-password-ignored',
    breaks: ['CN-064'],
    what: 'takes any password',
    change: judgesSignin((code) => (code === INVALID_PASSWORD ? SUCCESS : code)),
  },
  {
    name: 'srv-signin-codes-swapped',
    breaks: ['CN-065'],
    what: 'refuses a wrong password by 5 and an unknown user by 6',
    change: judgesSignin((code) => {
      if (code === SUCCESS) return code;
      return code === INVALID_PASSWORD ? USER_NOT_IN_USE : INVALID_PASSWORD;
    }),
  },
  {
    name: 'srv-signin-error-no-session',
    breaks: ['CN-066'],
    what: 'leaves the session out of a signin that it refuses',
    change: replies('signin', (reply) => ({ ...reply, session: reply['session'] || undefined })),
  },
  {
    name: 'srv-password-truncated',
    breaks: ['CN-067'],
    what: 'compares the first 72 characters of a password',
    change: (Plain) =>
      class extends Plain {
        override handle(connection: Connection, request: Request): void {
          super.handle(connection, { ...request, password: request.password.slice(0, COMPARED) });
        }
      },
  },
];
