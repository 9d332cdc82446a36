import type { ServerDefect } from '../../defect.ts';
import type { ServerOptions } from '../../reference.ts';
import { SUCCESS } from '../codes.ts';
import type { Connection } from '../connection.ts';
import type { Request } from '../request.ts';
import type { ChatServer, Reply } from '../server.ts';

/** A defect of the server of this protocol. */
export type ChatDefect = ServerDefect<ChatServer>;

/** How a defect derives its class. */
export type Change = NonNullable<ChatDefect['change']>;

/** Replies otherwise to requests of `type` (to all, if `any`), or not at all. */
export function replies(type: string, other: (reply: Reply, request: Request) => Reply | undefined): Change {
  return (Plain) =>
    class extends Plain {
      override reply(connection: Connection, request: Request, reply: Reply): void {
        const concerned = type === 'any' || type === request.type;
        const changed = concerned ? other(reply, request) : reply;
        if (changed) super.reply(connection, request, changed);
      }
    };
}

/** Sends another code in replies to `type` (to all, if `any`). */
export function codes(type: string, other: (code: unknown) => unknown): Change {
  return replies(type, (reply) => ({ ...reply, resp_code: other(reply['resp_code']) }));
}

/** Grants requests of `type` with a reply that comes `ms` milliseconds late, and goes on meanwhile. */
export function late(type: string, ms: number): Change {
  return (Plain) =>
    class extends Plain {
      readonly #after: ServerOptions['clock']['after'];

      constructor(options: ServerOptions) {
        super(options);
        this.#after = (delay, act) => options.clock.after(delay, act);
      }

      override reply(connection: Connection, request: Request, reply: Reply): void {
        const answer = () => super.reply(connection, request, reply);
        if (request.type === type && reply['resp_code'] === SUCCESS) this.#after(ms, answer);
        else answer();
      }
    };
}

/** Understands a request of `type` otherwise. */
export function reads(type: string, other: (request: Request) => Partial<Request>): Change {
  return (Plain) =>
    class extends Plain {
      override handle(connection: Connection, request: Request): void {
        super.handle(connection, request.type === type ? { ...request, ...other(request) } : request);
      }
    };
}

/** Judges a signup otherwise; `code` is what the plain server would say. */
export function judgesSignup(other: (code: number, request: Request, server: ChatServer) => number): Change {
  return (Plain) =>
    class extends Plain {
      override judgeSignup(request: Request): number {
        return other(super.judgeSignup(request), request, this);
      }
    };
}

/** Judges a signin otherwise; `code` is what the plain server would say. */
export function judgesSignin(other: (code: number, request: Request, server: ChatServer) => number): Change {
  return (Plain) =>
    class extends Plain {
      override judgeSignin(request: Request): number {
        return other(super.judgeSignin(request), request, this);
      }
    };
}

/** Takes another view of who may act; `allowed` is the plain server's. */
export function authorises(
  concerned: (type: string) => boolean,
  other: (request: Request, server: ChatServer) => boolean,
): Change {
  return (Plain) =>
    class extends Plain {
      override authorises(request: Request): boolean {
        return super.authorises(request) || (concerned(request.type) && other(request, this));
      }
    };
}

/** Tells something else of a request of `type`; `event` is what the plain server would tell. */
export function tells(type: string, other: (request: Request) => object): Change {
  return (Plain) =>
    class extends Plain {
      override eventOf(request: Request): object {
        const event = super.eventOf(request);
        return request.type === type ? { ...event, ...other(request) } : event;
      }
    };
}

/** Delivers a request of `type` so many times. */
export function delivers(type: string, times: number): Change {
  return (Plain) =>
    class extends Plain {
      override deliver(request: Request): void {
        const count = request.type === type ? times : 1;
        for (let done = 0; done < count; done++) super.deliver(request);
      }
    };
}

/** Hands out other tokens. */
export function tokens(next: (count: number) => string): Change {
  return (Plain) =>
    class extends Plain {
      #count = 0;

      override newToken(): string {
        return next(++this.#count);
      }
    };
}
