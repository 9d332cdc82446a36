import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { root, spar, start, target, workshop } from '../program.testing.ts';

// Each test starts programs of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let folder = '';
let clear: () => Promise<void>;

beforeAll(async () => {
  ({ folder, clear } = await workshop());
});

afterAll(() => clear());

describe('the commands that hold nothing', () => {
  it.concurrent('list shows the cases of a protocol, to people and to programs', async ({ expect }) => {
    const people = await spar(['list', './parrot', '--filter', '*/say/said-*'], folder);
    expect(people).toMatchObject({ code: 0, stderr: '' });
    expect(people.stdout).toContain('parrot/server/say/said-again  P-2');
    expect(people.stdout).not.toContain('poison');
    const programs = await spar(['list', './parrot', '--json'], folder);
    const cases = JSON.parse(programs.stdout) as { id: string; line: number }[];
    expect(cases.map((one) => one.id.split('/').at(-1))).toEqual([
      'greeting',
      'said-again',
      'said-once',
      'poison',
    ]);
  });

  it.concurrent('explain shows a requirement and what proves it', async ({ expect }) => {
    const { code, stdout } = await spar(['explain', 'P-2', './parrot'], folder);
    expect(code).toBe(0);
    expect(stdout).toContain('What is said is said again.');
    expect(stdout).toContain('parrot/server/say/poison');
  });

  it.concurrent('check finds nothing wrong with a suite that is right', async ({ expect }) => {
    const { code, stderr } = await spar(['check', './parrot'], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it.concurrent('schema prints a JSON Schema', async ({ expect }) => {
    const { code, stdout } = await spar(['schema', 'suite'], folder);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ $schema: expect.stringContaining('2020-12') });
  });

  it.concurrent('the version is that of the package', async ({ expect }) => {
    const { code, stdout } = await spar(['--version'], folder);
    expect({ code, stdout: /^\d+\.\d+\.\d+\n$/.test(stdout) }).toEqual({ code: 0, stdout: true });
  });
});

describe('serve', () => {
  it('is a target for a run in another process, with a defect that the run names', async ({ expect }) => {
    const serving = start(['serve', 'cpt', '--port', '0', '--defect', 'srv-ack-drop'], folder);
    const address = await new Promise<string>((resolve) => {
      serving.child.stdout?.on('data', (text: string) => {
        const found = /tcp:\S+:\d+/.exec(text);
        if (found) resolve(found[0]);
      });
    });
    const words = ['--requirement', 'CPT-044', '--deadline', '300', '--confirm', '1', '--reports', 'served'];
    const held = await spar(['run', 'cpt', address, ...words], folder);
    serving.child.kill('SIGINT');
    expect((await serving.ended).code).toBe(0);
    expect(held.code).toBe(1);
    expect(held.stdout).toContain('broken: CPT-044');
  });
});

describe('what decides how a run ends', () => {
  const twice = (more: readonly string[], name: string): ReturnType<typeof spar> =>
    spar(['run', './parrot', '--spawn', target('repeats-twice'), '--reports', name, ...more], folder);

  it.concurrent('a warning lets it pass', async ({ expect }) => {
    const { code } = await twice(['--requirement', 'P-3'], 'warn');
    expect(code).toBe(0);
  });

  it.concurrent('with --strict it does not', async ({ expect }) => {
    const { code } = await twice(['--requirement', 'P-3', '--strict'], 'strict');
    expect(code).toBe(1);
  });

  it.concurrent('--level leaves out what is of another level', async ({ expect }) => {
    const { code, stdout } = await twice(['--level', 'should'], 'level');
    expect(code).toBe(0);
    expect(stdout).toMatch(/1 cases? in/);
  });

  it.concurrent('--bail ends it after so many failing cases', async ({ expect }) => {
    const { code, stdout } = await twice(['--bail', '1', '--jobs', '1', '--confirm', '1'], 'bail');
    expect(code).toBe(1);
    expect(stdout).toContain('stopped after 1 failing case');
  });

  it.concurrent('known failures let it pass', async ({ expect }) => {
    await writeFile(join(folder, 'known.yaml'), '"parrot/server/say/*": it says all twice\n');
    const { code } = await twice(['--expected-failures', 'known.yaml', '--confirm', '1'], 'known');
    expect(code).toBe(0);
  });

  it.concurrent('a fault of a suite is not called one of the target', async ({ expect }) => {
    const lines = ['section: FAULT', 'cases:', '  - id: fault', '    title: A step that spar cannot take'];
    const steps = ['    proves: P-2', '    peers: [alice]', '    steps:', '      - alice >: SAY hello'];
    const own = await workshop();
    const file = join(own.folder, 'parrot', 'server', 'fault.yaml');
    await writeFile(file, `${[...lines, ...steps].join('\n')}\n`);
    const words = ['run', './parrot', '--filter', '*fault', '--spawn', target('repeats')];
    const { code, stdout } = await spar(words, own.folder);
    expect(code).toBe(4);
    expect(stdout).toContain('alice is not connected');
    await own.clear();
  });
});

describe('the program itself', () => {
  it('stops quietly when nobody reads on', async ({ expect }) => {
    const running = start(['list', 'cpt'], root);
    running.child.stdout?.destroy();
    const { code, stderr } = await running.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
