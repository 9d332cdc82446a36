import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EdgeMap } from '../net/edge-map.ts';
import { spawnTarget, type TargetProcess } from '../net/target-process.ts';
import { inspectorOptions, V8Coverage } from '../net/v8-coverage.ts';
import { type Coverage, Edges } from './edges.ts';

const server = fileURLToPath(new URL('../../fixtures/targets/tells-coverage.mjs', import.meta.url));
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spar-edges-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function started(env: Readonly<Record<string, string>>): Promise<TargetProcess> {
  return spawnTarget({ command: [process.execPath, server, '{port}'], readyTimeoutMs: 60_000, env });
}

/** Sends a line and waits for its answer. */
function say(port: number, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${line}\n`));
    socket.once('error', reject);
    socket.once('data', (answer) => {
      socket.destroy();
      resolve(answer.toString());
    });
  });
}

/** How much is new of what each of these lines runs through. */
async function newsOf(coverage: Coverage, port: number, lines: readonly string[]): Promise<number[]> {
  const edges = new Edges();
  const news: number[] = [];
  for (const line of lines) {
    await coverage.begin();
    expect(await say(port, line)).toBe('OK\n');
    news.push(edges.add(await coverage.hits()));
  }
  return news;
}

const lines = ['xxx', 'xyz', 'axx', 'abx', 'axy', 'abc', 'abc'];

test('a map in shared memory tells deeper branches whose answers are alike', {
  timeout: 120_000,
}, async () => {
  const path = join(folder, 'map');
  const map = new EdgeMap(path);
  const target = await started({ SPAR_COVERAGE: path });
  try {
    expect((await readFile(path)).length).toBe(65_536);
    expect(await newsOf(map, target.port, lines)).toEqual([1, 0, 1, 1, 0, 1, 0]);
  } finally {
    await target.stop();
    map.close();
  }
});

test('a map may have any length', async () => {
  const path = join(folder, 'short');
  await writeFile(path, Buffer.from([0, 0, 3, 0, 0, 0, 0, 0, 0, 255]));
  const map = new EdgeMap(path);
  expect(await map.hits()).toEqual([
    [2, 3],
    [9, 255],
  ]);
  await map.begin();
  expect(await map.hits()).toEqual([]);
  map.close();
});

test('V8 tells them of a target that Node runs, also after a restart', { timeout: 120_000 }, async () => {
  const target = await started({ NODE_OPTIONS: inspectorOptions });
  const coverage = new V8Coverage(() => target.output());
  try {
    await newsOf(coverage, target.port, ['xxx']);
    const [first, same, deeper, deepest, , end, again] = await newsOf(coverage, target.port, lines);
    expect(first).toBeGreaterThan(0);
    for (const one of [deeper, deepest, end]) expect(one).toBeGreaterThan(0);
    expect([same, again].every((one) => one !== undefined && one < Number(first))).toBe(true);
    await target.restart();
    expect((await newsOf(coverage, target.port, ['axx']))[0]).toBeGreaterThan(0);
  } finally {
    coverage.close();
    await target.stop();
  }
});
