import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetch, WebSocket } from 'undici';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EndKind, Link, LinkSink } from '../session/link.ts';
import { type Address, formatAddress } from './address.ts';
import { localCertificate } from './certificate.ts';
import { type ConnectOptions, connect } from './connect.ts';
import type { ConnectError } from './connect-error.ts';
import { inClear } from './in-clear.ts';
import { type Listener, type ListenOptions, listen } from './listen.ts';

const TIMEOUT = { timeoutMs: 10_000 };

/** A sink that keeps what comes and can be waited for. */
class Recorder implements LinkSink {
  chunks: Buffer[] = [];
  ends: { kind: EndKind; detail: string | undefined }[] = [];
  #waiting: (() => void)[] = [];

  data(chunk: Uint8Array): void {
    this.chunks.push(Buffer.from(chunk));
    this.#wake();
  }

  ended(kind: EndKind, detail?: string): void {
    this.ends.push({ kind, detail });
    this.#wake();
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async end(): Promise<EndKind | undefined> {
    await this.until(() => this.ends.length > 0);
    return this.ends[0]?.kind;
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

/** Waits until what was written has left for the kernel. */
async function written(link: Link): Promise<void> {
  while (link.queued > 0) await new Promise((resolve) => setImmediate(resolve));
}

interface Pair {
  near: Link;
  nearSink: Recorder;
  far: Link;
  farSink: Recorder;
}

const listeners: Listener[] = [];
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spar-net-'));
});
afterEach(async () => {
  await Promise.all(listeners.splice(0).map((listener) => listener.close()));
});
afterAll(() => rm(folder, { recursive: true }));

async function pair(transport: Address['kind'], options: Partial<ConnectOptions> = {}): Promise<Pair> {
  const certificate = await localCertificate();
  const farSink = new Recorder();
  const nearSink = new Recorder();
  let far: Link | undefined;
  const listening: ListenOptions = { transport, tls: certificate, path: join(folder, 'socket') };
  const listener = await listen(listening, (link) => {
    far = link;
    return farSink;
  });
  listeners.push(listener);
  const near = await connect(
    listener.address,
    { ...TIMEOUT, tls: { ca: certificate.ca }, ...options },
    nearSink,
  );
  near.write(Buffer.from('hello'));
  await farSink.until(() => farSink.text === 'hello');
  if (!far) throw new Error('nothing was accepted');
  return { near, nearSink, far, farSink };
}

describe.each(['tcp', 'tls', 'unix'] as const)('a stream over %s', (transport) => {
  it('carries octets both ways and tells an end as fin, the other half still open', async () => {
    const { near, nearSink, far, farSink } = await pair(transport);
    near.end();
    expect(await farSink.end()).toBe('fin');
    far.write(Buffer.from('still '));
    far.write(Buffer.from('here'));
    far.end();
    expect(await nearSink.end()).toBe('fin');
    expect(nearSink.text).toBe('still here');
    expect(farSink.ends).toHaveLength(1);
  });

  it('lets everything out before it closes', async () => {
    const { far, nearSink } = await pair(transport);
    const big = Buffer.alloc(3_000_000, 'x');
    far.write(big);
    far.close();
    expect(await nearSink.end()).toBe('fin');
    expect(nearSink.text).toHaveLength(big.length);
  });

  it('stops reading while paused', async () => {
    const { near, far, farSink } = await pair(transport);
    far.pause();
    const big = Buffer.alloc(16_000_000, 'x');
    near.write(big);
    near.end();
    const other = await pair(transport === 'unix' ? 'tcp' : transport);
    other.near.end();
    await other.farSink.end();
    expect(near.queued).toBeGreaterThan(0);
    far.resume();
    await farSink.end();
    expect(farSink.text).toHaveLength('hello'.length + big.length);
    expect(near.queued).toBe(0);
  });

  it('takes every call after its end', async () => {
    const { near, far, nearSink } = await pair(transport);
    near.reset();
    far.close();
    for (const link of [near, far]) {
      link.write(Buffer.from('late'));
      link.end();
      link.pause();
      link.resume();
      link.close();
      link.reset();
      expect(link.queued).toBe(0);
    }
    expect(nearSink.ends).toEqual([]);
  });
});

describe.each(['tcp', 'tls', 'ws', 'wss'] as const)('a reset over %s', (transport) => {
  it('is told as such when it comes together with octets', async () => {
    const { near, far, nearSink } = await pair(transport);
    near.pause();
    far.write(Buffer.from('last words'));
    await written(far);
    far.reset();
    near.resume();
    expect(await nearSink.end()).toBe('reset');
    expect(nearSink.text).toBe('last words');
  });

  it('is told from an end, on either side', async () => {
    const first = await pair(transport);
    first.near.reset();
    expect(await first.farSink.end()).toBe('reset');
    const second = await pair(transport);
    second.far.reset();
    expect(await second.nearSink.end()).toBe('reset');
    expect(second.nearSink.ends).toHaveLength(1);
  });

  it('is sent even when an end waits behind octets that nobody reads', async () => {
    const { near, far, farSink } = await pair(transport);
    far.pause();
    near.write(Buffer.alloc(16_000_000));
    near.end();
    near.reset();
    far.resume();
    expect(await farSink.end()).toBe('reset');
  });
});

it('sends a reset over tls behind an end that is on its way out', async () => {
  const { near, farSink } = await pair('tls');
  await written(near);
  near.end();
  near.reset();
  expect(await farSink.end()).toBe('reset');
});

describe.each(['ws', 'wss'] as const)('messages over %s', (transport) => {
  it('stay whole, one by one, also when they are no UTF-8', async () => {
    const { near, far, nearSink, farSink } = await pair(transport);
    near.write(Buffer.from('one'));
    near.write(Buffer.from([0xff, 0xfe]));
    far.write(Buffer.alloc(200_000, 'y'));
    near.end();
    expect(await farSink.end()).toBe('fin');
    await nearSink.end();
    expect(farSink.chunks.slice(1)).toEqual([Buffer.from('one'), Buffer.from([0xff, 0xfe])]);
    expect(nearSink.chunks.map((chunk) => chunk.length)).toEqual([200_000]);
    expect(farSink.ends).toEqual([{ kind: 'fin', detail: 'close code 1000' }]);
  });

  it('tells an end without a close frame by its code', async () => {
    const { far, farSink } = await pair(transport);
    await listeners.pop()?.close();
    expect(await farSink.end()).toBe('fin');
    expect(farSink.ends[0]?.detail).toContain('1006');
    far.write(Buffer.from('late'));
  });
});

describe('the WebSocket listener', () => {
  it('is heard also in what it sends together with the handshake', async () => {
    const listener = await listen({ transport: 'ws' }, (link) => {
      link.write(Buffer.from('first'));
      return new Recorder();
    });
    listeners.push(listener);
    const sink = new Recorder();
    await connect(listener.address, TIMEOUT, sink);
    await sink.until(() => sink.text === 'first');
  });

  it('understands a client that we did not write', async () => {
    const sink = new Recorder();
    let far: Link | undefined;
    const listener = await listen({ transport: 'ws' }, (link) => {
      far = link;
      return sink;
    });
    listeners.push(listener);
    const client = new WebSocket(formatAddress(listener.address));
    await new Promise((resolve) => client.addEventListener('open', resolve));
    const answer = new Promise<unknown>((resolve) => {
      client.addEventListener('message', (event) => resolve(event.data));
    });
    client.send('grüße');
    await sink.until(() => sink.text === 'grüße');
    far?.write(Buffer.from('zurück'));
    expect(await answer).toBe('zurück');
    client.close(4000, 'enough');
    expect(await sink.end()).toBe('fin');
    expect(sink.ends[0]?.detail).toBe('close code 4000, enough');
  });

  it('refuses plain HTTP', async () => {
    const reasons: string[] = [];
    const refused = (reason: string): void => {
      reasons.push(reason);
    };
    const listener = await listen({ transport: 'ws', refused }, () => new Recorder());
    listeners.push(listener);
    const response = await fetch(`http://127.0.0.1:${listener.port}/`);
    expect(response.status).toBe(426);
    expect(reasons).toHaveLength(1);
  });
});

describe('a TLS listener', () => {
  const octets = (sink: Recorder) => [...Buffer.concat(sink.chunks)];

  it('serves who does not begin a handshake in clear, if it is told to', async () => {
    const certificate = await localCertificate();
    const accept = (link: Link) => ({ data: (chunk: Uint8Array) => link.write(chunk), ended: () => {} });
    const listener = await listen({ transport: 'tls', tls: certificate, alsoPlain: true }, accept);
    listeners.push(listener);
    for (const kind of ['tls', 'tcp'] as const) {
      const sink = new Recorder();
      const address = { kind, host: '127.0.0.1', port: listener.port };
      const link = await connect(address, { ...TIMEOUT, tls: { ca: certificate.ca } }, sink);
      link.write(Buffer.from('hello'));
      await sink.until(() => sink.text === 'hello');
      link.close();
    }
  });

  it('says in TLS only that TLS is wanted, which is not heard in clear', async () => {
    const alert = [0x15, 3, 1, 0, 2, 2, 70];
    const server = createServer((socket) => {
      socket.write(Uint8Array.from(alert));
      setImmediate(() => socket.end('{}'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const address = { kind: 'tcp' as const, host: '127.0.0.1', port };
    const [raw, clear] = [new Recorder(), new Recorder()];
    const links = [await connect(address, TIMEOUT, raw), await connect(address, TIMEOUT, inClear(clear))];
    expect([await raw.end(), await clear.end()]).toEqual(['fin', 'fin']);
    expect(octets(raw)).toEqual([...alert, 123, 125]);
    expect(octets(clear)).toEqual([]);
    for (const link of links) link.close();
    server.close();
  });
});

describe('a connection that fails', () => {
  async function failure(address: Address, options: Partial<ConnectOptions> = {}): Promise<ConnectError> {
    const attempt = connect(address, { ...TIMEOUT, ...options }, new Recorder());
    return attempt.then(
      (link) => {
        link.reset();
        throw new Error('connected');
      },
      (error: ConnectError) => error,
    );
  }

  async function unused(): Promise<number> {
    const listener = await listen({ transport: 'tcp' }, () => new Recorder());
    await listener.close();
    return listener.port;
  }

  it.each(['tcp', 'tls', 'ws'] as const)('because nobody listens (%s)', async (kind) => {
    const port = await unused();
    const error = await failure({ kind, host: 'localhost', port, path: '/' });
    expect(error).toMatchObject({ name: 'ConnectError', stage: 'connect', code: 'ECONNREFUSED' });
    expect(error.message).toContain(`:${port}`);
  });

  it('because there is no such socket', async () => {
    expect(await failure({ kind: 'unix', path: join(folder, 'none') })).toMatchObject({
      stage: 'connect',
      code: 'ENOENT',
    });
  });

  it('because the certificate is not trusted, until it is taken on purpose', async () => {
    const refused: string[] = [];
    const tls = await localCertificate();
    const listener = await listen(
      { transport: 'tls', tls, refused: (reason) => refused.push(reason) },
      () => new Recorder(),
    );
    listeners.push(listener);
    const error = await failure(listener.address);
    expect(error).toMatchObject({ stage: 'tls', code: 'SELF_SIGNED_CERT_IN_CHAIN' });
    const link = await connect(listener.address, { ...TIMEOUT, tls: { insecure: true } }, new Recorder());
    link.reset();
  });

  it('because the TLS versions do not meet', async () => {
    const { key, cert, ca } = await localCertificate();
    let reason = '';
    const listener = await listen(
      {
        transport: 'tls',
        tls: { key, cert, minVersion: 'TLSv1.3' },
        refused(text) {
          reason = text;
        },
      },
      () => new Recorder(),
    );
    listeners.push(listener);
    expect(await failure(listener.address, { tls: { ca, maxVersion: 'TLSv1.2' } })).toMatchObject({
      stage: 'tls',
      code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    });
    expect(reason).not.toBe('');
  });

  it.each(['TLSv1', 'TLSv1.1'] as const)('because %s is refused, which we can speak', async (maxVersion) => {
    const { key, cert, ca } = await localCertificate();
    const sink = () => new Recorder();
    const tls = { key, cert, minVersion: 'TLSv1' as const, ciphers: 'DEFAULT@SECLEVEL=0' };
    const lax = await listen({ transport: 'tls', tls }, sink);
    const strict = await listen({ transport: 'tls', tls: { key, cert } }, sink);
    listeners.push(lax, strict);
    (await connect(lax.address, { ...TIMEOUT, tls: { ca, maxVersion } }, new Recorder())).close();
    expect(await failure(strict.address, { tls: { ca, maxVersion } })).toMatchObject({
      stage: 'tls',
      code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    });
  });

  it('because the other side says nothing in time', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    for (const [kind, stage] of [
      ['tls', 'tls'],
      ['ws', 'handshake'],
    ] as const) {
      const error = await failure({ kind, host: '127.0.0.1', port, path: '/' }, { timeoutMs: 50 });
      expect(error).toMatchObject({ stage, code: 'ETIMEDOUT' });
    }
    silent.close();
  });

  it('because the other side speaks no WebSocket', async () => {
    const plain = createServer((socket) => socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n'));
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    const { port } = plain.address() as { port: number };
    const error = await failure({ kind: 'ws', host: '127.0.0.1', port, path: '/' });
    expect(error).toMatchObject({ stage: 'handshake' });
    expect(error.message).toContain('404');
    plain.close();
  });
});

describe('listen', () => {
  it('says that a port is taken', async () => {
    const listener = await listen({ transport: 'tcp' }, () => new Recorder());
    listeners.push(listener);
    const again = listen({ transport: 'tcp', port: listener.port }, () => new Recorder());
    await expect(again).rejects.toMatchObject({ problems: [{ fault: 'user', mend: /already/ }] });
  });
});
