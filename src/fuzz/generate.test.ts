import fc from 'fast-check';
import { expect, test } from 'vitest';
import { protocolFolder, readSuite } from '../cli/folders.ts';
import { readMessage } from '../protocol/message.ts';
import { kindsFor } from './choose-mutation.ts';
import { plansFrom } from './generate.ts';
import { modelOf } from './model.ts';
import { makePacket } from './packet.ts';
import type { Plan } from './plan.ts';
import { pointersOf } from './pointers.ts';

const suites = await Promise.all(
  ['cpt', 'ws_2017'].map(async (name) => readSuite(await protocolFolder(name))),
);
const models = suites.map((suite) => modelOf(suite, ['word']));

test('the same seed gives the same plans', () => {
  for (const model of models) {
    expect(plansFrom(model, model.plans, 5, 50)).toEqual(plansFrom(model, model.plans, 5, 50));
    expect(plansFrom(model, model.plans, 5, 50)).not.toEqual(plansFrom(model, model.plans, 6, 50));
  }
});

test('plans that are built upon again and again stay small', () => {
  for (const model of models) {
    let corpus = model.plans;
    for (let round = 0; round < 40; round += 1) {
      corpus = plansFrom(model, corpus, round, 32).sort((a, b) => lengthOf(b) - lengthOf(a));
      expect(Math.max(...corpus.map(({ moves }) => moves.length))).toBeLessThanOrEqual(65);
      corpus = corpus.slice(0, 8);
    }
    const packets = corpus.flatMap(({ moves }) =>
      moves.map((move) => ('mutations' in move ? move.mutations : [])),
    );
    expect(Math.max(...packets.map(({ length }) => length))).toBe(6);
  }
});

function lengthOf(plan: Plan): number {
  return JSON.stringify(plan).length;
}

test('every plan is well-formed', () => {
  fc.assert(
    fc.property(fc.nat(models.length - 1), fc.nat(), (index, seed) => {
      const model = models[index] as (typeof models)[0];
      for (const plan of plansFrom(model, model.plans, seed, 20)) {
        const open = new Set<string>();
        for (const move of plan.moves) {
          if (move.do === 'open') open.add(move.peer);
          expect(open).toContain(move.peer);
          if (move.do === 'send') expect(model.samples.has(move.message)).toBe(true);
        }
        expect(JSON.parse(JSON.stringify(plan))).toMatchObject({ plan: 1 });
      }
    }),
    { numRuns: 50 },
  );
});

test('without its mutations every packet is the message that it says', () => {
  for (const { protocol, ...model } of models) {
    for (const { moves } of plansFrom({ protocol, ...model }, model.plans, 3, 100)) {
      for (const move of moves) {
        if (move.do !== 'send') continue;
        const fields = filled(move.fields);
        const { pieces } = makePacket(protocol, protocol.messages.get(move.message), fields, []);
        const reader = protocol.framing.reader({ frame: 1 << 20 });
        for (const piece of pieces) reader.push(piece);
        const read = reader.next();
        if (read.kind !== 'frame') throw new Error(`${move.message} is no frame`);
        const message = readMessage(protocol, 'client', read.frame, () => true);
        expect(message.definition?.name).toBe(move.message);
      }
    }
  }
});

test('plans have mutations, several peers, and moves out of order', () => {
  const [model] = models as [(typeof models)[0]];
  const plans = plansFrom(model, model.plans, 1, 300);
  const kinds = new Set(
    plans.flatMap(({ moves }) =>
      moves.flatMap((move) => (move.do === 'send' ? move.mutations.map(({ kind }) => kind) : [])),
    ),
  );
  expect([...kindsFor(model)].filter((kind) => !kinds.has(kind))).toEqual([]);
  expect(plans.some(({ moves }) => new Set(moves.map(({ peer }) => peer)).size > 1)).toBe(true);
});

test('pointers lead to all that is inside', () => {
  expect(pointersOf({ a: 1, 'b/c': [{ '~': 2 }] })).toEqual(['/a', '/b~1c', '/b~1c/0', '/b~1c/0/~0']);
});

/** References replaced by a word that fits anywhere. */
function filled(value: unknown): unknown {
  const text = JSON.stringify(value).replace(/\$\{[^}]*\}/g, 'abc');
  return JSON.parse(text);
}
