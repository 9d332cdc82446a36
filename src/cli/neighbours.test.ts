import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { stringify } from 'yaml';
import { type RunningReference, referenceOf, startReference } from '../reference/bundled.ts';
import { type Ended, spar, workshop } from './program.testing.ts';
import { type Stranger, stranger } from './strangers.testing.ts';

vi.setConfig({ testTimeout: 120_000 });

let folder = '';
let clear: () => Promise<void>;

beforeAll(async () => {
  ({ folder, clear } = await workshop());
});

afterAll(() => clear());

interface Crowded {
  readonly server: RunningReference;
  /** Holds cases with the server, from another process. */
  run(name: string, filter?: string): Promise<Ended>;
  leave(): Promise<void>;
}

/** A server of a protocol with strangers on it who never stop. */
async function crowded(protocol: string, defects: readonly string[] = []): Promise<Crowded> {
  const reference = await referenceOf(protocol);
  if (!reference) throw new Error(`there is no ${protocol}`);
  const server = await startReference(reference, { port: 0, defects: new Set(defects) });
  const { port, address } = server.listener;
  const strangers: Stranger[] = [1, 2, 3, 4].map(() => stranger(protocol, port));
  const config = join(folder, `${protocol}-${port}.yaml`);
  const { pingInterval: _, pingTimeout: __, ...facts } = reference.facts;
  await writeFile(config, stringify({ facts }));
  const url = `${address.kind}://127.0.0.1:${port}`;
  return {
    server,
    run: (name, filter) => {
      const words = [
        'run',
        protocol,
        url,
        '--insecure',
        '--config',
        config,
        '--reports',
        `${protocol}-${name}`,
        '--confirm',
        '1',
      ];
      return spar([...words, ...(filter === undefined ? [] : ['--filter', filter])], folder);
    },
    leave: async () => {
      for (const one of strangers) one.leave();
      await server.stop();
    },
  };
}

describe.for([
  ['cpt', 'cpt/server/s*,cpt/server/m*,cpt/server/connect/*'],
  ['ws_2017', 'ws_2017/server/cha*,ws_2017/server/quit/*,ws_2017/server/authorization/*'],
  ['chat-network', 'chat-network/server/message/*,chat-network/server/events/*,chat-network/server/invite/*'],
  ['gurgle', 'gurgle/server/*message*,gurgle/server/*presence*'],
] as const)('%s', ([protocol, filter]) => {
  it('lets two runs go on side by side, on a server where others talk', async ({ expect }) => {
    const place = await crowded(protocol);
    const ended = await Promise.all([place.run('one', filter), place.run('two', filter)]);
    await place.leave();
    for (const { code, stdout } of ended) {
      expect(stdout).toContain('everything that was tested holds');
      expect(code).toBe(0);
    }
  });
});

describe('what is pushed about the own names', () => {
  it.for([
    ['ws_2017', 'srv-no-join-broadcast', 'ws_2017/server/authorization/new-names-are-announced'],
    ['chat-network', 'srv-message-dropped', 'chat-network/server/message/message-is-delivered'],
    ['gurgle', 'srv-no-presence-push', 'gurgle/server/receiving-presence-update/presence-reaches-contacts'],
  ] as const)('is judged while others talk: %s with %s', async ([protocol, defect, filter], { expect }) => {
    const place = await crowded(protocol, [defect]);
    const { code, stdout } = await place.run(defect, filter);
    await place.leave();
    const broken = (await referenceOf(protocol))?.serverDefects.find(({ name }) => name === defect)?.breaks;
    expect(stdout).toContain(`broken: ${broken?.[0]}`);
    expect(code).toBe(1);
  });
});
