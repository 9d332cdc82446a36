import { expect, test } from 'vitest';
import { parseAddress } from '../net/address.ts';
import { connect } from '../net/connect.ts';
import { loopback } from '../net/loopback.ts';
import type { EndKind, LinkSink } from '../session/link.ts';
import { Door, Doors } from './door.ts';

const listening = { transport: 'tcp', host: '127.0.0.1' } as const;

/** A sink that keeps what it hears. */
function hearing(): LinkSink & { readonly heard: string[]; readonly ends: EndKind[] } {
  const heard: string[] = [];
  const ends: EndKind[] = [];
  return {
    heard,
    ends,
    data: (chunk) => heard.push(new TextDecoder().decode(chunk)),
    ended: (kind) => ends.push(kind),
  };
}

/** A client comes through a door and says its name; how it is heard, and how it hears its end. */
async function visit(door: Door, name: string) {
  const own = hearing();
  const link = await connect(parseAddress(door.address.url), { timeoutMs: 2000 }, own);
  link.write(new TextEncoder().encode(name));
  const host = hearing();
  await door.next(2000, host, () => undefined);
  await expect.poll(() => host.heard).toEqual([name]);
  return { own, host };
}

test('a door that was left is for the next client, who hears nothing of the one before', async () => {
  const doors = new Doors(listening);
  const door = await doors.take();
  const first = await visit(door, 'first');
  expect(door.connections).toBe(1);
  await doors.leave(door);
  await expect.poll(() => first.own.ends).toEqual(['fin']);
  const again = await doors.take();
  expect(again).toBe(door);
  expect(again.connections).toBe(0);
  const second = await visit(again, 'second');
  expect(first.host.heard).toEqual(['first']);
  await doors.leave(again);
  await expect.poll(() => second.own.ends).toEqual(['fin']);
  await doors.close();
});

test('doors that are closed, or of which none is kept, are not there any more', async () => {
  for (const most of [0, 1]) {
    // At an address of its own, where nobody else takes the port that has become free.
    const doors = new Doors({ ...listening, host: loopback() }, most);
    const door = await doors.take();
    const { url } = door.address;
    await doors.leave(door);
    await doors.close();
    await expect(connect(parseAddress(url), { timeoutMs: 2000 }, hearing())).rejects.toThrow('ECONNREFUSED');
  }
});

test('a door at which a connection failed is not used again', async () => {
  const doors = new Doors({ ...listening, transport: 'ws' });
  const door = await doors.take();
  const { host, port } = door.address;
  const plain = await fetch(`http://${host}:${port}/`);
  expect(plain.status).toBe(426);
  expect(door.isSound).toBe(false);
  await doors.leave(door);
  const next = await doors.take();
  expect(next).not.toBe(door);
  await doors.leave(next);
  await doors.close();
});

test('a door that one client had to find is not for the next', async () => {
  const doors = new Doors(listening);
  const named = await Door.open({ ...listening, host: loopback(), port: 39_168 });
  await doors.leave(named);
  const next = await doors.take();
  expect(next.address.port).not.toBe(39_168);
  await doors.leave(next);
  await doors.close();
});
