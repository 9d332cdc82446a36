import type { Defect, Listening, Reference, ReferenceServer, ServerOptions } from './reference.ts';

/** The class of a reference server, as a defect gets and gives it. */
type ServerClass<Server extends ReferenceServer> = new (options: ServerOptions) => Server;

/**
 * A defect of a reference server, apart from the server's own code.
 *
 * The plain server is a class of small methods (read a line, decide, store, render, write …) that
 * call one another through `this` and know of no defects. A defect derives a class from it and
 * overrides the one method that goes wrong:
 *
 * ```ts
 * change: (Plain) =>
 *   class extends Plain {
 *     override render(reply: Reply): string {
 *       return super.render(reply).toLowerCase();
 *     }
 *   },
 * ```
 *
 * Several defects stack, because each derives from the class that the one before it made. What a
 * defect has to remember it keeps in a field of its own class.
 */
export interface ServerDefect<Server extends ReferenceServer> extends Defect {
  /** Derives the faulty class. */
  readonly change?: (Plain: ServerClass<Server>) => ServerClass<Server>;
  /** Listens differently: another transport, another port. */
  readonly listening?: Partial<Listening>;
}

/** What a protocol's folder brings together: the plain server and the table of its defects. */
export interface ReferenceParts<Server extends ReferenceServer> {
  readonly protocol: string;
  readonly listening: Listening;
  readonly server: ServerClass<Server>;
  readonly defects: readonly ServerDefect<Server>[];
  readonly facts: Readonly<Record<string, unknown>>;
}

/** The reference implementation made of a plain server and its defects; unknown names change nothing. */
export function makeReference<Server extends ReferenceServer>(parts: ReferenceParts<Server>): Reference {
  const active = (names: ReadonlySet<string>) => parts.defects.filter((defect) => names.has(defect.name));
  return {
    protocol: parts.protocol,
    serverDefects: parts.defects,
    facts: parts.facts,
    listening: (names) =>
      Object.assign({}, parts.listening, ...active(names).map((defect) => defect.listening)),
    createServer(options) {
      const Server = active(options.defects).reduce(
        (Plain, defect) => defect.change?.(Plain) ?? Plain,
        parts.server,
      );
      return new Server(options);
    },
  };
}
