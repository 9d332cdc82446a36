import { isUtf8 } from 'node:buffer';
import { createServer, type Server, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { protocolFolder, readSuite } from '../cli/folders.ts';
import { clientReferenceOf } from '../reference/bundled.ts';
import { referenceClients } from '../reference/reference-clients.ts';
import { clientTargetOf } from '../run/client-target.ts';
import { campaignOf, whileServing } from './campaign.testing.ts';
import type { CampaignOptions, CampaignResult } from './campaign-options.ts';
import { modelOf } from './model.ts';
import type { Move, Plan } from './plan.ts';

const suite = await readSuite(await protocolFolder('cpt'));
const model = modelOf(suite, []);

/** What is wrong with a server. */
interface Fault {
  /** Says more to a line than it should. */
  readonly also?: (line: string) => string | undefined;
  /** Says to the session that has been here longest what it should not hear. */
  readonly toFirst?: (line: string) => string | undefined;
  /** Takes what is malformed. */
  readonly takes?: RegExp;
  /** Milliseconds that its answer takes. */
  readonly slow?: () => number;
}

/** Says what a CPT server says, but for its faults. */
function server({ also, toFirst, takes = /^CONNECT [^ ]+ *$/, slow }: Fault): Server {
  const sessions = new Set<Socket>();
  return createServer((socket) => {
    let online = false;
    let pending = '';
    sessions.add(socket);
    socket.on('error', () => undefined).on('close', () => sessions.delete(socket));
    const say = (text: string): void => {
      const ms = slow?.() ?? 0;
      if (ms > 0) setTimeout(() => socket.write(text), ms);
      else socket.write(text);
    };
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      const lines = (pending + chunk).split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) {
        const joins = takes.test(line) && !online && isText(line);
        const reads = online && /^SYNC [^ ]+ \d+ *$/.test(line) && isText(line);
        const refusal = `DECLINE ${also?.(line) ?? 'invalid_command'}\n`;
        say(joins ? 'ACCEPT\n' : reads ? 'ENDSYNC\n' : refusal);
        online ||= joins;
        const [first] = sessions;
        const stray = toFirst?.(line);
        if (stray !== undefined && first !== socket) first?.write(`${stray}\n`);
      }
    });
  });
}

/** True if octets, one a character, are UTF-8 without control characters of lines. */
function isText(octets: string): boolean {
  return !/[\0\r]/.test(octets) && isUtf8(Buffer.from(octets, 'latin1'));
}

function campaign(
  fault: Fault,
  wishes: Pick<CampaignOptions, 'until'> & Partial<CampaignOptions>,
): Promise<CampaignResult> {
  return whileServing(server(fault), (target) => campaignOf({ suite, model, target, ...wishes }));
}

const faults = {
  neighbour: { toFirst: (line) => (line.startsWith('SEND') ? 'ACK' : undefined) },
  leak: {
    also: (line) => (/^SYNC [^ ]+ [^\d]/.test(line) ? 'at read (/srv/cpt/sync.js:12:7)' : undefined),
  },
  accepted: { takes: /^CONNECT [^ ]/ },
} as const satisfies Readonly<Record<string, Fault>>;

test.each(Object.entries(faults))(
  'tells a fault of the kind "%s"',
  { timeout: 60_000 },
  async (kind, fault) => {
    const { all } = await campaign(fault, { until: { executions: 400, findings: 1 } });
    expect(all.map(({ symptom }) => symptom.oracle)).toEqual([kind]);
    expect(all[0]?.confirmed).toEqual({ times: 2, of: 2 });
  },
);

test.each([1, 4])('says nothing of a server that is well, %i at once', { timeout: 60_000 }, async (jobs) => {
  const { all, executions } = await campaign({}, { until: { executions: 120 }, jobs });
  expect(all).toEqual([]);
  expect(executions).toBe(120);
});

const innocent = Array.from({ length: 70 }, (_, index) => conversation(`room${index}`));

/** A conversation of one peer that writes to a group and reads it. */
function conversation(target: string): Plan {
  const peer = 'p1';
  const sent = (message: string, fields: object): Move => ({
    do: 'send',
    peer,
    message,
    fields,
    mutations: [],
  });
  return {
    plan: 1,
    moves: [
      { do: 'open', peer },
      sent('CONNECT', { username: `\${${peer}.name}` }),
      sent('SEND', { target, message: 'hello' }),
      sent('SYNC', { group: target, after: '0' }),
    ],
  };
}

const poison = /^SEND poison /;

test.each([
  ['leak', { also: (line) => (poison.test(line) ? 'at write (/srv/cpt/send.js:3:1)' : undefined) }],
  ['neighbour', { toFirst: (line) => (poison.test(line) ? 'ACK' : undefined) }],
] as const satisfies readonly (readonly [string, Fault])[])(
  'of many conversations at once it names the one that shows a fault: %s',
  {
    timeout: 60_000,
  },
  async (kind, fault) => {
    const culprit = conversation('poison');
    const corpus = [...innocent.slice(0, 40), culprit, ...innocent.slice(40)];
    const until = { executions: corpus.length };
    const { all } = await campaign(fault, { until, jobs: 4, corpus });
    expect(all.map(({ symptom, plans }) => [symptom.oracle, plans])).toEqual([[kind, [culprit]]]);
  },
);

test('a target that answers ever later if it is asked often is named, and is no finding', {
  timeout: 60_000,
}, async () => {
  let [answers, last] = [0, 0];
  const slow = (): number => {
    if (performance.now() - last > 500) answers = 0;
    last = performance.now();
    answers += 1;
    return answers > 100 ? 45 : 0;
  };
  const { limits, all } = await campaign({ slow }, { until: { executions: 70 }, jobs: 4, corpus: innocent });
  expect(limits).toMatch(/^answers take \d+ ms instead of [\d.]+ when it is asked often$/);
  expect(all).toEqual([]);
});

test('a client that takes what was said before it asked for the answer is not blamed', async () => {
  const chat = await readSuite(await protocolFolder('ws_2017'));
  const reference = await clientReferenceOf('ws_2017');
  if (!reference) throw new Error('there is no reference client');
  const maker = referenceClients(reference, new Set(), {}, undefined, 'the reference');
  const listening = { transport: 'tcp', host: '127.0.0.1' } as const;
  const target = clientTargetOf(maker, listening, { segment: 'as-is', random: Math.random });
  const greeting = (text: string): Move => ({
    do: 'send',
    peer: 'p1',
    message: 'greeting',
    fields: { text },
    mutations: [],
  });
  const slot = '$' + '{p1.name}';
  const early: Plan = {
    plan: 1,
    moves: [
      { do: 'open', peer: 'p1' },
      greeting('WS_2017 at your service'),
      greeting(`+OK 'you are' ${slot}`),
      { do: 'stimulate', peer: 'p1', stimulus: 'send', with: { to: 'bob', text: 'hello there' } },
    ],
  };
  const { findings } = await campaignOf({
    suite: chat,
    model: modelOf(chat, [], { role: 'client' }),
    role: 'client',
    target: { target },
    corpus: [early],
    until: { executions: 3 },
  });
  expect(findings).toBe(0);
});
