import type { Link } from '../../../session/link.ts';
import type { Answer, Request } from '../packet.ts';
import type { Session } from '../session.ts';
import { answering, type GurgleDefect, refusing, without } from './change.ts';

/** Defects of the connection, the version, upgrades and the query of methods. */
export const connectionDefects: readonly GurgleDefect[] = [
  {
    name: 'srv-plaintext',
    breaks: ['GUR-002'],
    what: 'also answers clients that do not start TLS',
    listening: { alsoPlain: true },
  },
  {
    name: 'srv-greeting',
    breaks: ['GUR-003'],
    what: 'says its version before the client has said any',
    change: (Plain) =>
      class extends Plain {
        override open(link: Link): Session {
          const session = super.open(link);
          this.send(session, { id: null, version: this.version });
          return session;
        }
      },
  },
  {
    name: 'srv-closes-after-setup',
    breaks: ['GUR-016'],
    what: 'closes once the client has shown its presence',
    change: (Plain) =>
      class extends Plain {
        override follow(session: Session, request: Request): void {
          super.follow(session, request);
          if (request.cmd === 'presence') this.finish(session);
        }
      },
  },
  {
    name: 'srv-version-silent',
    breaks: ['GUR-021'],
    what: 'does not answer the version',
    change: answering('version', () => undefined),
  },
  {
    name: 'srv-version-0-2',
    breaks: ['GUR-023'],
    what: 'says that it is 0.2',
    change: (Plain) =>
      class extends Plain {
        override readonly version: unknown = '0.2';
      },
  },
  {
    name: 'srv-version-number',
    breaks: ['GUR-024'],
    what: 'writes its version as a number',
    change: (Plain) =>
      class extends Plain {
        override readonly version: unknown = 0.1;
      },
  },
  {
    name: 'srv-version-echo',
    breaks: ['GUR-025'],
    what: "says the client's version",
    change: (Plain) =>
      class extends Plain {
        override declareVersion(request: Request): Answer {
          return { version: request.version };
        }
      },
  },
  {
    name: 'srv-cmd-everywhere',
    breaks: ['GUR-026'],
    what: 'gives every answer a cmd',
    change: (Plain) =>
      class extends Plain {
        override reply(session: Session, request: Request, answer: Answer): void {
          super.reply(session, request, { cmd: request.cmd ?? 'version', ...answer });
        }
      },
  },
  {
    name: 'srv-upgrade-silent',
    breaks: ['GUR-005'],
    what: 'does not answer upgrade requests',
    change: answering('upgrade', () => undefined),
  },
  {
    name: 'srv-upgrade-cmd-echo',
    breaks: ['GUR-029'],
    what: 'answers upgrade by upgrade',
    change: answering('upgrade', (answer) => ({ ...answer, cmd: 'upgrade' })),
  },
  {
    name: 'srv-upgrade-no-features',
    breaks: ['GUR-030'],
    what: 'leaves the features out',
    change: answering('upgrade', (answer) => without(answer, 'features')),
  },
  {
    name: 'srv-upgrade-error-omitted',
    breaks: ['GUR-031'],
    what: 'leaves the error out where there is none',
    change: answering('upgrade', (answer) => (answer['error'] === null ? without(answer, 'error') : answer)),
  },
  {
    name: 'srv-upgrade-extra',
    breaks: ['GUR-032'],
    what: 'enables a feature that was not asked for',
    change: answering('upgrade', (answer) =>
      answer['error'] === null ? { ...answer, features: ['jksn'] } : answer,
    ),
  },
  {
    name: 'srv-upgrade-error-superset',
    breaks: ['GUR-033'],
    what: 'lists what it knows in place of what it enables',
    change: refusing('upgrade', (answer) => ({ ...answer, features: ['jksn', 'lzo'] })),
  },
  {
    name: 'srv-upgrade-lies',
    breaks: ['GUR-034'],
    what: 'grants whatever it is asked for',
    change: answering('upgrade', (_, { features }) => ({ cmd: 'upgraded', features, error: null })),
  },
  {
    name: 'srv-upgrade-no-reason',
    breaks: ['GUR-035'],
    what: 'gives no reason for its error',
    change: refusing('upgrade', (answer) => without(answer, 'reason')),
  },
  {
    name: 'srv-query-silent',
    breaks: ['GUR-038'],
    what: 'does not answer the query',
    change: answering('query', () => undefined),
  },
  {
    name: 'srv-query-id-next',
    breaks: ['GUR-039'],
    what: 'answers the query under the next id',
    change: answering('query', (answer, { id }) => ({
      ...answer,
      id: typeof id === 'number' ? id + 1 : `${id}1`,
    })),
  },
  {
    name: 'srv-answer-string',
    breaks: ['GUR-040'],
    what: 'names its method without an array',
    change: answering('query', () => ({ answer: 'plain' })),
  },
  {
    name: 'srv-answer-empty',
    breaks: ['GUR-041'],
    what: 'offers no method',
    change: answering('query', () => ({ answer: [] })),
  },
];
