import { describe, expect, it } from 'vitest';
import { protocolOf } from '../protocol/protocol.testing.ts';
import { LeapingClock } from './leaping-clock.testing.ts';
import { randomFrom } from './random.ts';
import { CaseScope, Names } from './scope.ts';
import type { World } from './world.ts';

const protocol = protocolOf({
  identity: { user: '[a-z]{8}', mail: '[a-z]{4}@x', room: { pattern: 'r[a-z]{8}', per: 'case' } },
  dialects: { tone: { default: 'low', options: ['low', 'high'] } },
  messages: { HI: { from: 'client', line: 'HI' } },
});

function scopeOf(row: Readonly<Record<string, unknown>> = {}): CaseScope {
  const world: World = {
    protocol,
    preambles: new Map(),
    role: 'server',
    clock: new LeapingClock(),
    facts: { locked: { name: 'root' } },
    seed: 7,
    limits: { frame: 1, octets: 1, messages: 1, unread: { messages: 1, octets: 1 } },
    open: () => Promise.reject(new Error('nothing is opened here')),
    random: randomFrom,
    deadline: () => 1,
    quiet: 1,
    answered: () => undefined,
  };
  return new CaseScope(
    world,
    new Names(world, randomFrom('scope'), row, ['alice', 'bob', 'crowd-1', 'crowd-2']),
  );
}

const get = (scope: CaseScope, path: string): unknown => scope.get(path.split('.'));

describe('the names of a conversation', () => {
  it('are fresh for each peer, and stay', () => {
    const scope = scopeOf();
    const alice = get(scope, 'alice.name');
    expect(alice).toMatch(/^[a-z]{8}$/);
    expect(get(scope, 'alice.user')).toBe(alice);
    expect(get(scope, 'alice.mail')).toMatch(/^[a-z]{4}@x$/);
    expect(get(scope, 'alice.name')).toBe(alice);
    expect(get(scope, 'bob.name')).not.toBe(alice);
    expect(get(scope, 'crowd.names')).toEqual([get(scope, 'crowd-1.name'), get(scope, 'crowd-2.name')]);
    expect(get(scope, 'alice')).toBeUndefined();
    expect(get(scope, 'carol.name')).toBeUndefined();
  });

  it('are fresh for the case, each with its number', () => {
    const scope = scopeOf();
    const rooms = ['room', 'room2', 'room3'].map((key) => get(scope, key));
    expect(new Set(rooms).size).toBe(3);
    expect(get(scope, 'room2')).toBe(rooms[1]);
  });

  it('belong to it, as do captures and values of its row', () => {
    const scope = scopeOf({ word: 'hello' });
    const mine = [get(scope, 'alice.name'), get(scope, 'room'), get(scope, 'word')];
    scope.capture('alice.token', 't1');
    expect([...mine, 't1'].every((one) => scope.names.own.has(one))).toBe(true);
    expect(scope.names.own.has('stranger')).toBe(false);
  });
});

describe('a scope', () => {
  it('knows the world around it', () => {
    const scope = scopeOf();
    expect(get(scope, 'dialect.tone')).toBe('low');
    expect(get(scope, 'facts.locked.name')).toBe('root');
    expect(get(scope, 'facts.locked.toString')).toBeUndefined();
    expect(get(scope, 'seed')).toBe(7);
    expect(get(scope, 'now')).toBe(1_700_000_000);
    expect(get(scope, 'nowhere')).not.toBe(get(scope, 'nowhere'));
    expect(get(scope, 'nonce')).not.toBe(get(scope, 'nonce'));
    expect(get(scope, 'uuid')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(get(scope, 'nobody')).toBeUndefined();
  });

  it('fills a row in once: what was made for it stays', () => {
    const scope = scopeOf({ id: '${nonce}', shout: '${alice.name | upper}' });
    expect(get(scope, 'id')).toBe(get(scope, 'id'));
    expect(get(scope, 'shout')).toBe(String(get(scope, 'alice.name')).toUpperCase());
  });

  it('inside another has its own names for peers, and its own values', () => {
    const scope = scopeOf();
    const inner = scope.within(
      [
        ['self', 'alice'],
        ['whom', 'bob'],
      ],
      [['i', 3]],
    );
    expect(get(inner, 'self')).toBe('alice');
    expect(get(inner, 'self.name')).toBe(get(scope, 'alice.name'));
    expect(get(inner, 'whom.name')).toBe(get(scope, 'bob.name'));
    expect(get(inner.within([['self', 'bob']]), 'self')).toBe('bob');
    expect([get(inner, 'i'), get(scope, 'i')]).toEqual([3, undefined]);
  });

  it('keeps captures for the case, or for the peer that is meant', () => {
    const scope = scopeOf();
    const inner = scope.within([['self', 'alice']]);
    inner.capture('why', { deep: [1] });
    inner.capture('self.token', 't1');
    inner.capture('self.name', 'Alice');
    expect(get(scope, 'why.deep')).toEqual([1]);
    expect(get(scope, 'alice.token')).toBe('t1');
    expect(get(scope, 'bob.token')).toBeUndefined();
    expect(get(scope, 'alice.name')).toBe('Alice');
  });
});
