import type { Link } from '../../../session/link.ts';
import type { Connection } from '../connection.ts';
import type { Request } from '../request.ts';
import { type ChatDefect, replies } from './change.ts';

/** Defects of identification. */
export const identificationDefects: readonly ChatDefect[] = [
  {
    name: 'srv-identifies-first',
    breaks: ['CN-017'],
    what: 'identifies itself as soon as a client connects',
    change: (Plain) =>
      class extends Plain {
        override open(link: Link): Connection {
          const connection = super.open(link);
          this.send(connection, {
            type: 'identification',
            version: '1.0.0',
            invitations: true,
            resp_code: 0,
          });
          return connection;
        }
      },
  },
  {
    name: 'srv-client-required',
    breaks: ['CN-021'],
    what: 'closes when the client does not name its software',
    change: (Plain) =>
      class extends Plain {
        override identify(connection: Connection, request: Request): void {
          if (request.client === '') this.drop(connection);
          else super.identify(connection, request);
        }
      },
  },
  {
    name: 'srv-ident-silent',
    breaks: ['CN-022'],
    what: 'does not answer an identification',
    change: replies('identification', () => undefined),
  },
  {
    name: 'srv-version-missing',
    breaks: ['CN-023'],
    what: 'does not say its version',
    change: replies('identification', (reply) => ({ ...reply, version: undefined })),
  },
  {
    name: 'srv-version-echo',
    breaks: ['CN-024'],
    what: 'says the version that the client said',
    change: replies('identification', (reply, { version }) => ({ ...reply, version })),
  },
  {
    name: 'srv-server-object',
    breaks: ['CN-025'],
    what: 'names its software by an object',
    change: replies('identification', (reply) => ({ ...reply, server: { name: reply['server'] } })),
  },
  {
    name: 'srv-invitations-string',
    breaks: ['CN-027'],
    what: 'says by a string whether it is open for invitations',
    change: replies('identification', (reply) => ({ ...reply, invitations: 'true' })),
  },
];
