import { HASH_NOT_AVAILABLE, SUCCESS, USER_IN_USE } from '../codes.ts';
import type { Connection } from '../connection.ts';
import { HASHES, seal } from '../credentials.ts';
import type { Request } from '../request.ts';
import { type ChatDefect, judgesSignup, reads, replies, tokens } from './change.ts';

function isKnown(hash: string): boolean {
  return HASHES.some((known) => known === hash);
}

/** Defects of signup and of tokens. */
export const signUpDefects: readonly ChatDefect[] = [
  {
    name: 'srv-hash-listed-refused',
    breaks: ['CN-041'],
    what: 'lists argon2id and refuses it',
    change: judgesSignup((code, { hash }) => (hash === 'argon2id' ? HASH_NOT_AVAILABLE : code)),
  },
  {
    name: 'srv-signup-silent-refusal',
    breaks: ['CN-043'],
    what: 'does not answer a signup that it refuses',
    change: replies('signup', (reply) => (reply['resp_code'] === SUCCESS ? reply : undefined)),
  },
  {
    name: 'srv-signup-either',
    breaks: ['CN-044'],
    what: 'grants a signup when both its name and its hash are wrong',
    change: (Plain) =>
      class extends Plain {
        override signup(connection: Connection, request: Request): void {
          const bothWrong = this.accounts.has(request.username) && !isKnown(request.hash);
          if (bothWrong) this.admit(connection, request, SUCCESS);
          else super.signup(connection, request);
        }
      },
  },
  {
    name: 'srv-signup-no-token',
    breaks: ['CN-045'],
    what: 'grants a signup without a token',
    change: replies('signup', (reply) => ({ ...reply, session: '' })),
  },
  {
    name: 'srv-token-constant',
    breaks: ['CN-046'],
    what: 'hands out the same token to everybody',
    change: tokens(() => '7d0f3c52-94be-4c1a-8e65-2f1b90a7d3c8'),
  },
  {
    name: 'srv-token-number',
    breaks: ['CN-047'],
    what: 'counts its tokens',
    change: tokens(String),
  },
  {
    name: 'srv-token-sequential',
    breaks: ['CN-048'],
    what: 'counts in the last group of its tokens',
    change: tokens((count) => `7d0f3c52-94be-4c1a-8e65-${String(count).padStart(12, '0')}`),
  },
  {
    name: 'srv-signup-overwrites',
    breaks: ['CN-049'],
    what: 'replaces the account that has the name',
    change: judgesSignup((code, { hash }) => (code === USER_IN_USE && isKnown(hash) ? SUCCESS : code)),
  },
  {
    name: 'srv-signup-refuses-but-updates',
    breaks: ['CN-050'],
    what: 'refuses a taken name, and stores the new password',
    change: (Plain) =>
      class extends Plain {
        override signup(connection: Connection, request: Request): void {
          const holder = this.accounts.get(request.username);
          super.signup(connection, request);
          if (holder) holder.secret = seal('sha256', request.password);
        }
      },
  },
  {
    name: 'srv-hash-fallback',
    breaks: ['CN-051'],
    what: 'takes sha256 for a hash that it does not have',
    change: reads('signup', ({ hash }) => ({ hash: isKnown(hash) ? hash : 'sha256' })),
  },
  {
    name: 'srv-hash-refusal-reserves',
    breaks: ['CN-052'],
    what: 'keeps the name of a signup that it refused for its hash',
    change: (Plain) =>
      class extends Plain {
        override signup(connection: Connection, request: Request): void {
          super.signup(connection, request);
          const { username, password } = request;
          if (!this.accounts.has(username)) this.register(username, password, 'sha256');
        }
      },
  },
  {
    name: 'srv-error-token',
    breaks: ['CN-053'],
    what: 'sends null for the session of a signup that it refuses',
    change: replies('signup', (reply) => ({ ...reply, session: reply['session'] || null })),
  },
  {
    name: 'srv-username-token-only',
    breaks: ['CN-054'],
    what: 'refuses a user name with a blank',
    change: judgesSignup((code, { username }) => (username.includes(' ') ? USER_IN_USE : code)),
  },
  {
    name: 'srv-signup-token-inactive',
    breaks: ['CN-055'],
    what: 'forgets the token of a signup',
    change: (Plain) =>
      class extends Plain {
        override issue(request: Request): string {
          const token = super.issue(request);
          if (request.type === 'signup') this.tokens.delete(token);
          return token;
        }
      },
  },
];
