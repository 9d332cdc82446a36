import { writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { stringify } from 'yaml';
import { type Ended, eventsOf, onlyRun, root, spar, workshop } from './program.testing.ts';

let folder = '';
let clear: () => Promise<void>;

beforeAll(async () => {
  ({ folder, clear } = await workshop());
});

afterAll(() => clear());

const node = `"${process.execPath}"`;
const fixture = (name: string): string => `${node} "${join(root, 'fixtures', 'programs', name)}"`;

/** How a line of the reference client is read. */
const message = '^(?:\\[(?P<group>\\S+) \\S+\\] )?<(?P<from>.+)> (?P<text>.*)$';

/** Holds client cases with what settings say; `name` keeps the files of runs apart. */
async function hold(name: string, settings: object): Promise<Ended> {
  const file = join(folder, `${name}.yaml`);
  await writeFile(file, stringify({ role: 'client', confirm: 1, reports: name, ...settings }));
  return spar(['run', '--config', file], folder);
}

describe('the reference client as a program', () => {
  const client = `${node} "${join(root, 'dist', 'cli', 'main.js')}" client cpt {url} --name {name}`;
  const stimuli = {
    send: { stdin: '/send {target} {text}' },
    sync: { stdin: '/sync {group} {after}' },
    rename: { stdin: '/name {name}' },
    messages: { stdin: '/messages' },
  };
  const cases = [
    'cpt/both/example-diagram/one-client',
    'cpt/client/connect/another-name-*',
    'cpt/client/decline/unknown-reason-for-connect?too_young?',
    'cpt/client/msg/no-known-time?of-a-user?',
    'cpt/client/send/user',
  ];

  it.concurrent('passes, driven by lines on its standard input', async ({ expect }) => {
    const held = await hold('passes', {
      protocol: 'cpt',
      spawn: client,
      stimuli,
      shows: { message },
      filter: cases,
    });
    expect(held.stdout).toContain('5 passed');
    expect(held.code).toBe(0);
  });

  it.concurrent('fails with a defect, and the requirement is named', async ({ expect }) => {
    const settings = { protocol: 'cpt', spawn: `${client} --defect cli-send-quoted`, stimuli };
    const held = await hold('fails', { ...settings, filter: 'cpt/client/send/user' });
    expect(held.stdout).toContain('broken: CPT-041');
    expect(held.stdout).toMatch(/actual +SEND \w+ "Hello"/);
    expect(held.code).toBe(1);
  });

  it.concurrent('leaves out what nothing can make it do', async ({ expect }) => {
    const { send } = stimuli;
    const settings = { protocol: 'cpt', spawn: client, stimuli: { send } };
    const held = await hold('unbound', { ...settings, filter: 'cpt/client/sync/group-and-time*' });
    expect(held.stdout).toContain('needs stimulus sync');
    expect(held.stdout).toContain('3 skipped');
  });
});

describe('what a client shows', () => {
  const client = `${node} "${join(root, 'dist', 'cli', 'main.js')}" client cpt {url} --name {name}`;
  const stimuli = { sync: { stdin: '/sync {group} {after}' }, messages: { stdin: '/messages' } };
  const filter = 'cpt/client/msg/no-known-time?of-a-user?';
  const settings = { protocol: 'cpt', spawn: client, stimuli, filter };
  it.concurrent('is read by the expression of the user', async ({ expect }) => {
    const held = await hold('shown', { ...settings, shows: { message } });
    expect(held.stdout).toContain('1 passed');
    expect(held.code).toBe(0);
  });

  it.concurrent('is missed where the expression finds nothing', async ({ expect }) => {
    const shows = { message: 'says (?P<text>.*)' };
    const held = await hold('not-shown', { ...settings, deadline: 500, shows });
    expect(held.stdout).toContain('does not show message {text: ');
    expect(held.code).toBe(1);
  });

  it.concurrent('is asked for by nobody where nothing is bound', async ({ expect }) => {
    const held = await hold('not-bound', settings);
    expect(held.stdout).toContain('needs shows message');
    expect(held.stdout).toContain('1 skipped');
  });

  it.concurrent.for([
    [{ message: '(?P<who>.*)' }, 'has no part "who"'],
    [{ massage: 'x' }, 'no client of cpt shows "massage"'],
    [{ message: '(?=x)' }, 'is no regular expression'],
  ] as const)('is refused as %j', async ([shows, told], { expect }) => {
    const held = await hold(`refused-${told.length}`, { ...settings, shows });
    expect(held.stderr).toContain(told);
    expect(held.code).toBe(2);
  });
});

describe('clients that do not get far are told apart', () => {
  const command = (program: string): string => `${fixture(program)} {port} {name}`;

  it.concurrent.for([
    ['never connects', command('never-listens.mjs'), 400, 'the client did not connect within 400 ms', 1],
    ['exits', command('exits-at-once.mjs'), 10_000, 'the client exited with code 3 and never connected', 1],
    ['crashes', command('dies-when-answered.mjs'), 10_000, 'the client crashed: it was ended by SIGSEGV', 1],
    ['does not exist', 'no-such-program {port}', 10_000, 'could not be started', 3],
  ] as const)('one that %s', async ([name, spawn, ready, told, code], { expect }) => {
    const settings = { protocol: 'cpt', spawn, 'ready-timeout': ready };
    const filter = 'cpt/client/decline/declined-clients-leave?username_taken?';
    const held = await hold(name, { ...settings, filter });
    expect(held.stdout + held.stderr).toContain(told);
    expect(held.code).toBe(code);
  });
});

describe('stimuli', () => {
  it.concurrent('reach a client by a signal, by a request and by a fresh start', async ({ expect }) => {
    const server = await relay();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/{name}`;
    const held = await hold('waving', {
      protocol: join(root, 'fixtures', 'waving'),
      spawn: `${fixture('waves.mjs')} {port} {name} ${url}`,
      stimuli: {
        wave: { signal: 'SIGUSR2' },
        say: { http: { url, body: { text: '{text}' } } },
        rejoin: { start: '--as {name}' },
      },
    });
    server.closeAllConnections();
    server.close();
    expect(held.stdout).toContain('3 passed');
    expect(held.code).toBe(0);
  });
});

describe('a client that connects again', () => {
  const settings = {
    protocol: join(root, 'fixtures', 'waving'),
    spawn: `${fixture('waves-again.mjs')} {port} {name}`,
    stimuli: { wave: { stdin: 'WAVE' }, say: { stdin: 'SAY {text}' } },
    repeat: 3,
  };

  it.concurrent.for([
    [true, 1],
    [false, 6],
  ] as const)('serves all cases: %s', async ([reconnects, processes], { expect }) => {
    const name = `again-${reconnects}`;
    const held = await hold(name, { ...settings, reconnects, filter: '*/wave,*/say' });
    expect(held.stdout).toContain('2 passed');
    expect(held.code).toBe(0);
    const events = await eventsOf(await onlyRun(join(folder, name)));
    const spawned = events.filter((one) => one.event === 'target' && one.what === 'spawned');
    expect(spawned).toHaveLength(processes);
  });
});

/** Hands what is posted to a path to the one who asks for that path, whoever comes first. */
async function relay(): Promise<Server> {
  const asked = new Map<string, ServerResponse>();
  const posted = new Map<string, string>();
  const server = createServer(async (request, response) => {
    const { method, url = '' } = request;
    if (method === 'GET') asked.set(url, response);
    else {
      posted.set(url, await text(request));
      response.end();
    }
    if (posted.has(url)) asked.get(url)?.end(posted.get(url));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
