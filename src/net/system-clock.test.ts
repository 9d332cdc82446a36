import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from './system-clock.ts';

const server = createServer();
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
});

async function pair(): Promise<[Socket, Socket]> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const near = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [far] = (await once(server, 'connection')) as [Socket];
  sockets.push(near, far);
  return [near, far];
}

function holdUp(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

describe('the clock of the machine', () => {
  it('calls nothing silence that came while this process was held up', async () => {
    const [near, far] = await pair();
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      const cancel = systemClock.after(100, () => {
        seen.push('silence');
        resolve();
      });
      near.on('data', () => {
        seen.push('heard');
        cancel();
        resolve();
      });
      far.write('x', () => holdUp(300));
    });
    expect(seen).toEqual(['heard']);
  });

  it('still ends a wait in which nothing comes', async () => {
    const ended = new Promise((resolve) => systemClock.after(20, () => resolve('ended')));
    holdUp(100);
    await expect(ended).resolves.toBe('ended');
  });

  it('lets a wait be cancelled, also one that goes on', async () => {
    let over = false;
    const cancel = systemClock.after(20, () => {
      over = true;
    });
    holdUp(100);
    await new Promise((resolve) => setImmediate(resolve));
    cancel();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(over).toBe(false);
  });
});
