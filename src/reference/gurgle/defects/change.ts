import type { ServerDefect } from '../../defect.ts';
import type { Answer, Packet, Request } from '../packet.ts';
import type { GurgleServer } from '../server.ts';
import type { Session } from '../session.ts';

/** A defect of the server of this protocol. */
export type GurgleDefect = ServerDefect<GurgleServer>;

/** How a defect derives its class. */
export type Change = NonNullable<GurgleDefect['change']>;

/** Says something else, or nothing, in answer to a kind of request (`version` has no cmd of its own). */
export function answering(
  kind: string,
  other: (answer: Answer, request: Request, session: Session) => Answer | undefined,
): Change {
  return (Plain) =>
    class extends Plain {
      override reply(session: Session, request: Request, answer: Answer): void {
        const isMeant = (request.cmd ?? 'version') === kind;
        const said = isMeant ? other(answer, request, session) : answer;
        if (said) super.reply(session, request, said);
      }
    };
}

/** Says something else only where the answer has no error. */
export function granting(
  kind: string,
  other: (answer: Answer, request: Request) => Answer | undefined,
): Change {
  return answering(kind, (answer, request) => (isRefusal(answer) ? answer : other(answer, request)));
}

/** Says something else only where the answer has an error. */
export function refusing(
  kind: string,
  other: (answer: Answer, request: Request) => Answer | undefined,
): Change {
  return answering(kind, (answer, request) => (isRefusal(answer) ? other(answer, request) : answer));
}

/** Pushes packets of a kind otherwise. */
export function pushing(kind: string, other: (packet: Packet) => Packet): Change {
  return (Plain) =>
    class extends Plain {
      override push(session: Session, packet: Packet): void {
        super.push(session, packet['cmd'] === kind ? other(packet) : packet);
      }
    };
}

/** Describes each contact of a roaster otherwise. */
export function describing(other: (item: Answer) => Answer): Change {
  return (Plain) =>
    class extends Plain {
      override describeContact(contact: string, alias: string): Answer {
        return other(super.describeContact(contact, alias));
      }
    };
}

/** An answer or packet without one of its members. */
export function without<Members extends Answer>(members: Members, name: string): Members {
  const { [name]: _, ...rest } = members;
  return rest as unknown as Members;
}

/** All sessions that are logged in, of all users. */
export function everySession(server: GurgleServer): readonly Session[] {
  return server.users.all().flatMap(({ sessions }) => [...sessions]);
}

function isRefusal(answer: Answer): boolean {
  return typeof answer['error'] === 'string';
}
