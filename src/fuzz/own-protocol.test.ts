import { isUtf8 } from 'node:buffer';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readSuite } from '../cli/folders.ts';
import { newProtocol } from '../cli/templates/new-protocol.ts';
import { writeAtomic } from '../net/disk.ts';
import type { Suite } from '../suite/load-suite.ts';
import { campaignOf, whileServing } from './campaign.testing.ts';
import type { CampaignEvent } from './campaign-options.ts';
import type { Finding } from './finding.ts';
import { modelOf } from './model.ts';
import type { Move, Mutation, Plan } from './plan.ts';

/** How a server of the protocol that `spar init` writes differs from one that is right. */
interface Ways {
  /** Takes what is no UTF-8. */
  readonly octets?: boolean;
  /** Says where it works. */
  readonly shows?: boolean;
  /** Fails in a session that is told of a boom, prints this, and goes on. */
  readonly fails?: string;
  /** Milliseconds until the second answer to what came at once, or shortly after, leaves. */
  readonly late?: number;
}

let suite: Suite;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'spar-own-'));
  for (const [name, text] of Object.entries(newProtocol)) await writeAtomic(join(folder, name), text);
  suite = await readSuite(folder);
  await rm(folder, { recursive: true });
});

/** `print` takes what it writes to its standard error. */
function server(
  { octets = false, shows = false, fails, late = 0 }: Ways,
  print: (text: string) => void,
): Server {
  return createServer((socket) => {
    let [known, unfinished, last, queue] = [false, '', 0, Promise.resolve()];
    const answer = (line: string): string => {
      const isText = isUtf8(Buffer.from(line, 'latin1'));
      if (!octets && !isText) return 'NO text';
      const [, name] = /^HELLO ([!-\xff]+)$/.exec(line) ?? [];
      const [, text] = /^SAY (.+)$/s.exec(line) ?? [];
      if (name === undefined || known)
        return known && text ? `SAID ${text}${shows ? ' at say (/srv/echo.js:3:1)' : ''}` : 'NO not now';
      known = true;
      return `WELCOME ${isText ? name : 'you'}`;
    };
    socket.setEncoding('latin1').on('error', () => undefined);
    socket.on('data', (came: string) => {
      const lines = (unfinished + came).split('\n');
      unfinished = lines.pop() ?? '';
      for (const line of lines) {
        if (fails !== undefined && line.includes('boom')) {
          print(fails);
          socket.destroy();
        }
        const said = `${answer(line)}\n`;
        const waits = performance.now() - last < late;
        last = performance.now();
        queue = queue
          .then(() => (waits ? new Promise((done) => setTimeout(done, late)) : undefined))
          .then(() => void socket.write(said, 'latin1'));
      }
    });
  });
}

function send(message: string, fields: object, ...mutations: Mutation[]): Move {
  return { do: 'send', peer: 'p1', message, fields, mutations };
}

const hello = { name: '$' + '{p1.name}' };

async function held(
  ways: Ways,
  conversations: readonly (readonly Move[])[],
): Promise<{ all: readonly Finding[]; told: readonly CampaignEvent[] }> {
  const corpus = conversations.map(
    (moves): Plan => ({ plan: 1, moves: [{ do: 'open', peer: 'p1' }, ...moves] }),
  );
  const told: CampaignEvent[] = [];
  const wishes = {
    suite,
    model: modelOf(suite, []),
    corpus,
    budget: 100,
    until: { executions: corpus.length },
  };
  let printed = '';
  const made = server(ways, (text) => {
    printed += text;
  });
  const { all } = await whileServing(made, ({ target }) =>
    campaignOf({ ...wishes, target: { target, output: () => printed }, tell: (event) => told.push(event) }),
  );
  return { all, told };
}

test('a path that spar said itself is no leak where it comes back, one that it did not say is', async () => {
  const says = [send('HELLO', hello), send('SAY', { text: 'see /usr/share/x' })];
  expect((await held({}, [says])).all).toEqual([]);
  const { all } = await held({ shows: true }, [says]);
  expect(all.map(({ symptom }) => symptom.message)).toEqual([
    'a reply shows the inside of the target: at say (/srv/echo.js:3:1)',
  ]);
});

test('what is wrong in the same way is found once, however it was made, without what does not matter', async () => {
  const { all, told } = await held({ octets: true }, [
    [
      send(
        'HELLO',
        hello,
        { kind: 'fill', at: '/name', text: 'x', times: 3 },
        { kind: 'insert-octets', at: '/name', offset: 1, hex: 'ff' },
        { kind: 'insert', at: '/name', offset: 1, text: '{' },
      ),
    ],
    [send('HELLO', hello, { kind: 'set-octets', offset: -2, hex: 'c0' })],
    [
      send(
        'HELLO',
        hello,
        { kind: 'insert-octets', at: '/name', offset: 0, hex: '80' },
        { kind: 'again', times: 2 },
      ),
    ],
  ]);
  expect(all.map(({ symptom }) => symptom.bucket)).toEqual(['accepted: bad-encoding']);
  expect(all[0]?.plans.flatMap(({ moves }) => moves)).toEqual([
    { do: 'open', peer: 'p1' },
    send('HELLO', hello, { kind: 'insert-octets', at: '/name', offset: 1, hex: 'ff' }),
  ]);
  expect(told.filter(({ event }) => event === 'again')).toHaveLength(2);
});

test('an answer that comes late is not taken for that to the next message', async () => {
  const late = [
    send('SAY', { text: 'a' }, { kind: 'insert-octets', at: '/text', offset: 0, hex: 'fe' }),
    send('HELLO', hello, { kind: 'word', text: 'H' }),
  ];
  expect((await held({ late: 40 }, [late])).all).toEqual([]);
});

test('what goes on, but prints the report of a crash, has a fault; that a peer went away is none', async () => {
  const bad = [send('HELLO', hello), send('SAY', { text: 'boom' })];
  const good = [send('HELLO', hello), send('SAY', { text: 'hi' })];
  const report = (error: string): string => `12:01 ${error}\n    at hear (/srv/echo.mjs:9:9)\n`;
  const { all } = await held({ fails: report('TypeError: no') }, [good, bad, good, bad]);
  expect(all.map(({ symptom, plans }) => [symptom.bucket, plans.map(({ moves }) => moves.slice(1))])).toEqual(
    [['death: TypeError in hear', [bad.slice(1)]]],
  );
  expect((await held({ fails: report('Error: read ECONNRESET') }, [good, bad])).all).toEqual([]);
});
