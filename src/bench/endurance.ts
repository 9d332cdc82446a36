/**
 * `npm run endurance -- --protocol cpt --role server --executions 1000000 --seed 1 --pieces 20`: a long
 * campaign against a bundled reference, in pieces, each a process of its own with a seed of its own. What
 * came of it is noted in `reports/endurance/<protocol>-<role>.md` and `.json`; exit 1 if anything was found.
 * With the same options it goes on where it was stopped: pieces that are noted as held to their end, with
 * nothing found, are not held again. With `--from N`, too, it holds those from the Nth on, beside another
 * that began with the first: both note in the same files.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { writeAtomic } from '../net/disk.ts';
import { rss } from '../net/rss.ts';

/** What came of one piece. */
interface Piece {
  readonly seed: number;
  readonly executions: number;
  readonly findings: number;
  readonly restarts: number;
  readonly seconds: number;
  /** Most memory of the fuzzer at one time, with the reference where it runs inside; MB. */
  readonly peak: number;
  /** Its usual memory in each quarter of the time; MB. */
  readonly quarters?: string;
  /** The program's exit code: 0 if nothing was found. */
  readonly code: number | null;
}

const program = fileURLToPath(new URL('../cli/main.js', import.meta.url));

const { values } = parseArgs({
  options: {
    protocol: { type: 'string', default: 'cpt' },
    role: { type: 'string', default: 'server' },
    executions: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    pieces: { type: 'string', default: '20' },
    jobs: { type: 'string', default: '8' },
    from: { type: 'string', default: '1' },
  },
});
const { protocol, role, jobs } = values;
const [executions, seed, pieces] = [values.executions, values.seed, values.pieces].map(Number) as [
  number,
  number,
  number,
];

const each = Math.ceil(executions / pieces);
const folder = join('reports', 'endurance');
const name = `${protocol}-${role}`;
const options = { protocol, role, executions, seed, pieces, jobs };

let child: ChildProcess | undefined;
let stopped: NodeJS.Signals | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => {
    stopped = signal;
    child?.kill('SIGTERM');
  });

/** The pieces that are noted under the same options. */
async function notedPieces(): Promise<readonly Piece[]> {
  const text = await readFile(join(folder, `${name}.json`), 'utf8').catch(() => '{}');
  const { done = [], ...told } = JSON.parse(text) as { readonly done?: readonly Piece[] };
  return isDeepStrictEqual({ ...told, node: '' }, { ...options, node: '' }) ? done : [];
}

/** True for a piece that was held to its end with nothing found. */
function isWell({ code, executions: held }: Piece): boolean {
  return code === 0 && held >= each;
}

/** One campaign, with its findings left where they are. */
async function held(index: number): Promise<Piece> {
  // Two at once may come to the same piece.
  const reports = join(folder, `${name}-${index + 1}-${process.pid}`);
  const own = seed + index;
  const began = performance.now();
  const { code, peak, quarters } = await ran([
    ...['fuzz', protocol, '--role', role, '--executions', String(each), '--seed', String(own)],
    ...['--jobs', jobs, '--reports', reports],
  ]);
  const status = await lastStatus(reports);
  if (code === 0) await rm(reports, { recursive: true, force: true });
  const number = (key: string): number => Number(status[key] ?? 0);
  return {
    seed: own,
    executions: number('executions'),
    findings: number('findings'),
    restarts: number('restarts'),
    seconds: Math.round((performance.now() - began) / 100) / 10,
    peak: Math.round(peak),
    quarters,
    code,
  };
}

/** Milliseconds between two looks at the memory. */
const looksEvery = 1000;

/** What is usual in each quarter of what was measured one after the other, in whole MB. */
function byQuarters(octets: readonly number[]): string {
  const usual = [0, 1, 2, 3].map((quarter) => {
    const own = octets.slice((quarter * octets.length) / 4, ((quarter + 1) * octets.length) / 4);
    own.sort((a, b) => a - b);
    return Math.round((own[own.length >> 1] ?? 0) / 2 ** 20);
  });
  return usual.join(', ');
}

/** Runs the program to its end; its memory in MB: the peak, as it tells itself, and the quarters. */
function ran(words: readonly string[]): Promise<{ code: number | null; peak: number; quarters: string }> {
  const code = [
    "process.on('exit', () => process.stderr.write(`PEAK ${process.resourceUsage().maxRSS}\\n`));",
    `process.argv.splice(1, 0, ${JSON.stringify(program)});`,
    `await import(${JSON.stringify(pathToFileURL(program).href)});`,
  ].join('\n');
  const started = spawn(process.execPath, ['--input-type=module', '-e', code, '--', ...words], {
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  child = started;
  if (stopped) child.kill('SIGTERM');
  const sizes: number[] = [];
  const looking = setInterval(async () => {
    const size = started.pid === undefined ? undefined : await rss(started.pid);
    if (size !== undefined) sizes.push(size);
  }, looksEvery);
  let text = '';
  started.stderr.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString('utf8')).slice(-4000);
  });
  return new Promise((resolve) => {
    started.once('close', (exit) => {
      const peak = Number(/PEAK (\d+)/.exec(text)?.[1] ?? Number.NaN) / 1024;
      if (exit !== 0) process.stderr.write(text.replace(/PEAK \d+\n/, ''));
      clearInterval(looking);
      resolve({ code: exit, peak, quarters: byQuarters(sizes) });
    });
  });
}

/** How the campaign stood at its end, as its record tells; nothing of one that was cut off. */
async function lastStatus(reports: string): Promise<Record<string, unknown>> {
  const [run] = await readdir(reports).catch(() => []);
  if (run === undefined) return {};
  const text = await readFile(join(reports, run, 'campaign.ndjson'), 'utf8');
  const end = text.split('\n').find((line) => line.startsWith('{"event":"campaign-finished"'));
  return end === undefined ? {} : (JSON.parse(end) as { status: Record<string, unknown> }).status;
}

function note(done: readonly Piece[]): string {
  const sum = (key: 'executions' | 'findings' | 'seconds'): number =>
    done.reduce((total, piece) => total + piece[key], 0);
  const command = `npm run endurance -- --protocol ${protocol} --role ${role} --executions ${executions} --seed ${seed} --pieces ${pieces} --jobs ${jobs}`;
  return [
    `# ${protocol}, ${role}`,
    '',
    `\`${command}\``,
    '',
    `${sum('executions')} conversations in ${done.length} of ${pieces} pieces with the bundled reference, ${Math.round(sum('seconds'))} s; ${sum('findings') === 0 && done.every(({ code }) => code === 0) ? 'nothing was found' : `${sum('findings')} findings`}. Node ${process.version}.`,
    '',
    '| piece | seed | conversations | findings | restarts | seconds | peak MB | MB by quarters | exit |',
    '|---|---|---|---|---|---|---|---|---|',
    ...done.map(
      (piece) =>
        `| ${piece.seed - seed + 1} | ${piece.seed} | ${piece.executions} | ${piece.findings} | ${piece.restarts} | ${piece.seconds} | ${piece.peak} | ${piece.quarters ?? ''} | ${piece.code ?? 'signal'} |`,
    ),
    '',
  ].join('\n');
}

/** Notes a piece beside those that are noted by now. */
async function noteWith(...more: readonly Piece[]): Promise<readonly Piece[]> {
  const others = (await notedPieces()).filter(({ seed: own }) => more.every((one) => one.seed !== own));
  const done = [...others, ...more].sort((one, other) => one.seed - other.seed);
  await writeAtomic(join(folder, `${name}.md`), note(done));
  const text = JSON.stringify({ ...options, node: process.version, done }, null, 2);
  await writeAtomic(join(folder, `${name}.json`), `${text}\n`);
  return done;
}

await mkdir(folder, { recursive: true });
const first = Number(values.from) - 1;
for (let index = first; index < pieces && !stopped; index += 1) {
  if ((await notedPieces()).some((piece) => piece.seed === seed + index && isWell(piece))) continue;
  const piece = await held(index);
  if (!stopped) await noteWith(piece);
}
if (stopped) process.exitCode = stopped === 'SIGINT' ? 130 : 143;
else {
  const done = await noteWith();
  process.stdout.write(`\n${note(done)}`);
  process.exitCode = done.every(isWell) ? 0 : 1;
}
