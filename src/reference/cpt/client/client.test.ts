import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { clientAt, converse, HandClock } from '../../client-stage.testing.ts';
import { cpt } from '../index.ts';
import { cptClient } from './index.ts';

const stage = (defects: readonly string[] = [], settings = {}) => ({
  client: cptClient,
  lineEnd: '\n',
  settings: { name: 'ada', ...settings },
  defects,
});

async function holds(conversation: readonly string[], settings = {}): Promise<void> {
  expect(await converse(stage([], settings), conversation)).toEqual(conversation);
}

const connected = ['connects', '> CONNECT ada', '< ACCEPT', 'shows connected as ada'];

describe('CONNECT', () => {
  it('comes first, and what is typed waits for its answer', () =>
    holds([
      'connects',
      '> CONNECT ada',
      '$ /send room hi',
      '< ACCEPT',
      'shows connected as ada',
      '> SEND room hi',
    ]));

  it.each(['username_taken', 'too young for this'])('declined as %s ends the program', (reason) =>
    holds([
      'connects',
      '> CONNECT ada',
      '$ /send room hi',
      `< DECLINE ${reason}`,
      `shows declined: ${reason}`,
      'exits 1',
      '> FIN',
      '< ACCEPT',
      '$ /send room hi',
    ]).catch((error: unknown) => {
      throw error;
    }),
  );

  it.each(['', 'two words', 'two\nlines'])('is not sent for the name %j', (name) =>
    holds(['shows a name of one word is needed', 'exits 2'], { name }),
  );

  it('is sent on a new connection for another name, in its turn', () =>
    holds([
      ...connected,
      '$ /send room hi',
      '> SEND room hi',
      '$ /name bea',
      '$ /send room ho',
      '< ACK',
      'shows sent to room',
      'connects',
      '> FIN',
      '> CONNECT bea',
      '< ACCEPT',
      'shows connected as bea',
      '> SEND room ho',
    ]));
});

describe('SEND', () => {
  it('waits for ACK or DECLINE before the next', () =>
    holds([
      ...connected,
      '$ /send room Hello  ceci est un "test"',
      '> SEND room Hello  ceci est un "test"',
      '$ /send room two',
      '$ /sync room 7',
      'wait 60000',
      '< MSG lobby bob 1700000000 a push',
      'shows <bob> a push',
      '< DECLINE group_closed',
      'shows declined: group_closed',
      '> SEND room two',
      '< ACK',
      'shows sent to room',
      '> SYNC room 7',
    ]));

  it('goes to the same target again without a slash', () =>
    holds([
      ...connected,
      '$ hello?',
      'shows to whom? /send TARGET TEXT',
      '$ /send bob hi',
      '> SEND bob hi',
      '< ACK',
      'shows sent to bob',
      '$ how are you?',
      '> SEND bob how are you?',
      '< ACK',
      'shows sent to bob',
      '$  ',
    ]));

  it('is repeated unchanged where the settings say so', () =>
    holds(
      [
        ...connected,
        '$ /send room hi',
        '> SEND room hi',
        'wait 2500',
        '> SEND room hi',
        '> SEND room hi',
        '< ACK',
        'shows sent to room',
        'wait 5000',
      ],
      { resendAfter: 1000 },
    ));

  it('takes no answer that came before it was sent', () =>
    holds([
      ...connected,
      '< ACK',
      'shows not asked for: ACK',
      '< ENDSYNC',
      'shows not asked for: ENDSYNC',
      '< ACCEPT',
      'shows not asked for: ACCEPT',
      '< DECLINE invalid_command',
      'shows declined: invalid_command',
      '$ /send room hi',
      '> SEND room hi',
      '< ENDSYNC',
      'shows not asked for: ENDSYNC',
      '$ /send room ho',
    ]));
});

describe('SYNC', () => {
  it('waits for ENDSYNC, and shows what comes until then', () =>
    holds([
      ...connected,
      '$ /sync room',
      '> SYNC room 0',
      '$ /send room hi',
      '< MSG room bob 1800000000 newer  ',
      'shows <bob> newer',
      '< MSG room system 0 history unavailable',
      'shows * history unavailable',
      '< ACK',
      'shows not asked for: ACK',
      '< ENDSYNC',
      'shows synchronised room',
      '> SEND room hi',
      '$ /messages',
      'shows [room 1800000000] <bob> newer',
      'shows [room 0] * history unavailable',
    ]));

  it('may be declined', () =>
    holds([
      ...connected,
      '$ /sync room 9',
      '> SYNC room 9',
      '< DECLINE',
      'shows declined: no reason given',
      '$ /sync room 8',
      '> SYNC room 8',
    ]));
});

describe('the end', () => {
  it('comes when everything is answered', () =>
    holds([
      ...connected,
      '$ /send room hi',
      '> SEND room hi',
      '$ /quit',
      '< ACK',
      'shows sent to room',
      'exits 0',
      '> FIN',
    ]));

  it('comes at once when it is asked for twice', () =>
    holds(
      [
        ...connected,
        '$ /send room hi',
        '> SEND room hi',
        '$ /quit',
        '$ /quit',
        'exits 0',
        '> FIN',
        'wait 5000',
      ],
      { resendAfter: 1000 },
    ));

  it.each([
    ['FIN', 'the server closed the connection', ['> FIN']],
    ['RST', 'the server reset the connection', []],
  ])('by the server is told (%s)', (how, why, closes) =>
    holds([...connected, `< ${how}`, `shows ${why}`, 'exits 1', ...closes]),
  );

  it('by the server is a failure while something waits, /quit or not', () =>
    holds([
      ...connected,
      '$ /sync room',
      '> SYNC room 0',
      '$ /quit',
      '< FIN',
      'shows the server closed the connection',
      'exits 1',
      '> FIN',
    ]));
});

describe('the user', () => {
  it('is helped', () =>
    holds([
      ...connected,
      '$ /help',
      ...cptClient.help.map((line) => `shows ${line}`),
      '$ /foo bar',
      'shows there is no /foo; /help shows what there is',
      '$ /',
      'shows there is no /; /help shows what there is',
      '$ /send room',
      'shows usage: /send TARGET TEXT',
      '$ /sync room now',
      'shows usage: /sync GROUP [AFTER]',
      '$ /send room a\u001bb',
      'shows control characters cannot be sent',
    ]));

  it('cannot pile up more than is bearable', async () => {
    const typed = Array.from({ length: 1002 }, (_, i) => `$ /send room ${i}`);
    const went = await converse(stage(), [...connected, ...typed]);
    expect(went.filter((line) => line === 'shows too much waits for the server already')).toHaveLength(1);
  });
});

describe('a hostile server', () => {
  it.each([
    ['ACCEPT x', 'ACCEPT x'],
    ['accept', 'accept'],
    ['MSG room bob', 'MSG room bob'],
    ['MSG room bob -1 hi', 'MSG room bob -1 hi'],
    ['MSG room bob abc hi', 'MSG room bob abc hi'],
    ['\u001b[2J\u202e', '\\x1b[2J\\u{202e}'],
  ])('is not understood when it says %j', (line, shown) =>
    holds([
      ...connected,
      `< ${line}`,
      `shows not understood: ${shown}`,
      '$ /messages',
      '$ /quit',
      'exits 0',
      '> FIN',
    ]),
  );

  it('cannot act upon the terminal', () =>
    holds([
      ...connected,
      '< MSG room b\u0007b 99999999999999999999999999999999 \u001b]0;owned\u0007',
      'shows <b\\x07b> \\x1b]0;owned\\x07',
      '< DECLINE \u009b2J',
      'shows declined: \\u{9b}2J',
    ]));

  it('is left when a line has no end', async () => {
    const went = await converse(stage(), [...connected, `< ${'x'.repeat(2 ** 16)}`]);
    expect(went.slice(5)).toEqual(['shows a line is longer than 65536 octets', 'exits 1', '> FIN']);
  });

  it('is not remembered for ever', async () => {
    const said = Array.from({ length: 1001 }, (_, i) => `< MSG room bob ${i} hi`);
    const went = await converse(stage(), [...connected, ...said, '$ /messages']);
    const held = went.slice(went.indexOf('$ /messages') + 1);
    expect(held).toHaveLength(1000);
    expect(held[0]).toBe('shows [room 1] <bob> hi');
  });

  it('gets nothing out of it by any lines', () => {
    const words = fc.constantFrom(
      'ACCEPT',
      'ACK',
      'ENDSYNC',
      'DECLINE',
      'MSG',
      ' ',
      ' room',
      ' 0',
      '\r',
      '\n',
    );
    const line = fc
      .array(fc.oneof(words, fc.string({ unit: 'binary' })))
      .map((parts) => `< ${parts.join('')}`);
    return fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 8 }), async (said) => {
        const went = await converse(stage(), [...connected, ...said]);
        for (const shown of went.filter((one) => one.startsWith('shows ')))
          expect(shown).not.toMatch(/\p{Cc}/u);
        expect(went.filter((one) => one.startsWith('> ')).slice(1)).toEqual([]);
      }),
    );
  });
});

describe('at the reference server', () => {
  it('talks', async () => {
    const server = cpt.createServer({ clock: new HandClock(), defects: new Set() });
    const ada = await clientAt(server, cptClient, { name: 'ada' });
    const bob = await clientAt(server, cptClient, { name: 'bob' });
    expect(await ada.say('/send room Hello  ceci est un test')).toEqual(['sent to room']);
    expect(await bob.say('/send ada héllo')).toEqual(['sent to ada']);
    expect(await bob.say('/sync room')).toEqual(['<ada> Hello  ceci est un test', 'synchronised room']);
    expect(await ada.say('/sync ada 0')).toEqual(['<bob> héllo', 'synchronised ada']);
    expect(await bob.say('/send closed-group hi')).toEqual(['declined: group_closed']);
    expect(await bob.say('/name bea')).toEqual(['connected as bea']);
    expect(await ada.say('/name bob')).toEqual(['connected as bob']);
    expect(await ada.say('/name bea')).toEqual(['declined: username_taken', 'exits 1']);
    expect(await bob.say('/quit')).toEqual(['exits 0']);
  });
});

describe('defects', () => {
  const file = new URL('../../../../suites/cpt/requirements.yaml', import.meta.url);
  const { requirements } = parse(readFileSync(file, 'utf8')) as {
    requirements: Record<string, { defects: string[] }>;
  };

  /** What shows a defect, and what each conversation is about. */
  const conversations = [
    [
      '< ACCEPT',
      '$ /send room one',
      '$ /send room two',
      '< MSG lobby bob 1600000000 push',
      'wait 5000',
      '< ACK',
      '< ACK',
      '$ /sync room 3',
      '$ /send room three',
      '< MSG room bob 1600000001 old',
      '< MSG room bob 0 timeless',
      '< MSG room bob 1800000000 newer',
      '< ENDSYNC',
      '< ACK',
      '$ /name bea',
      '< ACCEPT',
    ],
    ['$ /send room hi', '< DECLINE username_taken', '< ACCEPT'],
    ['$ /send room hi', '< DECLINE too_young'],
    ['< ACCEPT', '< MSG room system 1600000000 welcome'],
  ];
  const transcript = (...defects: string[]) =>
    Promise.all(conversations.map((conversation) => converse(stage(defects), conversation)));

  it('are those of the requirements, each under the requirement that it breaks', () => {
    const stated = Object.entries(requirements).flatMap(([id, { defects }]) =>
      defects.filter((name) => name.startsWith('cli-')).map((name) => `${name} breaks ${id}`),
    );
    const built = cptClient.clientDefects.flatMap(({ name, breaks }) =>
      breaks.map((id) => `${name} breaks ${id}`),
    );
    expect(built.sort()).toEqual(stated.sort());
  });

  it.each(cptClient.clientDefects.map(({ name, what }) => [name, what]))('%s shows: it %s', async (name) => {
    const plain = { connecting: cptClient.connecting(new Set()), went: await transcript() };
    const faulty = { connecting: cptClient.connecting(new Set([name])), went: await transcript(name) };
    expect(faulty).not.toEqual(plain);
  });

  it('stack', async () => {
    const went = await converse(stage(['cli-lower-case', 'cli-stays-after-decline']), ['< DECLINE no']);
    expect(went).toEqual(['connects', '> connect ada', '< DECLINE no', 'shows declined: no']);
  });
});
