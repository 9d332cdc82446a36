import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ws2017 } from './index.ts';
import { type Peer, stage } from './stage.testing.ts';

/** Who does it, and what it says in one write; ENDS, RESETS, and for the clock its milliseconds. */
type Step = readonly [who: string, ...what: (string | number)[]];

const CONVERSATIONS: Readonly<Record<string, readonly Step[]>> = {
  'names come and go': [
    ['nameless'],
    ['a', 'UNAME Alice'],
    ['b', 'uname Alice', 'cgetu'],
    ['b', 'uname Alice1'],
    ['a', 'uname Alice', 'cgetu'],
    ['b', 'uname Bob'],
    ['c', 'uname Alice1'],
    ['c', 'uname Bob', 'cgetu'],
    ['a', 'cquit'],
    ['b', "chatm 'Bob' 'Alice' 'hi'", 'cgetu'],
    ['d', 'uname Alice'],
    ['d', 'ENDS'],
    ['e', 'uname Alice'],
    ['e', 'RESETS'],
    ['b', 'cgetu'],
  ],
  'lines are cut and malformed': [
    ['a', 'uname alice'],
    ['b', 'uname bob'],
    ['b', 'cgetu', 'xyzzy', 'cgetu'],
    ['b', 'unameX carol', 'uname', "chatm 'bob' 'alice'", 'cgetu all'],
  ],
  'nobody may act without a name': [
    ['a', 'uname alice'],
    ['b', 'cgetu', "chatm 'x' 'alice' 'hi'", 'chatr alice x'],
  ],
  'many are listed': [...[...'abcdefghijkl'].map((name): Step => [name, `uname ${name}`]), ['a', 'cgetu']],
  'messages and receipts': [
    ['nameless'],
    ['a', 'uname alice'],
    ['b', 'uname bob'],
    ['c', 'uname carol'],
    ['a', "chatm 'alice' 'bob' 'Hello  there'"],
    ['c', 'chatr alice bob'],
    ['b', 'chatr alice bob'],
    ['a', "chatm 'alice' 'nobody' 'hi'", "chatm 'carol' 'bob' 'hi'"],
    ['a', "chatm 'alice' 'bob' 'early'", 'cquit', "chatm 'alice' 'bob' 'late'"],
    ['b', 'cgetu'],
  ],
  'pings are answered or not': [
    ['a', 'uname alice'],
    ['b', 'uname bob'],
    ['clock', 100],
    ['a', '+OK cpong'],
    ['clock', 200],
    ['a', '+OK cpong'],
    ['clock', 100],
    ['a', 'cgetu'],
  ],
};

/** Holds a conversation; gives each step and all that was heard after it. */
async function transcript(steps: readonly Step[], ...defects: string[]): Promise<string[]> {
  const { clock, open } = stage(...defects);
  const peers = new Map<string, Peer>();
  const lines: string[] = [];

  async function act(who: string, what: readonly (string | number)[]): Promise<void> {
    if (who === 'clock') return clock.pass(Number(what[0]));
    const peer = peers.get(who) ?? open();
    peers.set(who, peer);
    if (what[0] === 'ENDS') peer.link.end();
    else if (what[0] === 'RESETS') peer.link.reset();
    else peer.link.write(new TextEncoder().encode(what.map((line) => `${line}\r\n`).join('')));
  }

  for (const [who, ...what] of steps) {
    await act(who, what);
    lines.push(`${who}: ${what.join(' | ')}`);
    for (const [name, peer] of peers) {
      for (const line of await peer.heard()) lines.push(`  ${name} hears ${line}`);
    }
  }
  return lines;
}

async function allTranscripts(...defects: string[]): Promise<string[][]> {
  return Promise.all(Object.values(CONVERSATIONS).map((steps) => transcript(steps, ...defects)));
}

const REQUIREMENTS: Readonly<Record<string, { readonly defects: readonly string[] }>> = parse(
  readFileSync('suites/ws_2017/requirements.yaml', 'utf8'),
).requirements;

describe('defects', () => {
  it('are those of the requirements, in their order, and each breaks the one that names it', () => {
    const listed = Object.entries(REQUIREMENTS).flatMap(([id, { defects }]) =>
      defects.filter((name) => name.startsWith('srv-')).map((name) => [name, [id]]),
    );
    expect(ws2017.serverDefects.map(({ name, breaks }) => [name, breaks])).toEqual(listed);
  });

  it('leave alone what they are not switched on for', async () => {
    expect(await allTranscripts('srv-unheard-of')).toEqual(await allTranscripts());
  });

  it('listen on another port', () => {
    expect(ws2017.listening(new Set())).toEqual({ transport: 'tcp', port: 1030 });
    expect(ws2017.listening(new Set(['srv-port-1031']))).toEqual({ transport: 'tcp', port: 1031 });
  });

  it.each(ws2017.serverDefects.map(({ name }) => name).filter((name) => name !== 'srv-port-1031'))(
    '%s shows on the wire',
    async (name) => {
      expect(await allTranscripts(name)).not.toEqual(await allTranscripts());
    },
  );

  it('stack', async () => {
    const { open } = stage('srv-first-ok-uname', 'srv-double-response', 'srv-no-greeting');
    expect(await open().say('uname alice')).toEqual(['+OK uname alice', '+OK uname alice']);
  });
});
