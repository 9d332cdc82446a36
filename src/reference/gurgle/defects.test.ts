import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { gurgle } from './index.ts';
import { type Heard, idOf, login, octets, type Peer, Stage, sending, showing } from './stage.testing.ts';

/** One step of a conversation: who, and what it says; a text goes out as it is, `(end)` ends the connection. */
type Step = readonly [peer: string, says: object | string];

const bob = idOf('bob-1');
const get = (etag?: string) => ({ id: 4, cmd: 'get_roaster', etag });
const update = (alias: string, remove?: boolean) => ({
  id: 5,
  cmd: 'update_roaster',
  etag: 'any',
  roaster: [{ from: bob, alias, delete: remove }],
});
const file = { name: 'ü .txt', type: 'text/plain', blob: 'QUJDRA==' };
const wrong = (name: string) => ({ ...login(name), password: 'wrong' });

/** Together these show every defect. */
const conversations: readonly (readonly Step[])[] = [
  [
    ['new', { id: 11, version: '99.7' }],
    ['new', { id: 12, cmd: 'upgrade', features: [] }],
    ['new', { id: 13, cmd: 'upgrade', features: ['x-none'] }],
    ['new', { id: 14, cmd: 'query', query: 'auth' }],
    ['new', wrong('alice-1')],
    ['new', wrong('erin-1')],
    ['new', login('dora-1')],
    ['new', get()],
    ['new', login('alice-1', 'desk!')],
    ['new', { id: 15, cmd: 'ping', data: 'a' }],
    ['new', { id: 16, cmd: 'ping', data: 'b' }],
    ['new', '{"data":"d","cmd":"ping","id":3}'],
    ['new', '{ "id" : 3 , "\\u0063md" : "ping" }'],
    ['new', { id: 17, cmd: 'quit', reason: '' }],
    ['new', { id: 18, cmd: 'ping', data: 'c' }],
  ],
  [
    ['early', get()],
    ['fails', wrong('alice-1')],
    ['fails', get()],
    ['killer', { id: 1, cmd: 'kill', error: 'x', reason: 'x' }],
    ['killer', { id: 2, cmd: 'ping', data: 'x' }],
    ['one', login('alice-1', 'desk')],
    ['two', login('alice-1')],
    ['three', login('alice-1')],
    ['bob', login('bob-1', 'desk')],
    ['carol', login('carol-1')],
    ['bob', showing('away', 'tea')],
    ['carol', showing('available')],
    ['one', showing('dnd', 'work')],
    ['one', showing('busy')],
    ['one', get()],
    ['one', get(`${idOf('alice-1')}:0`)],
    ['one', get('stale')],
    ['one', update('B')],
    ['two', get(`${idOf('alice-1')}:0`)],
    ['bob2', login('bob-1', 'phone')],
    ['bob2', showing('available')],
    ['one', get()],
    ['one', update('B', false)],
    ['one', update('B', true)],
    ['one', get()],
    [
      'one',
      sending({ id: 'm1', to: bob, text: 'a < b', from: idOf('carol-1') }, { id: 'm2', to: idOf('erin-1') }),
    ],
    ['one', sending({ id: 'm3', to: `${bob}/phone`, attachments: [file, file] })],
    ['one', '(end)'],
  ],
  [
    ['alice', login('alice-1')],
    ['alice', sending({ id: 'm1', to: bob }, { id: 'm2', to: bob })],
    ['bob', login('bob-1')],
    ['bob', showing('available')],
    ['bob', { id: -1, cmd: 'sent', success: ['m1'], failure: [] }],
    ['bob', '(end)'],
    ['again', login('bob-1')],
    ['again', showing('available')],
  ],
];

function encoded(says: object | string): Uint8Array {
  return octets(typeof says === 'string' ? says : JSON.stringify(says));
}

async function transcript(...defects: string[]): Promise<string[]> {
  const lines: string[] = [];
  for (const conversation of conversations) {
    const stage = new Stage(defects);
    const peers = new Map<string, Peer>();
    for (const [name, says] of conversation) {
      const speaker = peers.get(name) ?? stage.peer();
      peers.set(name, speaker);
      const note = (hearer: string, all: readonly Heard[]) =>
        lines.push(...all.map((one) => `${name} says, ${hearer} hears ${JSON.stringify(one)}`));
      if (says === '(end)') speaker.end();
      else note(name, await speaker.write(stage.framing.encode(encoded(says))));
      for (const [other, { heard }] of peers) note(other, await heard());
    }
  }
  return lines;
}

describe('defects', () => {
  const stated = new URL('../../../suites/gurgle/requirements.yaml', import.meta.url);
  const { requirements } = parse(readFileSync(stated, 'utf8')) as {
    requirements: Record<string, { defects: string[] }>;
  };

  it('are those of the requirements, each under the requirement that it breaks', () => {
    const named = Object.entries(requirements).flatMap(([id, { defects }]) =>
      defects.filter((name) => name.startsWith('srv-')).map((name) => `${name} breaks ${id}`),
    );
    const built = gurgle.serverDefects.flatMap(({ name, breaks }) =>
      breaks.map((id) => `${name} breaks ${id}`),
    );
    expect(built.sort()).toEqual(named.sort());
  });

  it.each(gurgle.serverDefects.map(({ name, what }) => [name, what]))('%s shows: it %s', async (name) => {
    const none = new Set<string>();
    const plain = { listening: gurgle.listening(none), lines: await transcript() };
    const faulty = { listening: gurgle.listening(new Set([name])), lines: await transcript(name) };
    expect(faulty).not.toEqual(plain);
  });

  it('stack', async () => {
    const peer = new Stage(['srv-version-0-2', 'srv-cmd-everywhere', 'srv-id-counter']).peer();
    expect(await peer.say({ id: 1, version: '0.1' })).toEqual([{ id: 1001, cmd: 'version', version: '0.2' }]);
  });
});
