import { expect, it } from 'vitest';
import type { Failure, TranscriptEntry } from '../../events/event.ts';
import { sequence } from './sequence.ts';

const talk = (count: number): TranscriptEntry[] =>
  Array.from({ length: count }, (_, step) => ({
    at: step,
    peer: 'alice',
    what: 'receive',
    text: `M${step}`,
    step,
  }));

function rowsOf(
  entries: readonly TranscriptEntry[],
  failure?: Partial<Failure>,
  role: 'server' | 'client' = 'server',
) {
  const whole = failure && { cause: 'mismatch' as const, message: 'wrong', requirements: [], ...failure };
  const text = String(sequence(entries, { target: role, failure: whole, most: 10 }));
  return text
    .split('<li ')
    .slice(2)
    .map((row) => ({ kind: /class="([^"]*)"/.exec(row)?.[1], row }));
}

const step = { text: 'alice <: M', file: 'a.yaml', line: 3, index: 50 };

it('draws what stands around the failing step, which is named after its last message', () => {
  const rows = rowsOf(talk(100), { step });
  expect(rows[0]?.row).toContain('… 43 entries before');
  expect(rows.at(-1)?.row).toContain('… 47 entries after');
  const fault = rows.findIndex(({ kind }) => kind === 'fault');
  expect(rows[fault - 1]?.kind).toBe('receive marked');
  expect(rows[fault - 1]?.row).toContain('M50');
});

it('draws what should have come and did not', () => {
  const rows = rowsOf(talk(3), { cause: 'silent', peer: 'alice', step });
  expect(rows.at(-1)?.row).toMatch(/class="arrow absent left".*nothing/);
});

it('marks the message that broke a rule', () => {
  const rows = rowsOf(talk(3), { cause: 'rule', peer: 'alice', actual: 'M1' });
  expect(rows.map(({ kind }) => kind)).toEqual(['receive', 'receive marked', 'fault', 'receive']);
});

it('has a server between its peers, a peer of the same name too, and a client that connects', () => {
  const connects = ['alice', 'server', 'carol'].map(
    (peer): TranscriptEntry => ({ at: 0, peer, what: 'connect', text: '' }),
  );
  const ways = (role: 'server' | 'client') =>
    rowsOf(connects, undefined, role).map(({ row }) => /connect (\w+)" style="([^"]*)"/.exec(row)?.slice(1));
  expect(ways('server')).toEqual([
    ['right', '--a:0;--w:2'],
    ['right', '--a:1;--w:1'],
    ['left', '--a:2;--w:1'],
  ]);
  expect(ways('client')[0]?.[0]).toBe('left');
});
