import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { atRest } from './at-rest.ts';

test.runIf(process.platform === 'linux')('a process is waited for until it has done its work', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'spar-rest-'));
  const path = join(folder, 'done');
  const program = `
    console.log('begun');
    for (const end = Date.now() + 100; Date.now() < end; );
    require('node:fs').writeFileSync(${JSON.stringify(path)}, '');
    setInterval(() => undefined, 60_000);`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(child.stdout, 'data');
    expect(await atRest(child.pid as number, 20_000)).toBe(true);
    expect(existsSync(path)).toBe(true);
  } finally {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  }
});

test.runIf(process.platform === 'linux')('a process that never rests is left to itself', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdout.write("begun", () => { for (;;); });']);
  try {
    await once(child.stdout, 'data');
    await expect(atRest(child.pid as number, 50)).resolves.toBe(false);
  } finally {
    child.kill('SIGKILL');
  }
});

test('a process that is gone is not waited for', async () => {
  const child = spawn(process.execPath, ['-e', ''], { stdio: 'ignore' });
  await once(child, 'exit');
  await expect(atRest(child.pid as number, 20_000)).resolves.toBe(true);
});
