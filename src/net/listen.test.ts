import { expect, test } from 'vitest';
import { localCertificate } from './certificate.ts';
import { connect } from './connect.ts';
import { listen } from './listen.ts';

const deaf = { data: () => undefined, ended: () => undefined };

/** Accepts one connection, and closes. What each of the listeners heard. */
async function served(names: readonly string[]): Promise<string[]> {
  const tls = await localCertificate();
  const heard: string[] = [];
  for (const name of names) {
    const listener = await listen({ transport: 'tls', tls }, (link) => {
      heard.push(name);
      link.close();
      return deaf;
    });
    await new Promise<void>((ended) => {
      const sink = { data: () => undefined, ended: () => ended() };
      void connect(listener.address, { timeoutMs: 2000, tls: { insecure: true } }, sink);
    });
    await listener.close();
    await listener.close();
  }
  return heard;
}

test('TLS servers that listen one after the other hear their own connections only', async () => {
  const names = Array.from({ length: 15 }, (_, index) => `${index}`);
  expect(await served(names)).toEqual(names);
});

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
