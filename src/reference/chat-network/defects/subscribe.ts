import { BAD_TOKEN, SUCCESS } from '../codes.ts';
import type { Connection } from '../connection.ts';
import type { Request } from '../request.ts';
import type { ChatServer } from '../server.ts';
import { type Change, type ChatDefect, late, replies } from './change.ts';

/** Acts otherwise on a subscribe whose token is wrong. */
function wrongToken(other: (server: ChatServer, connection: Connection, request: Request) => void): Change {
  return (Plain) =>
    class extends Plain {
      override subscribe(connection: Connection, request: Request): void {
        if (this.tokens.has(request.session)) super.subscribe(connection, request);
        else other(this, connection, request);
      }
    };
}

/** Defects of subscribe. */
export const subscribeDefects: readonly ChatDefect[] = [
  {
    name: 'srv-events-without-subscribe',
    breaks: ['CN-068'],
    what: 'sends events to every connection that signed in',
    change: (Plain) =>
      class extends Plain {
        override admit(connection: Connection, request: Request, code: number): void {
          super.admit(connection, request, code);
          const account = this.accounts.get(request.username);
          if (account && code === SUCCESS) this.join(connection, account);
        }
      },
  },
  {
    name: 'srv-subscribe-unconfirmed',
    breaks: ['CN-070'],
    what: 'sends events without confirming the subscribe',
    change: replies('subscribe', (reply) => (reply['resp_code'] === SUCCESS ? undefined : reply)),
  },
  {
    name: 'srv-event-before-confirm',
    breaks: ['CN-071'],
    what: 'lets events overtake the confirmation',
    change: late('subscribe', 100),
  },
  {
    name: 'srv-subscribe-noop',
    breaks: ['CN-072'],
    what: 'confirms, and sends no events',
    change: (Plain) =>
      class extends Plain {
        override join(): void {}
      },
  },
  {
    name: 'srv-subscribe-any-token',
    breaks: ['CN-073'],
    what: 'confirms every token',
    change: wrongToken((server, connection, request) => {
      server.reply(connection, request, { resp_code: SUCCESS });
    }),
  },
  {
    name: 'srv-bad-token-stays',
    breaks: ['CN-074'],
    what: 'reports a wrong token and leaves the connection open',
    change: wrongToken((server, connection, request) => {
      server.reply(connection, request, { resp_code: BAD_TOKEN });
    }),
  },
  {
    name: 'srv-bad-token-drops',
    breaks: ['CN-075'],
    what: 'closes on a wrong token without a word',
    change: wrongToken((server, connection) => server.drop(connection)),
  },
  {
    name: 'srv-empty-token-valid',
    breaks: ['CN-076'],
    what: 'confirms the empty token',
    change: (Plain) =>
      class extends Plain {
        override subscribe(connection: Connection, request: Request): void {
          if (request.session === '') this.reply(connection, request, { resp_code: SUCCESS });
          else super.subscribe(connection, request);
        }
      },
  },
  {
    name: 'srv-bad-token-purges',
    breaks: ['CN-077'],
    what: 'ends every subscribed connection on a wrong token',
    change: (Plain) =>
      class extends Plain {
        override subscribe(connection: Connection, request: Request): void {
          if (!this.tokens.has(request.session)) this.#purge();
          super.subscribe(connection, request);
        }

        #purge(): void {
          for (const { subscribers } of this.accounts.values()) {
            for (const subscriber of subscribers) this.drop(subscriber);
          }
        }
      },
  },
  {
    name: 'srv-subscribe-echo-token',
    breaks: ['CN-078'],
    what: 'returns the token of a subscribe',
    change: replies('subscribe', (reply, { session }) => ({ ...reply, session })),
  },
];
