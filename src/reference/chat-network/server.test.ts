import { describe, expect, test } from 'vitest';
import { type Client, Conversation } from './conversation.ts';

const UUID = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
const STRANGER = '00000000-0000-4000-8000-000000000000';

function signup(username: string, hash = 'sha256', password = `${username}'s word`) {
  return { type: 'signup', username, password, hash };
}

function signin(username: string, password = `${username}'s word`) {
  return { type: 'signin', username, password };
}

async function subscribed(talk: Conversation, username: string): Promise<Client> {
  const client = talk.connect(username);
  await talk.ask(client, signup(username));
  await talk.ask(client, { type: 'subscribe', session: client.token });
  return client;
}

function invite(client: Client, what: string, source: string, dest: string) {
  return { type: `invite.${what}`, session: client.token, source, dest };
}

function message(client: Client, source: string, dest: string, content = 'hello') {
  return { type: 'message', session: client.token, source, dest, nonce: 'N-1/+=', message: content };
}

describe('identification and standards', () => {
  test('the server identifies itself when asked, with its own version', async () => {
    const talk = new Conversation();
    const client = talk.connect('client');
    await talk.settle();
    expect(talk.take(client)).toEqual([]);
    expect(await talk.ask(client, { type: 'identification', version: '9.9.9' })).toEqual([
      { type: 'identification', version: '1.0.0', server: 'spar reference', invitations: true, resp_code: 0 },
    ]);
  });

  const ciphers = ['xchacha-poly1305', 'aes256-gcm'];
  const hashes = ['argon2id', 'sha256'];
  test.each([
    ['ciphers,hashes', { ciphers, hashes }],
    ['hashes,ciphers', { ciphers, hashes }],
    ['ciphers', { ciphers }],
    ['hashes', { hashes }],
    ['', {}],
    ['CIPHERS,x', {}],
  ])('asked for "%s" it lists just that', async (standards, listed) => {
    const talk = new Conversation();
    const replies = await talk.ask(talk.connect('client'), { type: 'protocol.standard', standards });
    expect(replies).toEqual([{ type: 'protocol.standard', ...listed, resp_code: 0 }]);
  });
});

describe('accounts', () => {
  test.each(['argon2id', 'sha256'])('who signed up with %s can sign in, elsewhere too', async (hash) => {
    const talk = new Conversation();
    const first = talk.connect('first');
    expect(await talk.ask(first, signup('john doe', hash))).toEqual([
      { type: 'signup', resp_code: 0, session: UUID },
    ]);
    first.link.end();
    const second = talk.connect('second');
    expect(await talk.ask(second, signin('john doe'))).toEqual([
      { type: 'signin', resp_code: 0, session: UUID },
    ]);
    expect(second.token).not.toBe(first.token);
    expect(await talk.ask(second, signin('john doe', "john doe's WORD"))).toEqual([
      { type: 'signin', resp_code: 6, session: '' },
    ]);
  });

  test('a taken name is refused by 2, and keeps its password', async () => {
    const talk = new Conversation();
    const client = talk.connect('client');
    await talk.ask(client, signup('ada'));
    const refusal = { type: 'signup', resp_code: 2, session: '' };
    expect(await talk.ask(client, signup('ada', 'sha256', 'other'))).toEqual([refusal]);
    expect(await talk.ask(client, signup('ada', 'md5'))).toEqual([refusal]);
    expect(await talk.ask(client, signin('ada', 'other'))).toMatchObject([{ resp_code: 6 }]);
    expect(await talk.ask(client, signin('ada'))).toMatchObject([{ resp_code: 0 }]);
  });

  test.each(['', 'SHA256', 'md5', '__proto__', null, 7])(
    'the hash %j is refused by 3 and the name stays free',
    async (hash) => {
      const talk = new Conversation();
      const client = talk.connect('client');
      expect(await talk.ask(client, { ...signup('ada'), hash })).toEqual([
        { type: 'signup', resp_code: 3, session: '' },
      ]);
      expect(await talk.ask(client, signin('ada'))).toEqual([{ type: 'signin', resp_code: 5, session: '' }]);
      expect(await talk.ask(client, signup('ada'))).toMatchObject([{ resp_code: 0 }]);
    },
  );

  test('requests that come together are answered in order', async () => {
    const talk = new Conversation();
    const client = talk.connect('client');
    talk.send(client, signup('ada', 'argon2id'));
    talk.send(client, signin('ada'));
    talk.send(client, signin('ada', 'wrong'));
    talk.send(client, { type: 'protocol.standard', standards: 'ciphers' });
    await talk.settle();
    expect(talk.take(client)).toMatchObject([
      { type: 'signup', resp_code: 0 },
      { type: 'signin', resp_code: 0 },
      { type: 'signin', resp_code: 6 },
      { type: 'protocol.standard' },
    ]);
  });
});

describe('subscribe', () => {
  test('a right token is confirmed, whichever connection it was made on', async () => {
    const talk = new Conversation();
    const maker = talk.connect('maker');
    await talk.ask(maker, signup('ada'));
    const user = talk.connect('user');
    expect(await talk.ask(user, { type: 'subscribe', session: maker.token })).toEqual([
      { type: 'subscribe', resp_code: 0 },
    ]);
    expect(user.ended).toBeUndefined();
  });

  test.each([STRANGER, '', null, undefined, 0])(
    'the token %j is refused by 1, and the connection ends',
    async (session) => {
      const talk = new Conversation();
      const bystander = await subscribed(talk, 'bystander');
      talk.take(bystander);
      const client = talk.connect('client');
      await talk.ask(client, signin('nobody'));
      expect(await talk.ask(client, { type: 'subscribe', session })).toEqual([
        { type: 'subscribe', resp_code: 1 },
      ]);
      expect(client.ended).toBe('fin');
      expect(await talk.ask(client, { type: 'protocol.standard', standards: '' })).toEqual([]);
      expect(bystander.ended).toBeUndefined();
    },
  );

  test('events go to subscribed connections only, and once', async () => {
    const talk = new Conversation();
    const ada = talk.connect('ada');
    await talk.ask(ada, signup('ada'));
    const other = talk.connect('other');
    talk.send(other, { type: 'subscribe', session: ada.token });
    await talk.ask(other, { type: 'subscribe', session: ada.token });
    const bob = await subscribed(talk, 'bob');
    await talk.ask(bob, message(bob, 'bob', 'ada'));
    expect(talk.take(ada)).toEqual([]);
    expect(talk.take(other)).toEqual([
      { type: 'message', source: 'bob', dest: 'ada', nonce: 'N-1/+=', message: 'hello' },
    ]);
  });

  test('a connection that ended gets nothing more', async () => {
    const talk = new Conversation();
    const ada = await subscribed(talk, 'ada');
    const bob = await subscribed(talk, 'bob');
    ada.link.end();
    await talk.settle();
    expect(ada.ended).toBe('fin');
    talk.take(ada);
    await talk.ask(bob, message(bob, 'bob', 'ada'));
    expect(talk.take(ada)).toEqual([]);
  });
});

describe('actions', () => {
  async function couple() {
    const talk = new Conversation();
    const alice = await subscribed(talk, 'alice');
    const bob = await subscribed(talk, 'bob');
    talk.take(alice);
    talk.take(bob);
    return { talk, alice, bob };
  }

  test.each(['accept', 'reject'])('an invite and its %s are told, without tokens, once', async (answer) => {
    const { talk, alice, bob } = await couple();
    expect(await talk.ask(bob, invite(bob, 'request', 'bob', 'alice'))).toEqual([]);
    expect(talk.take(alice)).toEqual([{ type: 'invite.request', source: 'bob', dest: 'alice' }]);
    talk.send(alice, invite(alice, answer, 'alice', 'bob'));
    expect(await talk.ask(alice, invite(alice, answer, 'alice', 'bob'))).toEqual([]);
    expect(talk.take(bob)).toEqual([{ type: `invite.${answer}`, source: 'alice', dest: 'bob' }]);
  });

  test('nobody answers an invite that was not made, or that is somebody else’s', async () => {
    const { talk, alice, bob } = await couple();
    await talk.ask(alice, invite(alice, 'accept', 'alice', 'bob'));
    expect(talk.take(bob)).toEqual([]);
    await talk.ask(bob, invite(bob, 'request', 'bob', 'alice'));
    talk.take(alice);
    await talk.ask(bob, invite(bob, 'accept', 'alice', 'bob'));
    expect(talk.take(bob)).toEqual([]);
  });

  test('texts are delivered as they are', async () => {
    const { talk, alice, bob } = await couple();
    const content = ' ü\u0000\u2028\\"}{"type":"message"}\ud800 ';
    await talk.ask(alice, message(alice, 'alice', 'bob', content));
    expect(talk.take(bob)).toMatchObject([{ source: 'alice', dest: 'bob', message: content }]);
  });

  test.each(['invite.request', 'invite.accept', 'invite.reject', 'message'])(
    '%s with a wrong token, or in another name, is refused by 1 and reaches nobody',
    async (type) => {
      const { talk, alice, bob } = await couple();
      await talk.ask(bob, invite(bob, 'request', 'bob', 'alice'));
      talk.take(alice);
      const request = { ...message(alice, 'alice', 'bob'), type };
      for (const bad of [{ session: STRANGER }, { session: '' }, { session: bob.token }, { source: '' }]) {
        expect(await talk.ask(alice, { ...request, ...bad })).toEqual([{ type, resp_code: 1 }]);
      }
      expect(talk.take(bob)).toEqual([]);
      expect(alice.ended).toBeUndefined();
    },
  );

  test('an action for an unknown user does nothing', async () => {
    const { talk, alice, bob } = await couple();
    expect(await talk.ask(alice, message(alice, 'alice', 'nobody'))).toEqual([]);
    expect(await talk.ask(alice, invite(alice, 'request', 'alice', '__proto__'))).toEqual([]);
    expect(talk.take(bob)).toEqual([]);
    expect(alice.ended).toBeUndefined();
  });
});

describe('what is no request', () => {
  test.each([
    ['no JSON', 'nonsense'],
    ['a comma at the end', '{"type":"signin","username":"ada","password":"p",}'],
    ['half an object', '{"type":"signin"'],
    ['an array', '[]'],
    ['null', 'null'],
    ['a string', '"identification"'],
    ['no type', '{}'],
    ['a type that is no string', '{"type":7}'],
    ['a missing password', '{"type":"signup","username":"ada","hash":"sha256"}'],
    ['a list of names', '{"type":"signup","username":["ada"],"password":"p","hash":"sha256"}'],
    ['an empty name', '{"type":"signup","username":"","password":"p","hash":"sha256"}'],
    ['a long name', `{"type":"signup","username":"${'a'.repeat(1025)}","password":"p","hash":"sha256"}`],
    ['a version that is no string', '{"type":"identification","version":1.0}'],
    ['a byte order mark', '\ufeff{"type":"identification","version":"1.0.0"}'],
    ['a deep array', '['.repeat(1_000_000)],
    ['a long object', `{"type":"${'x'.repeat(2 ** 20)}"}`],
  ])('%s ends the connection without a word', async (_, line) => {
    const talk = new Conversation();
    const client = talk.connect('client');
    expect(await talk.ask(client, line)).toEqual([]);
    expect(client.ended).toBe('fin');
  });

  test.each(['', 'Identification', 'invite.', 'invite', '__proto__', 'constructor'])(
    'the unknown type "%s" is passed over',
    async (type) => {
      const talk = new Conversation();
      const client = talk.connect('client');
      expect(await talk.ask(client, { type, version: '1.0.0' })).toEqual([]);
      expect(await talk.ask(client, signup('ada'))).toMatchObject([{ resp_code: 0 }]);
    },
  );

  test('blanks, order and unknown members do not matter', async () => {
    const talk = new Conversation();
    const client = talk.connect('client');
    const spread =
      '\n{ "hash" : "sha256",\r\n\r\n\t"x": [1], "password": "p",\n "username":"ada", "type":"signup" }\n';
    expect(await talk.ask(client, spread)).toMatchObject([{ type: 'signup', resp_code: 0 }]);
  });
});

test.each(['json-stream', 'lf'])('with the framing %s requests come in any chunks', async (framing) => {
  const talk = new Conversation([], { framing });
  const client = talk.connect('client');
  const both = `${JSON.stringify(signup('ada'))}\n${JSON.stringify(signin('ada'))}\n`;
  for (const octet of both) talk.send(client, octet);
  await talk.settle();
  expect(talk.take(client)).toMatchObject([{ type: 'signup' }, { type: 'signin', resp_code: 0 }]);
});

test('a client that does not read is cut off', async () => {
  const talk = new Conversation();
  const ada = await subscribed(talk, 'ada');
  const slow = talk.connect('slow', 2 ** 25);
  talk.send(slow, { type: 'subscribe', session: ada.token });
  await talk.settle();
  expect(slow.ended).toBe('reset');
});
