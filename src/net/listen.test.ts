import { expect, test } from 'vitest';
import { localCertificate } from './certificate.ts';
import { connect } from './connect.ts';
import { listen } from './listen.ts';

const deaf = { data: () => undefined, ended: () => undefined };

test('a listener that is closed twice does not close the next one', async () => {
  const tls = await localCertificate();
  const first = await listen({ transport: 'tls', tls }, () => deaf);
  await first.close();
  const accepted: string[] = [];
  const second = await listen({ transport: 'tls', tls, port: first.port }, () => {
    accepted.push('second');
    return deaf;
  });
  await first.close();
  const link = await connect(second.address, { timeoutMs: 2000, tls: { insecure: true } }, deaf);
  await expect.poll(() => accepted).toEqual(['second']);
  link.reset();
  await second.close();
});

test('a listener that rests has ended its connections, and still hears new ones', async () => {
  const ends: string[] = [];
  let accepted = 0;
  const listener = await listen({ transport: 'tcp' }, () => {
    accepted += 1;
    return deaf;
  });
  const open = (name: string) =>
    connect(
      listener.address,
      { timeoutMs: 2000 },
      { data: () => undefined, ended: (kind) => ends.push(`${name} ${kind}`) },
    );
  await open('first');
  await expect.poll(() => accepted).toBe(1);
  listener.rest();
  await expect.poll(() => ends).toEqual(['first fin']);
  listener.wake();
  const link = await open('second');
  await expect.poll(() => accepted).toBe(2);
  expect(ends).toHaveLength(1);
  link.reset();
  await listener.close();
});
