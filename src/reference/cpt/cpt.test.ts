import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Clock } from '../../session/clock.ts';
import type { Link } from '../../session/link.ts';
import { memoryLinks } from '../../session/memory-link.ts';
import { cpt } from './index.ts';

/** Stands still until told. */
class HandClock implements Clock {
  #ms = 0;
  now(): number {
    return this.#ms;
  }
  wall(): number {
    return 1_700_000_000_000 + this.#ms;
  }
  after(): () => void {
    return () => {};
  }
  pass(ms: number): void {
    this.#ms += ms;
  }
}

interface Peer {
  /** Writes lines in one go, each with its end; gives all that comes back. */
  say(...lines: string[]): Promise<string[]>;
  /** Writes octets as they are; gives all that comes back. */
  write(octets: string | Uint8Array): Promise<string[]>;
  /** The lines that have come since the last call; `END` stands for the end of the connection. */
  heard(): Promise<string[]>;
  end(): void;
  reset(): void;
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

function stage(...defects: string[]) {
  return stageWith({}, defects);
}

function stageWith(settings: Record<string, number>, defects: readonly string[] = []) {
  const clock = new HandClock();
  const server = cpt.createServer({ clock, defects: new Set(defects), settings });

  function peer(): Peer {
    const [near, far] = memoryLinks();
    let text = '';
    far.attach(server.accept(far));
    near.attach({
      data: (chunk) => {
        text += new TextDecoder().decode(chunk);
      },
      ended: () => {
        text += 'END\n';
      },
    });
    const heard = async () => {
      await settled();
      const lines = text.split('\n');
      text = '';
      const unfinished = lines.pop();
      return unfinished ? [...lines, `${unfinished} (no line end)`] : lines;
    };
    const write = (octets: string | Uint8Array) => {
      near.write(typeof octets === 'string' ? new TextEncoder().encode(octets) : octets);
      return heard();
    };
    return {
      say: (...lines) => write(lines.map((line) => `${line}\n`).join('')),
      write,
      heard,
      end: () => near.end(),
      reset: () => near.reset(),
    };
  }

  async function user(name: string): Promise<Peer> {
    const user = peer();
    expect(await user.say(`CONNECT ${name}`)).toEqual(['ACCEPT']);
    return user;
  }

  return { clock, peer, user };
}

describe('CONNECT', () => {
  it('says nothing first, and accepts a free name', async () => {
    const anna = stage().peer();
    expect(await anna.heard()).toEqual([]);
    expect(await anna.say('CONNECT anna')).toEqual(['ACCEPT']);
  });

  it('declines a taken name, leaves its holder alone and allows another try', async () => {
    const { user, peer } = stage();
    const anna = await user('anna');
    const other = peer();
    expect(await other.say('CONNECT anna')).toEqual(['DECLINE username_taken']);
    expect(await anna.say('SEND room hi')).toEqual(['ACK']);
    expect(await other.say('CONNECT ben')).toEqual(['ACCEPT']);
  });

  it('compares names by their letters', async () => {
    const { user } = stage();
    await user('anna');
    await user('Anna');
  });

  it.each([
    ['CONNECT', 'invalid_command'],
    ['CONNECT ', 'invalid_command'],
    ['CONNECT a b', 'invalid_command'],
    ['CONNECT a\tb', 'invalid_command'],
    ['CONNECT a\u00a0b', 'invalid_command'],
    ['connect anna', 'invalid_command'],
    ['CONNECTX anna', 'invalid_command'],
    ['\ufeffCONNECT anna', 'invalid_command'],
    ['CONNECT system', 'username_taken'],
    ['CONNECT locked-user', 'account_locked'],
    ['CONNECT ip-bound-user', 'ip_invalid'],
    ['SEND room early', 'not_logged_in'],
    ['SYNC room 0', 'not_logged_in'],
    ['SYNC', 'not_logged_in'],
    ['', 'invalid_command'],
  ])('declines %j of a client without a name as %s', async (line, reason) => {
    expect(await stage().peer().say(line)).toEqual([`DECLINE ${reason}`]);
  });

  it('keeps the name when a connected client asks for another', async () => {
    const { user } = stage();
    const anna = await user('anna');
    expect(await anna.say('CONNECT other')).toEqual(['DECLINE already_logged_in']);
    await user('other');
    expect(await anna.say('SEND room hi', 'SYNC room 0')).toEqual([
      'ACK',
      'MSG room anna 1700000000 hi',
      'ENDSYNC',
    ]);
  });

  it.each(['end', 'reset'] as const)('frees the name on %s', async (how) => {
    const { user } = stage();
    const anna = await user('anna');
    anna[how]();
    await settled();
    await user('anna');
  });

  it('gives the name to one of many that ask at once', async () => {
    const { peer } = stage();
    const answers = await Promise.all(Array.from({ length: 20 }, () => peer().say('CONNECT anna')));
    expect(answers.filter(([answer]) => answer === 'ACCEPT')).toHaveLength(1);
    expect(answers.filter(([answer]) => answer === 'DECLINE username_taken')).toHaveLength(19);
  });
});

describe('SEND', () => {
  it.each([
    'SEND',
    'SEND ',
    'SEND room',
    'SEND room ',
    'SEND room   ',
    'SEND  room hi',
    'SEND room \u0000',
    'SEND room a\rb',
    'FOO bar',
    'ACCEPT',
    'ACK',
    'DECLINE no',
    'ENDSYNC',
    'MSG room system 0 hi',
    'SYNC room',
    'SYNC room abc',
    'SYNC room -1',
    'SYNC room 1.5',
    'SYNC room 0 0',
    ' SEND room hi',
  ])('declines %j as invalid and without effect', async (line) => {
    const anna = await stage().user('anna');
    expect(await anna.say(line)).toEqual(['DECLINE invalid_command']);
    expect(await anna.say('SYNC room 0')).toEqual(['ENDSYNC']);
  });

  it('hands a message on unchanged', async () => {
    const { user } = stage();
    const anna = await user('anna');
    const ben = await user('ben');
    const text = fc
      .string({ unit: 'grapheme', maxLength: 400 })
      .filter((s) => /\S/u.test(s) && !/\p{Cc}/u.test(s));
    let room = 0;
    await fc.assert(
      fc.asyncProperty(text, async (message) => {
        room += 1;
        expect(await anna.say(`SEND room${room} ${message}`)).toEqual(['ACK']);
        expect(await ben.say(`SYNC room${room} 0`)).toEqual([
          `MSG room${room} anna 1700000000 ${message}`,
          'ENDSYNC',
        ]);
      }),
    );
  });

  it('takes words of the protocol in a message as text', async () => {
    const anna = await stage().user('anna');
    const texts = ['ENDSYNC', 'MSG room system 0 x', 'ben 0 hi', '\ttab  and "quotes" <>'];
    for (const text of texts) expect(await anna.say(`SEND room ${text}`)).toEqual(['ACK']);
    expect(await anna.say('SYNC room 0')).toEqual([
      ...texts.map((text) => `MSG room anna 1700000000 ${text}`),
      'ENDSYNC',
    ]);
  });

  it('begins a second when it is told to', async () => {
    const { user, clock } = stageWith({ secondBegins: 300 });
    const anna = await user('anna');
    await anna.say('SEND room early');
    clock.pass(299);
    await anna.say('SEND room still');
    clock.pass(1);
    await anna.say('SEND room late');
    expect(await anna.say('SYNC room 0')).toEqual([
      'MSG room anna 1700000000 early',
      'MSG room anna 1700000000 still',
      'MSG room anna 1700000001 late',
      'ENDSYNC',
    ]);
  });

  it('keeps a message once that is repeated at once, and only then', async () => {
    const { user, clock } = stage();
    const anna = await user('anna');
    const ben = await user('ben');
    await anna.say('SEND room same', 'SEND room same', 'SEND room other', 'SEND room same', 'SEND hall same');
    await ben.say('SEND room same');
    clock.pass(2001);
    expect(await ben.say('SEND room same')).toEqual(['ACK']);
    const run = await ben.say('SYNC room 0');
    expect(run.map((line) => line.split(' ').at(-1))).toEqual([
      'same',
      'other',
      'same',
      'same',
      'same',
      'ENDSYNC',
    ]);
    expect(await ben.say('SYNC hall 0')).toEqual(['MSG hall anna 1700000000 same', 'ENDSYNC']);
  });

  it('declines the closed group and keeps nothing', async () => {
    const anna = await stage().user('anna');
    expect(await anna.say('SEND closed-group hi')).toEqual(['DECLINE group_closed']);
    expect(await anna.say('SYNC closed-group 0')).toEqual(['ENDSYNC']);
  });

  it('keeps a message to a connected user for whoever holds the name', async () => {
    const { user } = stage();
    const anna = await user('anna');
    const ben = await user('ben');
    const carl = await user('carl');
    expect(await ben.say('SEND anna psst')).toEqual(['ACK']);
    const mailbox = ['MSG anna ben 1700000000 psst', 'ENDSYNC'];
    expect(await anna.say('SYNC')).toEqual(mailbox);
    expect(await anna.say('SYNC anna 0')).toEqual(mailbox);
    for (const other of [ben, carl]) {
      expect(await other.say('SYNC', 'SYNC anna 0')).toEqual(['ENDSYNC', 'ENDSYNC']);
    }
    anna.end();
    await settled();
    expect(await carl.say('SYNC anna 0')).toEqual(['ENDSYNC']);
    expect(await (await user('anna')).say('SYNC')).toEqual(mailbox);
  });
});

describe('SYNC', () => {
  it('gives all messages later than `after`, old ones and own ones too, and pushes none', async () => {
    const { user, clock } = stage();
    const anna = await user('anna');
    await anna.say('SEND room one');
    clock.pass(2000);
    const ben = await user('ben');
    await anna.say('SEND room two', 'SEND hall three');
    expect(await ben.heard()).toEqual([]);
    const [one, two] = ['MSG room anna 1700000000 one', 'MSG room anna 1700000002 two'];
    for (const reader of [anna, ben]) {
      expect(await reader.say('SYNC room 0')).toEqual([one, two, 'ENDSYNC']);
      expect(await reader.say('SYNC room 1700000000')).toEqual([two, 'ENDSYNC']);
      expect(await reader.say('SYNC room 1700000002')).toEqual(['ENDSYNC']);
      expect(await reader.say(`SYNC room 1${'0'.repeat(400)}`)).toEqual(['ENDSYNC']);
    }
  });

  it('outlives the sender and leaves nothing out', async () => {
    const { user } = stage();
    const anna = await user('anna');
    const sends = Array.from({ length: 10_000 }, (_, i) => `SEND room m${i}`);
    expect(await anna.say(...sends)).toEqual(sends.map(() => 'ACK'));
    anna.reset();
    const ben = await user('ben');
    expect(await ben.say('SYNC room 0')).toEqual([
      ...sends.map((_, i) => `MSG room anna 1700000000 m${i}`),
      'ENDSYNC',
    ]);
  });
});

describe('the connection', () => {
  const bytes = new TextEncoder().encode('CONNECT änna\r\nSEND röom hi  there\nSYNC röom 0\r\nFOO\n');
  const answers = [
    'ACCEPT',
    'ACK',
    'MSG röom änna 1700000000 hi  there',
    'ENDSYNC',
    'DECLINE invalid_command',
  ];

  it('understands LF and CRLF, however the octets are cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 12 }), async (cuts) => {
        const anna = stage().peer();
        const heard: string[] = [];
        const ends = [...cuts.sort((a, b) => a - b), bytes.length];
        for (const [i, end] of ends.entries())
          heard.push(...(await anna.write(bytes.slice(ends[i - 1] ?? 0, end))));
        expect(heard).toEqual(answers);
      }),
    );
  });

  it('answers what was complete when the client ends its half, and drops the rest', async () => {
    const { peer, user } = stage();
    const anna = peer();
    const heard = anna.write('CONNECT anna\nSEND room hi\nSEND room half');
    anna.end();
    expect(await heard).toEqual(['ACCEPT', 'ACK', 'END']);
    expect(await (await user('anna')).say('SYNC room 0')).toEqual(['MSG room anna 1700000000 hi', 'ENDSYNC']);
  });

  it('declines what is no UTF-8 and goes on', async () => {
    const anna = stage().peer();
    expect(await anna.write(new Uint8Array([...Buffer.from('CONNECT '), 0xff, 0x0a]))).toEqual([
      'DECLINE invalid_command',
    ]);
    expect(await anna.say('CONNECT anna')).toEqual(['ACCEPT']);
  });

  it('hangs up on a line of more than 1 MiB, finished or not, and frees the name', async () => {
    const { user } = stage();
    for (const end of ['', '\nSEND room after\n']) {
      const anna = await user('anna');
      expect(await anna.write(`SEND room ${'x'.repeat(2 ** 20)}${end}`)).toEqual([
        'DECLINE invalid_command',
        'END',
      ]);
    }
    const anna = await user('anna');
    expect(await anna.say('SYNC room 0')).toEqual(['ENDSYNC']);
  });

  it('cuts off a client that asks on and on and never reads', () => {
    const server = cpt.createServer({ clock: new HandClock(), defects: new Set() });
    let written = 0;
    let resets = 0;
    const idle = () => {};
    const clogged: Link = {
      write: (octets) => {
        written += octets.length;
      },
      reset: () => {
        resets += 1;
      },
      get queued() {
        return written;
      },
      end: idle,
      close: idle,
      pause: idle,
      resume: idle,
    };
    const sink = server.accept(clogged);
    const text = 'x'.repeat(2 ** 20 - 100);
    sink.data(new TextEncoder().encode(`CONNECT anna\nSEND room ${text}\n`));
    for (let i = 0; i < 100; i++) sink.data(new TextEncoder().encode('SYNC room 0\n'));
    expect(resets).toBe(1);
    expect(written).toBeLessThan(2 ** 26 + 2 ** 21);
  });

  it('survives any octets and never says a word that is not its own', async () => {
    const word = fc.constantFrom(
      'CONNECT',
      'SEND',
      'SYNC',
      'MSG',
      ' ',
      '\n',
      '\r',
      'a',
      '0',
      '\t',
      '\u0000',
      'é',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(word, fc.string({ unit: 'binary' }))), async (parts) => {
        const { peer, user } = stage();
        for (const line of await peer().write(`${parts.join('')}\n`)) {
          expect(line).toMatch(/^(ACCEPT|ACK|ENDSYNC|DECLINE \S.*|MSG \S+ \S+ \d+ .*\S.*)$/su);
        }
        expect(await (await user('fresh')).say('SYNC nowhere 0')).toEqual(['ENDSYNC']);
      }),
    );
  });
});

/** Who says what, in turn; `(end)` ends a connection, `(wait)` lets two seconds pass. */
const conversations: readonly (readonly [string, string])[][] = [
  [
    ['one', 'SEND room early'],
    ['one', 'CONNECT Anna'],
    ['two', 'CONNECT Anna'],
    ['two', 'SEND room sneaked in'],
    ['two', 'CONNECT ben'],
    ['one', 'SYNC room 0'],
    ['one', 'CONNECT carl'],
    ['three', 'CONNECT carl'],
    ['one', 'SEND room hello  there  you'],
    ['two', 'SEND room mine'],
    ['two', 'SEND room mine'],
    ['two', 'SEND hall mine'],
    ['one', 'SYNC hall 0'],
    ['one', '(wait)'],
    ['two', 'SEND room ENDSYNC'],
    ['two', 'SEND room dora 7 hi'],
    ['one', 'SEND ben psst'],
    ['four', 'CONNECT dora'],
    ['four', 'SYNC ben 0'],
    ['two', 'SYNC'],
    ['two', 'SYNC room 0'],
    ['two', 'SYNC room 0'],
    ['two', 'SYNC room 1700000000'],
    ['four', 'SYNC room 0'],
    ['five', 'SYNC room 0'],
    ['one', '(end)'],
    ['six', 'CONNECT Anna'],
    ['two', 'SYNC room 0'],
  ],
  [
    ['one', 'CONNECT'],
    ['two', 'CONNECT a b'],
    ['three', 'CONNECT system'],
    ['four', 'CONNECT locked-user'],
    ['five', 'CONNECT ip-bound-user'],
    ['six', 'CONNECT anna'],
    ['six', 'FOO bar'],
    ['six', 'SEND room'],
    ['six', 'SYNC room abc'],
    ['six', 'MSG room system 0 forged'],
    ['six', 'SEND closed-group hi'],
    ['six', 'SYNC room 0'],
    ['six', 'SYNC closed-group 0'],
  ],
  [
    ['one', 'CONNECT anna'],
    ...Array.from({ length: 60 }, (_, i) => ['one', `SEND room ${i}`] as const),
    ['one', 'SYNC room 0'],
  ],
];

async function transcript(...defects: string[]): Promise<string[]> {
  const lines: string[] = [];
  for (const conversation of conversations) {
    const { peer, clock } = stage(...defects);
    const peers = new Map<string, Peer>();
    for (const [name, line] of conversation) {
      const speaker = peers.get(name) ?? peer();
      peers.set(name, speaker);
      if (line === '(end)') speaker.end();
      else if (line === '(wait)') clock.pass(2000);
      else await speaker.say(line).then((heard) => lines.push(`${name}: ${line} -> ${heard.join(' | ')}`));
      for (const [other, { heard }] of peers)
        lines.push(...(await heard()).map((stray) => `${other} <- ${stray}`));
    }
  }
  return lines;
}

describe('defects', () => {
  const file = new URL('../../../suites/cpt/requirements.yaml', import.meta.url);
  const { requirements } = parse(readFileSync(file, 'utf8')) as {
    requirements: Record<string, { defects: string[] }>;
  };

  it('are those of the requirements, each under the requirement that it breaks', () => {
    const stated = Object.entries(requirements).flatMap(([id, { defects }]) =>
      defects.filter((name) => name.startsWith('srv-')).map((name) => `${name} breaks ${id}`),
    );
    const built = cpt.serverDefects.flatMap(({ name, breaks }) => breaks.map((id) => `${name} breaks ${id}`));
    expect(built.sort()).toEqual(stated.sort());
  });

  it('have names of their own', () => {
    expect(new Set(cpt.serverDefects.map(({ name }) => name)).size).toBe(cpt.serverDefects.length);
  });

  it.each(cpt.serverDefects.map(({ name, what }) => [name, what]))('%s shows: it %s', async (name) => {
    const none = new Set<string>();
    const plain = { listening: cpt.listening(none), lines: await transcript() };
    const faulty = { listening: cpt.listening(new Set([name])), lines: await transcript(name) };
    expect(faulty).not.toEqual(plain);
  });

  it('stack', async () => {
    const { peer } = stage('srv-accept-with-name', 'srv-lower-case', 'srv-name-normalised');
    expect(await peer().say('CONNECT Anna')).toEqual(['accept anna']);
  });
});
