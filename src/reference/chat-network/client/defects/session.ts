import type { Session } from '../client.ts';
import type { Incoming } from '../incoming.ts';
import { type ChatClientDefect, sends } from './change.ts';

const RETRY_MS = 100;

/** Defects of signup, signin and subscribe. */
export const sessionDefects: readonly ChatClientDefect[] = [
  {
    name: 'cli-ignores-code',
    breaks: ['CN-015'],
    what: 'goes on when a signup or signin is refused',
    change: (Plain) =>
      class extends Plain {
        override tokenOf({ session }: Incoming): string | undefined {
          return String(session ?? '');
        }
      },
  },
  {
    name: 'cli-signup-no-hash',
    breaks: ['CN-039'],
    what: 'signs up without a hash',
    change: sends('signup', () => ({ hash: undefined })),
  },
  {
    name: 'cli-hash-hardcoded',
    breaks: ['CN-040'],
    what: 'signs up with sha256, whether the server has it or not',
    change: (Plain) =>
      class extends Plain {
        override chooseHash(): string {
          return 'sha256';
        }
      },
  },
  {
    name: 'cli-token-normalised',
    breaks: ['CN-056'],
    what: 'trims its token and makes it lower case',
    change: (Plain) =>
      class extends Plain {
        override begin({ username, token }: Session): void {
          super.begin({ username, token: token.trim().toLowerCase() });
        }
      },
  },
  {
    name: 'cli-signin-user-member',
    breaks: ['CN-057'],
    what: 'signs in as user instead of username',
    change: sends('signin', ({ username }) => ({ username: undefined, user: username })),
  },
  {
    name: 'cli-no-subscribe',
    breaks: ['CN-069'],
    what: 'never subscribes',
    change: (Plain) =>
      class extends Plain {
        override subscribe(): void {}
      },
  },
  {
    name: 'cli-retries-bad-token',
    breaks: ['CN-079'],
    what: 'comes back with a token that the server refused, again and again',
    change: (Plain) =>
      class extends Plain {
        #refused: Session | undefined;

        override refused(session: Session, reply: Incoming): void {
          this.#refused = session;
          super.refused(session, reply);
        }

        override over(why: string): void {
          if (!this.#refused) {
            super.over(why);
            return;
          }
          this.stopWaiting();
          this.options.clock.after(RETRY_MS, () => {
            if (!this.left) this.connect();
          });
        }

        override ready(): void {
          if (this.#refused) this.subscribe(this.#refused);
          else super.ready();
        }
      },
  },
];
