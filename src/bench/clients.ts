import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { protocolFolder, readSuite } from '../cli/folders.ts';
import type { RunEvent } from '../events/event.ts';
import { bundledNames, clientReferenceOf } from '../reference/bundled.ts';
import { sparArgs, timed } from './children.ts';
import { type Row, row } from './row.ts';

/** How long the client suites of all protocols take against the reference clients, and their checks a second. */
export async function clientSuites(rounds: number): Promise<Row[]> {
  const [whole, checks]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    let [ms, cases] = [0, 0];
    for (const protocol of bundledNames) {
      const held = await heldClients(protocol);
      ms += held.ms;
      cases += held.cases;
    }
    whole.push(ms);
    checks.push((1000 * cases) / ms);
  }
  const note = 'the reference clients run inside spar: no process is started';
  return [
    row({
      name: 'client suites of all protocols, four processes of spar',
      unit: 'ms',
      spar: whole,
      ratio: 1,
      wanted: 'under 15000 ms',
      note,
    }),
    row({
      name: 'client checks per second over all',
      unit: 'cases/s',
      spar: checks,
      ratio: 1,
      wanted: 'at least 50',
    }),
  ];
}

/** The client suite of CPT with a process for each client: what a start costs, and how many there were. */
export async function clientProcesses(rounds: number): Promise<Row> {
  const [starts, node]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    starts.push(await startOfClient());
    node.push((await timed(['-e', '0'])).ms);
  }
  const client = ['client', 'cpt', '{url}', '--name', '{name}'];
  const spawned = [process.execPath, ...sparArgs(...client)].map((word) => `"${word}"`).join(' ');
  const { stimuli = {}, shows = {} } = (await clientReferenceOf('cpt')) ?? {};
  const { protocol } = await readSuite(await protocolFolder('cpt'));
  const bound = Object.entries(stimuli).flatMap(([name, stdin]) =>
    protocol.stimuli.has(name) ? [[name, { stdin }] as const] : [],
  );
  const held = await heldClients('cpt', { spawn: spawned, stimuli: Object.fromEntries(bound), shows });
  return row({
    name: 'start of a client process, until it connects',
    unit: 'ms',
    spar: starts,
    beside: node,
    besideName: 'node -e 0',
    note: `cpt: ${held.cases} cases with ${held.starts} starts took ${held.ms.toFixed(0)} ms`,
  });
}

/** Milliseconds from the start of the reference client, as a program, to its connection. */
async function startOfClient(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const began = performance.now();
  const child = spawn(
    process.execPath,
    sparArgs('client', 'cpt', `tcp://127.0.0.1:${port}`, '--name', 'ada'),
    {
      stdio: 'ignore',
    },
  );
  const [socket] = (await once(server, 'connection')) as [Socket];
  const ms = performance.now() - began;
  socket.destroy();
  server.close();
  child.kill('SIGKILL');
  await once(child, 'exit');
  return ms;
}

/** Holds the client suite of a protocol in a process of its own. */
async function heldClients(
  protocol: string,
  settings: object = {},
): Promise<{ ms: number; cases: number; starts: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'spar-bench-'));
  try {
    const config = join(folder, 'spar.yaml');
    await writeFile(config, JSON.stringify({ protocol, role: 'client', ...settings }));
    const { ms, code } = await timed(
      sparArgs('run', '--config', config, '--reports', folder, '--format', 'none'),
    );
    if (code !== 0) throw new Error(`the client suite of ${protocol} ended with exit ${code}`);
    const [run = ''] = (await readdir(folder)).filter((name) => name !== 'spar.yaml');
    const events = (await readFile(join(folder, run, 'events.ndjson'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as RunEvent);
    const cases = events.filter((one) => one.event === 'case-finished' && one.verdict !== 'skip').length;
    const starts = events.filter((one) => one.event === 'target' && one.what === 'spawned').length;
    return { ms, cases, starts };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
