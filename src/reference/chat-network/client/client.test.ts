import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { memoryLinks } from '../../../session/memory-link.ts';
import { converse, HandClock } from '../../client-stage.testing.ts';
import type { ReferenceServer } from '../../reference.ts';
import { chatNetwork } from '../index.ts';
import { chatNetworkClient } from './index.ts';

const stage = (defects: readonly string[] = []) => ({
  client: chatNetworkClient,
  lineEnd: '\n',
  settings: { framing: 'lf' },
  defects,
});

async function holds(conversation: readonly string[]): Promise<void> {
  expect(await converse(stage(), conversation)).toEqual(conversation);
}

const identifies = '> {"type":"identification","version":"1.0.0","client":"spar reference"}';
const asksStandards = '> {"type":"protocol.standard","standards":"ciphers,hashes"}';
const identified = '< {"type":"identification","version":"1.0.0","invitations":false,"resp_code":0}';
const standards = '< {"type":"protocol.standard","ciphers":[],"hashes":["argon2id","sha256"],"resp_code":0}';
const connected = [
  'connects',
  identifies,
  identified,
  asksStandards,
  standards,
  'shows connected: /signup or /signin, and /help for the rest',
];
const signedIn = [
  ...connected,
  '$ /signin ada secret',
  '> {"type":"signin","username":"ada","password":"secret"}',
  '< {"type":"signin","resp_code":0,"session":" A-ü 1/2 "}',
  '> {"type":"subscribe","session":" A-ü 1/2 "}',
  '< {"type":"subscribe","resp_code":0}',
  'shows signed in as ada',
];

describe('the beginning', () => {
  it('is identification, then protocol.standard, each after the reply to the one before', () =>
    holds(connected));

  it.each([identified, standards])('%s with another code is the end', async (reply) => {
    const [before] = [connected.slice(0, connected.indexOf(reply))];
    const refusal = reply.replace('"resp_code":0', '"resp_code":1');
    const [, type] = /"type":"([^"]*)"/.exec(reply) ?? [];
    await holds([...before, refusal, `shows ${type} refused: wrong token (1)`, 'exits 1', '> FIN']);
  });

  it('holds back what is typed', () =>
    holds([
      'connects',
      identifies,
      '$ /signin ada secret',
      identified,
      asksStandards,
      standards,
      'shows connected: /signup or /signin, and /help for the rest',
      '> {"type":"signin","username":"ada","password":"secret"}',
    ]));
});

describe('signup and signin', () => {
  it.each([
    ['ada secret', 'ada', 'secret'],
    ['"john doe" "a b"', 'john doe', 'a b'],
    ['"a "b" c" " ä"x\\ "', 'a "b" c', ' ä"x\\ '],
    ['"" ""', '', ''],
    ['"a b"', '"a', 'b"'],
  ])('typed as %s', async (typed, username, password) => {
    const request = JSON.stringify({ type: 'signup', username, password, hash: 'argon2id' });
    await holds([...connected, `$ /signup ${typed}`, `> ${request.replaceAll('\\', '\\\\')}`]);
  });

  it.each([
    ['"resp_code":2,"session":""', 'the user name is taken (2)'],
    ['"resp_code":5,"session":"t"', 'there is no such user (5)'],
    ['"resp_code":99,"session":"t"', 'no reason known (99)'],
    ['"resp_code":"0","session":"t"', 'no reason known ("0")'],
    ['"session":"t"', 'no reason known (undefined)'],
    ['"resp_code":0,"session":""', 'no reason known (0)'],
    ['"resp_code":0', 'no reason known (0)'],
  ])('a reply with %s is a failure', (members, why) =>
    holds([
      ...connected,
      '$ /signup ada secret',
      '> {"type":"signup","username":"ada","password":"secret","hash":"argon2id"}',
      `< {"type":"signup",${members}}`,
      `shows signup refused: ${why}`,
      '$ /invite bob',
      'shows not signed in',
    ]),
  );

  it('takes a hash that the server has, or none', () =>
    holds([
      ...connected.slice(0, 4),
      '< {"type":"protocol.standard","hashes":[7,null],"resp_code":0}',
      'shows connected: /signup or /signin, and /help for the rest',
      '$ /signup ada secret',
      'shows the server has no hash: nobody can sign up',
    ]));

  it('does not use a token again that was refused', () =>
    holds([
      ...signedIn.slice(0, -2),
      '< {"type":"subscribe","resp_code":1}',
      'shows subscribe refused: wrong token (1)',
      '$ /invite bob',
      'shows not signed in',
      '< FIN',
      '> FIN',
      'shows the server closed the connection',
      'exits 1',
    ]));

  it('does not take up a token that it did not ask for', () =>
    holds([
      ...connected,
      '< {"type":"signin","resp_code":0,"session":"t"}',
      '$ /accept bob',
      'shows not signed in',
    ]));
});

describe('invites', () => {
  const member = '"session":" A-ü 1/2 ","source":"ada","dest":"bob"';
  it.each([
    ['invite', 'request'],
    ['accept', 'accept'],
    ['reject', 'reject'],
  ])('/%s', (word, type) => holds([...signedIn, `$ /${word} bob`, `> {"type":"invite.${type}",${member}}`]));

  it('are shown at any time, and again', () =>
    holds([
      ...signedIn,
      '$ /signin ada secret',
      '> {"type":"signin","username":"ada","password":"secret"}',
      '< {"type":"invite.request","source":"bob","dest":"ada"}',
      'shows bob invites you: /accept or /reject',
      '< {"type":"signin","resp_code":6,"session":""}',
      'shows signin refused: wrong password (6)',
      '< {"type":"invite.accept","source":"bob","dest":"ada"}',
      'shows bob accepts your invite',
      '< {"type":"invite.reject","source":"eve","dest":"ada"}',
      'shows eve rejects your invite',
      '$ /inbox',
      'shows bob invites you: /accept or /reject',
      'shows bob accepts your invite',
      'shows eve rejects your invite',
    ]));

  it('may be refused', () =>
    holds([
      ...signedIn,
      '< {"type":"invite.request","resp_code":0}',
      '< {"type":"invite.request","resp_code":1}',
      'shows invite.request refused: wrong token (1)',
    ]));
});

describe('a server that misbehaves', () => {
  it.each(['no JSON', '[]', 'null', '{}', '{"type":7}', '{"type":"signin",}', '['.repeat(600)])(
    'by %s is left',
    (what) =>
      holds([...connected, `< ${what}`, 'shows the server does not speak the protocol', 'exits 1', '> FIN']),
  );

  it('by an endless object is left', async () => {
    const went = await converse(stage(), [...connected, `< ${' '.repeat(2 ** 20)}{}`]);
    expect(went.slice(connected.length + 1)).toEqual([
      '> FIN',
      'shows a line is longer than 1048576 octets',
      'exits 1',
    ]);
  });

  it('by silence is left', () =>
    holds([
      ...connected,
      '$ /signin ada secret',
      '> {"type":"signin","username":"ada","password":"secret"}',
      '$ /quit',
      'wait 10000',
      'shows no answer to signin',
      'exits 1',
      '> FIN',
    ]));

  it('by octets that a terminal acts upon is shown harmlessly', () =>
    holds([
      ...connected,
      '< {"type":"invite.request","source":"\\u001b[2J\\n\\u202e"}',
      'shows \\x1b[2J\\n\\u{202e} invites you: /accept or /reject',
      '< {"type":"\\u0007","a":"é"}',
      'shows unknown event {"type":"\\\\u0007","a":"é"}',
    ]));
});

describe('the user', () => {
  it.each([
    ['/nonsense', 'there is no /nonsense; /help shows what there is'],
    ['/signin ada', 'usage: /signin USER PASSWORD'],
    ['/signup ada my secret', 'usage: /signup USER PASSWORD'],
    ['/inbox now', 'usage: /inbox'],
    ['hello', 'to whom? /send USER TEXT'],
  ])('who types %s is told', (typed, why) => holds([...connected, `$ ${typed}`, `shows ${why}`]));

  it('leaves', () => holds([...connected, '$ /quit', 'exits 0', '> FIN']));

  it('leaves at once by the second word', () =>
    holds(['connects', identifies, '$ /quit', '$ /quit', 'exits 0', '> FIN']));

  it('is helped', async () => {
    const went = await converse(stage(), [...connected, '$ /help']);
    expect(went.slice(connected.length + 1)).toEqual(chatNetworkClient.help.map((line) => `shows ${line}`));
  });
});

/** A client at a server in memory, and all that it has sent and shown. */
function clientAt(server: ReferenceServer, defects: readonly string[] = []) {
  const [sent, shown]: [string[], string[]] = [[], []];
  const client = chatNetworkClient.createClient({
    clock: new HandClock(),
    defects: new Set(defects),
    settings: {},
    connect: async (sink) => {
      const [near, far] = memoryLinks();
      near.attach(sink);
      const inner = server.accept(far);
      far.attach({
        data: (chunk) => {
          sent.push(new TextDecoder().decode(chunk));
          inner.data(chunk);
        },
        ended: (kind) => inner.ended(kind),
      });
      return near;
    },
    show: (line) => shown.push(line),
    exit: (code) => shown.push(`exits ${code}`),
  });
  client.start();
  const until = (line: string) => vi.waitFor(() => expect(shown).toContain(line), 4000);
  return { type: (line: string) => client.typed(line), sent, shown, until };
}

const server = () => chatNetwork.createServer({ clock: new HandClock(), defects: new Set() });

/** What bob is shown and what john sends, when john writes to him. */
async function written(defects: readonly string[], texts: readonly string[]) {
  const room = server();
  const bob = clientAt(room);
  bob.type('/signup bob "x y"');
  await bob.until('signed in as bob');
  const john = clientAt(room, defects);
  john.type('/signup "john doe" secret');
  for (const text of texts) john.type(`/send bob ${text}`);
  john.type('/quit');
  await john.until('exits 0');
  await new Promise((resolve) => setImmediate(resolve));
  const messages = john.sent.filter((line) => line.includes('"message"')).map((line) => JSON.parse(line));
  return { bob, messages };
}

describe('messages', () => {
  it('arrive as they were typed, and are not read on their way', async () => {
    const texts = ['hello there', '  "ü" \\ 😀 ', ''];
    const { bob, messages } = await written([], texts);
    await bob.until('john doe: ');
    expect(bob.shown.slice(2)).toEqual(['john doe: hello there', 'john doe:   "ü" \\\\ 😀 ', 'john doe: ']);
    expect(messages).toHaveLength(3);
    expect(JSON.stringify(messages)).not.toContain('hello');
    for (const { nonce } of messages) expect(nonce).toMatch(/^[A-Za-z0-9+/]{16}$/);
    expect(new Set(messages.map(({ nonce }) => nonce)).size).toBe(3);
  });

  it('go to the same user again without a slash', async () => {
    const room = server();
    const bob = clientAt(room);
    for (const line of ['/signup "bob b" x', '/send "bob b" one', 'two', ' ']) bob.type(line);
    await bob.until('bob b: two');
    expect(bob.shown.slice(1)).toEqual(['signed in as bob b', 'bob b: one', 'bob b: two']);
  });

  it('that cannot be read are shown as they came', async () => {
    const room = server();
    const bob = clientAt(room);
    bob.type('/signup bob x');
    await bob.until('signed in as bob');
    const john = clientAt(room, ['cli-message-clear']);
    for (const line of ['/signup john x', '/send bob a\u2028b']) john.type(line);
    await bob.until('john (not readable): a\\u{2028}b');
  });

  it.each([
    ['cli-message-no-nonce', (one: Record<string, unknown>) => 'nonce' in one],
    ['cli-message-clear', (one: Record<string, unknown>) => one['message'] !== 'hello'],
  ])('are spoilt by %s', async (defect, isRight) => {
    expect((await written([], ['hello'])).messages.map(isRight)).toEqual([true]);
    expect((await written([defect], ['hello'])).messages.map(isRight)).toEqual([false]);
  });

  it('are spoilt by cli-nonce-constant', async () => {
    const { messages } = await written(['cli-nonce-constant'], ['hello', 'hello']);
    expect(messages[0]).toEqual(messages[1]);
  });
});

describe('defects', () => {
  const talk = [
    '< { "resp_code": 0, "invitations": false, "version": "1.0.0", "type": "identification" }',
    standards.replace('"argon2id","sha256"', '"argon2id"'),
    '$ /signup ada secret',
    '< {"type":"signup","resp_code":6,"session":""}',
    '$ /signup ada secret',
    '< {"type":"signup","resp_code":0,"session":"A-ü 1/2 "}',
    '< {"type":"subscribe","resp_code":0}',
    '$ /invite bob',
    '< {"type":"invite.request","source":"bob","dest":"ada"}',
    '$ /accept bob',
    '$ /reject bob',
    '$ /signin ada secret',
    '< {"type":"invite.accept","source":"bob","dest":"ada"}',
    '< {"type":"signin","resp_code":0,"session":"T"}',
    '< {"type":"subscribe","resp_code":1}',
    '< FIN',
    'wait 1000',
  ];
  const plain = converse(stage(), talk);
  const ofMessages = ['cli-message-no-nonce', 'cli-nonce-constant', 'cli-message-clear'];
  const names = chatNetworkClient.clientDefects.map(({ name }) => name);

  it.each(names.filter((name) => !ofMessages.includes(name)))('%s shows', async (name) => {
    const faulty = converse(stage([name]), talk);
    expect(await faulty).not.toEqual(await plain);
  });

  it('are those of the requirements', () => {
    const suite = new URL('../../../../suites/chat-network/requirements.yaml', import.meta.url);
    const { requirements } = parse(readFileSync(suite, 'utf8')) as {
      requirements: Record<string, { defects: string[] }>;
    };
    const named = Object.entries(requirements).flatMap(([id, { defects }]) =>
      defects.filter((name) => name.startsWith('cli-')).map((name) => [name, [id]]),
    );
    expect(new Map(chatNetworkClient.clientDefects.map(({ name, breaks }) => [name, breaks]))).toEqual(
      new Map(named as [string, string[]][]),
    );
    expect(names).toHaveLength(named.length);
  });
});
