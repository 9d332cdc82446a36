import { expect, test } from 'vitest';
import { fixture, heldByProcess } from './process.testing.ts';

/** What becomes of a case in which the server is told of an item with a long name. */
const held = await heldByProcess(fixture('pantry'), 'pantry/server.mjs', [
  'p1 connects',
  { 'p1 >': { id: 1, op: 'hello', name: 'somebody' } },
  { 'p1 <': { ok: 'welcome' } },
  { 'p1 sends': { message: { id: 2, op: 'put', item: 'x'.repeat(65), count: 1 } } },
  'p1 comes to rest',
]);

test('a server that goes on, but prints the report of a crash, is told from one that does not', async () => {
  const { verdict, failures } = await held({ output: 'clean' }, ['caught-item']);
  expect(verdict).toBe('fail');
  expect(failures[0]).toMatchObject({ cause: 'output' });
  expect(failures[0]?.message).toMatch(
    /^the target printed the report of a crash: RangeError in died < checkItem/,
  );
  expect((await held({ output: 'clean' }, [])).verdict).toBe('pass');
  expect((await held({}, ['caught-item'])).verdict).toBe('pass');
});

test('nothing is said of the output of a server that spar did not start', async () => {
  expect(await held({ output: 'clean' }, [], true)).toMatchObject({
    verdict: 'skip',
    cause: 'needs-process',
  });
});
