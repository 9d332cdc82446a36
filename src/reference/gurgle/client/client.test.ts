import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { memoryLinks } from '../../../session/memory-link.ts';
import { converse, HandClock } from '../../client-stage.testing.ts';
import { gurgle } from '../index.ts';
import { gurgleClient } from './index.ts';

const stage = (defects: readonly string[] = [], settings = {}) => ({
  client: gurgleClient,
  lineEnd: '\n',
  settings: { id: 'ada@x.example', password: ' pä"ss ', framing: 'lf', ...settings },
  defects,
});

async function holds(conversation: readonly string[], settings = {}): Promise<void> {
  expect(await converse(stage([], settings), conversation)).toEqual(conversation);
}

const bob =
  '{"from":"bob@x.example","name":"Bob","bio":"","alias":"Bobby","type":"peer","subscription":"both",';
const carol = '{"from":"carol@x.example","name":"Carol","alias":"","presence":[]}';

const upToMethods = [
  'connects',
  '> {"id":1,"version":"0.1"}',
  '< {"id":1,"version":"0.1"}',
  '> {"id":2,"cmd":"upgrade","features":[]}',
  '< {"id":2,"cmd":"upgraded","features":[],"error":null}',
  '> {"id":3,"cmd":"query","query":"auth"}',
];
const upToRoaster = [
  ...upToMethods,
  '< {"id":3,"answer":["plain"]}',
  '> {"id":4,"cmd":"auth","from":"ada@x.example","method":"plain","password":" pä"ss "}'.replace(
    'ä"',
    'ä\\\\"',
  ),
  '< {"id":4,"to":"ada@x.example/t1","error":null}',
  'shows logged in as ada@x.example/t1',
  '> {"id":5,"cmd":"get_roaster"}',
];
const loggedIn = [
  ...upToRoaster,
  `< {"id":5,"cmd":"flush_roaster","etag":"E-1/ü","roaster":[${bob}"presence":{"desk":{"status":"away","mood":"lunch"}}},${carol}]}`,
  '> {"id":6,"cmd":"presence","presence":{"status":"available","mood":""}}',
  '< {"id":6,"cmd":"presence","presences":[{"from":"ada@x.example/t1","status":"available","mood":"","error":null}]}',
  'shows you are available',
];
const contacts = [
  '$ /contacts',
  'shows bob@x.example (Bobby): away lunch',
  'shows carol@x.example (Carol): offline',
];

describe('the set-up', () => {
  it('goes from the version to the presence, each after the answer to the one before', () =>
    holds([...loggedIn, ...contacts]));

  it('goes on without an upgrade', () =>
    holds([
      ...upToMethods.slice(0, 4),
      '< {"id":2,"cmd":"upgraded","features":[],"error":"unsupported","reason":"no"}',
      '> {"id":3,"cmd":"query","query":"auth"}',
    ]));

  it('holds back what is typed', () =>
    holds([
      ...upToRoaster,
      '$ /ping',
      '< {"id":5,"cmd":"flush_roaster","etag":1,"roaster":[]}',
      '> {"id":6,"cmd":"presence","presence":{"status":"available","mood":""}}',
      '> {"id":7,"cmd":"ping","data":"spar"}',
    ]));

  it.each(['"x-future"', '', '"PLAIN"', '7'])('keeps the password where [%s] is offered', (methods) =>
    holds([
      ...upToMethods,
      `< {"id":3,"answer":[${methods}]}`,
      'shows the server has no login method that this client knows',
      '$ /send bob@x.example hi',
      'shows not logged in: /login',
      '$ /ping',
      '> {"id":4,"cmd":"ping","data":"spar"}',
    ]),
  );

  it('takes plain out of several methods', async () => {
    const went = await converse(stage(), upToRoaster.with(6, '< {"id":3,"answer":["x-a","plain","x-b"]}'));
    expect(went.at(-1)).toBe(upToRoaster.at(-1));
  });

  it('ends with a refused login', () =>
    holds([
      ...upToRoaster.slice(0, 8),
      '< {"id":4,"to":"ada@x.example/t1","error":"password","reason":"No."}',
      'shows login refused: No. (password)',
      '$ hello',
      'shows to whom? /send TO TEXT',
    ]));

  it('needs an id', () => holds(['shows the setting id is needed', 'exits 2'], { id: '' }));

  it('is not waited for without end', () =>
    holds([
      'connects',
      '> {"id":1,"version":"0.1"}',
      'wait 10000',
      'shows no answer to version',
      'exits 1',
      '> FIN',
    ]));
});

describe('requests', () => {
  it('send a message, also without a slash', () =>
    holds([
      ...loggedIn,
      '$ /send bob@x.example a<b> & ü 😀',
      '> {"id":7,"cmd":"message","messages":[{"id":"m1","timestamp":1700000000,"to":"bob@x.example","text":"a<b> & ü 😀","html":"a&lt;b&gt; &amp; ü 😀","attachments":[]}]}',
      '$  and ',
      '> {"id":8,"cmd":"message","messages":[{"id":"m2","timestamp":1700000000,"to":"bob@x.example","text":" and ","html":" and ","attachments":[]}]}',
      '< {"id":8,"cmd":"sent","success":[],"failure":["m2"],"error":"undeliverable","reason":"Nobody."}',
      'shows not sent to bob@x.example: Nobody. (undeliverable)',
      '< {"id":7,"cmd":"sent","success":["m1"],"failure":[],"error":null}',
      'shows sent to bob@x.example',
    ]));

  it.each([
    ['a.txt', 'text/plain'],
    ['x', 'application/octet-stream'],
  ])('attach the file %s', (name, type) =>
    holds([
      ...loggedIn,
      `$ /attach bob@x.example ${name} hi ü`,
      `> {"id":7,"cmd":"message","messages":[{"id":"m1","timestamp":1700000000,"to":"bob@x.example","text":"","html":"","attachments":[{"name":"${name}","type":"${type}","blob":"aGkgw7w="}]}]}`,
    ]),
  );

  it('show a presence, and no other than there is', () =>
    holds([
      ...loggedIn,
      '$ /presence away at lunch',
      '> {"id":7,"cmd":"presence","presence":{"status":"away","mood":"at lunch"}}',
      '< {"id":7,"error":"malformed","reason":"There is no such presence."}',
      'shows presence refused: There is no such presence. (malformed)',
      '$ /presence busy',
      'shows usage: /presence available|away|dnd|invisible [MOOD]',
    ]));

  it('change contacts', () =>
    holds([
      ...loggedIn,
      '$ /alias carol@x.example My Carol',
      '> {"id":7,"cmd":"update_roaster","etag":"E-1/ü","roaster":[{"from":"carol@x.example","alias":"My Carol","delete":false}]}',
      `< {"id":7,"cmd":"update_roaster","etag":"E-2","roaster":[${carol.replace('""', '"My Carol"')}]}`,
      'shows contact changed',
      '$ /delete bob@x.example',
      '> {"id":8,"cmd":"update_roaster","etag":"E-2","roaster":[{"from":"bob@x.example","alias":"Bobby","delete":true}]}',
      '< {"id":8,"cmd":"update_roaster","etag":"E-3","roaster":[]}',
      'shows contact changed',
      '$ /contacts',
      'shows carol@x.example (My Carol): offline',
    ]));

  it('ping, and check the answer', () =>
    holds([
      ...loggedIn,
      '$ /ping',
      '> {"id":7,"cmd":"ping","data":"spar"}',
      '< {"id":8,"cmd":"pong","data":"spar"}',
      '< {"id":7,"cmd":"pong","data":"other"}',
      'shows the server answered something else than was asked',
      '$ /ping',
      '> {"id":8,"cmd":"ping","data":"spar"}',
      '< {"data":"spar","cmd":"pong","id":8}',
      'shows pong',
      '$ /ping',
      '> {"id":9,"cmd":"ping","data":"spar"}',
      'wait 10000',
      'shows no answer to ping',
    ]));
});

describe('pushes', () => {
  it('of messages are shown and answered', () =>
    holds([
      ...loggedIn,
      '< {"id":77,"cmd":"message","messages":[{"id":"x","from":"bob@x.example/desk","text":"one"},{"id":7,"from":"bob@x.example/desk","text":"two","attachments":[{"name":"a.txt","size":2}]}]}',
      'shows bob@x.example/desk: one',
      'shows bob@x.example/desk: two [a.txt, 2 octets]',
      '> {"id":77,"cmd":"sent","success":["x",7],"failure":[],"error":null}',
      '$ /inbox',
      'shows bob@x.example/desk: one',
      'shows bob@x.example/desk: two [a.txt, 2 octets]',
    ]));

  it('come between a request and its answer, even with its id', () =>
    holds([
      ...upToRoaster,
      '< {"id":5,"cmd":"message","messages":[{"id":1,"from":"bob@x.example/desk","text":"hi"}]}',
      'shows bob@x.example/desk: hi',
      '> {"id":5,"cmd":"sent","success":[1],"failure":[],"error":null}',
      '< {"id":5,"cmd":"presence","presences":[{"from":"bob@x.example/desk","status":"dnd","mood":""}]}',
      '< {"id":5,"cmd":"flush_roaster","etag":1,"roaster":[]}',
      '> {"id":6,"cmd":"presence","presence":{"status":"available","mood":""}}',
    ]));

  it('of presence change the contacts', () =>
    holds([
      ...loggedIn,
      '< {"id":null,"cmd":"presence","presences":[{"from":"bob@x.example/desk","status":null,"mood":null},{"from":"carol@x.example/a","status":"dnd","mood":"busy"},{"from":"eve@x.example/a","status":"dnd"}]}',
      'shows bob@x.example/desk is offline',
      'shows carol@x.example/a is dnd busy',
      '$ /contacts',
      'shows bob@x.example (Bobby): offline',
      'shows carol@x.example (Carol): dnd busy',
    ]));

  it('of contacts change the contacts', () =>
    holds([
      ...loggedIn,
      '< {"id":null,"cmd":"update_roaster","etag":"E-9","roaster":[{"from":"bob@x.example","subscription":null},{"from":"dan@x.example","alias":"Dan"}]}',
      '$ /contacts',
      'shows carol@x.example (Carol): offline',
      'shows dan@x.example (Dan): offline',
    ]));

  it('of a contact keep how it is', () =>
    holds([
      ...loggedIn,
      '< {"id":null,"cmd":"update_roaster","etag":"E-9","roaster":[{"from":"bob@x.example","alias":"Rob","presence":[]}]}',
      '$ /contacts',
      'shows bob@x.example (Rob): away lunch',
      'shows carol@x.example (Carol): offline',
    ]));
});

describe('another login', () => {
  const again = [
    'connects',
    ...upToRoaster.slice(1, -1).map((line) => line.replace(/"id":(\d)/, (_, id) => `"id":${Number(id) + 7}`)),
  ];
  const leaving = [
    '$ /login',
    '> {"id":7,"cmd":"quit","reason":"the user leaves"}',
    '< {"id":7,"cmd":"bye"}',
  ];

  it('keeps the contacts, and says which it has', () =>
    holds([
      ...loggedIn,
      ...leaving,
      'connects',
      '> FIN',
      ...again.slice(1),
      '> {"id":12,"cmd":"get_roaster","etag":"E-1/ü"}',
      '< {"id":12,"cmd":"keep_roaster","etag":"E-1/ü"}',
      '> {"id":13,"cmd":"presence","presence":{"status":"available","mood":""}}',
      ...contacts,
    ]));

  it('follows when the server hangs up', () =>
    holds([
      ...loggedIn,
      '< FIN',
      'shows the server closed the connection: /login connects again',
      '> FIN',
      '$ /ping',
      'shows not connected: /login',
      '$ /login',
      'connects',
      '> {"id":7,"version":"0.1"}',
      '< FIN',
      'shows the server closed the connection',
      'exits 1',
      '> FIN',
    ]));
});

describe('the end', () => {
  const quits = ['$ /quit', '> {"id":7,"cmd":"quit","reason":"the user leaves"}'];

  it('waits for bye', () => holds([...loggedIn, ...quits, '< {"id":7,"cmd":"bye"}', 'exits 0', '> FIN']));
  it('is an end as well', () => holds([...loggedIn, ...quits, '< FIN', 'exits 0', '> FIN']));
  it('waits no longer than it must', () =>
    holds([...loggedIn, ...quits, 'wait 10000', 'shows no answer to quit', 'exits 0', '> FIN']));
  it('comes at once by the second word, before the login too', () =>
    holds(['connects', '> {"id":1,"version":"0.1"}', '$ /quit', '$ /quit', 'exits 0', '> FIN']));
  it('comes at once by the second word', () => holds([...loggedIn, ...quits, '$ /quit', 'exits 0', '> FIN']));

  it.each([
    ['nonsense', 'malformed'],
    ['[{"id":1}]', 'malformed'],
    ['{"id":1,}', 'malformed'],
    ['{"id":1,"id":2}', 'malformed'],
  ])('comes to a server that says %s', async (what, error) => {
    const went = await converse(stage(), [...loggedIn, `< ${what}`]);
    const [why, exit, kill, end] = went.slice(loggedIn.length + 1);
    expect(kill).toMatch(new RegExp(`^> {"id":7,"cmd":"kill","error":"${error}","reason":".+"}$`));
    expect(why).toMatch(/^shows the server does not speak the protocol: ./);
    expect([exit, end]).toEqual(['exits 1', '> FIN']);
  });
});

it('shows harmlessly what it is sent', () =>
  holds([
    ...loggedIn,
    '< {"id":null,"cmd":"message","messages":[{"from":"\\u001b[2J","text":"\\u202e\\n"},{"from":{"toString":1},"text":["__proto__"]},7]}',
    'shows \\x1b[2J: \\u{202e}\\n',
    'shows {"toString":1}: ["__proto__"]',
    '< {"id":null,"cmd":"kill","error":[],"reason":{"toString":1}}',
    'shows the server kills the session: {"toString":1}',
    '< {"id":null,"cmd":"presence","presences":{"from":1}}',
    '< {"id":null,"cmd":"update_roaster","roaster":[null,{"from":"__proto__","presence":7}]}',
  ]));

describe('with the reference server', () => {
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  function clientOf(server: ReturnType<typeof gurgle.createServer>, name: string) {
    const shown: string[] = [];
    const client = gurgleClient.createClient({
      clock: new HandClock(),
      defects: new Set(),
      settings: { id: `${name}@gurgle.example`, password: `pw-${name}` },
      connect: async (sink) => {
        const [near, far] = memoryLinks();
        near.attach(sink);
        far.attach(server.accept(far));
        return near;
      },
      show: (line) => shown.push(line),
      exit: (code) => shown.push(`exits ${code}`),
    });
    client.start();
    const type = async (line: string) => {
      client.typed(line);
      await settled();
      return shown.splice(0);
    };
    return { type, shown };
  }

  it('two people talk, one of them later', async () => {
    const server = gurgle.createServer({ clock: new HandClock(), defects: new Set() });
    const alice = clientOf(server, 'alice-1');
    expect(await alice.type('/ping')).toEqual([
      'logged in as alice-1@gurgle.example/t1',
      'you are available',
      'pong',
    ]);
    expect(await alice.type('/send bob-1@gurgle.example hi there')).toContain('sent to bob-1@gurgle.example');
    const guest = clientOf(server, 'bob-1');
    expect(await guest.type('/inbox')).toContain('alice-1@gurgle.example/t1: hi there');
    expect(await alice.type('/contacts')).toContain('bob-1@gurgle.example (Bob): available');
    expect(await guest.type('/presence away lunch')).toEqual(['you are away lunch']);
    expect(await alice.type('/alias bob-1@gurgle.example Bobby')).toContain('contact changed');
    expect(await alice.type('/login')).toContain('logged in as alice-1@gurgle.example/t3');
    expect(await alice.type('/contacts')).toContain('bob-1@gurgle.example (Bobby): away lunch');
    expect(await guest.type('/quit')).toContain('exits 0');
    expect(await alice.type('/contacts')).toContain('bob-1@gurgle.example (Bobby): offline');
  });
});

describe('defects', () => {
  const message = '{"id":1,"from":"bob@x.example/a","text":"hi"}';
  const setUp = (id: number, methods: string, roaster: string) => [
    `< {"id":${id + 1},"version":"0.1"}`,
    `< {"id":${id + 2},"cmd":"upgraded","features":[],"error":"unsupported","reason":"no"}`,
    `< {"id":${id + 3},"answer":[${methods}]}`,
    `< {"id":${id + 4},"to":"ada@x.example/t1","error":null}`,
    `< {"id":${id + 5},${roaster}}`,
  ];
  const flush = `"cmd":"flush_roaster","etag":"E","roaster":[${carol}]`;
  const busy = [
    ...setUp(0, '"plain"', flush),
    '< {"id":6,"cmd":"presence","presences":[]}',
    '$ /send bob@x.example a<b',
    '$ /attach bob@x.example a.txt hi',
    '$ /presence dnd x',
    '$ /delete bob@x.example',
    `< {"id":5,"cmd":"message","messages":[${message},${message}]}`,
    '$ /ping',
    '< {"id":1000,"cmd":"pong","data":"spar"}',
    '$ /contacts',
    '$ /login',
    '< {"id":12,"cmd":"bye"}',
    ...setUp(12, '"plain"', '"cmd":"keep_roaster","etag":"E"'),
    '$ /contacts',
    '< {"id":null,"cmd":"presence","presences":[{"from":"carol@x.example/a","status":null}]}',
    '$ /quit',
  ];
  const talks = [
    busy,
    setUp(0, '"x-future","plain"', flush),
    setUp(0, '"x-future"', flush),
    [...setUp(0, '"plain"', flush).slice(0, 3), '< {"id":4,"to":"x","error":"password","reason":"no"}'],
    setUp(0, '"plain"', flush).map((line) => line.replace(/^< {("id":\d+),(.*)}$/, '< {$2,$1}')),
    setUp(0, '"plain"', flush).map((line) => line.replace(':', ' : ')),
    [...setUp(0, '"plain"', flush), '< nonsense'],
    [...setUp(0, '"plain"', flush), '< {"id":6,"cmd":"presence","presences":[]}', '$ /quit', 'wait 500'],
    [...setUp(0, '"plain"', flush).slice(0, 4), `< {"id":null,"cmd":"presence","presences":[]}`],
  ];
  const transcripts = (defects: readonly string[]) =>
    Promise.all(talks.map((talk) => converse(stage(defects), talk)));
  const plain = transcripts([]);
  const names = gurgleClient.clientDefects.map(({ name }) => name);

  it.each(names.filter((name) => name !== 'cli-plaintext'))('%s shows', async (name) => {
    expect(await transcripts([name])).not.toEqual(await plain);
  });

  it('cli-plaintext shows', () => {
    expect(gurgleClient.connecting(new Set()).transport).toBe('tls');
    expect(gurgleClient.connecting(new Set(['cli-plaintext'])).transport).toBe('tcp');
  });

  it('are those of the requirements', () => {
    const suite = new URL('../../../../suites/gurgle/requirements.yaml', import.meta.url);
    const { requirements } = parse(readFileSync(suite, 'utf8')) as {
      requirements: Record<string, { defects: string[] }>;
    };
    const named = Object.entries(requirements).flatMap(([id, { defects }]) =>
      defects.filter((name) => name.startsWith('cli-')).map((name) => [name, [id]]),
    );
    expect(new Map(gurgleClient.clientDefects.map(({ name, breaks }) => [name, breaks]))).toEqual(
      new Map(named as [string, string[]][]),
    );
    expect(names).toHaveLength(named.length);
  });
});
