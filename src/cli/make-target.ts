import { type Address, formatAddress, parseAddress } from '../net/address.ts';
import { connect } from '../net/connect.ts';
import { readText } from '../net/disk.ts';
import { SparError } from '../problem/problem.ts';
import type { Protocol } from '../protocol/definition.ts';
import { asProtocolSpeaks, otherCarrier, referenceOf, startWithoutPort } from '../reference/bundled.ts';
import {
  addressTarget,
  type SpawnedTarget,
  spawnedTarget,
  type TellTarget,
  type Wiring,
} from '../run/live-target.ts';
import type { Target } from '../run/target.ts';
import { randomFrom } from '../session/random.ts';
import { checkedDefects } from './checked-defects.ts';
import type { RunOptions } from './run-options.ts';

/** A target that is up, the facts that are known of it, and how to end it. */
export interface LiveTarget {
  readonly target: Target;
  readonly facts: Readonly<Record<string, unknown>>;
  /** Its process, where spar started one. */
  readonly process?: SpawnedTarget;
  stop(): Promise<void>;
}

/** Brings up the server that the options name. Raises a SparError where it cannot be reached or started. */
export async function serverTarget(
  protocol: Protocol,
  options: RunOptions,
  seed: number,
  tell: TellTarget,
): Promise<LiveTarget> {
  const tls = {
    ...(options.ca === undefined ? {} : { ca: await readText(options.ca) }),
    ...(options.insecure ? { insecure: true } : {}),
    ...(options.servername === undefined ? {} : { servername: options.servername }),
  };
  const wiring: Wiring = { tls, segment: options.segment, random: randomFrom(`${seed}/segments`) };
  if (options.spawn !== undefined) {
    const target = await spawnedTarget(
      {
        command: options.spawn,
        placeholders: {},
        readyTimeoutMs: options.readyTimeout,
        stdio: protocol.transport === 'stdio',
        addressOf: (host, port) => addressOf(protocol, host, port),
      },
      wiring,
      tell,
    );
    return { target, facts: options.facts, process: target, stop: () => target.stop() };
  }
  if (options.target !== undefined) {
    const address = parseTarget(options.target, protocol);
    await mustAnswer(address, wiring);
    return { target: addressTarget(address, wiring), facts: options.facts, stop: async () => undefined };
  }
  return referenceTarget(protocol, options, wiring);
}

function parseTarget(text: string, protocol: Protocol): Address {
  return parseAddress(
    text.includes(':/') || text.startsWith('unix:') ? text : `${protocol.transport}://${text}`,
    protocol.port,
  );
}

function addressOf(protocol: Protocol, host: string, port: number): Address {
  const kind = protocol.transport;
  if (kind === 'ws' || kind === 'wss') return { kind, host, port, path: protocol.path ?? '/' };
  return { kind: kind === 'tls' ? 'tls' : 'tcp', host, port };
}

async function referenceTarget(protocol: Protocol, options: RunOptions, wiring: Wiring): Promise<LiveTarget> {
  const reference = await referenceOf(protocol.name);
  if (!reference) {
    throw new SparError({
      fault: 'user',
      what: `${protocol.name} has no bundled reference server, so a target is needed`,
      mend: `spar run ${protocol.name} ${protocol.transport}://host:port, or --spawn "command {port}"`,
    });
  }
  const defects = checkedDefects(protocol.name, options.defect, reference.serverDefects);
  const { running, facts } = await startWithoutPort(reference, {
    defects,
    settings: { ...reference.brisk?.settings, ...framingSetting(protocol) },
    ...otherCarrier(reference, protocol),
  });
  const label = `the bundled reference server${options.defect.map((defect) => `, ${defect}`).join('')}`;
  // This very program made the certificate: to look at it again takes a tenth of a connection.
  const trusted = { ...wiring, tls: { insecure: true } };
  return {
    target: addressTarget(asProtocolSpeaks(protocol, running.listener.address), trusted, 'reference', label),
    facts: { ...facts, ...options.facts },
    stop: () => running.stop(),
  };
}

/** The references follow the framing that the dialects ask for. */
export function framingSetting(protocol: Protocol): Record<string, string> {
  const framing = protocol.dialect['framing'];
  return framing === undefined ? {} : { framing };
}

/** One connection before the run, so that a wrong address is told once and not by each case. */
async function mustAnswer(address: Address, wiring: Wiring): Promise<void> {
  try {
    const sink = { data: () => undefined, ended: () => undefined };
    const link = await connect(
      address,
      { timeoutMs: 5000, ...(wiring.tls ? { tls: wiring.tls } : {}) },
      sink,
    );
    link.close();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'ConnectError') throw error;
    throw new SparError({ fault: 'target', what: error.message, mend: hintFor(error, address) }, 3);
  }
}

function hintFor(error: Error, address: Address): string {
  const code = String((error as { code?: string }).code);
  if (code === 'ECONNREFUSED')
    return 'Is the server running, and on this port? --spawn "command {port}" lets spar start it.';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'Is the name of the host right?';
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code))
    return 'Name its authority with --ca FILE, or take any certificate with --insecure.';
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' && address.kind === 'tls')
    return `Where it speaks without TLS, write ${formatAddress({ ...address, kind: 'tcp' })}.`;
  return 'Is it the right address, and the right transport?';
}
