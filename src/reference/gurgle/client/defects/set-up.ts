import type { Incoming } from '../client.ts';
import { type GurgleClientDefect, sends } from './change.ts';

/** Defects of the connection, its set-up and its versions. */
export const setUpDefects: readonly GurgleClientDefect[] = [
  {
    name: 'cli-plaintext',
    breaks: ['GUR-001'],
    what: 'speaks without TLS',
    connecting: { transport: 'tcp' },
  },
  {
    name: 'cli-skip-upgrade',
    breaks: ['GUR-004'],
    what: 'does not ask for an upgrade',
    change: (Plain) =>
      class extends Plain {
        override upgrade(): void {
          this.queryMethods();
        }
      },
  },
  {
    name: 'cli-auth-blind',
    breaks: ['GUR-006'],
    what: 'logs in without asking for the methods',
    change: (Plain) =>
      class extends Plain {
        override queryMethods(): void {
          this.authenticate('plain');
        }
      },
  },
  {
    name: 'cli-roaster-before-auth',
    breaks: ['GUR-007'],
    what: 'asks for the contacts before it logs in',
    change: (Plain) =>
      class extends Plain {
        override authenticate(method: string): void {
          this.ask({ cmd: 'get_roaster' }, () => super.authenticate(method));
        }
      },
  },
  {
    name: 'cli-presence-before-roaster',
    breaks: ['GUR-008'],
    what: 'shows its presence before it asks for the contacts',
    change: (Plain) =>
      class extends Plain {
        override fetchRoaster(): void {
          super.introduce();
          super.fetchRoaster();
        }

        override introduce(): void {}
      },
  },
  {
    name: 'cli-no-presence',
    breaks: ['GUR-010'],
    what: 'does not show its presence by itself',
    change: (Plain) =>
      class extends Plain {
        override introduce(): void {}
      },
  },
  {
    name: 'cli-closes-after-setup',
    breaks: ['GUR-017'],
    what: 'leaves as soon as it is set up',
    change: (Plain) =>
      class extends Plain {
        override settle(): void {
          this.leave(0);
        }
      },
  },
  {
    name: 'cli-auth-first',
    breaks: ['GUR-018'],
    what: 'asks for the methods before it declares its version',
    change: (Plain) =>
      class extends Plain {
        override declareVersion(): void {
          this.ask({ cmd: 'query', query: 'auth' }, () => super.declareVersion());
        }
      },
  },
  {
    name: 'cli-waits-for-banner',
    breaks: ['GUR-019'],
    what: 'says nothing until the server has said something',
    change: (Plain) =>
      class extends Plain {
        #greeted = false;

        override opened(): void {}

        override receive(payload: Uint8Array): void {
          if (this.#greeted) super.receive(payload);
          else this.declareVersion();
          this.#greeted = true;
        }
      },
  },
  {
    name: 'cli-version-without-id',
    breaks: ['GUR-020'],
    what: 'declares its version without an id',
    change: sends(undefined, () => ({ id: undefined })),
  },
  {
    name: 'cli-version-1-0',
    breaks: ['GUR-022'],
    what: 'declares the version 1.0',
    change: sends(undefined, () => ({ version: '1.0' })),
  },
  {
    name: 'cli-version-number',
    breaks: ['GUR-024'],
    what: 'declares its version by a number',
    change: sends(undefined, () => ({ version: 0.1 })),
  },
  {
    name: 'cli-version-cmd',
    breaks: ['GUR-027'],
    what: 'declares its version with a command',
    change: sends(undefined, () => ({ cmd: 'version' })),
  },
  {
    name: 'cli-features-string',
    breaks: ['GUR-028'],
    what: 'asks for features by a text',
    change: sends('upgrade', () => ({ features: '' })),
  },
  {
    name: 'cli-assumes-upgrade',
    breaks: ['GUR-036'],
    what: 'stops when an upgrade is not granted',
    change: (Plain) =>
      class extends Plain {
        override upgraded(answer: Incoming): void {
          if (answer['error'] === null) super.upgraded(answer);
          else this.denied('no upgrade');
        }
      },
  },
];
