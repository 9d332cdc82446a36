import type { ClientOptions, ClientReference, Connecting, Defect, ReferenceClient } from './reference.ts';

/** The class of a reference client, as a defect gets and gives it. */
type ClientClass<Client extends ReferenceClient> = new (options: ClientOptions) => Client;

/**
 * A defect of a reference client, apart from the client's own code: it derives a class from the
 * plain client's and overrides the one method that goes wrong, as a server's defects do
 * (see `ServerDefect`).
 */
export interface ClientDefect<Client extends ReferenceClient> extends Defect {
  /** Derives the faulty class. */
  readonly change?: (Plain: ClientClass<Client>) => ClientClass<Client>;
  /** Connects differently: another transport, another port. */
  readonly connecting?: Partial<Connecting>;
}

/** What a protocol's folder brings together: the plain client, what it hears, and the table of its defects. */
export interface ClientReferenceParts<Client extends ReferenceClient> {
  readonly connecting: Connecting;
  readonly client: ClientClass<Client>;
  readonly defects: readonly ClientDefect<Client>[];
  readonly stimuli: Readonly<Record<string, string>>;
  readonly shows?: Readonly<Record<string, string>>;
  readonly help: readonly string[];
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** The reference client made of a plain one and its defects; unknown names change nothing. */
export function makeClientReference<Client extends ReferenceClient>(
  parts: ClientReferenceParts<Client>,
): ClientReference {
  const active = (names: ReadonlySet<string>) => parts.defects.filter((defect) => names.has(defect.name));
  return {
    clientDefects: parts.defects,
    stimuli: parts.stimuli,
    shows: parts.shows ?? {},
    help: parts.help,
    facts: parts.facts ?? {},
    connecting: (names) =>
      Object.assign({}, parts.connecting, ...active(names).map((defect) => defect.connecting)),
    createClient(options) {
      const Client = active(options.defects).reduce(
        (Plain, defect) => defect.change?.(Plain) ?? Plain,
        parts.client,
      );
      return new Client(options);
    },
  };
}
