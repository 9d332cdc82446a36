import type { Connection } from '../connection.ts';
import type { Request } from '../request.ts';
import { pair } from '../server.ts';
import { authorises, type ChatDefect, delivers, tells } from './change.ts';

const isInvite = (type: string) => type.startsWith('invite.');
const isMessage = (type: string) => type === 'message';

/** Keeps of a text what base64 is made of, without the padding. */
function recode(text: string): string {
  return text.replace(/[^A-Za-z0-9+/]/g, '');
}

/** Defects of events, invites and messages. */
export const eventDefects: readonly ChatDefect[] = [
  {
    name: 'srv-event-noise',
    breaks: ['CN-080'],
    what: 'sends objects of a type of its own to who subscribes',
    change: (Plain) =>
      class extends Plain {
        override subscribe(connection: Connection, request: Request): void {
          super.subscribe(connection, request);
          this.send(connection, { type: 'notice', text: 'welcome' });
        }
      },
  },
  {
    name: 'srv-event-broadcast',
    breaks: ['CN-081'],
    what: 'sends events to all subscribers',
    change: (Plain) =>
      class extends Plain {
        override subscribers(): Iterable<Connection> {
          return new Set([...this.accounts.values()].flatMap(({ subscribers }) => [...subscribers]));
        }
      },
  },
  {
    name: 'srv-invite-dropped',
    breaks: ['CN-084'],
    what: 'does not deliver invites',
    change: delivers('invite.request', 0),
  },
  {
    name: 'srv-invite-swaps',
    breaks: ['CN-085'],
    what: 'swaps source and dest in the event of an invite',
    change: tells('invite.request', ({ source, dest }) => ({ source: dest, dest: source })),
  },
  {
    name: 'srv-invite-leaks-token',
    breaks: ['CN-086'],
    what: 'leaves the token in the event of an invite',
    change: tells('invite.request', ({ session }) => ({ session })),
  },
  {
    name: 'srv-invite-unauthenticated',
    breaks: ['CN-087'],
    what: 'takes invites with a wrong token',
    change: authorises(isInvite, ({ session }, server) => !server.tokens.has(session)),
  },
  {
    name: 'srv-trusts-source',
    breaks: ['CN-088'],
    what: 'takes invites in the name of another user',
    change: authorises(isInvite, ({ session }, server) => server.tokens.has(session)),
  },
  {
    name: 'srv-accept-dropped',
    breaks: ['CN-090'],
    what: 'does not deliver acceptances',
    change: delivers('invite.accept', 0),
  },
  {
    name: 'srv-reject-as-accept',
    breaks: ['CN-092'],
    what: 'delivers a rejection as an acceptance',
    change: tells('invite.reject', () => ({ type: 'invite.accept' })),
  },
  {
    name: 'srv-accept-unasked',
    breaks: ['CN-093'],
    what: 'delivers an acceptance without an invite',
    change: (Plain) =>
      class extends Plain {
        override decide(request: Request): void {
          if (request.type === 'invite.accept') this.invites.set(pair(request.dest, request.source), true);
          super.decide(request);
        }
      },
  },
  {
    name: 'srv-message-dropped',
    breaks: ['CN-097'],
    what: 'does not deliver messages',
    change: delivers('message', 0),
  },
  {
    name: 'srv-message-recoded',
    breaks: ['CN-098'],
    what: 'keeps only the letters of base64 in nonce and message',
    change: tells('message', ({ nonce, message }) => ({ nonce: recode(nonce), message: recode(message) })),
  },
  {
    name: 'srv-message-leaks-token',
    breaks: ['CN-099'],
    what: 'leaves the token in the event of a message',
    change: tells('message', ({ session }) => ({ session })),
  },
  {
    name: 'srv-message-unauthenticated',
    breaks: ['CN-100'],
    what: 'takes messages with a wrong token',
    change: authorises(isMessage, ({ session }, server) => !server.tokens.has(session)),
  },
  {
    name: 'srv-message-trusts-source',
    breaks: ['CN-101'],
    what: 'takes messages in the name of another user',
    change: authorises(isMessage, ({ session }, server) => server.tokens.has(session)),
  },
  {
    name: 'srv-message-twice',
    breaks: ['CN-102'],
    what: 'delivers messages twice',
    change: delivers('message', 2),
  },
  {
    name: 'srv-unknown-dest-crash',
    breaks: ['CN-104'],
    what: 'closes the connection of who addresses an unknown user',
    change: (Plain) =>
      class extends Plain {
        override handle(connection: Connection, request: Request): void {
          const isAction = isInvite(request.type) || isMessage(request.type);
          if (isAction && !this.accounts.has(request.dest)) this.drop(connection);
          else super.handle(connection, request);
        }
      },
  },
];
