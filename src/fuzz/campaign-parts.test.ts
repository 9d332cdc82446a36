import { expect, test } from 'vitest';
import { grows } from '../run/growth.ts';
import { Edges } from './edges.ts';
import { Growth } from './growth.ts';
import { Latency } from './latency.ts';
import { Secrets } from './secrets.ts';

test('an edge is new once in each bucket of its hits', () => {
  const edges = new Edges();
  expect(edges.add([[7, 1]])).toBe(1);
  expect(edges.news([[7, 1]])).toBe(0);
  expect(edges.add([[7, 2]])).toBe(1);
  expect(edges.add([[7, 5]])).toBe(1);
  expect(edges.add([[7, 6]])).toBe(0);
  expect(edges.news([['a.js:0-9', 200]])).toBe(1);
  expect(edges.size).toBe(1);
});

const mebibyte = 1 << 20;

test('memory that grows with every conversation is told, memory that settles is not', () => {
  const leaking = new Growth();
  const settling = new Growth();
  const told = Array.from({ length: 30 }, (_, index) => {
    const at = index * 100;
    expect(settling.add(at, (60 + 80 * (1 - 0.6 ** index)) * mebibyte)).toBeUndefined();
    return leaking.add(at, (60 + 10 * index) * mebibyte);
  }).find((words) => words !== undefined);
  expect(told).toBe('the memory of the target grew by 110 MiB, about 102 KiB a conversation');
});

test('a start anew begins the memory anew', () => {
  const growth = new Growth();
  expect(growth.add(0, 50 * mebibyte)).toBeUndefined();
  growth.restarted();
  expect(growth.add(100, 400 * mebibyte)).toBeUndefined();
  expect(growth.add(200, 700 * mebibyte)).toContain('300 MiB');
});

test('only what grows with each piece of work grows', () => {
  expect(grows([60, 70, 80, 90].map((size) => size * mebibyte))).toBe(true);
  expect(grows([60, 90, 90, 91].map((size) => size * mebibyte))).toBe(false);
  expect(grows([60])).toBe(false);
});

test('what is usual is told once there was enough of it', () => {
  const latency = new Latency();
  expect(latency.inWords()).toBe('');
  for (let index = 0; index < 40; index += 1) latency.add(index % 20 === 0 ? 90 : 0.4);
  expect(latency.inWords()).toBe(' (usually 0.4 ms)');
  expect(latency.enough).toBe(200);
  latency.forget();
  expect(latency.usual).toBeUndefined();
});

test('a password is known where it comes back, unless it was said in the open', () => {
  const secrets = new Secrets();
  secrets.sent({ user: 'ada', password: 'secret-42', more: { pin: '123' } });
  expect(secrets.foundIn('no such user: ada')).toBeUndefined();
  expect(secrets.foundIn('wrong password: secret-42')).toBe('secret-42');
  expect(secrets.foundIn('123')).toBeUndefined();
  secrets.sent({ text: 'my word is secret-42' });
  expect(secrets.foundIn('ada says: my word is secret-42')).toBeUndefined();
});
