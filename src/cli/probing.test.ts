import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer as createRelay } from 'node:net';
import { join } from 'node:path';
import { pipeline, Transform } from 'node:stream';
import { createServer } from 'node:tls';
import { afterAll, describe, it, vi } from 'vitest';
import { parse } from 'yaml';
import { localCertificate } from '../net/certificate.ts';
import { type RunningReference, startReference } from '../reference/bundled.ts';
import { chatNetwork } from '../reference/chat-network/index.ts';
import { ChatServer } from '../reference/chat-network/server.ts';
import { chatNetworkPlain, chatNetworkSpeakers } from '../reference/chat-network/speakers.testing.ts';
import { cpt } from '../reference/cpt/index.ts';
import { CptServer } from '../reference/cpt/server.ts';
import { cptPlain, cptSpeakers } from '../reference/cpt/speakers.testing.ts';
import { makeReference } from '../reference/defect.ts';
import { gurgle } from '../reference/gurgle/index.ts';
import { GurgleServer } from '../reference/gurgle/server.ts';
import { gurglePlain, gurgleSpeakers } from '../reference/gurgle/speakers.testing.ts';
import type { Reference } from '../reference/reference.ts';
import { ws2017 } from '../reference/ws_2017/index.ts';
import { Ws2017Server } from '../reference/ws_2017/server.ts';
import { ws2017Plain, ws2017Speakers } from '../reference/ws_2017/speakers.testing.ts';
import { addressTarget } from '../run/live-target.ts';
import { firstWords, type ProbeWorld, probeDialect } from '../run/probe.ts';
import type { Target } from '../run/target.ts';
import { randomFrom } from '../session/random.ts';
import { worldOf } from './probing.ts';
import { root } from './program.testing.ts';

vi.setConfig({ testTimeout: 120_000 });

/** Milliseconds: generous, and not too long where it has to be waited for. */
const deadline = 1500;

const idle: Target = {
  kind: 'address',
  label: 'nobody',
  deaths: 0,
  open: () => Promise.reject(new Error('nobody is there')),
  revive: async () => false,
};

const nothing = new Set<string>();
const bare = { listening: cpt.listening(nothing), facts: {} };

const protocols = [
  {
    plain: cpt,
    speaks: cptPlain,
    names: cptSpeakers.map(({ name }) => name),
    speakers: makeReference({ ...bare, protocol: 'cpt', server: CptServer, defects: cptSpeakers }),
    framings: [],
  },
  {
    plain: ws2017,
    speaks: ws2017Plain,
    names: ws2017Speakers.map(({ name }) => name),
    speakers: makeReference({ ...bare, protocol: 'ws_2017', server: Ws2017Server, defects: ws2017Speakers }),
    framings: [],
  },
  {
    plain: chatNetwork,
    speaks: chatNetworkPlain,
    names: chatNetworkSpeakers.map(({ name }) => name),
    speakers: makeReference({
      protocol: 'chat-network',
      listening: chatNetwork.listening(nothing),
      facts: {},
      server: ChatServer,
      defects: chatNetworkSpeakers,
    }),
    framings: ['lf', 'crlf', 'nul', 'len16be', 'len32be', 'len32le'],
  },
  {
    plain: gurgle,
    speaks: gurglePlain,
    names: gurgleSpeakers.map(({ name }) => name),
    speakers: makeReference({
      protocol: 'gurgle',
      listening: gurgle.listening(nothing),
      facts: gurgle.facts,
      server: GurgleServer,
      defects: gurgleSpeakers,
    }),
    framings: ['lf', 'crlf', 'nul', 'len16be', 'len16le', 'len32le'],
  },
] satisfies { plain: Reference; speakers: Reference; [more: string]: unknown }[];

/** What none of the servers speaks: a listener of its own has TLS that old. */
const unspoken: Readonly<Record<string, readonly string[]>> = { gurgle: ['old-tls=accepted'] };

/** A protocol to be asked about, and servers of it, each started where it is asked for. */
class Stage {
  readonly #one: (typeof protocols)[number];
  readonly #folder: string;
  readonly #load: ProbeWorld['load'];
  readonly #running: RunningReference[] = [];
  #plainTarget: Promise<Target> | undefined;

  constructor(one: (typeof protocols)[number]) {
    this.#one = one;
    this.#folder = join(root, 'suites', one.plain.protocol);
    this.#load = worldOf(this.#folder, idle, one.plain.facts).load;
  }

  async start(
    reference: Reference,
    speaker: readonly string[] = [],
    options: Omit<Parameters<typeof startReference>[1], 'port' | 'defects'> = {},
  ): Promise<Target> {
    const one = await startReference(reference, { port: 0, defects: new Set(speaker), ...options });
    this.#running.push(one);
    const tls = one.ca === undefined ? {} : { tls: { ca: one.ca, servername: 'localhost' } };
    return addressTarget(one.listener.address, { ...tls, segment: 'as-is', random: randomFrom('probe') });
  }

  /** The server as it is by itself. */
  plain(): Promise<Target> {
    this.#plainTarget ??= this.start(this.#one.plain);
    return this.#plainTarget;
  }

  world(target: Target): ProbeWorld {
    return { ...worldOf(this.#folder, target, this.#one.plain.facts, deadline), load: this.#load };
  }

  async seen(target: Target, spoken: string): Promise<string> {
    const [name = ''] = spoken.split('=');
    const dialect = (await this.#load({})).protocol.dialects.find((one) => one.name === name);
    if (!dialect) throw new Error(`there is no dialect ${name}`);
    const { option, why } = await probeDialect(this.world(target), {}, dialect);
    return `${name}=${option ?? why}`;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#running.map((one) => one.stop()));
  }
}

const staged = protocols.map((one) => ({ ...one, protocol: one.plain.protocol, stage: new Stage(one) }));

afterAll(async () => {
  await Promise.all(staged.map(({ stage }) => stage.stop()));
});

// What is told by silence takes an answer that comes too late for none: on a busy machine one may.
describe('a protocol', { retry: 2 }, () => {
  it.concurrent.for(staged)(
    '$protocol has for each dialect a question, or the reason why there is none',
    async ({ protocol, speaks, names }, { expect }) => {
      const text = await readFile(join(root, 'suites', protocol, 'protocol.yaml'), 'utf8');
      const file = parse(text, { merge: true });
      const left = Object.entries<Record<string, unknown>>(file.dialects).flatMap(([name, one]) =>
        'probe' in one || 'probe-not' in one || ['framing', 'tls'].includes(name) ? [] : [name],
      );
      expect(left).toEqual([]);
      const asked = Object.entries<Record<string, object>>(file.dialects).flatMap(([name, one]) =>
        Object.keys(one['probe'] ?? {}).map((option) => `${name}=${option}`),
      );
      const spoken = [...names, ...Object.entries(speaks).map(([name, option]) => `${name}=${option}`)];
      expect(asked.filter((one) => !spoken.includes(one))).toEqual(unspoken[protocol] ?? []);
    },
  );

  it.concurrent.for(staged)(
    '$protocol is seen as it is spoken by itself',
    async ({ speaks, stage }, { expect }) => {
      const spoken = Object.entries(speaks).map(([name, option]) => `${name}=${option}`);
      const target = await stage.plain();
      expect(await eachOf(spoken, (one) => stage.seen(target, one))).toEqual(spoken);
    },
  );

  it.concurrent.for(staged)(
    '$protocol is seen in each other dialect',
    async ({ names, speakers, stage }, { expect }) => {
      const told = names.filter((name) => !name.startsWith('framing='));
      const heard = await eachOf(told, async (one) => stage.seen(await stage.start(speakers, [one]), one));
      expect(heard).toEqual(told);
    },
  );

  it.concurrent.for(staged)(
    '$protocol is found to tell its messages apart as it does',
    async ({ protocol, plain, names, speakers, framings, stage }, { expect }) => {
      const own = names.filter((name) => name.startsWith('framing=')).map((name) => name.slice(8));
      const carrier = protocol === 'chat-network' ? { transport: 'tcp' as const } : {};
      const found = await eachOf([...own, ...framings], async (framing) => {
        const target = own.includes(framing)
          ? await stage.start(speakers, [`framing=${framing}`])
          : await stage.start(plain, [], { settings: { framing }, ...carrier });
        const words = await firstWords(stage.world(target), {});
        return typeof words === 'string' ? words : words['framing'];
      });
      expect(found).toEqual([...own, ...framings]);
    },
  );
});

it.concurrent('finds what has to be known before anything can be asked', async ({ expect }) => {
  const speakers = makeReference({
    ...bare,
    protocol: 'ws_2017',
    server: Ws2017Server,
    defects: ws2017Speakers,
  });
  const running = await startReference(speakers, { port: 0, defects: new Set(['greeting=none']) });
  const wiring = { segment: 'as-is', random: randomFrom('probe') } as const;
  const target = addressTarget(running.listener.address, wiring);
  const world = worldOf(join(root, 'suites', 'ws_2017'), target, {}, deadline);
  expect(await firstWords(world, {})).toMatchObject({ greeting: 'none' });
  await running.stop();
});

it.concurrent('sees that a server still takes TLS that is too old', { retry: 2 }, async ({ expect }) => {
  const plain = await startReference(gurgle, { port: 0, transport: 'tcp' });
  const { address } = plain.listener;
  if (address.kind !== 'tcp') throw new Error(`${address.kind} is not plain`);
  const { key, cert, ca } = await localCertificate();
  const old = { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  const relay = createServer({ key, cert, ...old }, (outer) => {
    const inner = connect(address.port, address.host);
    pipeline(outer, inner, outer, () => undefined);
  }).listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const { port } = relay.address() as AddressInfo;
  const target = addressTarget(
    { kind: 'tls', host: '127.0.0.1', port },
    { tls: { ca, servername: 'localhost' }, segment: 'as-is', random: randomFrom('probe') },
  );
  const world = worldOf(join(root, 'suites', 'gurgle'), target, gurgle.facts, deadline);
  const dialect = (await world.load({})).protocol.dialects.find(({ name }) => name === 'old-tls');
  expect(dialect && (await probeDialect(world, {}, dialect))).toMatchObject({ option: 'accepted' });
  relay.close();
  await plain.stop();
});

it.concurrent('sees values that follow each other without line ends', { retry: 2 }, async ({ expect }) => {
  const server = await startReference(chatNetwork, {
    port: 0,
    transport: 'tcp',
    settings: { framing: 'json-stream' },
  });
  const { address } = server.listener;
  if (address.kind !== 'tcp') throw new Error(`${address.kind} is not plain`);
  const relay = createRelay((outer) => {
    const inner = connect(address.port, address.host);
    const joined = new Transform({
      transform: (chunk: Buffer, _encoding, done) =>
        done(
          null,
          chunk.filter((octet) => octet !== 0x0a),
        ),
    });
    pipeline(inner, joined, outer, inner, () => undefined);
  }).listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const { port } = relay.address() as AddressInfo;
  const target = addressTarget(
    { kind: 'tcp', host: '127.0.0.1', port },
    { segment: 'as-is', random: randomFrom('probe') },
  );
  const world = worldOf(join(root, 'suites', 'chat-network'), target, chatNetwork.facts, deadline);
  expect(await firstWords(world, {})).toMatchObject({ framing: 'json-stream' });
  relay.close();
  await server.stop();
});

/** A few at a time. */
async function eachOf<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  const left = [...items.entries()];
  const worker = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) done[next[0]] = await act(next[1]);
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  return done;
}
