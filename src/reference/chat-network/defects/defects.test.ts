import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Client, Conversation } from '../conversation.ts';
import { chatNetwork } from '../index.ts';

const STRANGER = '00000000-0000-4000-8000-000000000000';
const LONG = 'Aa9 '.repeat(25);

/** Holds one conversation about everything that the protocol has; gives what the clients got. */
async function transcript(defects: readonly string[]): Promise<readonly string[]> {
  const talk = new Conversation(defects);
  await identify(talk);
  await signUp(talk);
  await signIn(talk);
  await subscribe(talk);
  await act(talk);
  return talk.record;
}

async function identify(talk: Conversation): Promise<void> {
  const client = talk.connect('guest');
  await talk.settle();
  await talk.tell(client, { type: 'identification', version: '9.9.9', client: 'test' });
  await talk.tell(client, '{"version":"1.0.0", "type":"identification", "client":"test"}');
  await talk.tell(client, '{ "type":"identification", "version":"1.0.0", "client":"test" }');
  for (const standards of ['ciphers,hashes', 'ciphers', 'hashes']) {
    await talk.tell(client, { type: 'protocol.standard', standards });
  }
  await talk.tell(talk.connect('nameless'), { type: 'identification', version: '1.0.0' });
}

async function signUp(talk: Conversation): Promise<void> {
  const client = talk.connect('newcomer');
  const signup = (username: string, password: string, hash: string) =>
    talk.tell(client, { type: 'signup', username, password, hash });
  await signup('ada', 'first', 'sha256');
  await signup('ada', 'second', 'sha256');
  await signup('ada', 'second', 'md5');
  await talk.tell(client, { type: 'signin', username: 'ada', password: 'first' });
  await signup('eve', 'first', 'md5');
  await signup('eve', 'first', 'sha256');
  await signup('john doe', LONG, 'argon2id');
  client.link.end();
  await talk.settle();
}

async function signIn(talk: Conversation): Promise<void> {
  const client = talk.connect('returner');
  const signin = (username: string, password: string) => ({ type: 'signin', username, password });
  await talk.tell(client, signin('john doe', LONG));
  await talk.tell(client, signin('john doe', LONG.slice(0, 72)));
  await talk.tell(client, signin('nobody', 'first'));
  talk.send(client, signin('eve', 'first'));
  talk.send(client, signin('eve', 'wrong'));
  talk.send(client, { type: 'protocol.standard', standards: 'ciphers' });
  await talk.settle();
}

async function subscribe(talk: Conversation): Promise<void> {
  const [ada, adaAgain, eve] = [talk.connect('ada'), talk.connect('ada again'), talk.connect('eve')];
  for (const [client, username] of [
    [ada, 'ada'] as const,
    [adaAgain, 'ada'] as const,
    [eve, 'eve'] as const,
  ]) {
    await talk.tell(client, { type: 'signin', username, password: 'first' });
  }
  await talk.tell(eve, message(eve, 'eve', 'ada'));
  talk.send(ada, { type: 'subscribe', session: ada.token });
  await talk.tell(eve, message(eve, 'eve', 'ada'));
  await talk.tell(talk.connect('stranger'), { type: 'subscribe', session: STRANGER });
  const failing = talk.connect('failing');
  await talk.tell(failing, { type: 'signin', username: 'ada', password: 'wrong' });
  await talk.tell(failing, { type: 'subscribe', session: '' });
  await talk.tell(eve, message(eve, 'eve', 'ada'));
}

async function act(talk: Conversation): Promise<void> {
  const people = new Map<string, Client>();
  for (const username of ['alice', 'bob', 'carol']) {
    const client = talk.connect(username);
    people.set(username, client);
    await talk.tell(client, { type: 'signup', username, password: 'first', hash: 'sha256' });
    await talk.tell(client, { type: 'subscribe', session: client.token });
  }
  const [alice, bob] = [people.get('alice') as Client, people.get('bob') as Client];
  const invite = (what: string, client: Client, source: string, dest: string) =>
    talk.tell(client, { type: `invite.${what}`, session: client.token, source, dest });
  await invite('accept', alice, 'alice', 'bob');
  for (const answer of ['accept', 'reject']) {
    await invite('request', bob, 'bob', 'alice');
    await invite(answer, alice, 'alice', 'bob');
  }
  await talk.tell(alice, message(alice, 'alice', 'bob'));
  for (const type of ['message', 'invite.request']) {
    await talk.tell(alice, { ...message(alice, 'carol', 'bob'), type });
    await talk.tell(alice, { ...message(alice, 'alice', 'bob'), type, session: STRANGER });
    await talk.tell(alice, { ...message(alice, 'alice', 'nobody'), type });
  }
}

function message(client: Client, source: string, dest: string): object {
  return { type: 'message', session: client.token, source, dest, nonce: 'N-1/+=', message: 'ü ' };
}

interface Requirements {
  readonly requirements: Readonly<Record<string, { readonly defects: readonly string[] }>>;
}

const suite = new URL('../../../../suites/chat-network/requirements.yaml', import.meta.url);
const { requirements } = parse(readFileSync(suite, 'utf8')) as Requirements;

test('the plain server says the same every time', async () => {
  expect(await transcript([])).toEqual(await transcript([]));
});

test.each(chatNetwork.serverDefects.map(({ name }) => name))('%s shows on the wire', async (name) => {
  expect(await transcript([name])).not.toEqual(await transcript([]));
});

test('the defects are those of the requirements', () => {
  const named = Object.entries(requirements).flatMap(([id, { defects }]) =>
    defects.filter((name) => name.startsWith('srv-')).map((name) => [name, [id]]),
  );
  expect(new Map(chatNetwork.serverDefects.map(({ name, breaks }) => [name, breaks]))).toEqual(
    new Map(named as [string, string[]][]),
  );
  expect(chatNetwork.serverDefects).toHaveLength(named.length);
});
