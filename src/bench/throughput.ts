import { protocolFolder, readSuite } from '../cli/folders.ts';
import type { Address } from '../net/address.ts';
import { referenceOf } from '../reference/bundled.ts';
import { addressTarget, type Wiring } from '../run/live-target.ts';
import { randomFrom } from '../session/random.ts';
import type { Case } from '../suite/case.ts';
import type { Suite } from '../suite/load-suite.ts';
import { bareLoop } from './bare-loop.ts';
import { serve } from './children.ts';
import { type Operation, record, runCases } from './recorded.ts';
import { type Row, row } from './row.ts';

const wiring: Wiring = { segment: 'as-is', random: randomFrom(1), tls: { insecure: true } };
const jobs = 8;

/** Cases that are played again, at most. */
const most = 24;

/** Milliseconds of a case that waits for a quiet time: that is no work, and bare sockets wait for nothing. */
const waiting = 150;

/** Milliseconds that one conversation may take to play again while cases are chosen. */
const patience = 400;

/**
 * Cases per second of spar, and of bare sockets that send and await the same octets on as many
 * connections in the same order. Only cases that a server answers alike a second time can be compared.
 */
export async function throughput(protocol: string, wanted: number, rounds: number): Promise<Row> {
  const suite = await readSuite(await protocolFolder(protocol));
  const reference = await referenceOf(protocol);
  const facts = { ...reference?.facts, ...reference?.brisk?.facts };
  const chosen = await playable(suite, facts);
  if (chosen.length === 0) throw new Error('no conversation plays again');
  const repeat = Math.ceil(wanted / chosen.length);
  const total = chosen.length * repeat;
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const list = await onServer(protocol, async (address) => {
      // Names are used up: each conversation is recorded several times, with other names.
      const turns = Array.from({ length: Math.min(repeat, 20) }, () => chosen).flat();
      const recorded = await record(suite, turns, address, wiring, facts);
      return Array.from({ length: total }, (_, index) => recorded[index % recorded.length] as Operation[]);
    });
    const ms = await onServer(protocol, (address) => bareLoop(list, address, jobs));
    bare.push((1000 * total) / ms);
    const held = await onServer(protocol, (address) =>
      runCases(suite, chosen, addressTarget(address, wiring), facts, repeat, jobs),
    );
    if (held.failed.length > 0) throw new Error(held.failed.join('; '));
    ours.push((1000 * total) / held.ms);
  }
  return row({
    name: `${protocol}: cases per second, ${total} cases`,
    unit: 'cases/s',
    spar: ours,
    beside: bare,
    besideName: 'bare sockets',
    wanted: 'at least 0.5',
    note: `${chosen.length} different cases`,
  });
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
      const began = performance.now();
      const [operations = []] = await record(suite, [one], address, wiring, facts);
      if (performance.now() - began > waiting || !isQuick(operations)) continue;
      try {
        await bareLoop([operations], address, 1, patience);
        await bareLoop([operations], address, 1, patience);
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

function isQuick(operations: readonly Operation[]): boolean {
  return operations.length > 0 && operations.length < 200 && !operations.some((one) => one.do === 'reset');
}
