/**
 * `npm run bench`: how fast spar is, as ratios to what the machine can do in the same minutes: whole
 * processes beside `node -e 0`, cases per second beside a loop over bare sockets that sends and reads
 * the same octets. Writes `reports/bench.json`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { protocolFolder, readSuite } from '../cli/folders.ts';
import { referenceOf } from '../reference/bundled.ts';
import { addressTarget, type Wiring } from '../run/live-target.ts';
import { randomFrom } from '../session/random.ts';
import { matchesGlob } from '../suite/select.ts';
import { bareLoop } from './bare-loop.ts';
import { peakMemory, serve, sparArgs, timed } from './children.ts';
import { record, runCases } from './recorded.ts';

/** One figure: the measured thing, what it is held against, and the ratio of their medians. */
interface Row {
  readonly name: string;
  readonly unit: string;
  readonly spar: readonly number[];
  readonly beside: readonly number[];
  /** What stands beside. */
  readonly besideName: string;
  readonly ratio: number;
  readonly wanted?: string;
}

const wiring: Wiring = { segment: 'as-is', random: randomFrom(1), tls: { insecure: true } };
const jobs = 8;

async function processes(
  name: string,
  spar: readonly string[],
  rounds: number,
  wanted?: string,
): Promise<Row> {
  const [ours, node]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    ours.push((await timed(spar)).ms);
    node.push((await timed(['-e', '0'])).ms);
  }
  return row(name, 'ms', ours, node, 'node -e 0', median(ours) / median(node), wanted);
}

/** Which cases are played again: those whose octets a server answers alike a second time. */
const playable: Readonly<Record<string, readonly string[]>> = {
  cpt: ['*/send/*', '*/connect/*'],
  ws_2017: ['*/server/commands/*', '*/server/authorization/*'],
  'chat-network': ['*/server/identification/*', '*/server/standards/*'],
  gurgle: ['*/server/version-declaration/*', '*/server/ping/*', '*/server/payload-upgrade/*'],
};

async function throughput(protocol: string, wantedCases: number, rounds: number): Promise<Row | undefined> {
  const suite = await readSuite(await protocolFolder(protocol));
  const reference = await referenceOf(protocol);
  const facts = reference?.facts ?? {};
  const chosen = suite.cases.filter(
    (one) =>
      one.role === 'server' &&
      (playable[protocol] ?? []).some((glob) => matchesGlob(one.id, glob)) &&
      !one.alone,
  );
  const recordedOn = await serve(protocol);
  const first = await record(suite, chosen, recordedOn.address, wiring, facts);
  const quick = chosen.filter((_, index) => isQuick(first[index] ?? []));
  await recordedOn.stop();
  if (quick.length === 0) return undefined;
  const repeat = Math.ceil(wantedCases / quick.length);
  const [ours, bare]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const template = await serve(protocol);
    const conversations = (
      await Promise.all(
        Array.from({ length: Math.min(repeat, 20) }, () =>
          record(suite, quick, template.address, wiring, facts),
        ),
      )
    ).flat();
    await template.stop();
    const list = Array.from(
      { length: Math.ceil((quick.length * repeat) / conversations.length) },
      () => conversations,
    ).flat();
    const other = await serve(protocol);
    bare.push((1000 * list.length) / (await bareLoop(list, other.address, jobs)));
    await other.stop();
    const own = await serve(protocol);
    const held = await runCases(suite, quick, addressTarget(own.address, wiring), facts, repeat, jobs);
    await own.stop();
    if (held.failed > 0) throw new Error(`${held.failed} cases of ${protocol} failed in the benchmark`);
    ours.push((1000 * quick.length * repeat) / held.ms);
  }
  return row(
    `${protocol}: cases per second, ${quick.length * repeat} cases`,
    'cases/s',
    ours,
    bare,
    'bare sockets',
    median(ours) / median(bare),
    'at least 0.5',
  );
}

function isQuick(operations: readonly { readonly do: string }[]): boolean {
  return operations.length > 0 && operations.length < 200 && !operations.some((one) => one.do === 'reset');
}

function row(
  name: string,
  unit: string,
  spar: readonly number[],
  beside: readonly number[],
  besideName: string,
  ratio: number,
  wanted?: string,
): Row {
  return {
    name,
    unit,
    spar: spar.map(rounded),
    beside: beside.map(rounded),
    besideName,
    ratio: Math.round(ratio * 1000) / 1000,
    ...(wanted === undefined ? {} : { wanted }),
  };
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function print(one: Row): void {
  const shown = `${one.name.padEnd(52)} ${median(one.spar).toFixed(0).padStart(8)} ${one.unit.padEnd(8)} ${one.besideName}: ${median(one.beside).toFixed(0)}, ratio ${one.ratio}${one.wanted === undefined ? '' : ` (${one.wanted})`}`;
  process.stdout.write(`${shown}\n`);
}

const short = process.argv.includes('--short');
const rows: Row[] = [];
const add = (one: Row | undefined): void => {
  if (!one) return;
  rows.push(one);
  print(one);
};
add(await processes('spar --version', sparArgs('--version'), short ? 3 : 11, 'at most 2.5'));
add(
  await processes(
    'spar run cpt, one case',
    sparArgs('run', 'cpt', '--filter', '*/send-is-acknowledged', '--format', 'none'),
    short ? 3 : 7,
  ),
);
add(
  await processes(
    'spar run cpt, the whole suite',
    sparArgs('run', 'cpt', '--format', 'none'),
    short ? 3 : 7,
    'under 1000 ms',
  ),
);
for (const protocol of Object.keys(playable)) {
  try {
    add(await throughput(protocol, short ? 500 : protocol === 'gurgle' ? 2000 : 10_000, short ? 1 : 3));
  } catch (error) {
    process.stdout.write(`${protocol}: no figure, ${(error as Error).message}\n`);
  }
}
const memory = await peakMemory(['run', 'cpt', '--repeat', '20', '--format', 'none']);
process.stdout.write(`peak memory of spar run cpt --repeat 20: ${memory.toFixed(0)} MB\n`);
await mkdir('reports', { recursive: true });
await writeFile(
  'reports/bench.json',
  `${JSON.stringify({ node: process.version, rows, memory: { 'run cpt --repeat 20': Math.round(memory) } }, null, 2)}\n`,
);
