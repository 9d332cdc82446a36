import { expect, test } from 'vitest';
import { protocolFolder } from '../cli/folders.ts';
import { heldByProcess } from './process.testing.ts';

/** What becomes of a case in which the server declines a line. */
const held = await heldByProcess(await protocolFolder('cpt'), 'buggy-cpt.mjs', [
  'p1 connects',
  { 'p1 sends': { payload: 'WHAT' } },
  'p1 comes to rest',
]);

test.skipIf(process.platform !== 'linux')(
  'a conversation that leaves memory behind is told from one that does not',
  { timeout: 60_000 },
  async () => {
    const { verdict, cause, failures } = await held({ memory: 'steady' }, ['leak']);
    expect([verdict, cause]).toEqual(['fail', 'memory']);
    expect(failures[0]?.message).toMatch(
      /^the memory of the target grew by \d+ MiB in \d+ such conversations$/,
    );
    expect((await held({ memory: 'steady' }, [])).verdict).toBe('pass');
  },
);

test.skipIf(process.platform !== 'linux')('a target takes more than is allowed, or not', async () => {
  expect(await held({ memory: { below: 1 } }, [])).toMatchObject({ verdict: 'fail', cause: 'memory' });
  expect((await held({ memory: { below: 4000 } }, [])).verdict).toBe('pass');
});

test('nothing is said of the memory of a server that spar did not start', async () => {
  expect(await held({ memory: 'steady' }, [], true)).toMatchObject({
    verdict: 'skip',
    cause: 'needs-process',
  });
});
