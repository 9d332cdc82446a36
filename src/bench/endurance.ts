/**
 * `npm run endurance -- --protocol cpt --role server --executions 1000000 --seed 1 --pieces 20`: a long
 * campaign against a bundled reference, in pieces, each a process of its own with a seed of its own. What
 * came of it is noted in `reports/endurance/<protocol>-<role>.md` and `.json`; exit 1 if anything was found.
 */
import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

/** What came of one piece. */
interface Piece {
  readonly seed: number;
  readonly executions: number;
  readonly findings: number;
  readonly restarts: number;
  readonly seconds: number;
  /** Most memory of the fuzzer at one time, with the reference where it runs inside; MB. */
  readonly peak: number;
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
  },
});
const { protocol, role } = values;
const [executions, seed, pieces] = [values.executions, values.seed, values.pieces].map(Number) as [
  number,
  number,
  number,
];

const folder = join('reports', 'endurance');
const name = `${protocol}-${role}`;

/** One campaign, with its findings left where they are. */
async function held(index: number): Promise<Piece> {
  const reports = join(folder, `${name}-${index + 1}`);
  await rm(reports, { recursive: true, force: true });
  const own = seed + index;
  const count = Math.ceil(executions / pieces);
  const began = performance.now();
  const { code, peak } = await ran([
    ...['fuzz', protocol, '--role', role, '--executions', String(count), '--seed', String(own)],
    ...['--jobs', values.jobs, '--reports', reports],
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
    code,
  };
}

/** Runs the program to its end; its peak memory in MB, as it tells itself. */
function ran(words: readonly string[]): Promise<{ code: number | null; peak: number }> {
  const code = [
    "process.on('exit', () => process.stderr.write(`PEAK ${process.resourceUsage().maxRSS}\\n`));",
    `process.argv.splice(1, 0, ${JSON.stringify(program)});`,
    `await import(${JSON.stringify(pathToFileURL(program).href)});`,
  ].join('\n');
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, '--', ...words], {
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let text = '';
  child.stderr.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString('utf8')).slice(-4000);
  });
  return new Promise((resolve) => {
    child.once('close', (exit) => {
      const peak = Number(/PEAK (\d+)/.exec(text)?.[1] ?? Number.NaN) / 1024;
      if (exit !== 0) process.stderr.write(text.replace(/PEAK \d+\n/, ''));
      resolve({ code: exit, peak });
    });
  });
}

/** How the campaign stood at its end, as its record tells. */
async function lastStatus(reports: string): Promise<Record<string, unknown>> {
  const [run] = await readdir(reports).catch(() => []);
  if (run === undefined) return {};
  const lines = (await readFile(join(reports, run, 'campaign.ndjson'), 'utf8')).trim().split('\n');
  const last = JSON.parse(lines.at(-1) ?? '{}') as { readonly status?: Record<string, unknown> };
  return last.status ?? {};
}

function note(done: readonly Piece[]): string {
  const sum = (key: 'executions' | 'findings' | 'seconds'): number =>
    done.reduce((total, piece) => total + piece[key], 0);
  const command = `npm run endurance -- --protocol ${protocol} --role ${role} --executions ${executions} --seed ${seed} --pieces ${pieces} --jobs ${values.jobs}`;
  return [
    `# ${protocol}, ${role}`,
    '',
    `\`${command}\``,
    '',
    `${sum('executions')} conversations in ${done.length} of ${pieces} pieces with the bundled reference, ${Math.round(sum('seconds'))} s; ${sum('findings') === 0 && done.every(({ code }) => code === 0) ? 'nothing was found' : `${sum('findings')} findings`}. Node ${process.version}.`,
    '',
    '| piece | seed | conversations | findings | restarts | seconds | peak MB | exit |',
    '|---|---|---|---|---|---|---|---|',
    ...done.map(
      (piece, index) =>
        `| ${index + 1} | ${piece.seed} | ${piece.executions} | ${piece.findings} | ${piece.restarts} | ${piece.seconds} | ${piece.peak} | ${piece.code ?? 'signal'} |`,
    ),
    '',
  ].join('\n');
}

await mkdir(folder, { recursive: true });
const done: Piece[] = [];
for (let index = 0; index < pieces; index += 1) {
  done.push(await held(index));
  await writeFile(join(folder, `${name}.md`), note(done));
  await writeFile(
    join(folder, `${name}.json`),
    `${JSON.stringify({ protocol, role, executions, seed, pieces, node: process.version, done }, null, 2)}\n`,
  );
}
process.stdout.write(`\n${note(done)}`);
process.exitCode = done.every(({ code }) => code === 0) ? 0 : 1;
