import { fileURLToPath } from 'node:url';
import { protocolFolder, readSuite } from '../cli/folders.ts';
import type { Address } from '../net/address.ts';
import { referenceOf } from '../reference/bundled.ts';
import { addressTarget, type Wiring } from '../run/live-target.ts';
import { randomFrom } from '../session/random.ts';
import type { Case } from '../suite/case.ts';
import type { Suite } from '../suite/load-suite.ts';
import { bareLoop } from './bare-loop.ts';
import { figure, serve } from './children.ts';
import { type Operation, record, runCases } from './recorded.ts';
import { type Row, row } from './row.ts';

const sideProgram = fileURLToPath(new URL('./side.js', import.meta.url));
const wiring: Wiring = { segment: 'as-is', random: randomFrom(1), tls: { insecure: true } };
/** Cases that are played again, at most. */
const most = 24;

/** Milliseconds that one conversation may take to play again while cases are chosen. */
const patience = 400;

/** What one side of a comparison plays: so many cases of a suite, so often, so many at once. */
export interface Side {
  readonly side: 'spar' | 'bare';
  readonly protocol: string;
  readonly cases: readonly string[];
  readonly repeat: number;
  readonly atOnce: number;
}

/**
 * Cases per second of spar, and of bare sockets that send and await the same octets on as many
 * connections in the same order. Only cases that a server answers alike a second time can be compared.
 * Each side has a process of its own, as a run has: what one leaves in memory would slow the other.
 */
export async function throughput(
  protocol: string,
  wanted: number,
  rounds: number,
  atOnce: number,
): Promise<Row> {
  const { suite, facts } = await suiteOf(protocol);
  const chosen = await playable(suite, facts);
  if (chosen.length === 0) throw new Error('no conversation plays again');
  const repeat = Math.ceil(wanted / chosen.length);
  const cases = chosen.map(({ id }) => id);
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    bare.push(await figure(sideProgram, { side: 'bare', protocol, cases, repeat, atOnce }));
    ours.push(await figure(sideProgram, { side: 'spar', protocol, cases, repeat, atOnce }));
  }
  return row({
    name: `${protocol}: cases per second, ${chosen.length * repeat} cases`,
    unit: 'cases/s',
    spar: ours,
    beside: bare,
    besideName: 'bare sockets',
    wanted: 'at least 0.5',
    note: `${chosen.length} different cases, ${atOnce} at once`,
  });
}

/** Cases per second of one side. Raises an Error where a case fails. */
export async function sideRate({ side, protocol, cases, repeat, atOnce }: Side): Promise<number> {
  const { suite, facts } = await suiteOf(protocol);
  const chosen = suite.cases.filter(({ id, role }) => role === 'server' && cases.includes(id));
  const rate = (ms: number): number => (1000 * chosen.length * repeat) / ms;
  if (side === 'bare') {
    // Names are used up and histories grow: each conversation is another one.
    const { conversations } = await onServer(protocol, (address) =>
      record(suite, chosen, address, wiring, facts, repeat),
    );
    return rate(await onServer(protocol, (address) => bareLoop(conversations, address, atOnce)));
  }
  const held = await onServer(protocol, (address) =>
    runCases(suite, chosen, addressTarget(address, wiring), facts, repeat, atOnce),
  );
  if (held.failed.length > 0) throw new Error(held.failed.join('; '));
  return rate(held.ms);
}

async function suiteOf(
  protocol: string,
): Promise<{ readonly suite: Suite; readonly facts: Readonly<Record<string, unknown>> }> {
  const suite = await readSuite(await protocolFolder(protocol));
  const reference = await referenceOf(protocol);
  return { suite, facts: { ...reference?.facts, ...reference?.brisk?.facts } };
}

/** The cases that a server answers alike when they are played to it again, twice. */
function playable(suite: Suite, facts: Readonly<Record<string, unknown>>): Promise<Case[]> {
  const candidates = suite.cases.filter(
    (one) => one.role === 'server' && !one.alone && one.control === undefined,
  );
  return onServer(suite.protocol.name, async (address) => {
    const chosen: Case[] = [];
    for (const one of candidates) {
      if (chosen.length >= most) break;
      const { conversations, waited } = await record(suite, [one], address, wiring, facts, 4);
      // To wait is no work, and bare sockets wait for nothing.
      if (waited || conversations.length === 0 || !conversations.every(isQuick) || !isSteady(conversations))
        continue;
      try {
        await bareLoop(conversations, address, 1, patience);
        await bareLoop(conversations, address, 1, patience);
        chosen.push(one);
      } catch {
        // The server answers otherwise the second time: tokens, times, names that are taken.
      }
    }
    return chosen;
  });
}

async function onServer<T>(protocol: string, act: (address: Address) => Promise<T>): Promise<T> {
  const { settings = {} } = (await referenceOf(protocol))?.brisk ?? {};
  const words = Object.entries(settings).flatMap(([name, value]) => ['--setting', `${name}=${value}`]);
  const server = await serve(protocol, ...words);
  try {
    return await act(server.address);
  } finally {
    await server.stop();
  }
}

/** True if as much came each time. */
function isSteady(conversations: readonly (readonly Operation[])[]): boolean {
  const heard = conversations.map((operations) =>
    operations.map((one) => (one.do === 'receive' ? `${one.peer} ${one.octets}` : one.do)).join(),
  );
  return new Set(heard).size === 1;
}

function isQuick(operations: readonly Operation[]): boolean {
  return operations.length > 0 && operations.length < 200 && !operations.some((one) => one.do === 'reset');
}
