import { fileURLToPath } from 'node:url';
import { readSuite } from '../cli/folders.ts';
import type { CaseFinished } from '../events/event.ts';
import { systemClock } from '../net/system-clock.ts';
import { readSource } from '../problem/source.ts';
import type { Case } from '../suite/case.ts';
import { loadSuite } from '../suite/load-suite.ts';
import { holdOne } from './hold-one.ts';
import { addressTarget, spawnedTarget } from './live-target.ts';

const wiring = { segment: 'as-is', random: Math.random } as const;

/** The path of a target in the fixtures. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../fixtures/targets/${name}`, import.meta.url));
}

/**
 * Holds a case of one peer, `p1`, with a server of the fixtures that has some of its bugs: that spar starts, or
 * that is up. `said` is what the case says beside its steps.
 */
export async function heldByProcess(
  folder: string,
  program: string,
  steps: readonly unknown[],
): Promise<(said: object, bugs: readonly string[], isUp?: boolean) => Promise<CaseFinished>> {
  const suite = await readSuite(folder);
  return async (said, bugs, isUp = false) => {
    const one = { id: 'it', title: 'It', peers: ['p1'], ...said, steps };
    const source = readSource('it.yaml', JSON.stringify({ section: 'It', cases: [one] }));
    const { cases } = loadSuite(suite.protocol, suite.requirements, [{ source, name: 'it', role: 'server' }]);
    let port = 0;
    const target = await spawnedTarget(
      {
        command: `"${process.execPath}" "${fixture(program)}" {port} ${bugs.map((bug) => `--bug ${bug}`).join(' ')}`,
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
  };
}
