import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { CaseFinished } from '../events/event.ts';
import { systemClock } from '../net/system-clock.ts';
import { chat, requirementsOfChat } from '../session/chat.testing.ts';
import { suiteOf } from '../suite/suite.testing.ts';
import { holdOne } from './hold-one.ts';
import { addressTarget } from './live-target.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Holds one case with a server on a port of its own, that treats each connection so. */
async function held(treat: (socket: Socket) => void, steps: readonly unknown[]): Promise<CaseFinished> {
  const server = createServer(treat);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const suite = suiteOf(chat(), [{ id: 'one', proves: 'R1', steps }], { requirements: requirementsOfChat });
  const [one] = suite.cases;
  if (!one) throw new Error('no case was read');
  const target = addressTarget(
    { kind: 'tcp', host: '127.0.0.1', port: address.port },
    { segment: 'as-is', random: () => 0.5 },
  );
  return holdOne(suite, one, target, { clock: systemClock, facts: {}, deadline: 10_000 });
}

const ping = ['alice connects', { 'alice >': 'PING 1' }, { 'alice <': 'PONG 1' }];

/** Answers pings, after `before`. */
function pong(before: (socket: Socket) => void = () => undefined): (socket: Socket) => void {
  return (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      before(socket);
      for (const [, nonce] of String(chunk).matchAll(/PING (\d+)/g)) socket.write(`PONG ${nonce}\n`);
    });
  };
}

describe('a server over real sockets', () => {
  it('that does right passes', async () => {
    expect(await held(pong(), ping)).toMatchObject({ verdict: 'pass', failures: [] });
  });

  it('without TLS is not asked for a version of it: the case is at fault', async () => {
    const { verdict, failures } = await held(pong(), [
      { 'alice connects': { 'max-tls': '1.1', fails: true } },
    ]);
    expect(verdict).toBe('error');
    expect(failures[0]).toMatchObject({
      cause: 'harness',
      message: expect.stringMatching(/^"max-tls" has no meaning at tcp:.*not reached over TLS/),
    });
  });

  it('that says nothing fails, being silent', async () => {
    const result = await held(
      (socket) => socket.on('error', () => undefined).resume(),
      ['alice connects', { 'alice <': 'END', within: 50 }],
    );
    expect(result.failures.map((one) => one.cause)).toEqual(['silent']);
  });

  it.each<[what: string, cause: string, treat: (socket: Socket) => void]>([
    ['closes at accept', 'closed', (socket) => socket.on('error', () => undefined).end()],
    ['resets in the middle', 'reset', pong((socket) => socket.resetAndDestroy())],
    ['sends NUL octets', 'mismatch', pong((socket) => socket.write('\0\0\0\n'))],
    ['sends no UTF-8', 'mismatch', pong((socket) => socket.write(Buffer.of(0xff, 0xfe, 0x0a)))],
    ['sends a line without end', 'garbage', pong((socket) => socket.write('x'.repeat(3 << 20)))],
    ['sends ten thousand unasked messages', 'rule', pong((socket) => socket.write('END\n'.repeat(10_000)))],
    [
      'sends ten thousand pushes',
      'flood',
      pong((socket) => socket.write('NEWS somebody x\n'.repeat(10_000))),
    ],
  ])('that %s fails, by %s', async (_what, cause, treat) => {
    const result = await held(treat, ping);
    expect(result.verdict).toBe('fail');
    expect(result.failures.map((one) => one.cause)).toContain(cause);
    expect(result.failures.length).toBeLessThan(5);
  });
});
