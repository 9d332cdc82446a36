import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createServer, type TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { formatAddress } from '../net/address.ts';
import { type Certificate, localCertificate } from '../net/certificate.ts';
import { type Listener, type ListenOptions, listen } from '../net/listen.ts';
import { systemClock } from '../net/system-clock.ts';
import { referenceOf } from '../reference/bundled.ts';
import { type Ended, root, spar, workshop } from './program.testing.ts';

vi.setConfig({ testTimeout: 120_000 });

let folder = '';
let clear: () => Promise<void>;
let certificate: Certificate;
let ca = '';

beforeAll(async () => {
  ({ folder, clear } = await workshop());
  certificate = await localCertificate();
  ca = join(folder, 'ca.pem');
  await writeFile(ca, certificate.ca);
});

afterAll(() => clear());

/** Serves the reference server of a protocol over a transport, until `use` is done. */
async function served<T>(
  protocol: string,
  options: ListenOptions,
  use: (address: string) => Promise<T>,
): Promise<T> {
  const server = (await referenceOf(protocol))?.createServer({ clock: systemClock, defects: new Set() });
  if (!server) throw new Error(`there is no ${protocol}`);
  const listener: Listener = await listen(options, (link) => server.accept(link));
  try {
    return await use(formatAddress(listener.address));
  } finally {
    server.close();
    await listener.close();
  }
}

const run = (name: string, words: readonly string[]): Promise<Ended> =>
  spar(['run', ...words, '--reports', name, '--confirm', '1'], folder);

describe('a client over', () => {
  const withPlaces = `"${process.execPath}" "${join(root, 'fixtures', 'programs', 'waves-over.mjs')}" {url} {name}`;

  async function held(transport: string, spawn: string): Promise<Ended> {
    const own = join(folder, `waving-${transport}`);
    await cp(join(root, 'fixtures', 'waving'), own, { recursive: true });
    const file = join(own, 'protocol.yaml');
    const definition = parse(await readFile(file, 'utf8'));
    const framing = transport.startsWith('ws') ? 'message' : 'lf';
    await writeFile(file, stringify({ ...definition, transport: transport.replace('-2', ''), framing }));
    const settings = { spawn, stimuli: { wave: { stdin: 'WAVE' }, say: { stdin: 'SAY {text}' } } };
    await writeFile(join(own, 'spar.yaml'), stringify(settings));
    const words = [own, '--role', 'client', '--config', join(own, 'spar.yaml'), '--filter', '*/wave,*/say'];
    return run(`client-${transport}`, words);
  }

  it.concurrent.each(['tcp', 'tls', 'ws', 'wss', 'unix'])('%s is tested', async (transport) => {
    const secure = transport === 'tls' || transport === 'wss';
    const { stdout, code } = await held(transport, secure ? `${withPlaces} {ca}` : withPlaces);
    expect(stdout).toContain('2 passed');
    expect(code).toBe(0);
  });

  it.concurrent('wss that does not know the authority is seen', async () => {
    const { stdout, code } = await held('wss-2', withPlaces);
    expect(stdout).toContain('2 failed');
    expect(code).toBe(1);
  });

  it.concurrent('stdio cannot be: it starts its server itself', async () => {
    const { stderr, code } = await held('stdio', withPlaces);
    expect(stderr).toContain('where a client starts its server');
    expect(code).toBe(2);
  });
});

describe.each([
  ['wss', 'chat-network', 'chat-network/server/standards/*'],
  ['tls', 'gurgle', 'gurgle/server/version-declaration/*'],
] as const)('a server over %s', (transport, protocol, filter) => {
  const held = (words: () => readonly string[]): Promise<Ended> =>
    served(protocol, { transport, tls: certificate }, (address) =>
      run(`${transport}-${words().length}`, [protocol, address, '--filter', filter, ...words()]),
    );

  it.concurrent('is tested where its authority is trusted', async ({ expect }) => {
    const { stdout, code } = await held(() => ['--ca', ca]);
    expect(stdout).toContain('everything that was tested holds');
    expect(code).toBe(0);
  });

  it.concurrent('is tested where any certificate is taken', async ({ expect }) => {
    const { stdout, code } = await held(() => ['--insecure']);
    expect(stdout).toContain('everything that was tested holds');
    expect(code).toBe(0);
  });

  it.concurrent('is not trusted by itself, and the way out is told', async ({ expect }) => {
    const { stderr, code } = await held(() => []);
    expect(stderr).toContain('Name its authority with --ca FILE, or take any certificate with --insecure.');
    expect(code).toBe(3);
  });

  it.concurrent('is not trusted under a name that its certificate lacks', async ({ expect }) => {
    const { stderr, code } = await held(() => ['--ca', ca, '--servername', 'chat.example']);
    expect(stderr).toContain('chat.example');
    expect(code).toBe(3);
  });
});

it.concurrent('the versions of TLS are chosen by a case', async ({ expect }) => {
  const filter = 'gurgle/server/connection/no-service-over-old-tls';
  const test = (minVersion: 'TLSv1.2' | 'TLSv1.3'): Promise<Ended> =>
    served('gurgle', { transport: 'tls', tls: { ...certificate, minVersion } }, (address) =>
      run(minVersion, ['gurgle', address, '--insecure', '--filter', filter]),
    );
  const [right, wrong] = await Promise.all([test('TLSv1.2'), test('TLSv1.3')]);
  expect(right.stdout).toContain('1 passed');
  expect(wrong.stdout).toContain('1 failed');
});

it.concurrent('the name of --servername is asked for', async ({ expect }) => {
  const names = new Set<unknown>();
  const server = createServer(certificate, (socket: TLSSocket & { servername?: unknown }) => {
    names.add(socket.servername);
    socket.on('error', () => undefined).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const words = ['--insecure', '--servername', 'chat.example', '--filter', 'gurgle/server/ping/*'];
  await run('sni', ['gurgle', `tls://127.0.0.1:${port}`, ...words]);
  server.close();
  expect([...names]).toEqual(['chat.example']);
});

it.concurrent('a server behind a socket of the file system is tested', async ({ expect }) => {
  const path = join(folder, 'chat.sock');
  const { stdout, code } = await served('cpt', { transport: 'unix', path }, () =>
    run('unix', ['cpt', `unix:${path}`, '--filter', 'cpt/server/send/*']),
  );
  expect(stdout).toContain('everything that was tested holds');
  expect(code).toBe(0);
});

describe('a program that speaks over its standard streams', () => {
  /** The parrot with other words in place of those it should say. */
  async function parrot(name: string, said: string): Promise<Ended> {
    const home = join(folder, name);
    await mkdir(join(home, 'server'), { recursive: true });
    const protocol = await readFile(join(folder, 'parrot', 'protocol.yaml'), 'utf8');
    await writeFile(join(home, 'protocol.yaml'), protocol.replace('transport: tcp', 'transport: stdio'));
    for (const file of ['requirements.yaml', 'server/say.yaml'])
      await writeFile(join(home, file), await readFile(join(folder, 'parrot', file)));
    const program = join(home, 'parrot.mjs');
    await writeFile(
      program,
      `import { createInterface } from 'node:readline';
      createInterface({ input: process.stdin }).on('line', (line) => {
        console.log(line.replace(/^HELLO/, 'WELCOME').replace(/^SAY/, '${said}'));
      });`,
    );
    return run(`${name}-run`, [home, '--spawn', `"${process.execPath}" "${program}"`]);
  }

  it.concurrent('is tested', async ({ expect }) => {
    const { stdout, code } = await parrot('stdio-right', 'SAID');
    expect(stdout).toContain('everything that was tested holds');
    expect(code).toBe(0);
  });

  it.concurrent('is judged', async ({ expect }) => {
    expect((await parrot('stdio-wrong', 'HEARD')).code).toBe(1);
  });
});

describe('a client that spar has connect to it', () => {
  const client = (protocol: string, more: string): string =>
    `"${process.execPath}" "${join(root, 'dist', 'cli', 'main.js')}" client ${protocol} {url} ${more}`;

  it.concurrent.for([
    ['trusts the authority of the run', '--ca {ca}', 0],
    ['trusts another authority', `--ca "${join(root, 'package.json')}"`, 1],
  ] as const)('over TLS, and %s', async ([name, more, code], { expect }) => {
    const spawn = client('gurgle', `${more} --set id={id} --set password={password}`);
    const file = join(folder, `${name.replaceAll(' ', '-')}.yaml`);
    const filter = 'gurgle/client/version-declaration/*';
    await writeFile(file, stringify({ protocol: 'gurgle', role: 'client', spawn, filter }));
    const ended = await run(`client-${code}`, ['--config', file]);
    expect(ended.code, ended.stdout).toBe(code);
  });
});

describe.each([
  ['gurgle', 'tls=off', '*version*'],
  ['chat-network', 'framing=lf', '*sign*'],
])('the bundled reference of %s in the dialect %s', (protocol, dialect, filter) => {
  const words = [protocol, '--dialect', dialect];

  it.concurrent('is carried as that asks for', async ({ expect }) => {
    const { code, stdout } = await run(`${protocol}-carried`, [...words, '--filter', filter]);
    expect(stdout).toMatch(/cases in .*: [1-9]\d* passed(?:, \d+ skipped)?\n/);
    expect(code).toBe(0);
  });

  it.concurrent('can be fuzzed', async ({ expect }) => {
    const bounds = ['--executions', '60', '--seed', '1', '--reports', `${protocol}-fuzzed`];
    const { code, stdout } = await spar(['fuzz', ...words, ...bounds], folder);
    expect(stdout).toContain('60 conversations');
    expect(stdout).toContain('Nothing was found.');
    expect(code).toBe(0);
  });
});
