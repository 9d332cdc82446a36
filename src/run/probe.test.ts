import { expect, it } from 'vitest';
import { protocolFolder, readSuite } from '../cli/folders.ts';
import { LeapingClock } from '../session/leaping-clock.testing.ts';
import { scripted } from '../session/scripted-server.testing.ts';
import { findCarrier, type ProbeWorld } from './probe.ts';

/** The world of questions to a CPT server in memory that says nothing. */
async function mute(): Promise<ProbeWorld> {
  const folder = await protocolFolder('cpt');
  const connect = scripted(() => undefined);
  return {
    clock: new LeapingClock(),
    facts: {},
    deadline: 1000,
    load: (dialects) => readSuite(folder, dialects),
    target: () => ({
      kind: 'address',
      label: 'memory',
      deaths: 0,
      open: async (_peer, _options, sink) => connect(sink),
      revive: async () => false,
    }),
  };
}

it('asks a server that says nothing in all dialects at once', async () => {
  const world = await mute();
  // What is read from the disk while the clock leaps would take time by its measure.
  const { dialects } = (await world.load({})).protocol;
  const options = dialects.flatMap(({ name, options }) => options.map((option) => ({ [name]: option })));
  await Promise.all(options.map((one) => world.load(one)));
  const began = world.clock.now();
  expect(await findCarrier(world, {})).toBeUndefined();
  // Framings, then all the rest; a question that waits twice takes two deadlines.
  expect(world.clock.now() - began).toBeLessThan(6 * world.deadline);
});
