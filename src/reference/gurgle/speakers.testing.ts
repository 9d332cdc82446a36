import { type Speaker, speaker } from '../speaker.testing.ts';
import type { GurgleId } from './id.ts';
import type { Message, Submission } from './message.ts';
import type { Answer, Packet, PacketId, Request } from './packet.ts';
import type { Presence } from './presence.ts';
import type { GurgleServer, LoginError } from './server.ts';
import type { Delivery, Identity, Session, User } from './session.ts';

const of = speaker<GurgleServer>;

/** What is answered, made of what the plain server answers. */
const answering = (
  name: string,
  change: (plain: Answer, request: Request, session: Session) => Answer | undefined,
): Speaker<GurgleServer> =>
  of(
    name,
    (Plain) =>
      class extends Plain {
        override answer(session: Session, request: Request): Answer | undefined {
          const plain = super.answer(session, request);
          return plain && change(plain, request, session);
        }
      },
  );

const denying = (name: string, change: (plain: Answer) => Answer): Speaker<GurgleServer> =>
  of(
    name,
    (Plain) =>
      class extends Plain {
        override denyLogin(session: Session, claimed: GurgleId | undefined, error: LoginError): Answer {
          return change(super.denyLogin(session, claimed, error));
        }
      },
  );

const announcing = (
  name: string,
  change: (presence: Presence) => Presence | undefined,
): Speaker<GurgleServer> =>
  of(
    name,
    (Plain) =>
      class extends Plain {
        override announce(identity: Identity, presence: Presence): void {
          const told = change(presence);
          if (told) super.announce(identity, told);
        }
      },
  );

const handing = (name: string, change: (plain: Delivery) => Partial<Delivery>): Speaker<GurgleServer> =>
  of(
    name,
    (Plain) =>
      class extends Plain {
        override deliveryOf(sender: Identity, message: Message): Delivery {
          const plain = super.deliveryOf(sender, message);
          return { ...plain, ...change(plain) };
        }
      },
  );

const refusing = (name: string, refuses: (request: Request, user: User) => boolean): Speaker<GurgleServer> =>
  of(
    name,
    (Plain) =>
      class extends Plain {
        override updateRoaster(identity: Identity, session: Session, request: Request): Answer {
          if (!refuses(request, identity.user)) return super.updateRoaster(identity, session, request);
          return { error: 'etag', reason: 'Another tag, please.' };
        }
      },
  );

/** Reads the contents of files in another way. */
const reading = (name: string, octets: (blob: string) => Uint8Array): Speaker<GurgleServer> =>
  of(
    name,
    (Plain) =>
      class extends Plain {
        override readSubmissions(value: unknown): readonly Submission[] | undefined {
          return super.readSubmissions(
            JSON.parse(JSON.stringify(value), (key, inner: unknown) =>
              key === 'blob' ? Buffer.from(octets(String(inner))).toString('base64') : inner,
            ),
          );
        }
      },
  );

const stranger = (session: Session): boolean => session.identity === undefined;
const users = ['presence', 'get_roaster', 'update_roaster', 'message'];

/** Whom nobody knows and who asks for what users may. */
const turningAway = (
  name: string,
  act: (server: GurgleServer, session: Session) => void,
): Speaker<GurgleServer> =>
  of(
    name,
    (Plain) =>
      class extends Plain {
        override perform(session: Session, request: Request): void {
          if (stranger(session) && users.includes(String(request.cmd))) act(this, session);
          else super.perform(session, request);
        }
      },
  );

/** Holds what it says until all that came at once is read. */
const gathering = (name: string, change: (packets: Packet[]) => Packet[]): Speaker<GurgleServer> =>
  of(
    name,
    (Plain) =>
      class extends Plain {
        #held: Packet[] | undefined;
        override receive(session: Session, chunk: Uint8Array): void {
          this.#held = [];
          super.receive(session, chunk);
          const held = this.#held;
          this.#held = undefined;
          for (const packet of held.length > 1 ? change(held) : held) this.send(session, packet);
        }
        override reply(session: Session, request: Request, answer: Answer): void {
          if (this.#held && request.cmd === 'ping') this.#held.push({ id: request.id, ...answer });
          else super.reply(session, request, answer);
        }
      },
  );

/** Gurgle as others might speak it. */
export const gurgleSpeakers: readonly Speaker<GurgleServer>[] = [
  answering('early-ping=silent', (plain, { cmd }, session) =>
    cmd === 'ping' && stranger(session) ? undefined : plain,
  ),
  answering('ping-data=string', (plain, { cmd, data }) =>
    cmd === 'ping' && typeof data !== 'string' ? { error: 'malformed', reason: 'No text.' } : plain,
  ),
  of(
    'id-type=int32',
    (Plain) =>
      class extends Plain {
        override perform(session: Session, request: Request): void {
          if (typeof request.id === 'number') super.perform(session, request);
          else this.abandon(session, 'malformed', 'An id is a number.');
        }
      },
  ),
  answering('cmd-in-replies=any', (plain, { cmd, version }) => ({
    ...plain,
    ...(cmd === undefined && version !== undefined ? { cmd: 'version' } : {}),
  })),
  answering('auth-reply=cmd-auth', (plain, { cmd }) => (cmd === 'auth' ? { cmd: 'auth', ...plain } : plain)),
  answering('auth-methods=contains-plain', (plain, { cmd }) =>
    cmd === 'query' ? { answer: ['plain', 'scram'] } : plain,
  ),
  answering('auth-methods=any', (plain, { cmd }) => (cmd === 'query' ? { answer: ['scram'] } : plain)),
  denying('fail-to=string', (plain) => ({ ...plain, to: 'nobody' })),
  denying('fail-to=any', (plain) => ({ ...plain, to: 7 })),
  of(
    'disabled-wrong-password=user_disable',
    (Plain) =>
      class extends Plain {
        override judgeLogin(user: User | undefined, password: unknown): User | LoginError {
          return user?.account.disabled ? 'user_disable' : super.judgeLogin(user, password);
        }
      },
  ),
  denying('reason-text=any', (plain) => ({ ...plain, reason: 'Not so.' })),
  of(
    'presence-reply=contains-self',
    (Plain) =>
      class extends Plain {
        override show(identity: Identity, session: Session, request: Request): Answer {
          const shown = super.show(identity, session, request);
          const another = { from: 'zoe@gurgle.example/desk', status: 'away', mood: '', error: null };
          return { ...shown, presences: [...(shown['presences'] as unknown[]), another] };
        }
      },
  ),
  announcing('status-null=unknown', (presence) => (presence.status === null ? undefined : presence)),
  announcing('invisible-push=none', (presence) => (presence.status === 'invisible' ? undefined : presence)),
  announcing('invisible-push=null', (presence) =>
    presence.status === 'invisible' ? { ...presence, status: null } : presence,
  ),
  of(
    'roaster-presence=array',
    (Plain) =>
      class extends Plain {
        override describeContact(contact: string, alias: string): Answer {
          return { ...super.describeContact(contact, alias), presence: [] };
        }
      },
  ),
  of(
    'roaster-presence=any',
    (Plain) =>
      class extends Plain {
        override describeContact(contact: string, alias: string): Answer {
          return { ...super.describeContact(contact, alias), presence: null };
        }
      },
  ),
  refusing('update-etag=fresh', ({ etag }, { roaster }) => etag === undefined || etag === roaster.etag),
  refusing('update-etag=omit', ({ etag }) => etag !== undefined),
  of(
    'offline-ack=none',
    (Plain) =>
      class extends Plain {
        override confirm(_session: Session, _push: PacketId): void {
          // Whatever is confirmed stays.
        }
      },
  ),
  answering('sent-error=null-or-absent', ({ error, ...plain }) =>
    error === null ? plain : { ...plain, error },
  ),
  answering('sent-error=any', (plain, { cmd }) => (cmd === 'message' ? { ...plain, error: false } : plain)),
  of(
    'sent-means=delivered',
    (Plain) =>
      class extends Plain {
        override store(_recipient: User, _delivery: Delivery): boolean {
          return false;
        }
      },
  ),
  handing('timestamp=1', () => ({ timestamp: Math.floor(Date.now() / 1000) })),
  handing('timestamp=1000', () => ({ timestamp: Date.now() })),
  handing('timestamp-by=server', () => ({ timestamp: Date.now() })),
  handing('message-id=rewritten', ({ id }) => ({ id: `r${id}` })),
  of(
    'deliver-bare=any',
    (Plain) =>
      class extends Plain {
        override destinations(recipient: User, terminal: string | undefined): readonly Session[] {
          return super.destinations(recipient, terminal).slice(0, 1);
        }
      },
  ),
  reading('blob=hex', (blob) => Buffer.from(blob, 'hex')),
  reading('blob=text', (blob) => Buffer.from(blob)),
  of(
    'bye-close=client',
    (Plain) =>
      class extends Plain {
        override follow(session: Session, request: Request): void {
          if (request.cmd !== 'quit') super.follow(session, request);
        }
      },
  ),
  turningAway('error-form=kill', (server, session) => server.abandon(session, 'login', 'Log in first.')),
  turningAway('error-form=close', (server, session) => server.finish(session)),
  gathering('pipelining=any-order', (packets) => packets.reverse()),
  gathering('pipelining=none', (packets) => packets.slice(0, 1)),
];

/** What the plain server speaks. */
export const gurglePlain: Readonly<Record<string, string>> = {
  'old-tls': 'refused',
  'early-ping': 'answered',
  'ping-data': 'any',
  'id-type': 'any',
  'cmd-in-replies': 'absent',
  'auth-reply': 'no-cmd',
  'auth-methods': 'exactly-plain',
  'fail-to': 'full',
  'disabled-wrong-password': 'password',
  'reason-text': 'literal',
  'presence-reply': 'exactly-self',
  'status-null': 'offline',
  'invisible-push': 'invisible',
  'roaster-presence': 'object',
  'update-etag': 'last',
  'offline-ack': 'sent',
  'sent-error': 'null',
  'sent-means': 'accepted',
  'timestamp-by': 'client',
  'message-id': 'kept',
  'deliver-bare': 'all',
  blob: 'base64',
  'bye-close': 'server',
  'error-form': 'error-reply',
  pipelining: 'in-order',
};
