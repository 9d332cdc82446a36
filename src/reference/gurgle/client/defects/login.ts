import type { Incoming } from '../client.ts';
import { type GurgleClientDefect, sends } from './change.ts';

/** Defects of the login. */
export const loginDefects: readonly GurgleClientDefect[] = [
  {
    name: 'cli-query-methods',
    breaks: ['GUR-037'],
    what: 'asks for methods instead of auth',
    change: sends('query', () => ({ query: 'methods' })),
  },
  {
    name: 'cli-first-method',
    breaks: ['GUR-043'],
    what: 'takes the first method, known or not',
    change: (Plain) =>
      class extends Plain {
        override chooseMethod([first]: readonly string[]): string | undefined {
          return first;
        }
      },
  },
  {
    name: 'cli-strict-methods',
    breaks: ['GUR-044'],
    what: 'does not log in where there are methods besides plain',
    change: (Plain) =>
      class extends Plain {
        override chooseMethod(offered: readonly string[]): string | undefined {
          return offered.length === 1 ? super.chooseMethod(offered) : undefined;
        }
      },
  },
  {
    name: 'cli-plain-anyway',
    breaks: ['GUR-045'],
    what: 'sends its password though plain is not offered',
    change: (Plain) =>
      class extends Plain {
        override chooseMethod(): string {
          return 'plain';
        }
      },
  },
  {
    name: 'cli-auth-user-member',
    breaks: ['GUR-046'],
    what: 'logs in as user instead of from',
    change: sends('auth', ({ from }) => ({ from: undefined, user: from })),
  },
  {
    name: 'cli-password-hash',
    breaks: ['GUR-047'],
    what: 'sends its password in base64',
    change: sends('auth', ({ password }) => ({
      password: Buffer.from(String(password)).toString('base64'),
    })),
  },
  {
    name: 'cli-from-username',
    breaks: ['GUR-048'],
    what: 'logs in without its domain',
    change: sends('auth', ({ from }) => ({ from: String(from).replace(/@.*$/s, '') })),
  },
  {
    name: 'cli-ignores-auth-error',
    breaks: ['GUR-068'],
    what: 'goes on after a login that was refused',
    change: (Plain) =>
      class extends Plain {
        override authenticated(answer: Incoming): void {
          super.authenticated({ ...answer, error: null });
        }
      },
  },
];
