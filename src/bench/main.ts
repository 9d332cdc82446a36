/**
 * `npm run bench`: how fast spar is, as ratios to what the machine can do in the same minutes: whole
 * processes beside `node -e 0`, cases per second beside a loop over bare sockets that sends and reads
 * the same octets. Writes `reports/bench.json`. With names behind it, only the parts so called.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { bundledNames } from '../reference/bundled.ts';
import { peakMemory, sparArgs, timed } from './children.ts';
import { clientProcesses, clientSuites } from './clients.ts';
import { fuzzing } from './fuzz.ts';
import { type Row, row, shownRow } from './row.ts';
import { everySeed, seeds } from './seeds.ts';
import { throughput } from './throughput.ts';

const short = process.argv.includes('--short');
const chosen = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const rows: Row[] = [];

/** Protocols whose conversations share a few accounts: side by side, they would hear of each other. */
const oneByOne: readonly string[] = ['gurgle'];

/** The parts of the benchmark, in their order. What raises an error has no figure, and is told so. */
const parts: Readonly<Record<string, () => Promise<readonly Row[]>>> = {
  start: async () => [
    await processes('spar --version', ['--version'], short ? 3 : 11, 'at most 2.5'),
    await processes(
      'spar run cpt, one case',
      ['run', 'cpt', '--filter', '*/nothing-but-accept'],
      short ? 3 : 7,
    ),
    await processes('spar run cpt, the whole suite', ['run', 'cpt'], short ? 3 : 7, 'under 1000 ms'),
    await processes(
      'spar run cpt, a target that says nothing',
      ['run', 'cpt', '--spawn', fixture('targets/accepts-and-says-nothing.mjs', '{port}')],
      short ? 1 : 3,
      'under 5000 ms',
      1,
    ),
  ],
  // Before this process grows: the peak of a child begins with what its parent has.
  memory: async () => [
    await memory('run cpt --repeat 20', ['--repeat', '20']),
    await memory('run cpt, a target that floods', ['--spawn', fixture('targets/floods.mjs', '{port}')]),
    await memory('run cpt, an endless line', [
      '--spawn',
      fixture('targets/writes-one-endless-line.mjs', '{port}'),
    ]),
    await memory('run cpt, clients that flood', [
      ...['--role', 'client', '--filter', '*/connect-has-the-name*', '--deadline', '500', '--spawn'],
      fixture('programs/hostile-client.mjs', '{port} {name}', '"a crowd that floods"'),
    ]),
  ],
  ...Object.fromEntries(
    bundledNames.map((name) => [
      name,
      async () => {
        const rows: Row[] = [];
        for (const atOnce of oneByOne.includes(name) ? [1] : [1, 8])
          rows.push(
            await throughput(name, short ? 500 : name === 'cpt' ? 10_000 : 2000, short ? 1 : 3, atOnce),
          );
        return rows;
      },
    ]),
  ),
  all: async () => [
    await processes(
      'all protocols, servers',
      ['run', '--all', '--role', 'server'],
      short ? 1 : 5,
      'under 4000 ms',
    ),
  ],
  clients: async () => [...(await clientSuites(short ? 1 : 3)), await clientProcesses(short ? 3 : 7)],
  ...fuzzing(short),
};

async function processes(
  name: string,
  words: readonly string[],
  rounds: number,
  wanted?: string,
  exit = 0,
): Promise<Row> {
  const [ours, node]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const { ms, code } = await timed(sparArgs(...words));
    if (code !== exit) throw new Error(`${name} ended with exit ${code}`);
    ours.push(ms);
    node.push((await timed(['-e', '0'])).ms);
  }
  return row({
    name,
    unit: 'ms',
    spar: ours,
    beside: node,
    besideName: 'node -e 0',
    ...(wanted === undefined ? {} : { wanted }),
  });
}

async function memory(name: string, words: readonly string[]): Promise<Row> {
  const peak = await peakMemory(['run', 'cpt', '--format', 'none', ...words]);
  return row({
    name: `peak memory of spar ${name}`,
    unit: 'MB',
    spar: [peak],
    ratio: 1,
    wanted: 'under 150 MB',
  });
}

/** The command of one of the programs under fixtures. */
function fixture(name: string, ...words: readonly string[]): string {
  return [`"${process.execPath}" "fixtures/${name}"`, ...words].join(' ');
}

/** Parts that take many minutes: only by their names. */
const long: typeof parts = {
  seeds: async () => {
    const rows: Row[] = [];
    for (const name of bundledNames) rows.push(await seeds(name, 'server', 100, 1));
    for (const name of bundledNames) rows.push(await seeds(name, 'client', 20, 1));
    return rows;
  },
  ...Object.fromEntries(
    bundledNames.map((name) => [`seeds-${name}`, async () => [await everySeed(name, 100)]]),
  ),
};

for (const [name, part] of Object.entries({ ...parts, ...long })) {
  if (chosen.length === 0 ? name in long : !chosen.includes(name)) continue;
  try {
    for (const one of await part()) {
      rows.push(one);
      process.stdout.write(shownRow(one));
    }
  } catch (error) {
    process.stdout.write(`${name}: no figure, ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
await mkdir('reports', { recursive: true });
const machine = { node: process.version, cores: cpus().length };
await writeFile('reports/bench.json', `${JSON.stringify({ ...machine, short, rows }, null, 2)}\n`);
