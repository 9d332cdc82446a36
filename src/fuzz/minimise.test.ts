import { expect, test } from 'vitest';
import { randomFrom } from '../session/random.ts';
import { minimise } from './minimise.ts';
import type { Move, Mutation, Plan, SendMove } from './plan.ts';

test('finds three steps among a hundred in at most sixty questions', async () => {
  const trigger = [17, 58, 93];
  const found = await asked([plan(...numbered(100))], (plans) => {
    const left = names(plans);
    return trigger.every((step) => left.includes(`m${step}`));
  });
  expect(names(found.plans)).toEqual(trigger.map((step) => `m${step}`));
  expect(found.spent).toBeLessThanOrEqual(60);
  expect(found.questions).toBe(found.spent);
});

test('takes away whole conversations', async () => {
  const plans = numbered(20).map((move) => plan(move));
  const found = await asked(plans, (left) => names(left).includes('m11'));
  expect(found.plans).toEqual([plan(numbered(20)[11] as Move)]);
});

test('keeps what it was given where nothing can be taken away', async () => {
  const plans = [plan(...numbered(3))];
  const found = await asked(plans, (left) => names(left).length === 3);
  expect(found.plans).toEqual(plans);
});

test('asks no more than it may, and leaves what still shows it', async () => {
  const shows = (plans: readonly Plan[]): boolean =>
    names(plans).includes('m3') && names(plans).includes('m77');
  const found = await asked([plan(...numbered(100))], shows, 5);
  expect(found.spent).toBeLessThanOrEqual(5);
  expect(found.questions).toBeLessThanOrEqual(5);
  expect(shows(found.plans)).toBe(true);
});

test('takes away the mutations that do not matter', async () => {
  const found = await asked(
    [plan(send({ kind: 'drip' }, { kind: 'drop', at: '/to' }, { kind: 'no-end' }))],
    (plans) => mutations(plans).some(({ kind }) => kind === 'drop'),
  );
  expect(mutations(found.plans)).toEqual([{ kind: 'drop', at: '/to' }]);
});

test('finds the least number by bisection', async () => {
  const found = await asked([plan(send({ kind: 'fill', at: '/to', text: 'x', times: 65_536 }))], (plans) =>
    mutations(plans).some((one) => one.kind === 'fill' && one.times >= 300),
  );
  expect(mutations(found.plans)).toEqual([{ kind: 'fill', at: '/to', text: 'x', times: 300 }]);
  expect(found.spent).toBeLessThan(30);
});

test('takes away a move that another one needed only for its mutation', async () => {
  const shows = (plans: readonly Plan[]): boolean =>
    mutations(plans).length === 0 || names(plans).includes('m0');
  const found = await asked([plan(...numbered(1), send({ kind: 'no-end' }))], (plans) => {
    return names(plans).includes('SAY') && shows(plans);
  });
  expect(found.plans).toEqual([plan(send())]);
});

test('puts what several sessions do into one where that shows it, too', async () => {
  const session = (peer: string): Move[] => [
    { do: 'open', peer },
    { ...(send() as SendMove), peer, fields: { to: `\${${peer}.name} \${p9.name}` } },
  ];
  const three = [
    plan(...session('p1'), ...session('p2')),
    plan(...session('p3'), { do: 'reset', peer: 'p3' }),
  ];
  const found = await asked(three, (plans) => said(plans) === 3);
  const one = { ...send(), fields: { to: '${p1.name} ${p2.name}' } };
  expect(found.plans).toEqual([plan({ do: 'open', peer: 'p1' }, one, one, one)]);
  const apart = await asked(three, (plans) => plans.length === 2 && said(plans) === 3);
  expect(apart.plans).toHaveLength(2);
});

test('waits for all answers at once where one that is not waited for spoils it', async () => {
  const hurried = { ...(send() as SendMove), pipelined: true };
  const found = await asked([plan(hurried, hurried)], (plans) => {
    const hurries = plans.flatMap(({ moves }) => moves).filter((move) => 'pipelined' in move);
    return names(plans).length === 2 && hurries.length !== 1;
  });
  expect(found.plans).toEqual([plan(send(), send())]);
});

test('takes away a peer whose moves only go together', async () => {
  const session = (peer: string): Move[] => [
    { do: 'open', peer },
    { ...(send() as SendMove), peer },
  ];
  const before = plan({ do: 'open', peer: 'p3' }, ...session('p1'), ...session('p2'));
  const found = await asked([before], (plans) => {
    const of = (name: string): number =>
      plans.flatMap(({ moves }) => moves).filter(({ peer }) => peer === name).length;
    return of('p1') !== 1 && of('p2') === 2;
  });
  expect(found.plans).toEqual([plan(...session('p2'))]);
});

test('keeps away from a number that shows it only at times', async () => {
  let count = 0;
  const found = await asked([plan(send({ kind: 'fill', at: '/to', text: 'x', times: 4096 }))], (plans) =>
    mutations(plans).some((one) => {
      count += 1;
      return one.kind === 'fill' && one.times >= (count % 2 === 0 ? 300 : 302);
    }),
  );
  expect(mutations(found.plans)).toEqual([
    { kind: 'fill', at: '/to', text: 'x', times: expect.toSatisfy((times: number) => times >= 302) },
  ]);
  expect(found.spent).toBeLessThan(40);
});

test('keeps well away from where a stack ends at other depths in other processes', async () => {
  const depth = randomFrom(1);
  const found = await asked([plan(send({ kind: 'fill', at: '/to', text: 'x', times: 65_536 }))], (plans) => {
    const end = 10_000 + 40 * depth();
    return mutations(plans).some((one) => one.kind === 'fill' && one.times >= end);
  });
  expect(mutations(found.plans)).toEqual([
    {
      kind: 'fill',
      at: '/to',
      text: 'x',
      times: expect.toSatisfy((times: number) => times > 11_000 && times < 12_000),
    },
  ]);
});

test('leaves a number that only shows it as it is', async () => {
  const found = await asked([plan(send({ kind: 'fill', at: '/to', text: 'x', times: 64 }))], (plans) =>
    mutations(plans).some((one) => one.kind === 'fill' && one.times === 64),
  );
  expect(mutations(found.plans)).toEqual([{ kind: 'fill', at: '/to', text: 'x', times: 64 }]);
});

test('shortens a text to what matters', async () => {
  const found = await asked([plan(send({ kind: 'replace', at: '/to', value: 'abc%ndef%x' }))], (plans) =>
    mutations(plans).some((one) => one.kind === 'replace' && String(one.value).includes('%n')),
  );
  expect(mutations(found.plans)).toEqual([{ kind: 'replace', at: '/to', value: '%n' }]);
});

test('shortens octets to those that matter', async () => {
  const hex = '00112233445566778899';
  const found = await asked([plan({ do: 'octets', peer: 'p1', hex })], ([left]) =>
    (left?.moves ?? []).some(
      (move) => move.do === 'octets' && move.hex.includes('44') && move.hex.includes('88'),
    ),
  );
  expect(found.plans).toEqual([plan({ do: 'octets', peer: 'p1', hex: '4488' })]);
  const inserted = await asked(
    [plan(send({ kind: 'insert-octets', at: '/to', offset: 9, hex: 'efbbbfff' }))],
    (plans) => mutations(plans).some((one) => one.kind === 'insert-octets' && one.hex.includes('ff')),
  );
  expect(mutations(inserted.plans)).toEqual([{ kind: 'insert-octets', at: '/to', offset: 1, hex: 'ff' }]);
});

async function asked(
  plans: readonly Plan[],
  shows: (plans: readonly Plan[]) => boolean,
  budget = 1000,
): Promise<{ plans: readonly Plan[]; spent: number; questions: number }> {
  let questions = 0;
  const found = await minimise(
    plans,
    async (tried) => {
      questions += 1;
      return shows(tried);
    },
    budget,
  );
  return { ...found, questions };
}

function plan(...moves: readonly Move[]): Plan {
  return { plan: 1, moves };
}

function numbered(count: number): Move[] {
  return Array.from({ length: count }, (_, index) => ({
    do: 'send',
    peer: 'p1',
    message: `m${index}`,
    fields: {},
    mutations: [],
  }));
}

function send(...list: readonly Mutation[]): Move {
  return { do: 'send', peer: 'p1', message: 'SAY', fields: { to: 'bob' }, mutations: list };
}

/** Packets of peers that are open. */
function said(plans: readonly Plan[]): number {
  return names(
    plans.map(({ moves }) =>
      plan(
        ...moves.filter(({ peer }, at) =>
          moves.slice(0, at).some((move) => move.do === 'open' && move.peer === peer),
        ),
      ),
    ),
  ).length;
}

function names(plans: readonly Plan[]): string[] {
  return plans.flatMap(({ moves }) => moves.flatMap((move) => (move.do === 'send' ? [move.message] : [])));
}

function mutations(plans: readonly Plan[]): Mutation[] {
  return plans.flatMap(({ moves }) =>
    moves.flatMap((move) => (move.do === 'send' ? [...move.mutations] : [])),
  );
}
