import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../../dist/bench/endurance.js', import.meta.url));
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spar-endurance-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs it until it and the campaigns that write to its output have ended; `heard` is told what they say. */
function endurance(
  executions: number,
  heard: (text: string, stop: () => void) => void = () => undefined,
): Promise<number | null> {
  const words = ['--executions', String(executions), '--pieces', '3', '--jobs', '2'];
  const child = spawn(process.execPath, [program, ...words], { cwd: folder });
  child.stdout.setEncoding('utf8').on('data', (text: string) => heard(text, () => child.kill('SIGTERM')));
  return new Promise((resolve) => child.once('close', resolve));
}

interface Note {
  done: { seed: number; executions: number; code: number | null; seconds: number }[];
}

const file = (): string => join(folder, 'reports', 'endurance', 'cpt-server.json');

async function noted(): Promise<Note> {
  return JSON.parse(await readFile(file(), 'utf8')) as Note;
}

test('goes on at the pieces that were not held to their end', { timeout: 120_000 }, async () => {
  expect(await endurance(30)).toBe(0);
  const note = await noted();
  expect(note.done).toMatchObject([1, 2, 3].map((seed) => ({ seed, executions: 10, code: 0 })));
  const [first, second, third] = note.done as [Note['done'][0], Note['done'][0], Note['done'][0]];
  Object.assign(first, { seconds: 1111 });
  Object.assign(second, { seconds: 2222, code: null });
  Object.assign(third, { seconds: 3333, executions: 4 });
  await writeFile(file(), JSON.stringify(note));
  let campaigns = '';
  expect(
    await endurance(30, (text) => {
      campaigns += text;
    }),
  ).toBe(0);
  expect(campaigns.match(/seed \d+, 2 at once/g)).toEqual(['seed 2, 2 at once', 'seed 3, 2 at once']);
  const again = await noted();
  expect(again.done[0]?.seconds).toBe(1111);
  expect(again.done).toMatchObject([1, 2, 3].map((seed) => ({ seed, executions: 10, code: 0 })));
});

test('begins anew with other options, and takes its campaign along where it is stopped', {
  timeout: 120_000,
}, async () => {
  const code = await endurance(3_000_000, (text, stop) => {
    if (text.includes('Fuzzing')) stop();
  });
  expect(code).toBe(143);
  expect((await noted()).done[0]?.seconds).toBe(1111);
});
