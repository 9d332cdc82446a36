import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Link } from '../../session/link.ts';
import { type Peer, settled, stage } from './stage.testing.ts';

const GREETING = 'WS_2017 server ready';
const GOODBYE = "+OK 'terminating tasks and disconnecting'";
const RELAYED = "+OK 'message relayed'";
const NAMELESS = "'enter a user name first'";
const UNKNOWN = "-ERR 'entered command does not exist'";

const malformed = (command: string) => `-ERR '${command} is not a properly formatted command'`;
describe('lines', () => {
  it('are greeted by', async () => {
    expect(await stage().open().heard()).toEqual([GREETING]);
  });

  it('take effect when CR LF is complete', async () => {
    const peer = stage().open();
    await peer.heard();
    expect(await peer.write('uname al')).toEqual([]);
    expect(await peer.write('ice\r')).toEqual([]);
    expect(await peer.write('\n')).toEqual(["+OK 'you are' alice"]);
  });

  it('do not end with a bare LF or CR', async () => {
    const [alice] = await stage().join('alice');
    expect(await alice.write('cgetu\ncgetu\rcgetu\r\n')).toEqual([UNKNOWN]);
  });

  it('have keywords in any case, and arguments as entered', async () => {
    const { open } = stage();
    const peer = open();
    await peer.heard();
    expect(await peer.say('UNAME BoB7', 'CgEtU', '+ok CPONG', 'cQUIT')).toEqual([
      "+OK 'you are' BoB7",
      '+OK cgetu',
      GOODBYE,
      'END',
    ]);
  });

  it.each([
    ['', UNKNOWN],
    ['xyzzy', UNKNOWN],
    [' cgetu', UNKNOWN],
    ['unameX bob', UNKNOWN],
    ['unam bob', UNKNOWN],
    ['cping', UNKNOWN],
    ['nuser bob', UNKNOWN],
    ['+OK cpong x', UNKNOWN],
    ['constructor', UNKNOWN],
    ['uname', malformed('uname')],
    ['uname ', malformed('uname')],
    ['UName  bob', malformed('UName')],
    ['uname bob ', malformed('uname')],
    ['uname b ob', malformed('uname')],
    ["uname 'bob'", malformed('uname')],
    ['uname b\x07b', malformed('uname')],
    ['uname b\x7fb', malformed('uname')],
    ['uname bób', malformed('uname')],
    ['uname b\nb', malformed('uname')],
    [`uname ${'b'.repeat(65)}`, malformed('uname')],
    ['cgetu all', malformed('cgetu')],
    ['cquit now', malformed('cquit')],
    ['chatm', malformed('chatm')],
    ["chatm 'alice' 'bob'", malformed('chatm')],
    ['chatm alice bob hi', malformed('chatm')],
    ["chatm 'alice' 'bob' hi", malformed('chatm')],
    ["chatm 'alice' 'bob' 'ü'", malformed('chatm')],
    ["chatm 'alice' 'bob'  'hi'", malformed('chatm')],
    ['chatr alice', malformed('chatr')],
    ['chatr alice bob x', malformed('chatr')],
  ])('that read %j change nothing', async (line, response) => {
    const { join } = stage();
    const [alice, bob] = await join('alice', 'bob');
    expect(await alice.say(line, 'cgetu')).toEqual([response, '+OK cgetu bob']);
    expect(await bob.say('cgetu')).toEqual(['+OK cgetu alice']);
  });

  it('longer than 8192 octets end the connection, and nothing of them is executed', async () => {
    const [alice, bob] = await stage().join('alice', 'bob');
    expect(await alice.say('x'.repeat(9000), "chatm 'alice' 'bob' 'hi'")).toEqual([malformed('line'), 'END']);
    expect(await alice.say('cgetu')).toEqual([]);
    expect(await bob.say('cgetu')).toEqual(['+OK cgetu']);
  });

  it('are executed alike however the wire chops them', async () => {
    const script = [
      'uname alice',
      'xyzzy',
      'cgetu',
      "chatm 'alice' 'alice' 'a  b'",
      'chatr alice alice',
      'uname al',
      'cquit',
    ];
    const text = script.map((line) => `${line}\r\n`).join('');
    const whole = await stage().open().write(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 20 }), async (cuts) => {
        const peer = stage().open();
        const ends = [...cuts.sort((one, other) => one - other), text.length];
        const heard: string[] = [];
        let start = 0;
        for (const end of ends) {
          heard.push(...(await peer.write(text.slice(start, end))));
          start = end;
        }
        expect(heard).toEqual(whole);
      }),
      { numRuns: 30 },
    );
    expect(whole).toHaveLength(10);
  });

  it('of the server have one of its forms, whatever comes', async () => {
    const word = fc.constantFrom(
      'uname',
      'cgetu',
      'chatm',
      'chatr',
      '+OK cpong',
      " 'a' 'b' '",
      "'",
      ' ',
      'a',
      'b',
      '\r\n',
      '\n',
    );
    const noise = fc.array(fc.oneof(word, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 40 });
    const form =
      /^(\+OK 'you are' \S+|\+OK uname \S+|\+OK nuser \S+ \S+|nuser \S+|\+OK cgetu( \S+)*|\+OK 'message relayed'|chatm \S+ \S+ '[ -~]*'|chatr \S+ \S+|-ERR uname \S+|-ERR ((chat[mr]|cgetu) )?'[ -~]+')$/;
    await fc.assert(
      fc.asyncProperty(noise, noise, async (one, other) => {
        const { open } = stage();
        const [alice, bob] = [open(), open()];
        await alice.heard();
        await bob.heard();
        const heard = [...(await alice.say(one.join(''))), ...(await bob.say(other.join('')))];
        for (const line of [...heard, ...(await alice.heard())]) expect(line).toMatch(form);
      }),
      { numRuns: 200 },
    );
  });
});

describe('names', () => {
  it('are needed before anything else', async () => {
    const { open, join } = stage();
    const [bob] = await join('bob');
    const peer = open();
    await peer.heard();
    expect(await peer.say('cgetu', "chatm 'x' 'bob' 'hi'", 'chatr bob x', '+OK cpong')).toEqual([
      `-ERR cgetu ${NAMELESS}`,
      `-ERR chatm ${NAMELESS}`,
      `-ERR chatr ${NAMELESS}`,
    ]);
    expect(await bob.say('cgetu')).toEqual(['+OK cgetu']);
    expect(await peer.say('cquit')).toEqual([GOODBYE, 'END']);
  });

  it('are announced once to all others, named or not', async () => {
    const { open, join } = stage();
    const [alice] = await join('alice');
    const nameless = open();
    await nameless.heard();
    const bob = open();
    expect(await bob.say('uname bob')).toEqual([GREETING, "+OK 'you are' bob"]);
    expect(await alice.heard()).toEqual(['nuser bob']);
    expect(await nameless.heard()).toEqual(['nuser bob']);
    expect(await bob.heard()).toEqual([]);
  });

  it('in use are refused with a name that is free', async () => {
    const { open, join } = stage();
    const [alice] = await join('alice', 'alice1');
    const peer = open();
    await peer.heard();
    expect(await peer.say('uname alice', 'cgetu')).toEqual(['-ERR uname alice2', `-ERR cgetu ${NAMELESS}`]);
    expect(await alice.heard()).toEqual([]);
    expect(await peer.say('uname alice2')).toEqual(["+OK 'you are' alice2"]);
  });

  it('of the greatest length get suggestions of that length', async () => {
    const { open, join } = stage();
    const name = 'n'.repeat(64);
    await join(name);
    const peer = open();
    await peer.heard();
    expect(await peer.say(`uname ${name}`)).toEqual([`-ERR uname ${'n'.repeat(63)}1`]);
    expect(await peer.say(`uname ${'n'.repeat(63)}1`)).toEqual([`+OK 'you are' ${'n'.repeat(63)}1`]);
  });

  it('entered again by their owner are refused without an announcement', async () => {
    const [alice, bob] = await stage().join('alice', 'bob');
    expect(await alice.say('uname alice')).toEqual(["-ERR 'same username entered'"]);
    expect(await bob.heard()).toEqual([]);
  });

  it('change, and the old one is free', async () => {
    const { open, join } = stage();
    const [alice, bob] = await join('alice', 'bob');
    const nameless = open();
    await nameless.heard();
    expect(await alice.say('uname carol')).toEqual(['+OK uname carol']);
    expect(await bob.heard()).toEqual(['+OK nuser alice carol']);
    expect(await nameless.heard()).toEqual(['+OK nuser alice carol']);
    expect(await bob.say('cgetu', "chatm 'bob' 'alice' 'hi'")).toEqual([
      '+OK cgetu carol',
      "-ERR chatm 'no user has this name'",
    ]);
    expect(await nameless.say('uname alice')).toEqual(["+OK 'you are' alice"]);
  });

  it('do not change to one in use', async () => {
    const [alice, bob, carol] = await stage().join('alice', 'bob', 'carol');
    expect(await bob.say('uname alice')).toEqual(['-ERR uname alice1']);
    expect(await carol.say('cgetu')).toEqual(['+OK cgetu alice bob']);
    expect(await alice.say('cgetu')).toEqual(['+OK cgetu bob carol']);
  });

  it.each([
    ['cquit', (peer: Peer) => peer.say('cquit')],
    ['an orderly end', (peer: Peer) => peer.link.end()],
    ['a reset', (peer: Peer) => peer.link.reset()],
  ])('are free after %s', async (_how, leave) => {
    const { open, join } = stage();
    const [alice, bob] = await join('alice', 'bob');
    leave(alice);
    await settled();
    expect(await bob.say('cgetu', "chatm 'bob' 'alice' 'hi'")).toEqual([
      '+OK cgetu',
      "-ERR chatm 'no user has this name'",
    ]);
    expect(await open().say('uname alice')).toEqual([GREETING, "+OK 'you are' alice"]);
  });
});

describe('pings', () => {
  it('come at intervals, after a name was entered', async () => {
    const { clock, open, join } = stage();
    const [alice] = await join('alice');
    const nameless = open();
    await nameless.heard();
    clock.pass(99);
    expect(await alice.heard()).toEqual([]);
    clock.pass(1);
    expect(await alice.heard()).toEqual(['cping']);
    clock.pass(100);
    expect(await alice.heard()).toEqual(['cping']);
    expect(await nameless.heard()).toEqual([]);
  });

  it('end the connection when they are not answered', async () => {
    const { clock, join } = stage();
    const [alice, bob] = await join('alice', 'bob');
    clock.pass(349);
    expect(await alice.heard()).toEqual(['cping', 'cping', 'cping']);
    expect(await bob.say('+OK cpong')).toEqual(['cping', 'cping', 'cping']);
    clock.pass(1);
    expect(await alice.heard()).toEqual(['END']);
    expect(await bob.say('cgetu')).toEqual(['+OK cgetu']);
  });

  it('keep a connection that answers them', async () => {
    const { clock, join } = stage();
    const [alice] = await join('alice');
    for (let round = 0; round < 10; round++) {
      clock.pass(100);
      expect(await alice.say('+OK cpong')).toEqual(['cping']);
    }
  });

  it.each([
    ['a client that quits', ({ alice }: { alice: Peer }) => alice.say('cquit')],
    ['a server that closes', ({ server }: { server: { close(): void } }) => server.close()],
  ])('and their timers stop with %s', async (_who, stop) => {
    const { clock, server, join } = stage();
    const [alice] = await join('alice');
    clock.pass(100);
    expect(clock.waiting).toBe(2);
    await stop({ alice, server });
    expect(clock.waiting).toBe(0);
  });
});

describe('chat', () => {
  it('goes to the recipient alone, and its receipt to the sender alone', async () => {
    const { open, join } = stage();
    const [alice, bob, carol] = await join('alice', 'bob', 'carol');
    const nameless = open();
    await nameless.heard();
    expect(await alice.say("chatm 'alice' 'bob' 'Hello  there, \"Bob\"'")).toEqual([RELAYED]);
    expect(await bob.heard()).toEqual(['chatm alice bob \'Hello  there, "Bob"\'']);
    expect(await bob.say('chatr alice bob')).toEqual([]);
    expect(await alice.heard()).toEqual(['chatr alice bob']);
    for (const other of [carol, nameless]) expect(await other.heard()).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['a blank', ' '],
    ['one mark', "it's"],
    ['what looks like its end', "x' 'y"],
    ['4000 octets', 'x'.repeat(4000)],
  ])('carries %s', async (_what, text) => {
    const [alice, bob] = await stage().join('alice', 'bob');
    expect(await alice.say(`chatm 'alice' 'bob' '${text}'`)).toEqual([RELAYED]);
    expect(await bob.heard()).toEqual([`chatm alice bob '${text}'`]);
  });

  it.each(['nobody', '', 'Bob', 'bob carol', '*'])('to %j is refused', async (name) => {
    const [alice, bob, carol] = await stage().join('alice', 'bob', 'carol');
    expect(await alice.say(`chatm 'alice' '${name}' 'hi'`)).toEqual(["-ERR chatm 'no user has this name'"]);
    for (const other of [bob, carol]) expect(await other.heard()).toEqual([]);
  });

  it('under a foreign name is refused', async () => {
    const [alice, bob] = await stage().join('alice', 'bob', 'carol');
    expect(await alice.say("chatm 'carol' 'bob' 'hi'")).toEqual(["-ERR chatm 'sender is not your name'"]);
    expect(await bob.heard()).toEqual([]);
  });

  it('has one receipt for each message, from the recipient', async () => {
    const [alice, bob, carol] = await stage().join('alice', 'bob', 'carol');
    const refused = "-ERR chatr 'no message waits for this receipt'";
    expect(await bob.say('chatr alice bob')).toEqual([refused]);
    await alice.say("chatm 'alice' 'bob' 'one'", "chatm 'alice' 'bob' 'two'");
    await bob.heard();
    expect(await carol.say('chatr alice bob')).toEqual([refused]);
    expect(await bob.say('chatr bob alice')).toEqual([refused]);
    expect(await alice.heard()).toEqual([]);
    expect(await bob.say('chatr alice bob', 'chatr alice bob', 'chatr alice bob')).toEqual([refused]);
    expect(await alice.heard()).toEqual(['chatr alice bob', 'chatr alice bob']);
  });

  it('is confirmed to the client that sent it, whatever its name is now', async () => {
    const { open, join } = stage();
    const [alice, bob] = await join('alice', 'bob');
    await alice.say("chatm 'alice' 'bob' 'hi'", 'uname carol');
    const other = open();
    await other.say('uname alice');
    await bob.heard();
    expect(await bob.say('chatr alice bob')).toEqual([]);
    expect(await alice.heard()).toEqual(['nuser alice', 'chatr alice bob']);
    expect(await other.heard()).toEqual([]);
  });

  it('stops waiting for receipts of the oldest messages when there are too many', async () => {
    const [alice, bob] = await stage().join('alice', 'bob');
    await alice.say(...Array<string>(1025).fill("chatm 'alice' 'bob' 'hi'"));
    await bob.heard();
    const answers = await bob.say(...Array<string>(1025).fill('chatr alice bob'));
    expect(answers).toEqual(["-ERR chatr 'no message waits for this receipt'"]);
  });
});

describe('cquit', () => {
  it('is answered, and nothing behind it is executed', async () => {
    const [alice, bob] = await stage().join('alice', 'bob');
    const said = ["chatm 'alice' 'bob' 'early'", 'cquit', "chatm 'alice' 'bob' 'late'", 'cquit'];
    expect(await alice.say(...said)).toEqual([RELAYED, GOODBYE, 'END']);
    expect(await bob.heard()).toEqual(["chatm alice bob 'early'"]);
  });
});

describe('a client that does not read', () => {
  it('is cut off, and its name is free', async () => {
    const { server, join } = stage();
    const [alice] = await join('alice');
    let queued = 0;
    let cutOff = false;
    const clogged: Link = {
      get queued() {
        return queued;
      },
      write: (octets) => {
        queued += octets.length;
      },
      reset: () => {
        cutOff = true;
      },
      end: () => undefined,
      close: () => undefined,
      pause: () => undefined,
      resume: () => undefined,
    };
    const sink = server.accept(clogged);
    const send = (line: string) => sink.data(new TextEncoder().encode(`${line}\r\n`));
    send('uname bob');
    expect(await alice.say('cgetu')).toEqual(['nuser bob', '+OK cgetu bob']);
    for (let left = 2100; left > 0; left--) send(`chatm 'bob' 'bob' '${'x'.repeat(4000)}'`);
    expect(cutOff).toBe(true);
    expect(queued).toBeLessThan(2 ** 23 + 5000);
    expect(await alice.say('cgetu')).toEqual(['+OK cgetu']);
  });
});
