import type { ServerDefect } from '../../defect.ts';
import type { Ws2017Server } from '../server.ts';

/** A defect of the WS_2017 server. */
export type Ws2017Defect = ServerDefect<Ws2017Server>;

type Change = NonNullable<Ws2017Defect['change']>;
type PlainClass = Parameters<Change>[0];

type Methods = {
  [Name in keyof Ws2017Server as Ws2017Server[Name] extends (...args: never[]) => unknown
    ? Name
    : never]: Ws2017Server[Name];
};

/** Puts other methods in the place of the plain ones. */
export function replaces(methods: Partial<Methods> & ThisType<Ws2017Server>): Change {
  return (Plain) => {
    class Faulty extends Plain {}
    Object.assign(Faulty.prototype, methods);
    return Faulty;
  };
}

/** Knows names that count as taken although nobody has them. */
interface KeepingServer extends Ws2017Server {
  readonly kept: Set<string>;
}

/** Derives a server that counts the names in `kept` as taken. */
export function keepsNames(
  Plain: PlainClass,
): new (
  ...args: ConstructorParameters<PlainClass>
) => KeepingServer {
  return class extends Plain {
    readonly kept: Set<string> = new Set();

    override isTaken(name: string): boolean {
      return this.kept.has(name) || super.isTaken(name);
    }
  };
}
