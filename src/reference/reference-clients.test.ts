import { expect, test } from 'vitest';
import { Meter } from '../net/meter.ts';
import { clientTargetOf } from '../run/client-target.ts';
import type { Stage } from '../run/target.ts';
import type { EndKind } from '../session/link.ts';
import { clientReferenceOf } from './bundled.ts';
import type { ClientReference } from './reference.ts';
import { referenceClients } from './reference-clients.ts';

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A client that has connected and said its first words, and this end of its connection. */
async function connected(defects: readonly string[] = [], one?: ClientReference) {
  const reference = one ?? ((await clientReferenceOf('cpt')) as ClientReference);
  const maker = referenceClients(reference, new Set(defects), {}, undefined, 'cpt');
  const listening = { transport: 'tcp', host: '127.0.0.1' } as const;
  const target = clientTargetOf(maker, listening, { segment: 'as-is', random: Math.random });
  const stage = target.stage?.('it', 1) as Required<Stage>;
  const meter = new Meter();
  const ends: EndKind[] = [];
  const sink = meter.sink({ data: () => undefined, ended: (kind) => ends.push(kind) });
  const link = meter.link(await stage.open('p1', { name: 'ada', timeout: 2000 }, sink));
  const rests = (crossed = meter, over = false) => stage.isAtRest('p1', crossed.crossed(over));
  await expect.poll(() => meter.read).toBe('CONNECT ada\n'.length);
  return { stage, meter, link, ends, rests };
}

test('a client rests once it waits for the server, and again once it has read what that said', async () => {
  const { stage, link, rests } = await connected();
  expect(rests()).toBe(true);
  link.write(octets('ACCEPT\n'));
  expect(rests()).toBe(false);
  await expect.poll(() => rests()).toBe(true);
  await stage.end(0);
});

test('a client does not rest while what it said is on its way', async () => {
  const { stage, meter, rests } = await connected();
  const before = Object.assign(new Meter(), { ...meter, read: meter.read - 1 });
  expect(rests(before)).toBe(false);
  await stage.end(0);
});

test('a client that will say something by itself soon does not rest', async () => {
  const { stage, meter, link, rests } = await connected(['cli-resend-altered']);
  link.write(octets('ACCEPT\n'));
  await expect.poll(() => rests()).toBe(true);
  await stage.stimuli.run('p1', 'send', { target: 'room', text: 'hello' });
  await expect.poll(() => meter.read).toBe('CONNECT ada\nSEND room hello\n'.length);
  expect(rests()).toBe(false);
  await stage.end(0);
});

test('a client whose connection is gone rests once it has ended, whatever was lost', async () => {
  const { stage, link, rests } = await connected();
  link.write(octets('ACC'));
  link.reset();
  expect(rests(new Meter(), true)).toBe(false);
  await expect.poll(() => rests(new Meter(), true)).toBe(true);
  expect(rests(new Meter(), false)).toBe(false);
  await stage.end(0);
});

/** Says its name, and stays where it is when its connection ends. */
const patient: ClientReference = {
  clientDefects: [],
  connecting: () => ({ transport: 'tcp', port: 0 }),
  createClient: ({ connect }) => ({
    start: async () => {
      const link = await connect({ data: () => undefined, ended: () => link.close() });
      link.write(octets('CONNECT ada\n'));
    },
    typed: () => undefined,
    close: () => undefined,
  }),
  stimuli: {},
  shows: {},
  help: [],
  facts: {},
};

test('a client that lives on without its connection rests once it has noticed, whatever was lost', async () => {
  const { stage, meter, link, rests } = await connected([], patient);
  link.reset();
  meter.written += 1;
  expect(rests(meter, true)).toBe(false);
  await expect.poll(() => rests(meter, true)).toBe(true);
  expect(rests(meter, false)).toBe(false);
  expect(await stage.end(0)).toBeUndefined();
});
