import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { protocolFolder, readSuite } from '../cli/folders.ts';
import type { CaseFinished } from '../events/event.ts';
import { systemClock } from '../net/system-clock.ts';
import { readSource } from '../problem/source.ts';
import type { Case, CaseMemory } from '../suite/case.ts';
import { loadSuite } from '../suite/load-suite.ts';
import { holdOne } from './hold-one.ts';
import { addressTarget, spawnedTarget } from './live-target.ts';

const program = fileURLToPath(new URL('../../fixtures/targets/buggy-cpt.mjs', import.meta.url));
const suite = await readSuite(await protocolFolder('cpt'));
const wiring = { segment: 'as-is', random: Math.random } as const;

/** What becomes of a case in which the server declines a line, with the server that spar starts, or one that is up. */
async function held(memory: CaseMemory, bugs: readonly string[], isUp = false): Promise<CaseFinished> {
  const told = { memory, steps: ['p1 connects', { 'p1 sends': { payload: 'WHAT' } }, 'p1 comes to rest'] };
  const source = readSource(
    'it.yaml',
    JSON.stringify({ section: 'It', cases: [{ id: 'it', title: 'It', peers: ['p1'], ...told }] }),
  );
  const { cases } = loadSuite(suite.protocol, suite.requirements, [{ source, name: 'it', role: 'server' }]);
  let port = 0;
  const target = await spawnedTarget(
    {
      command: `"${process.execPath}" "${program}" {port} ${bugs.map((bug) => `--bug ${bug}`).join(' ')}`,
      placeholders: {},
      readyTimeoutMs: 30_000,
      stdio: false,
      addressOf: (host, at) => {
        port = at;
        return { kind: 'tcp', host, port };
      },
    },
    wiring,
    () => undefined,
  );
  const options = { clock: systemClock, facts: {}, deadline: 4000 };
  try {
    if (!isUp) return await holdOne(suite, cases[0] as Case, target, options);
    (await target.open('p1', {}, { data: () => undefined, ended: () => undefined })).close();
    const there = addressTarget({ kind: 'tcp', host: '127.0.0.1', port }, wiring);
    return await holdOne(suite, cases[0] as Case, there, options);
  } finally {
    await target.stop();
  }
}

test.skipIf(process.platform !== 'linux')(
  'a conversation that leaves memory behind is told from one that does not',
  { timeout: 60_000 },
  async () => {
    const { verdict, cause, failures } = await held('steady', ['leak']);
    expect([verdict, cause]).toEqual(['fail', 'memory']);
    expect(failures[0]?.message).toMatch(
      /^the memory of the target grew by \d+ MiB in \d+ such conversations$/,
    );
    expect((await held('steady', [])).verdict).toBe('pass');
  },
);

test.skipIf(process.platform !== 'linux')('a target takes more than is allowed, or not', async () => {
  expect(await held({ below: 1 }, [])).toMatchObject({ verdict: 'fail', cause: 'memory' });
  expect((await held({ below: 4000 }, [])).verdict).toBe('pass');
});

test('nothing is said of the memory of a server that spar did not start', async () => {
  expect(await held('steady', [], true)).toMatchObject({ verdict: 'skip', cause: 'needs-process' });
});
