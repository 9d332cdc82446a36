import { parseAddress } from '../../net/address.ts';
import { localCertificate } from '../../net/certificate.ts';
import { connect } from '../../net/connect.ts';
import type { Protocol } from '../../protocol/definition.ts';
import { type ClientMaker, clientTargetOf, type StartedClient } from '../../run/client-target.ts';
import type { Target } from '../../run/target.ts';
import type { Link, LinkSink } from '../../session/link.ts';
import { randomFrom } from '../../session/random.ts';
import type { ClientReference } from '../reference.ts';
import { referenceClients } from '../reference-clients.ts';
import type { Sparring } from './selftest.ts';

/** Milliseconds for an answer of a broken client. */
const impatient = 400;

/** What stands in for a client without being one. */
const nullClients = ['silent', 'hangs-up', 'floods', 'never-connects'] as const;

/** The clients against which the judge is judged, over real sockets. */
export function sparringClients(protocol: Protocol, reference: ClientReference): Sparring {
  const targetOf = async (maker: (ca: string | undefined) => ClientMaker): Promise<Target> => {
    const secure = protocol.transport === 'tls' || protocol.transport === 'wss';
    const certificate = secure ? await localCertificate() : undefined;
    const listening = {
      transport: protocol.transport,
      host: '127.0.0.1',
      ...(certificate ? { certificate } : {}),
    };
    const wiring = { segment: 'as-is' as const, random: randomFrom(1) };
    return clientTargetOf(maker(certificate?.ca), listening, wiring);
  };
  return {
    role: 'client',
    defects: reference.clientDefects,
    facts: reference.facts,
    impatient,
    atOnce: 8,
    nullTargets: nullClients,
    withReference: async (defects, use) =>
      use(
        await targetOf((ca) => ({
          ...referenceClients(reference, new Set(defects), {}, ca, ''),
          connectLimit: defects.length > 0 ? 2000 : 5000,
        })),
      ),
    withNull: async (kind, use) => use(await targetOf(() => nullClient(kind, reference))),
  };
}

function nullClient(kind: string, { stimuli, shows }: ClientReference): ClientMaker {
  return {
    kind: 'reference',
    label: kind,
    stimuli: new Set(Object.keys(stimuli)),
    shows,
    connectLimit: impatient,
    start: async (address) => {
      const client = new NullClient(kind);
      if (kind !== 'never-connects') client.begin(address.url);
      return client;
    },
  };
}

/** How many lines a flooding client sends. */
const flood = 2000;

class NullClient implements StartedClient {
  readonly #kind: string;
  #link: Link | undefined;
  #stopped = false;

  constructor(kind: string) {
    this.#kind = kind;
  }

  begin(url: string): void {
    const sink: LinkSink = { data: () => undefined, ended: () => undefined };
    connect(parseAddress(url), { timeoutMs: 1000, tls: { insecure: true } }, sink).then(
      (link) => {
        this.#link = link;
        if (this.#kind === 'hangs-up' || this.#stopped) link.close();
        if (this.#kind === 'floods')
          link.write(new TextEncoder().encode('flood flood flood\r\n'.repeat(flood)));
      },
      () => undefined,
    );
  }

  async run(): Promise<void> {
    return undefined;
  }

  shown(): string {
    return '';
  }

  ended(): undefined {
    return undefined;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#link?.close();
  }
}
