import { expect, test } from 'vitest';
import { explain } from './explain.ts';
import type { Plan } from './plan.ts';
import { freePartInWords } from './words.ts';

const plans: readonly Plan[] = [
  {
    plan: 1,
    moves: [
      { do: 'open', peer: 'p1' },
      { do: 'send', peer: 'p1', message: 'CONNECT', fields: { name: 'eve' }, mutations: [] },
      {
        do: 'send',
        peer: 'p1',
        message: 'SAY',
        fields: { to: 'bob', text: 'hi', level: 3 },
        mutations: [
          { kind: 'fill', at: '/to', text: 'x', times: 300 },
          { kind: 'insert', at: '/text', offset: 1, text: '\n' },
        ],
      },
      { do: 'octets', peer: 'p1', hex: 'ff00' },
    ],
  },
];

test('tells which values could be others', async () => {
  const found = await explain(plans, async (tried) => shows(tried), 100);
  expect(found.free.map((part) => freePartInWords(plans, part))).toEqual([
    'p1: other octets do it too',
    'p1, SAY: this does it too, `to` is 300 times "other"',
    'p1, SAY: this does it too, `to` is 301 times "x"',
    'p1, SAY: this does it too, LF inside `text` at 2',
    'p1, SAY: another `text` does it too, "other"',
    'p1, SAY: another `level` does it too, 7',
  ]);
  expect(found.spent).toBe(8);
});

test('asks no more than it may', async () => {
  const found = await explain(plans, async () => true, 2);
  expect(found).toMatchObject({ spent: 2, free: [{ part: 'hex' }, { part: 'mutations/0/text' }] });
  expect(await explain(plans, async () => true, 0)).toEqual({ free: [], spent: 0 });
});

/** A target that minds a name of eve, 300 characters or more, and a line feed. */
function shows([plan]: readonly Plan[]): boolean {
  const [, connect, say] = plan?.moves ?? [];
  if (connect?.do !== 'send' || say?.do !== 'send') return false;
  const [fill, insert] = say.mutations;
  return (
    JSON.stringify(connect.fields) === '{"name":"eve"}' &&
    fill?.kind === 'fill' &&
    fill.times >= 300 &&
    insert?.kind === 'insert' &&
    insert.text === '\n'
  );
}
