import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, it, vi } from 'vitest';
import { root, start, workshop } from './program.testing.ts';

vi.setConfig({ testTimeout: 120_000 });

let folder = '';
let clear: () => Promise<void>;

beforeAll(async () => {
  ({ folder, clear } = await workshop());
});

afterAll(() => clear());

/** A person who does what the program asks, with the reference client at hand. */
async function driven(
  filter: string,
  defect: readonly string[],
): Promise<{ asked: string[]; code: number | null; stdout: string }> {
  const words = [
    'run',
    'cpt',
    '--role',
    'client',
    '--listen',
    '127.0.0.1:0',
    '--jobs',
    '1',
    '--confirm',
    '1',
  ];
  const running = start([...words, '--filter', filter], folder);
  const asked: string[] = [];
  let client: ChildProcess | undefined;
  createInterface({ input: running.child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
    asked.push(line);
    const [, url = '', name = ''] = /Connect your client to (\S+) as (\S+)/.exec(line) ?? [];
    if (url !== '') {
      const program = [join(root, 'dist', 'cli', 'main.js'), 'client', 'cpt', url, '--name', name];
      client = spawn(process.execPath, [...program, ...defect], { stdio: ['pipe', 'ignore', 'ignore'] });
    }
    const [, target, text] = /Now make it: send to (\S+): (.*)$/.exec(line) ?? [];
    if (target !== undefined) client?.stdin?.write(`/send ${target} ${text}\n`);
    if (line.includes('This conversation is over')) client?.kill();
  });
  const { code, stdout } = await running.ended;
  client?.kill();
  return { asked, code, stdout };
}

it.concurrent('a client that a person starts and drives is tested', async ({ expect }) => {
  const { asked, code, stdout } = await driven('cpt/client/send/user', []);
  expect(stdout).toContain('1 passed');
  expect(code).toBe(0);
  expect(asked[0]).toMatch(/^▶ Connect your client to tcp:\/\/127\.0\.0\.1:\d+ as \w+ \(120 s\)\.$/);
  expect(asked[1]).toMatch(/^▶ Now make it: send to \w+: /);
  expect(asked[2]).toMatch(/^▶ This conversation is over: end the client at /);
  expect(asked).toHaveLength(3);
});

it.concurrent('and judged', async ({ expect }) => {
  const { code, stdout } = await driven('cpt/client/send/user', ['--defect', 'cli-send-quoted']);
  expect(stdout).toContain('broken: CPT-041');
  expect(code).toBe(1);
});
