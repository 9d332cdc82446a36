import { expect, test } from 'vitest';
import type { Mutation, SendMove } from './plan.ts';
import { isMadeSecret, Secrets } from './secrets.ts';

test.each<[unknown, readonly Mutation[], boolean]>([
  [{ user: '${p1.name}', password: '${p1.password}' }, [], false],
  [{ user: '${p1.name}', password: '${p1.password}' }, [{ kind: 'drop', at: '/user' }], false],
  [{ user: '${p1.name}', password: 'identification' }, [], true],
  [{ user: '${p1.name}', password: '${p1.said.server}' }, [], true],
  [{ password: '${p1.password}' }, [{ kind: 'replace', at: '/password', value: 'CONNECT' }], true],
  [{ a: '${p1.name}', password: '${p1.password}' }, [{ kind: 'swap', at: '/a', with: '/password' }], true],
])('%j with %j', (fields, mutations, made) => {
  const move: SendMove = { do: 'send', peer: 'p1', message: 'signin', fields, mutations };
  expect(isMadeSecret(move)).toBe(made);
});

test('a password that comes back is found, unless a word was put in its place', () => {
  const secrets = new Secrets();
  secrets.sent({ password: 'identification' }, true);
  secrets.sent({ password: 'hunter2hunter2' });
  expect(secrets.foundIn('{"type":"identification"}')).toBeUndefined();
  expect(secrets.foundIn('you said hunter2hunter2')).toBe('hunter2hunter2');
});

test('of a long text the beginning is looked through, further of what was sent than of what came', () => {
  const secrets = new Secrets();
  const far = 'x'.repeat(40_000);
  secrets.sent({ password: 'hunter2hunter2' });
  expect(secrets.foundIn(`${far}hunter2hunter2`)).toBeUndefined();
  secrets.sent({ text: `${far}hunter2hunter2` });
  expect(secrets.foundIn('hunter2hunter2')).toBeUndefined();
});

test('many passwords are found in short texts as in long ones, and the oldest are forgotten', () => {
  const secrets = new Secrets();
  for (let index = 0; index < 600; index += 1) secrets.sent({ password: `secret-${index}-` });
  for (const around of ['', 'x'.repeat(1000)]) {
    expect(secrets.foundIn(`${around}secret-599-`)).toBe('secret-599-');
    expect(secrets.foundIn(`${around}secret-100-`)).toBe('secret-100-');
    expect(secrets.foundIn(`${around}secret-99-`)).toBeUndefined();
    expect(secrets.foundIn(`${around}secret`)).toBeUndefined();
  }
  secrets.sent({ text: 'I say secret-599- and secret-598-' });
  expect(secrets.foundIn('secret-599- secret-598-')).toBeUndefined();
  expect(secrets.foundIn('secret-597-')).toBe('secret-597-');
});
