import { localCertificate } from '../../net/certificate.ts';
import { listen } from '../../net/listen.ts';
import type { Protocol } from '../../protocol/definition.ts';
import { addressTarget, type Wiring } from '../../run/live-target.ts';
import { randomFrom } from '../../session/random.ts';
import { asProtocolSpeaks, startWithoutPort } from '../bundled.ts';
import type { Reference } from '../reference.ts';
import { type NullServer, nullServer, nullServers } from './null-server.ts';
import type { Sparring } from './selftest.ts';

/** Milliseconds for an answer of a broken server. */
const impatient = 400;

/** The servers against which the judge is judged, over real sockets. */
export function sparringServers(protocol: Protocol, reference: Reference): Sparring {
  const wiring: Wiring = { segment: 'as-is', random: randomFrom(1), tls: { insecure: true } };
  return {
    role: 'server',
    defects: reference.serverDefects,
    facts: { ...reference.facts, ...reference.brisk?.facts, startedWithoutPort: true },
    impatient,
    atOnce: 32,
    nullTargets: nullServers,
    withReference: async (defects, use) => {
      const { running } = await startWithoutPort(reference, {
        defects: new Set(defects),
        ...(reference.brisk ? { settings: reference.brisk.settings } : {}),
      });
      try {
        return await use(
          addressTarget(asProtocolSpeaks(protocol, running.listener.address), wiring, 'reference'),
        );
      } finally {
        await running.stop();
      }
    },
    withNull: async (kind, use) => {
      const transport = protocol.transport === 'stdio' ? 'tcp' : protocol.transport;
      const tls = transport === 'tls' || transport === 'wss' ? await localCertificate() : undefined;
      const accept = nullServer(protocol, kind as NullServer);
      const listener = await listen({ transport, ...(tls ? { tls } : {}) }, accept);
      try {
        return await use(addressTarget(listener.address, wiring, 'reference'));
      } finally {
        await listener.close();
      }
    },
  };
}
