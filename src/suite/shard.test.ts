import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRowOf } from './select.ts';
import { casesOfShard, shardOf } from './shard.ts';

/** Cases of which some have rows, and some a control among the others. */
const cases = fc
  .array(fc.record({ rows: fc.nat(3), control: fc.option(fc.nat(30), { nil: undefined }) }), {
    maxLength: 30,
  })
  .map((drawn) =>
    drawn.flatMap(({ rows, control }, at) => {
      const twin = control !== undefined && control !== at && control < drawn.length ? control : undefined;
      const ids = rows === 0 ? [`c${at}`] : Array.from({ length: rows }, (_, row) => `c${at}[${row}]`);
      return ids.map((id) => ({ id, ...(twin === undefined ? {} : { control: `c${twin}` }) }));
    }),
  );

describe('the shards of a run', () => {
  it('are disjoint, together the whole in its order, balanced, and keep twins together', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 7 }), (all, of) => {
        const shards = Array.from({ length: of }, (_, at) => casesOfShard(all, { index: at + 1, of }));
        const place = new Map(all.map((one, at) => [one, at]));
        const held = shards.flat();
        expect(new Set(held).size).toBe(held.length);
        expect(held.length).toBe(all.length);
        for (const shard of shards) {
          const places = shard.map((one) => place.get(one) as number);
          expect(places).toEqual([...places].sort((a, b) => a - b));
          for (const one of shard) {
            const twins = all.filter((other) => one.control !== undefined && isRowOf(other, one.control));
            for (const twin of twins) expect(shard).toContain(twin);
          }
        }
      }),
    );
  });

  it('differ by one case at the most where nothing hangs together', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.integer({ min: 1, max: 9 }), (count, of) => {
        const all = Array.from({ length: count }, (_, at) => ({ id: `c${at}` }));
        const sizes = Array.from({ length: of }, (_, at) => casesOfShard(all, { index: at + 1, of }).length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

it.each([
  ['1/1', { index: 1, of: 1 }],
  ['2/3', { index: 2, of: 3 }],
  ['3/2', undefined],
  ['0/2', undefined],
  ['1/0', undefined],
  ['1', undefined],
  ['-1/2', undefined],
  ['1/2/3', undefined],
])('%s is read as %j', (text, shard) => {
  expect(shardOf(text)).toEqual(shard);
});
