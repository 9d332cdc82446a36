import { join } from 'node:path';
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { eventsOf, onlyRun, root, spar, workshop } from './program.testing.ts';

// Each test starts programs of its own, on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

let folder = '';
let clear: () => Promise<void>;

beforeAll(async () => {
  ({ folder, clear } = await workshop());
});

afterAll(() => clear());

const program = join(root, 'fixtures', 'programs', 'hostile-client.mjs');

describe('a hostile client breaks no run: nothing is green, and the cause is told', () => {
  it.concurrent.for<[how: string, cause: string]>([
    ['half a command', 'silent'],
    ['a flood', 'unexpected'],
    ['an endless line', 'garbage'],
    ['a crowd that stays', 'silent'],
    ['a crowd that leaves', 'closed'],
    ['a crowd that floods', 'garbage'],
  ])('%s', async ([how, cause], { expect }) => {
    const reports = how.replaceAll(' ', '-');
    const ended = await spar(
      [
        ...['run', 'cpt', '--role', 'client', '--filter', 'cpt/client/connect/connect-has-the-name?letters?'],
        ...['--spawn', `"${process.execPath}" "${program}" {port} {name} "${how}"`],
        ...['--confirm', '1', '--deadline', '3000', '--reports', reports],
      ],
      folder,
    );
    const events = await eventsOf(await onlyRun(join(folder, reports)));
    const cases = events.filter((event) => event.event === 'case-finished');
    expect(ended.code).toBe(1);
    expect(cases.map((one) => one.verdict)).toEqual(['fail']);
    expect(cases[0]?.cause).toBe(cause);
  });
});
