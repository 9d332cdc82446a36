import type { TargetEvent } from '../events/event.ts';
import { type Address, formatAddress } from '../net/address.ts';
import { type ConnectOptions, connect, type TlsOptions } from '../net/connect.ts';
import { inClear } from '../net/in-clear.ts';
import { gathered } from '../net/outbox.ts';
import { rss } from '../net/rss.ts';
import { type Segmentation, segmented } from '../net/segment.ts';
import { stdioLink } from '../net/stdio-link.ts';
import type { Exit } from '../net/target-error.ts';
import { spawnTarget, type TargetProcess } from '../net/target-process.ts';
import { StepFailure } from '../session/failure.ts';
import type { Link, LinkSink } from '../session/link.ts';
import { printable } from '../wire/printable.ts';
import type { Target } from './target.ts';

/** How connections are made. */
export interface Wiring {
  readonly tls?: TlsOptions;
  readonly segment: Segmentation;
  readonly random: () => number;
}

/** What a target tells of itself. */
export type TellTarget = (event: Omit<TargetEvent, 'event' | 'at'>) => void;

/** Milliseconds that a connection may always take: many handshakes at once are slow, answers are not. */
const leastConnectMs = 5000;

/** Opens a connection to an address as a case wishes: TLS versions, another address, no TLS at all. */
export async function openLink(
  address: Address,
  wiring: Wiring,
  options: Readonly<Record<string, unknown>>,
  sink: LinkSink,
): Promise<Link> {
  const timeoutMs = Math.max(Number(options['timeout'] ?? 0), leastConnectMs);
  const tls = { ...wiring.tls, ...versions(options) };
  const [version] = ['min-tls', 'max-tls'].filter((key) => options[key] !== undefined);
  if (version !== undefined && address.kind !== 'tls' && address.kind !== 'wss') {
    throw new StepFailure(
      'harness',
      `"${version}" has no meaning at ${formatAddress(address)}, which is not reached over TLS: bind the case to a dialect that is`,
    );
  }
  const plain = options['plain'] === true && address.kind === 'tls';
  const where = atPort(plain ? { ...address, kind: 'tcp' as const } : address, options['port']);
  const messages = where.kind === 'ws' || where.kind === 'wss';
  return gathered(async (gate) => {
    const link = await connect(
      where,
      { timeoutMs, tls } satisfies ConnectOptions,
      plain ? inClear(gate) : gate,
    );
    return messages ? link : segmented(link, wiring.segment, wiring.random);
  }, sink);
}

function atPort(address: Address, port: unknown): Address {
  return port === undefined || address.kind === 'unix' ? address : { ...address, port: Number(port) };
}

function versions(options: Readonly<Record<string, unknown>>): TlsOptions {
  const min = options['min-tls'];
  const max = options['max-tls'];
  return {
    ...(min === undefined ? {} : { minVersion: `TLSv${min}` as 'TLSv1.2' }),
    ...(max === undefined ? {} : { maxVersion: `TLSv${max}` as 'TLSv1.2' }),
  };
}

/** A server that is already up. */
export function addressTarget(
  address: Address,
  wiring: Wiring,
  kind: Target['kind'] = 'address',
  label?: string,
): Target {
  return {
    kind,
    label: label ?? formatAddress(address),
    isStream: address.kind !== 'ws' && address.kind !== 'wss',
    deaths: 0,
    open: (_peer, options, sink) => openLink(address, wiring, options, sink),
    revive: async () => false,
  };
}

/** What a spawned server needs. */
export interface SpawnOptions {
  readonly command: string;
  readonly placeholders: Readonly<Record<string, string | number>>;
  readonly readyTimeoutMs: number;
  /** The protocol is spoken over its standard input and output. */
  readonly stdio: boolean;
  addressOf(host: string, port: number): Address;
}

/** A target whose process spar holds in its hands. */
export interface SpawnedTarget extends Target {
  /** Starts the process anew, whatever it is doing. */
  fresh(): Promise<void>;
  /** What it printed last. */
  output(): string;
  /** Memory of its process tree in octets, where the system tells. */
  memory(): Promise<number | undefined>;
  stop(): Promise<void>;
}

/** Milliseconds that the end of a process may be seen after the end of its connections. */
const exitLag = 60;

/** A server that spar starts, watches and restarts. */
export async function spawnedTarget(
  options: SpawnOptions,
  wiring: Wiring,
  tell: TellTarget,
): Promise<SpawnedTarget> {
  const state = { deaths: 0, lastDeath: undefined as string | undefined };
  const start = (): Promise<TargetProcess> =>
    spawnTarget(
      {
        command: options.command,
        placeholders: options.placeholders,
        ...(options.stdio ? { stdio: true } : { readyTimeoutMs: options.readyTimeoutMs }),
      },
      {
        onOutput: (chunk) => tell({ what: 'output', text: printable(chunk, 4000) }),
        onExit: (exit) => {
          // Whose standard input has ended may end as well.
          if (options.stdio && exit.code === 0) return;
          state.deaths += 1;
          state.lastDeath = howItEnded(exit);
          tell({ what: 'exited', text: `the target ${state.lastDeath}`, ...exitFields(exit) });
        },
      },
    );
  const process = await start();
  // Standard streams are one connection: each further one is a process of its own.
  const others = new Set<TargetProcess>();
  let isTaken = false;
  const openStreams = async (sink: LinkSink): Promise<Link> => {
    const one = isTaken ? await start() : process;
    if (isTaken) others.add(one);
    isTaken = true;
    return segmented(stdioLink(one, sink), wiring.segment, wiring.random);
  };
  tell({ what: 'ready', text: options.stdio ? 'started' : `accepts connections on port ${process.port}` });
  const revive = async (): Promise<boolean> => {
    if (options.stdio) return true;
    if (!process.exit) await pause(exitLag);
    if (!process.exit) return false;
    await process.restart();
    tell({ what: 'restarted', text: 'started again' });
    return true;
  };
  return {
    kind: 'spawn',
    label: options.command,
    get deaths() {
      return state.deaths;
    },
    get lastDeath() {
      return state.lastDeath ?? 'ended';
    },
    open: (_peer, wishes, sink) =>
      options.stdio
        ? openStreams(sink)
        : openLink(options.addressOf(process.host, process.port), wiring, wishes, sink),
    revive,
    fresh: async () => {
      await process.restart();
      isTaken = false;
    },
    output: () => process.output(),
    memory: () => rss(process.pid),
    stop: async () => {
      await Promise.all([process, ...others].map((one) => one.stop()));
    },
  };
}

function howItEnded(exit: Exit): string {
  return exit.signal ? `was ended by ${exit.signal}` : `exited with code ${exit.code}`;
}

function exitFields(exit: Exit): { code?: number; signal?: string } {
  return {
    ...(exit.code === null ? {} : { code: exit.code }),
    ...(exit.signal === null ? {} : { signal: exit.signal }),
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
