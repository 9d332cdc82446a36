import { describe, expect, it } from 'vitest';
import { type Heard, idOf, login, octets, type Peer, Stage, sending, showing } from './stage.testing.ts';

const refused = (id: unknown, error: string) => [{ id, error, reason: expect.stringMatching(/./) }];
const ping = { id: 9, cmd: 'ping', data: 'x' };
const pong = { id: 9, cmd: 'pong', data: 'x' };

/** What one pushed message has, of the members named. */
const pushed = (...messages: object[]) =>
  messages.map((message) =>
    expect.objectContaining({ cmd: 'message', messages: [expect.objectContaining(message)] }),
  );

describe('set-up', () => {
  it('is silent until spoken to, and answers each step under its id', async () => {
    const peer = new Stage().peer();
    expect(await peer.heard()).toEqual([]);
    expect(await peer.say({ id: 1, version: '99.7' })).toEqual([{ id: 1, version: '0.1' }]);
    expect(await peer.say({ id: 'ü', cmd: 'query', query: 'auth' })).toEqual([
      { id: 'ü', answer: ['plain'] },
    ]);
    expect(await peer.say({ id: 0, cmd: 'query', query: 'x' })).toEqual(refused(0, 'unknown'));
    expect(await peer.say(ping)).toEqual([pong]);
  });

  it('grants an upgrade to nothing and no other', async () => {
    const peer = new Stage().peer();
    const upgrade = (features: unknown) => peer.say({ id: 4, cmd: 'upgrade', features });
    expect(await upgrade([])).toEqual([{ id: 4, cmd: 'upgraded', features: [], error: null }]);
    expect(await upgrade(['jksn', 'x'])).toEqual([
      { id: 4, cmd: 'upgraded', features: [], error: 'unsupported', reason: expect.stringMatching(/./) },
    ]);
    expect(await upgrade([1])).toEqual(refused(4, 'malformed'));
    expect(await upgrade('jksn')).toEqual(refused(4, 'malformed'));
  });

  it('speaks json-stream where it is set to', async () => {
    const peer = new Stage([], 'json-stream').peer();
    expect(
      await peer.write(octets(' {"id":9,\n"cmd":"p\\u0069ng","data":"x"}{"id":9,"data":"x","cmd":"ping"}')),
    ).toEqual([pong, pong]);
  });
});

describe('authentication', () => {
  const auth = (from: unknown, password: unknown, method: unknown = 'plain') => ({
    id: 5,
    cmd: 'auth',
    from,
    method,
    password,
  });
  const alice = idOf('alice-1');

  it.each([
    [`${alice}/desk`, `${alice}/desk`],
    [`grgl:${alice}/desk`, `${alice}/desk`],
    [alice, `${alice}/t1`],
    [`${alice}/`, `${alice}/t1`],
    [`${alice}/a b\n`, `${alice}/t1`],
    [`${alice}/${'x'.repeat(33)}`, `${alice}/t1`],
  ])('takes %j for %s', async (from, to) => {
    expect(await new Stage().peer().say(auth(from, 'pw-alice-1'))).toEqual([{ id: 5, to, error: null }]);
  });

  it('gives a terminal in use to nobody else until it is free', async () => {
    const stage = new Stage();
    const first = await stage.user('alice-1', 'desk');
    const other = stage.peer();
    expect(await other.say(login('alice-1', 'desk'))).toMatchObject([{ to: `${alice}/t1` }]);
    first.end();
    expect(await stage.peer().say(login('alice-1', 'desk'))).toMatchObject([{ to: `${alice}/desk` }]);
  });

  it.each([
    [alice, 'pw-alice-2'],
    [alice, ''],
    [alice, undefined],
    [alice, ['pw-alice-1']],
    [idOf('alice'), 'pw-alice'],
    [idOf('erin-1'), 'pw-erin-1'],
    [idOf('constructor-1'), 'pw-constructor-1'],
    ['alice-1@elsewhere.example', 'pw-alice-1'],
    [idOf('dora-1'), 'wrong'],
  ])('refuses %j with password %j', async (from, password) => {
    const peer = new Stage().peer();
    const reason = 'Incorrect username or password.';
    expect(await peer.say(auth(from, password))).toEqual([
      { id: 5, to: `${from}/t1`, error: 'password', reason },
    ]);
    expect(await peer.say({ id: 6, cmd: 'get_roaster' })).toEqual(refused(6, 'unauthenticated'));
  });

  it.each(['', '@', 'alice-1', 7, null, ['x'], `${alice} `, 'a\0b@gurgle.example'])(
    'refuses %j as no id',
    async (from) => {
      expect(await new Stage().peer().say(auth(from, 'pw-alice-1'))).toMatchObject([
        { to: '', error: 'password' },
      ]);
    },
  );

  it('refuses a disabled account, whose owner stays without a session', async () => {
    const peer = new Stage().peer();
    const reason = 'Your account has been disabled or deactivated.';
    expect(await peer.say(auth(`${idOf('dora-1')}/desk`, 'pw-dora-1'))).toEqual([
      { id: 5, to: `${idOf('dora-1')}/desk`, error: 'user_disable', reason },
    ]);
    expect(await peer.say({ id: 6, cmd: 'get_roaster' })).toEqual(refused(6, 'unauthenticated'));
  });

  it('does not tell from a refusal who is online', async () => {
    const stage = new Stage();
    await stage.user('alice-1', 'desk');
    expect(await stage.peer().say(auth(`${alice}/desk`, 'wrong'))).toMatchObject([{ to: `${alice}/desk` }]);
  });

  it('allows another try after a failure, and none after a success', async () => {
    const peer = new Stage().peer();
    await peer.say(auth(alice, 'wrong'));
    expect(await peer.say(auth(alice, 'pw-alice-1', 'PLAIN'))).toEqual(refused(5, 'method'));
    expect(await peer.say(auth(alice, 'pw-alice-1'))).toMatchObject([{ error: null }]);
    expect(await peer.say(auth(alice, 'pw-alice-1'))).toEqual(refused(5, 'authenticated'));
  });

  it.each([
    showing('available'),
    { id: 2, cmd: 'get_roaster' },
    { id: 2, cmd: 'update_roaster', etag: 'x', roaster: [{ from: idOf('bob-1'), alias: 'x', delete: true }] },
    { ...sending({ id: 'm', to: idOf('bob-1') }), id: 2 },
  ])('is needed for %j', async (request) => {
    const stage = new Stage();
    const bob = await stage.present('bob-1');
    expect(await stage.peer().say(request)).toEqual(refused(2, 'unauthenticated'));
    expect(await bob.heard()).toEqual([]);
  });
});

describe('presence', () => {
  const entry = (status: string | null, mood: string) => ({
    cmd: 'presence',
    presences: [{ from: `${idOf('alice-1')}/desk`, status, mood, error: null }],
  });

  it('is confirmed, and told to subscribed contacts only', async () => {
    const stage = new Stage();
    const [alice, bob] = [await stage.user('alice-1'), await stage.present('bob-1')];
    const others = [
      await stage.present('carol-1'),
      await stage.present('bob-2'),
      await stage.user('bob-1', 'late'),
    ];
    expect(await alice.say(showing('dnd', 'do not: ü'))).toEqual([{ id: 2, ...entry('dnd', 'do not: ü') }]);
    expect(await bob.heard()).toEqual([{ id: null, ...entry('dnd', 'do not: ü') }]);
    for (const other of others) expect(await other.heard()).toEqual([]);
  });

  it.each([
    { status: 'busy', mood: '' },
    { status: null, mood: '' },
    { status: ['away'], mood: '' },
    { status: 'away', mood: null },
    { mood: '' },
    'away',
    null,
  ])('is refused as %j', async (presence) => {
    const stage = new Stage();
    const [alice, bob] = [await stage.user('alice-1'), await stage.present('bob-1')];
    expect(await alice.say({ id: 2, cmd: 'presence', presence })).toEqual(refused(2, 'malformed'));
    expect(await bob.heard()).toEqual([]);
  });

  it.each<[string, (peer: Peer) => unknown]>([
    ['quit', (peer) => peer.say({ id: 7, cmd: 'quit', reason: '' })],
    ['kill', (peer) => peer.say({ id: 7, cmd: 'kill', error: 'x', reason: '' })],
    ['a faulty packet', (peer) => peer.say([])],
    ['end', (peer) => peer.end()],
    ['reset', (peer) => peer.reset()],
  ])('becomes null at %s, once', async (_, leave) => {
    const stage = new Stage();
    const [alice, bob] = [await stage.present('alice-1'), await stage.present('bob-1')];
    await leave(alice);
    alice.end();
    expect(await bob.heard()).toEqual([{ id: null, ...entry(null, '') }]);
  });

  it('that never was does not end', async () => {
    const stage = new Stage();
    const [alice, bob] = [await stage.user('alice-1'), await stage.present('bob-1')];
    alice.end();
    expect(await bob.heard()).toEqual([]);
  });
});

describe('roaster', () => {
  const contact = {
    from: idOf('bob-1'),
    name: 'Bob',
    bio: '',
    alias: '',
    type: 'peer',
    subscription: 'both',
    presence: {},
  };
  const get = (etag?: unknown) => ({ id: 4, cmd: 'get_roaster', etag });
  const update = (...roaster: object[]) => ({ id: 5, cmd: 'update_roaster', etag: 'any', roaster });
  const etagOf = ([packet]: Heard[]) => (packet as Record<string, unknown>)['etag'];

  it('is kept under its tag and sent under any other', async () => {
    const stage = new Stage();
    const alice = await stage.user('alice-1');
    const etag = etagOf(await alice.say(get()));
    const later = await stage.user('alice-1');
    expect(await later.say(get(etag))).toEqual([{ id: 4, cmd: 'keep_roaster', etag }]);
    for (const other of [
      undefined,
      null,
      0,
      'no-such-tag',
      {},
      etagOf(await (await stage.user('alice-2')).say(get())),
    ]) {
      expect(await alice.say(get(other))).toEqual([
        { id: 4, cmd: 'flush_roaster', etag, roaster: [contact] },
      ]);
    }
  });

  it('is empty for who has no contacts', async () => {
    const carol = await new Stage().user('carol-1');
    expect(await carol.say(get())).toMatchObject([{ roaster: [] }]);
  });

  it('lists a contact once with its terminals', async () => {
    const stage = new Stage();
    await (await stage.user('bob-1', 'desk')).say(showing('away', 'tea'));
    await stage.present('bob-1', '__proto__');
    await stage.user('bob-1', 'unseen');
    const [answer] = await (await stage.user('alice-1')).say(get());
    const presence = '{"desk":{"status":"away","mood":"tea"},"__proto__":{"status":"available","mood":""}}';
    expect(JSON.stringify((answer as { roaster: unknown }).roaster)).toBe(
      JSON.stringify([{ ...contact, presence: 0 }]).replace('0}', `${presence}}`),
    );
  });

  it('changes, under a new tag, for all sessions of the user and nobody else', async () => {
    const stage = new Stage();
    const [alice, second] = [await stage.user('alice-1'), await stage.user('alice-1', 'second')];
    const bob = await stage.present('bob-1');
    const before = etagOf(await alice.say(get()));

    const renamed = await alice.say(update({ from: contact.from, alias: 'B ü', delete: false }));
    const etag = etagOf(renamed);
    const changed = {
      cmd: 'update_roaster',
      etag,
      roaster: [{ ...contact, presence: expect.anything(), alias: 'B ü' }],
    };
    expect(etag).not.toBe(before);
    expect(renamed).toEqual([{ id: 5, ...changed }]);
    expect(await second.heard()).toEqual([{ id: null, ...changed }]);
    expect(await second.say(get(etag))).toMatchObject([{ cmd: 'keep_roaster' }]);
    expect(await second.say(get(before))).toMatchObject([
      { cmd: 'flush_roaster', roaster: [{ alias: 'B ü' }] },
    ]);

    await alice.say(update({ from: contact.from, alias: '', delete: true }));
    expect(await alice.say(get())).toMatchObject([{ roaster: [] }]);
    expect(await bob.heard()).toEqual([]);
  });

  it.each([
    [
      'a contact twice',
      [
        { from: idOf('bob-1'), delete: true },
        { from: idOf('bob-1'), delete: false },
      ],
    ],
    [
      'somebody else',
      [
        { from: idOf('bob-1'), alias: 'x' },
        { from: idOf('carol-1'), alias: 'x' },
      ],
    ],
    ['a word for delete', [{ from: idOf('bob-1'), delete: 'true' }]],
    ['a number for an alias', [{ from: idOf('bob-1'), alias: 1 }]],
    ['no contact', [{ alias: 'x' }]],
    ['no object', ['bob']],
  ])('does not change for %s', async (_, roaster) => {
    const alice = await new Stage().user('alice-1');
    const before = await alice.say(get());
    expect(await alice.say(update(...(roaster as object[])))).toEqual(refused(5, 'malformed'));
    expect(await alice.say(get())).toEqual(before);
  });
});

describe('messages', () => {
  const bob = idOf('bob-1');
  const failed = (success: unknown[], failure: unknown[]) => [
    { id: 3, cmd: 'sent', success, failure, error: expect.any(String), reason: expect.stringMatching(/./) },
  ];
  const sent = (...success: unknown[]) => [{ id: 3, cmd: 'sent', success, failure: [], error: null }];

  it('come unchanged, under the full id of who sent them', async () => {
    const stage = new Stage();
    const [alice, recipient, carol] = [
      await stage.user('alice-1'),
      await stage.present('bob-1'),
      await stage.present('carol-1'),
    ];
    const text = ' "q" \\ <b> \n ü😀 \ud800 ';
    const [message] = [{ id: 'm-77', to: bob, timestamp: 1.5, text, html: text, from: idOf('carol-1') }];
    expect(await alice.say(sending(message))).toEqual(sent('m-77'));
    expect(await recipient.heard()).toEqual([
      {
        id: -1,
        cmd: 'message',
        messages: [
          { id: 'm-77', timestamp: 1.5, from: `${idOf('alice-1')}/desk`, text, html: text, attachments: [] },
        ],
      },
    ]);
    expect(await carol.heard()).toEqual([]);
  });

  it('reach all terminals, or the one that is named', async () => {
    const stage = new Stage();
    const alice = await stage.user('alice-1');
    const [desk, phone] = [await stage.present('bob-1', 'desk'), await stage.present('bob-1', 'phone')];
    await alice.say(sending({ id: 1, to: bob }, { id: 2, to: `${bob}/phone` }));
    expect(await desk.heard()).toEqual(pushed({ id: 1 }));
    expect(await phone.heard()).toEqual(pushed({ id: 1 }, { id: 2 }));
  });

  it('succeed and fail each by itself', async () => {
    const stage = new Stage();
    const [alice, recipient] = [await stage.user('alice-1'), await stage.present('bob-1')];
    const messages = [
      { id: 'ok', to: bob },
      { id: 'nobody', to: idOf('erin-1') },
      { id: 'disabled', to: idOf('dora-1') },
      { id: 'no-id', to: 'bob' },
      { id: 'list', to: [bob] },
      { id: 'time', to: bob, timestamp: 'now' },
      { id: 'text', to: bob, text: 1 },
      { id: 'html', to: bob, html: null },
      { id: 'files', to: bob, attachments: {} },
      { id: 'blob', to: bob, attachments: [{ name: 'a', type: 'b/c', blob: '*' }] },
    ];
    const [first, ...others] = messages.map(({ id }) => id);
    expect(await alice.say(sending(...messages))).toEqual(failed([first], others));
    expect(await recipient.heard()).toEqual(pushed({ id: 'ok' }));
    expect(await alice.say(sending())).toEqual(sent());
  });

  it.each([
    ['one id twice', [{ id: 1 }, { id: 1 }]],
    ['no id', [{}]],
    ['no object', [null]],
    ['no array', 'hi'],
  ])('are refused together for %s', async (_, elements) => {
    const stage = new Stage();
    const [alice, recipient] = [await stage.user('alice-1'), await stage.present('bob-1')];
    const whole = (one: unknown) =>
      one && typeof one === 'object' ? { timestamp: 0, to: bob, ...one } : one;
    const messages = Array.isArray(elements) ? elements.map(whole) : elements;
    expect(await alice.say({ id: 3, cmd: 'message', messages })).toEqual(refused(3, 'malformed'));
    expect(await recipient.heard()).toEqual([]);
  });

  it('describe their attachments, without the content', async () => {
    const stage = new Stage();
    const [alice, recipient] = [await stage.user('alice-1'), await stage.present('bob-1')];
    const file = (blob: string) => ({ name: 'ü .txt', type: 'text/plain', blob });
    await alice.say(sending({ id: 1, to: bob, attachments: ['', 'QQ==', 'QUI=', 'QUJD'].map(file) }));
    const [push] = await recipient.heard();
    const [message] = (push as { messages: { attachments: Record<string, unknown>[] }[] }).messages;
    const attachments = message?.attachments ?? [];
    expect(attachments.map((one) => one['size'])).toEqual([0, 1, 2, 3]);
    expect(new Set(attachments.map((one) => one['id'])).size).toBe(4);
    expect(new Set(attachments.map((one) => one['token'])).size).toBe(4);
    for (const one of attachments) {
      const text = expect.stringMatching(/./);
      expect(one).toEqual({
        id: text,
        name: 'ü .txt',
        type: 'text/plain',
        size: expect.any(Number),
        token: text,
      });
    }
  });

  it('wait for the presence of their recipient, and until they are confirmed', async () => {
    const stage = new Stage();
    const alice = await stage.user('alice-1');
    expect(await alice.say(sending({ id: 1, to: bob }, { id: 2, to: `${bob}/gone` }))).toEqual(sent(1, 2));

    const first = await stage.user('bob-1');
    await first.say({ id: 4, cmd: 'get_roaster' });
    expect(await first.say(showing('away'))).toEqual([expect.anything(), ...pushed({ id: 1 }, { id: 2 })]);
    expect(await first.say(showing('dnd'))).toEqual([expect.anything()]);
    expect(await first.say({ id: -1, cmd: 'sent', success: [1], failure: [] })).toEqual([]);
    first.reset();

    const second = await stage.user('bob-1');
    expect(await second.say(showing('away'))).toEqual([expect.anything(), ...pushed({ id: 2 })]);
    expect(await second.say({ id: -1 })).toEqual([]);
    second.reset();

    const third = await stage.user('bob-1');
    expect(await third.say(showing('away'))).toHaveLength(1);
  });

  it('leave unknown receipts without effect', async () => {
    const stage = new Stage();
    const [alice, recipient] = [await stage.user('alice-1'), await stage.present('bob-1')];
    await alice.say(sending({ id: 1, to: bob }));
    await recipient.heard();
    expect(await recipient.say({ id: -1, cmd: 'received' })).toEqual([]);
    expect(await recipient.say({ id: 'x', cmd: 'sent', success: [], failure: [] })).toEqual([]);
    expect(await recipient.say({ id: -2, cmd: 'received' })).toEqual(refused(-2, 'unknown'));
  });
});

describe('the end', () => {
  it('comes politely after bye, with nothing served behind it', async () => {
    const peer = new Stage().peer();
    expect(await peer.say({ id: 31, cmd: 'quit', reason: 'done' }, ping)).toEqual([
      { id: 31, cmd: 'bye' },
      'END',
    ]);
  });

  it('comes at once by kill', async () => {
    const peer = new Stage().peer();
    expect(await peer.say({ id: 31, cmd: 'kill', error: 'x', reason: 'x' }, ping)).toEqual(['END']);
  });

  it.each([
    '',
    '[]',
    '"x"',
    '{"id":1,"cmd":"ping",}',
    '{"id":1,"id":2,"cmd":"ping"}',
    '{"id":9007199254740993,"cmd":"ping"}',
    '{"id":1,"cmd":"ping","data":1e400}',
    '{"id":1,"cmd":"ping","data":"\u0001"}',
    '\ufeff{"id":1,"cmd":"ping"}',
  ])('comes by kill for the packet %j', async (text) => {
    const stage = new Stage();
    expect(await stage.peer().write(stage.framing.encode(octets(text)))).toEqual([
      { id: null, cmd: 'kill', error: 'malformed', reason: expect.stringMatching(/./) },
      'END',
    ]);
  });

  it.each<['len32be' | 'json-stream', string]>([
    ['len32be', '{"password":\u0002pw-hunter2"}'],
    ['len32be', '{"pw-hunter2":1,"pw-hunter2":2}'],
    ['len32be', '{"password":pw-hunter2}'],
    ['json-stream', 'pw-hunter2'],
  ])('does not repeat what cannot be read: %s, %j', async (framing, text) => {
    const stage = new Stage([], framing);
    const heard = await stage.peer().write(stage.framing.encode(octets(text)));
    expect(heard).toMatchObject([{ id: null, cmd: 'kill' }, 'END']);
    expect(JSON.stringify(heard)).not.toContain('hunter2');
  });

  it('comes by kill for a frame that is too long', async () => {
    const heard = await new Stage().peer().write(Uint8Array.of(2, 0, 0, 0));
    expect(heard).toMatchObject([{ id: null, cmd: 'kill', error: 'framing' }, 'END']);
  });

  it('does not come for an odd request', async () => {
    const peer = new Stage().peer();
    for (const id of [null, true, {}, [], undefined]) {
      expect(await peer.say({ id, cmd: 'ping' })).toEqual(refused(null, 'malformed'));
    }
    for (const cmd of ['', 'PING', 'ping ', '__proto__', 'constructor', null, 7, ['ping'], undefined]) {
      expect(await peer.say({ id: 1, cmd })).toEqual(refused(1, 'unknown'));
    }
    for (const data of [null, 'ü\ud800', 1.5, { __proto__: null, a: [true] }, 'x'.repeat(2 ** 20)]) {
      expect(await peer.say({ id: 1, cmd: 'ping', data })).toEqual([{ id: 1, cmd: 'pong', data }]);
    }
  });
});
