import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { regex } from '../match/regex.ts';
import { localCertificate } from '../net/certificate.ts';
import { writeAtomic } from '../net/disk.ts';
import { SparError } from '../problem/problem.ts';
import { didYouMean } from '../problem/suggest.ts';
import type { Protocol } from '../protocol/definition.ts';
import { clientReferenceOf } from '../reference/bundled.ts';
import { referenceClients } from '../reference/reference-clients.ts';
import { type ClientMaker, clientTargetOf, KeptClient } from '../run/client-target.ts';
import { Doors, type Listening } from '../run/door.ts';
import type { TellTarget, Wiring } from '../run/live-target.ts';
import { type StimulusBinding, spawnedClients } from '../run/spawned-client.ts';
import { randomFrom } from '../session/random.ts';
import { checkedDefects } from './checked-defects.ts';
import { framingSetting, type LiveTarget } from './make-target.ts';
import { personAtClient } from './person-client.ts';
import type { RunOptions } from './run-options.ts';

/** Milliseconds that a spawned client may take from its start to its connection. */
const startLimit = 10_000;

/** Makes clients under test connect to spar. Raises a SparError where that cannot be. */
export async function clientTarget(
  protocol: Protocol,
  options: RunOptions,
  seed: number,
  tell: TellTarget,
): Promise<LiveTarget> {
  if (protocol.transport === 'stdio')
    throw new SparError({
      fault: 'user',
      what: `${protocol.name} is spoken over standard streams, where a client starts its server: spar cannot be that`,
      mend: 'Where the client can also connect, say so in protocol.yaml: transport: tcp.',
    });
  const secure = protocol.transport === 'tls' || protocol.transport === 'wss';
  const certificate = secure ? await localCertificate() : undefined;
  const wiring: Wiring = { segment: options.segment, random: randomFrom(`${seed}/segments`) };
  const listening: Listening = {
    transport: protocol.transport,
    host: '127.0.0.1',
    ...(certificate ? { certificate } : {}),
    ...(options.listen === undefined ? {} : readListen(options.listen)),
  };
  const folder = certificate ? await mkdtemp(join(tmpdir(), 'spar-')) : undefined;
  const ca = folder === undefined ? undefined : join(folder, 'ca.pem');
  if (ca !== undefined && certificate) await writeAtomic(ca, certificate.ca);
  const maker = await makerOf(protocol, options, ca, tell);
  const kept = options.reconnects ? new KeptClient() : undefined;
  const doors = new Doors(listening);
  return {
    target: clientTargetOf(maker, listening, wiring, { doors, ...(kept ? { kept } : {}) }),
    facts: { ...maker.facts, ...options.facts },
    stop: async () => {
      await kept?.stop();
      await doors.close();
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function makerOf(
  protocol: Protocol,
  options: RunOptions,
  caFile: string | undefined,
  tell: TellTarget,
): Promise<ClientMaker> {
  const bindings = options.stimuli as Record<string, StimulusBinding>;
  for (const name of Object.keys(bindings)) {
    if (protocol.stimuli.has(name)) continue;
    throw new SparError({
      fault: 'user',
      what: `${protocol.name} has no stimulus "${name}"`,
      mend: didYouMean(name, protocol.stimuli.keys()),
    });
  }
  const shows = checkedShows(protocol, options.shows);
  const placeholders = caFile === undefined ? {} : { ca: caFile };
  if (options.spawn !== undefined) {
    const limit = Math.min(options.readyTimeout, startLimit);
    return spawnedClients(options.spawn, bindings, shows, placeholders, limit, tell);
  }
  if (options.listen !== undefined) return personAtClient(protocol, shows);
  const reference = await clientReferenceOf(protocol.name);
  if (!reference) {
    throw new SparError({
      fault: 'user',
      what: `${protocol.name} has no bundled reference client, so a target is needed`,
      mend: '--spawn "./client {host} {port}", or --listen 127.0.0.1:PORT for one that is started by hand.',
    });
  }
  const defects = checkedDefects(protocol.name, options.defect, reference.clientDefects);
  const label = `the bundled reference client${options.defect.map((defect) => `, ${defect}`).join('')}`;
  // This very program made the certificate: to look at it again takes a tenth of a connection.
  return referenceClients(reference, defects, framingSetting(protocol), undefined, label);
}

/** The user's expressions for what a client shows. Raises a SparError for those that can read nothing. */
function checkedShows(
  protocol: Protocol,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  const checked: Record<string, string> = {};
  for (const [kind, expression] of Object.entries(given)) {
    const parts = protocol.shows.get(kind);
    const wrong = (what: string, mend: string): SparError => new SparError({ fault: 'user', what, mend });
    if (!parts)
      throw wrong(`no client of ${protocol.name} shows "${kind}"`, didYouMean(kind, protocol.shows.keys()));
    checked[kind] = String(expression);
    const stranger = namesOf(kind, String(expression)).find((name) => !parts.includes(name));
    if (stranger === undefined) continue;
    throw wrong(`"shows: ${kind}" has no part "${stranger}"`, didYouMean(stranger, parts));
  }
  return checked;
}

function namesOf(kind: string, expression: string): readonly string[] {
  try {
    return regex(expression).names;
  } catch (error) {
    throw new SparError({
      fault: 'user',
      what: `"shows: ${kind}" is no regular expression: ${(error as Error).message}`,
      mend: 'Its named groups are the parts: (?P<from>\\\\S+): (?P<text>.*)',
    });
  }
}

function readListen(text: string): { host: string; port: number } {
  const [, host = '127.0.0.1', port = ''] = /^(?:(?:[a-z]+:\/\/)?(.*):)?(\d+)$/.exec(text) ?? [];
  if (port === '')
    throw new SparError({
      fault: 'user',
      what: `--listen takes host:port, not "${text}"`,
      mend: 'For one: --listen 127.0.0.1:5000',
    });
  return { host: host === '' ? '127.0.0.1' : host, port: Number(port) };
}
