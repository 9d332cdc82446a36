import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { clientAt, converse, HandClock } from '../../client-stage.testing.ts';
import { ws2017 } from '../index.ts';
import { ws2017Client } from './index.ts';

const stage = (defects: readonly string[] = [], settings = {}) => ({
  client: ws2017Client,
  lineEnd: '\r\n',
  settings: { name: 'ada', ...settings },
  defects,
});

async function holds(conversation: readonly string[], settings = {}): Promise<void> {
  expect(await converse(stage([], settings), conversation)).toEqual(conversation);
}

const greeted = ['connects', 'shows connected', '< hello', 'shows the server says: hello', '> uname ada'];
const joined = [...greeted, "< +OK 'you are' ada", 'shows you are ada'];
const left = ['exits 0', '> FIN'];

describe('a name', () => {
  it('is entered after the greeting, and what is typed waits until it is confirmed', () =>
    holds([
      'connects',
      'shows connected',
      '$ /users',
      'wait 60000',
      '< +OK WS_2017 ready',
      'shows the server says: +OK WS_2017 ready',
      '> uname ada',
      '< nuser bob',
      'shows bob is here',
      "< +OK 'you are' ada",
      'shows you are ada',
      '> cgetu',
    ]));

  it('that is refused leaves the user to find another', () =>
    holds([
      ...greeted,
      '$ /send bob hi',
      '< -ERR uname ada1',
      'shows refused: uname ada1',
      'shows enter another: /name NEW',
      'shows a name comes first: /name NEW',
      '$ /users',
      'shows a name comes first: /name NEW',
      '$ /name ada1',
      '> uname ada1',
      "< +OK 'you are' ada1",
      'shows you are ada1',
      '$ hi',
      "> chatm 'ada1' 'bob' 'hi'",
    ]));

  it('is changed on the same connection', () =>
    holds([
      ...joined,
      '$ /name bea',
      '> uname bea',
      '< +OK uname bea',
      'shows you are bea',
      '$ /send bob hi',
      "> chatm 'bea' 'bob' 'hi'",
    ]));

  it('stays what it was when the change is refused', () =>
    holds([
      ...joined,
      '$ /name bea',
      '> uname bea',
      '$ /send bob hi',
      '< -ERR uname bea1',
      'shows refused: uname bea1',
      'shows you are ada',
      "> chatm 'ada' 'bob' 'hi'",
    ]));

  it.each(['', 'two words', "o'brien", 'zoë'])('like %j is not entered', (name) =>
    holds(['shows a name is needed: ASCII, without blanks and quotation marks', 'exits 2'], { name }),
  );
});

describe('responses', () => {
  it('are told from what comes at any time', () =>
    holds([
      ...joined,
      '$ /users',
      '> cgetu',
      '$ /send bob hi',
      '< nuser x',
      'shows x is here',
      '< +OK nuser a b',
      'shows a is b now',
      '< cping',
      '> +OK cpong',
      "< chatm eve ada 'psst'",
      'shows <eve> psst',
      '> chatr eve ada',
      '< +OK chatr eve ada',
      "< +OK 'message relayed'",
      "shows not asked for: 'message relayed'",
      "< -ERR 'same username entered'",
      "shows not asked for: 'same username entered'",
      '< +OK cgetu bob carl',
      'shows users: bob carl',
      "> chatm 'ada' 'bob' 'hi'",
      "< +OK chatm 'message relayed'",
      'shows sent to bob',
      '< chatr ada bob',
      'shows bob has received it',
    ]));

  it.each([
    "'entered command does not exist'",
    "'chatm is not a properly formatted command'",
    'chatm nobody',
  ])('may be negative (%s)', (why) =>
    holds([
      ...joined,
      '$ /send bob hi',
      "> chatm 'ada' 'bob' 'hi'",
      '$ /users',
      `< -ERR ${why}`,
      `shows refused: ${why}`,
      '> cgetu',
      '< +OK cgetu',
      'shows users:',
    ]),
  );

  it('that nobody asked for change nothing', () =>
    holds([
      ...joined,
      '< +OK cgetu x',
      'shows not asked for: cgetu x',
      "< +OK 'you are' eve",
      "shows not asked for: 'you are' eve",
      '< -ERR',
      'shows not asked for: ',
      '$ /send bob hi',
      "> chatm 'ada' 'bob' 'hi'",
    ]));
});

describe('what the server says by itself', () => {
  it('is understood in any case, and answered at once', () =>
    holds([
      ...joined,
      '< CPing',
      '> +OK cpong',
      '< cping',
      '> +OK cpong',
      "< CHATM bob ada 'it's  me'",
      "shows <bob> it's  me",
      '> chatr bob ada',
      '< NUSER eve',
      'shows eve is here',
      '< +ok NUSER eve mal',
      'shows eve is mal now',
      '$ /inbox',
      "shows <bob> it's  me",
      'shows users: mal',
    ]));

  it('is a receipt for each message', () =>
    holds([
      ...joined,
      "< chatm bob ada '1'\r\nchatm bob ada '2'\r\nchatm eve ada ''",
      'shows <bob> 1',
      'shows <bob> 2',
      'shows <eve> ',
      '> chatr bob ada',
      '> chatr bob ada',
      '> chatr eve ada',
      'wait 60000',
    ]));

  it('moves the talk to the new name of a user', () =>
    holds([
      ...joined,
      '$ /send bob hi',
      "> chatm 'ada' 'bob' 'hi'",
      "< +OK 'message relayed'",
      'shows sent to bob',
      '< +OK nuser bob rob',
      'shows bob is rob now',
      '$ still there?',
      "> chatm 'ada' 'rob' 'still there?'",
    ]));

  it('is no message for who has no name', () =>
    holds([...greeted, "< chatm bob ada 'hi'", 'shows not asked for: a message before there is a name']));
});

describe('the end', () => {
  it('waits for the goodbye', () =>
    holds([
      ...joined,
      '$ /users',
      '> cgetu',
      '$ /quit',
      '< +OK cgetu',
      'shows users:',
      '> cquit',
      'wait 60000',
      "< +OK 'terminating tasks and disconnecting'",
      'shows goodbye',
      ...left,
      '$ /users',
    ]));

  it('is not put off by a refusal or by the end of the connection', async () => {
    await holds([...joined, '$ /quit', '> cquit', '< -ERR cquit no', 'shows refused: cquit no', ...left]);
    await holds([
      ...joined,
      '$ /quit',
      '> cquit',
      '< FIN',
      'shows the server closed the connection',
      ...left,
    ]);
    await holds([...joined, '$ /quit', '> cquit', '$ /quit', ...left]);
  });

  it('by the server is a failure while something else waits', () =>
    holds([
      ...joined,
      '$ /users',
      '> cgetu',
      '$ /quit',
      '< FIN',
      'shows the server closed the connection',
      'exits 1',
      '> FIN',
    ]));

  it.each([
    ['FIN', 'the server closed the connection', ['> FIN']],
    ['RST', 'the server reset the connection', []],
  ])('by the server is told (%s)', (how, why, closes) =>
    holds([...joined, `< ${how}`, `shows ${why}`, 'exits 1', ...closes]),
  );
});

describe('the user', () => {
  it('is helped', () =>
    holds([
      ...joined,
      '$ hello?',
      'shows to whom? /send USER TEXT',
      '$ /help',
      ...ws2017Client.help.map((line) => `shows ${line}`),
      '$ /foo',
      'shows there is no /foo; /help shows what there is',
      '$ /send bob',
      'shows usage: /send USER TEXT',
      "$ /send 'bob' hi",
      'shows usage: /send USER TEXT',
      '$ /send bob héllo',
      'shows usage: /send USER TEXT',
      '$ /name a b',
      'shows usage: /name NEW',
    ]));
});

describe('a hostile server', () => {
  it.each([
    ['message bob ada hi', 'message bob ada hi'],
    ['nuser', 'nuser'],
    ['nuser a b', 'nuser a b'],
    ['cping x', 'cping x'],
    ["chatm ada 'hi'", "chatm ada 'hi'"],
    ["chatm 'bob' 'ada' 'hi'", "chatm 'bob' 'ada' 'hi'"],
    ['chatm bob ada hi', 'chatm bob ada hi'],
    ['\u001b[2J\u202e', '\\x1b[2J\\u{202e}'],
  ])('is not understood when it says %j', (line, shown) =>
    holds([...joined, `< ${line}`, `shows not understood: ${shown}`, '< cping', '> +OK cpong']),
  );

  it('cannot act upon the terminal', () =>
    holds([
      ...joined,
      "< chatm bob ada '\u001b]0;owned\u0007\u009b2J'",
      'shows <bob> \\x1b]0;owned\\x07\\u{9b}2J',
      '> chatr bob ada',
      '< -ERR \u0007',
      'shows not asked for: \\x07',
    ]));

  it('is left when a line has no end', async () => {
    const went = await converse(stage(), [...joined, `< ${'x'.repeat(2 ** 16)}`]);
    expect(went.slice(joined.length + 1)).toEqual([
      'shows a line is longer than 65536 octets',
      'exits 1',
      '> FIN',
    ]);
  });

  it('is not remembered for ever', async () => {
    const said = Array.from({ length: 1001 }, (_, i) => `< chatm bob ada '${i}'\r\nnuser u${i}`);
    const went = await converse(stage(), [...joined, ...said, '$ /inbox']);
    const held = went.slice(went.indexOf('$ /inbox') + 1);
    expect(held).toHaveLength(1001);
    expect(held[0]).toBe('shows <bob> 1');
    expect(went).toContain('shows u1000 is here');
    expect(held.at(-1)).toMatch(/^shows users: u1 u2 /);
  });

  it('gets pongs and receipts out of it, and nothing else', () => {
    const words = fc.constantFrom('+OK', '-ERR', 'nuser', 'cping', 'chatm', 'chatr', ' ', " a b 'x'", '\r\n');
    const line = fc
      .array(fc.oneof(words, fc.string({ unit: 'binary' })))
      .map((parts) => `< ${parts.join('')}`);
    return fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 8 }), async (said) => {
        const went = await converse(stage(), [...joined, ...said]);
        for (const shown of went.filter((one) => one.startsWith('shows ')))
          expect(shown).not.toMatch(/\p{Cc}/u);
        for (const wrote of went.filter((one) => one.startsWith('> ')).slice(1))
          expect(wrote).toMatch(/^> (\+OK cpong|chatr [!-~]+ [!-~]+)$/);
      }),
    );
  });
});

describe('at the reference server', () => {
  it('talks', async () => {
    const clock = new HandClock();
    const server = ws2017.createServer({ clock, defects: new Set(), settings: { pingInterval: 1000 } });
    const ada = await clientAt(server, ws2017Client, { name: 'ada' });
    const bob = await clientAt(server, ws2017Client, { name: 'bob' });
    expect(await ada.say('/users')).toEqual(['bob is here', 'users: bob']);
    expect(await ada.say('/send bob hello  there')).toEqual(['sent to bob', 'bob has received it']);
    expect(await bob.say('/inbox')).toEqual(['<ada> hello  there', '<ada> hello  there', 'users:']);
    expect(await bob.say('/name ada')).toEqual(['refused: uname ada1', 'you are bob']);
    expect(await bob.say('/name rob')).toEqual(['you are rob']);
    expect(await ada.say('and now?')).toEqual(['bob is rob now', 'sent to rob', 'rob has received it']);
    expect(await ada.say('/send eve hi')).toEqual(["refused: chatm 'no user has this name'"]);
    for (let second = 0; second < 60; second++) {
      clock.pass(1000);
      await bob.say('');
    }
    expect(await ada.say('/users')).toEqual(['users: rob']);
    expect(await ada.say('/quit')).toEqual(['goodbye', 'exits 0']);
    server.close();
  });
});

describe('defects', () => {
  const file = new URL('../../../../suites/ws_2017/requirements.yaml', import.meta.url);
  const { requirements } = parse(readFileSync(file, 'utf8')) as {
    requirements: Record<string, { defects: string[] }>;
  };

  const conversation = [
    '< hello',
    "< +OK 'you are' ada",
    '$ /users',
    '$ /send bob hi',
    '< cping',
    '< nuser x',
    '< +OK cgetu bob',
    "< +OK 'message relayed'",
    '< CPING',
    "< chatm bob ada '1'\r\nchatm bob ada '2'",
    'wait 5000',
    '$ /name bea',
    '< -ERR uname bea1',
    '$ /send bob hi',
    "< +OK 'message relayed'",
    '$ /quit',
  ];

  it('are those of the requirements, each under the requirement that it breaks', () => {
    const stated = Object.entries(requirements).flatMap(([id, { defects }]) =>
      defects.filter((name) => name.startsWith('cli-')).map((name) => `${name} breaks ${id}`),
    );
    const built = ws2017Client.clientDefects.flatMap(({ name, breaks }) =>
      breaks.map((id) => `${name} breaks ${id}`),
    );
    expect(built.sort()).toEqual(stated.sort());
  });

  it.each(ws2017Client.clientDefects.map(({ name, what }) => [name, what]))(
    '%s shows: it %s',
    async (name) => {
      const plain = [ws2017Client.connecting(new Set()), await converse(stage(), conversation)];
      const faulty = [ws2017Client.connecting(new Set([name])), await converse(stage([name]), conversation)];
      expect(faulty).not.toEqual(plain);
    },
  );
});
