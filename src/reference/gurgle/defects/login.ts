import { bareId, type GurgleId } from '../id.ts';
import type { Answer, Packet, PacketId, Request } from '../packet.ts';
import type { LoginError } from '../server.ts';
import type { Identity, Session, User } from '../session.ts';
import { type Change, type GurgleDefect, granting, refusing, without } from './change.ts';

/** Defects of authentication. */
export const loginDefects: readonly GurgleDefect[] = [
  {
    name: 'srv-plain-listed-only',
    breaks: ['GUR-042'],
    what: 'offers plain and refuses the right passwords too',
    change: (Plain) =>
      class extends Plain {
        override judgeLogin(user: User | undefined, password: unknown): User | LoginError {
          const judged = super.judgeLogin(user, password);
          return typeof judged === 'string' ? judged : 'password';
        }
      },
  },
  {
    name: 'srv-to-bare',
    breaks: ['GUR-049'],
    what: 'confirms the login with the bare id',
    change: granting('auth', (answer) => ({ ...answer, to: String(answer['to']).replace(/\/.*/, '') })),
  },
  {
    name: 'srv-keeps-bad-terminal',
    breaks: ['GUR-050'],
    what: 'takes any terminal as it is',
    change: (Plain) =>
      class extends Plain {
        override terminalFor(user: User, asked: string | undefined): string {
          return asked ?? super.terminalFor(user, asked);
        }
      },
  },
  {
    name: 'srv-always-new-terminal',
    breaks: ['GUR-051'],
    what: 'never gives the terminal that was asked for',
    change: (Plain) =>
      class extends Plain {
        override terminalFor(user: User): string {
          return super.terminalFor(user, undefined);
        }
      },
  },
  {
    name: 'srv-same-terminal',
    breaks: ['GUR-052'],
    what: 'gives the same terminal to all who name none',
    change: (Plain) =>
      class extends Plain {
        override terminalFor(user: User, asked: string | undefined): string {
          return asked === undefined ? 'home' : super.terminalFor(user, asked);
        }
      },
  },
  {
    name: 'srv-auth-silent',
    breaks: ['GUR-053'],
    what: 'lets users in without a word',
    change: granting('auth', () => undefined),
  },
  {
    name: 'srv-auth-error-false',
    breaks: ['GUR-054'],
    what: 'says false where there is no error',
    change: granting('auth', (answer) => ({ ...answer, error: false })),
  },
  {
    name: 'srv-auth-doc-literal',
    breaks: ['GUR-055'],
    what: 'confirms the login in the broken JSON of the prose',
    change: (Plain) =>
      class extends Plain {
        override render(packet: Packet): Uint8Array {
          const { id, to, error } = packet;
          if (to === undefined || error !== null) return super.render(packet);
          return new TextEncoder().encode(
            `{"id": ${JSON.stringify(id)}, "cmd": "to": ${JSON.stringify(to)}, "error": null}`,
          );
        }
      },
  },
  {
    name: 'srv-auth-id-of-query',
    breaks: ['GUR-056'],
    what: 'answers the login under the id of the query',
    change: (Plain) =>
      class extends Plain {
        readonly #queries = new WeakMap<Session, PacketId>();

        override reply(session: Session, request: Request, answer: Answer): void {
          if (request.cmd === 'query') this.#queries.set(session, request.id);
          const id = request.cmd === 'auth' ? (this.#queries.get(session) ?? request.id) : request.id;
          super.reply(session, { ...request, id }, answer);
        }
      },
  },
  {
    name: 'srv-to-differs',
    breaks: ['GUR-057'],
    what: 'names another terminal at login than it uses afterwards',
    change: (Plain) =>
      class extends Plain {
        override logIn(session: Session, user: User, terminal: string): Identity {
          const { user: same } = super.logIn(session, user, this.freshTerminal());
          return { user: same, terminal, id: `${user.account.id}/${terminal}` };
        }
      },
  },
  {
    name: 'srv-accepts-any-password',
    breaks: ['GUR-058'],
    what: 'lets a user in by any password',
    change: (Plain) =>
      class extends Plain {
        override judgeLogin(user: User | undefined): User | LoginError {
          return super.judgeLogin(user, user?.account.password);
        }
      },
  },
  {
    name: 'srv-unknown-user-error',
    breaks: ['GUR-059'],
    what: 'has an error of its own for users that do not exist',
    change: unknownUserWith({ error: 'user' }),
  },
  {
    name: 'srv-reason-reworded',
    breaks: ['GUR-060'],
    what: 'words the reason otherwise',
    change: refusing('auth', (answer) =>
      answer['error'] === 'password' ? { ...answer, reason: 'Access denied.' } : answer,
    ),
  },
  {
    name: 'srv-reveals-user',
    breaks: ['GUR-061'],
    what: 'says which users do not exist',
    change: unknownUserWith({ reason: 'No such user.' }),
  },
  {
    name: 'srv-fail-without-to',
    breaks: ['GUR-062'],
    what: 'refuses a login without an id in to',
    change: refusing('auth', (answer) => without(answer, 'to')),
  },
  {
    name: 'srv-disabled-as-password',
    breaks: ['GUR-063'],
    what: 'takes a disabled account for a wrong password',
    change: (Plain) =>
      class extends Plain {
        override judgeLogin(user: User | undefined, password: unknown): User | LoginError {
          return super.judgeLogin(user?.account.disabled ? undefined : user, password);
        }
      },
  },
  {
    name: 'srv-disabled-no-reason',
    breaks: ['GUR-064'],
    what: 'gives no reason for a disabled account',
    change: refusing('auth', (answer) =>
      answer['error'] === 'user_disable' ? without(answer, 'reason') : answer,
    ),
  },
  {
    name: 'srv-disabled-logged-in',
    breaks: ['GUR-065'],
    what: 'lets the owner of a disabled account in all the same',
    change: logsInDespite('user_disable'),
  },
  {
    name: 'srv-auth-fail-open',
    breaks: ['GUR-066'],
    what: 'lets a user in all the same after a wrong password',
    change: logsInDespite('password'),
  },
  {
    name: 'srv-no-auth-check',
    breaks: ['GUR-067'],
    what: 'serves who has not logged in, as one of its users',
    change: (Plain) =>
      class extends Plain {
        override identityOf(session: Session): Identity | undefined {
          const id = 'carol-0@gurgle.example';
          const user = this.users.find(id);
          return super.identityOf(session) ?? (user && { user, terminal: 'none', id: `${id}/none` });
        }
      },
  },
];

function unknownUserWith(other: Answer): Change {
  return (Plain) =>
    class extends Plain {
      override denyLogin(session: Session, claimed: GurgleId | undefined, error: LoginError): Answer {
        const answer = super.denyLogin(session, claimed, error);
        return claimed && this.users.find(bareId(claimed)) ? answer : { ...answer, ...other };
      }
    };
}

function logsInDespite(despite: LoginError): Change {
  return (Plain) =>
    class extends Plain {
      override denyLogin(session: Session, claimed: GurgleId | undefined, error: LoginError): Answer {
        const user = claimed && this.users.find(bareId(claimed));
        if (user && error === despite) this.logIn(session, user, this.freshTerminal());
        return super.denyLogin(session, claimed, error);
      }
    };
}
