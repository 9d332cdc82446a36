import { expect, test } from 'vitest';
import { protocolFolder, readSuite } from '../cli/folders.ts';
import { systemClock } from '../net/system-clock.ts';
import { asProtocolSpeaks, bundledNames, referenceOf, startReference } from '../reference/bundled.ts';
import type { Reference } from '../reference/reference.ts';
import { addressTarget } from '../run/live-target.ts';
import { usualLimits } from '../run/plan.ts';
import { randomFrom } from '../session/random.ts';
import type { World } from '../session/world.ts';
import { execute } from './execute.ts';
import { plansFrom } from './generate.ts';
import { type Model, modelOf } from './model.ts';
import type { Plan } from './plan.ts';

/** What a target says only to those whose tokens, names or passwords it believes. */
const confidential: Readonly<Record<string, readonly string[]>> = {
  cpt: ['ACK', 'MSG'],
  ws_2017: ['relay', 'change'],
  'chat-network': ['subscribed', 'invite-event', 'accept-event', 'message-event'],
  gurgle: ['login', 'flush_roaster', 'roaster-updated', 'sent', 'delivery', 'presence-shown'],
};

test.each(bundledNames)('plans reach deep states: %s', { timeout: 120_000 }, async (name) => {
  const suite = await readSuite(await protocolFolder(name));
  const reference = (await referenceOf(name)) as Reference;
  const running = await startReference(reference, { port: 0 });
  const target = addressTarget(asProtocolSpeaks(suite.protocol, running.listener.address), {
    segment: 'as-is',
    random: Math.random,
    tls: { insecure: true },
  });
  const world: World = {
    protocol: suite.protocol,
    preambles: suite.preambles.server,
    role: 'server',
    clock: systemClock,
    facts: reference.facts,
    seed: 1,
    limits: usualLimits,
    quiet: 50,
    open: (peer, wishes, sink) => target.open(peer, wishes, sink),
    random: (salt) => randomFrom(salt),
    deadline: () => 10_000,
    answered: () => undefined,
  };
  const model = modelOf(suite, [], { facts: reference.facts });
  try {
    const [states, shapes, heard] = [new Set<string>(), new Set<string>(), new Set<string>()];
    const hold = async (plan: Plan, salt: string): Promise<void> => {
      const held = await execute(world, { hang: 10_000, warnings: new Set() }, plan, salt);
      expect(held.symptoms, JSON.stringify(plan)).toEqual([]);
      for (const state of held.states) states.add(state);
      for (const shape of held.shapes) shapes.add(shape);
      for (const entry of held.transcript())
        if (entry.what === 'receive' && entry.message !== undefined) heard.add(entry.message);
    };
    const plans = plansFrom(model, model.plans, 3, 60).map(plainly);
    for (let from = 0; from < plans.length; from += 20)
      await Promise.all(plans.slice(from, from + 20).map((plan, index) => hold(plan, `${from + index}`)));
    const cells = transitionsOf(model);
    const missing = cells.filter(({ request, answers, states: from }) =>
      answers.every((answer) => from.every((state) => !shapes.has(`${state} ${request}  → ${answer}`))),
    );
    expect([...suite.protocol.states.keys()].filter((one) => one !== 'any' && !states.has(one))).toEqual([]);
    expect(missing.length, missing.map(({ request }) => request).join()).toBeLessThan(0.2 * cells.length);
    expect(confidential[name]?.filter((message) => !heard.has(message))).toEqual([]);
  } finally {
    await running.stop();
  }
});

/** A plan without its mutations. */
function plainly({ moves }: Plan): Plan {
  return { plan: 1, moves: moves.map((move) => (move.do === 'send' ? { ...move, mutations: [] } : move)) };
}

interface Transition {
  readonly request: string;
  /** States in which the cell of the table holds. */
  readonly states: readonly string[];
  readonly answers: readonly string[];
}

/** The cells of the state table that something visible comes of. */
function transitionsOf({ protocol, requests }: Model): Transition[] {
  return [...protocol.states]
    .flatMap(([state, row]) =>
      [...row].map(([request, ways]) => ({
        request,
        states: state === 'any' ? [...protocol.states.keys()] : [state],
        answers: ways.flatMap(({ items, closes }) => [
          ...items.map(({ message }) => message),
          ...(closes ? ['closed'] : []),
        ]),
      })),
    )
    .filter(({ request, answers }) => requests.includes(request) && answers.length > 0);
}
