import type { Address } from '../net/address.ts';
import { localCertificate } from '../net/certificate.ts';
import { type Listener, listen } from '../net/listen.ts';
import { loopback } from '../net/loopback.ts';
import { systemClock } from '../net/system-clock.ts';
import { SparError } from '../problem/problem.ts';
import type { Protocol } from '../protocol/definition.ts';
import type { Accept } from '../session/link.ts';
import type { ClientReference, Reference } from './reference.ts';

/** The bundled protocols, each loaded when it is asked for. */
const references: Readonly<Record<string, () => Promise<Reference>>> = {
  cpt: async () => (await import('./cpt/index.ts')).cpt,
  ws_2017: async () => (await import('./ws_2017/index.ts')).ws2017,
  'chat-network': async () => (await import('./chat-network/index.ts')).chatNetwork,
  gurgle: async () => (await import('./gurgle/index.ts')).gurgle,
};

/** The names of the protocols that have a reference implementation. */
export const bundledNames: readonly string[] = Object.keys(references);

/** The reference implementation of a protocol, if there is one. */
export async function referenceOf(protocol: string): Promise<Reference | undefined> {
  return Object.hasOwn(references, protocol) ? references[protocol]?.() : undefined;
}

const clients: Readonly<Record<string, () => Promise<ClientReference>>> = {
  cpt: async () => (await import('./cpt/client/index.ts')).cptClient,
  ws_2017: async () => (await import('./ws_2017/client/index.ts')).ws2017Client,
  'chat-network': async () => (await import('./chat-network/client/index.ts')).chatNetworkClient,
  gurgle: async () => (await import('./gurgle/client/index.ts')).gurgleClient,
};

/** The reference client of a protocol, if there is one. */
export async function clientReferenceOf(protocol: string): Promise<ClientReference | undefined> {
  return Object.hasOwn(clients, protocol) ? clients[protocol]?.() : undefined;
}

/** A reference server that listens. */
export interface RunningReference {
  readonly listener: Listener;
  /** The certificate authority that vouches for it (PEM), with TLS. */
  readonly ca?: string;
  stop(): Promise<void>;
}

/** Starts a reference server. Port 0 takes a free one; absent, that of the protocol. */
export async function startReference(
  reference: Reference,
  options: {
    readonly port?: number;
    readonly host?: string;
    readonly defects?: ReadonlySet<string>;
    readonly settings?: Readonly<Record<string, string | number | boolean>>;
    /** Other carrier than the protocol's own, where a dialect says so. */
    readonly transport?: 'tcp' | 'tls' | 'ws';
  },
): Promise<RunningReference> {
  const defects = options.defects ?? new Set<string>();
  const how = reference.listening(defects);
  const transport = options.transport ?? how.transport;
  const server = reference.createServer({
    clock: systemClock,
    defects,
    ...(options.settings ? { settings: options.settings } : {}),
  });
  const certificate = transport === 'tls' ? await localCertificate() : undefined;
  const accept: Accept = (link) => server.accept(link);
  const listener = await listen(
    {
      transport,
      port: options.port ?? how.port,
      ...(options.host === undefined ? {} : { host: options.host }),
      ...(certificate ? { tls: { key: certificate.key, cert: certificate.cert } } : {}),
      ...(how.alsoPlain ? { alsoPlain: true } : {}),
    },
    accept,
  );
  return {
    listener,
    ...(certificate ? { ca: certificate.ca } : {}),
    stop: async () => {
      server.close();
      await listener.close();
    },
  };
}

/**
 * Starts a reference server as its document has it, told no port: on an address of this machine that
 * nobody else uses. Where the system has only one such address, on a free port; then the fact
 * `startedWithoutPort` is missing.
 */
export async function startWithoutPort(
  reference: Reference,
  options: Omit<Parameters<typeof startReference>[1], 'port' | 'host'>,
): Promise<{ readonly running: RunningReference; readonly facts: Readonly<Record<string, unknown>> }> {
  const facts = { ...reference.facts, ...reference.brisk?.facts };
  try {
    const running = await startReference(reference, { ...options, host: loopback() });
    return { running, facts: { ...facts, startedWithoutPort: true } };
  } catch (error) {
    if (!(error instanceof SparError)) throw error;
    return { running: await startReference(reference, { ...options, port: 0 }), facts };
  }
}

/** What carries the protocol in this dialect, where it is not what the reference serves by itself. */
export function otherCarrier(
  reference: Reference,
  { transport }: Protocol,
): { readonly transport?: 'tcp' | 'tls' | 'ws' } {
  const usual = reference.listening(new Set()).transport;
  const known = transport === 'tcp' || transport === 'tls' || transport === 'ws';
  return known && transport !== usual ? { transport } : {};
}

/** A defect may listen on another transport; spar goes on speaking that of the protocol. */
export function asProtocolSpeaks(protocol: Protocol, address: Address): Address {
  const { transport } = protocol;
  if (address.kind === 'unix' || transport === 'unix' || transport === 'stdio') return address;
  const { host, port } = address;
  return transport === 'ws' || transport === 'wss'
    ? { kind: transport, host, port, path: protocol.path ?? '/' }
    : { kind: transport, host, port };
}
