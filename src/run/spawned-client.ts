import { atRest } from '../net/at-rest.ts';
import { type HttpRequest, httpRequest } from '../net/http-request.ts';
import { rss } from '../net/rss.ts';
import { spawnTarget, type TargetProcess } from '../net/target-process.ts';
import { printable } from '../wire/printable.ts';
import type { ClientMaker, StartedClient } from './client-target.ts';
import { readCrash } from './crash-words.ts';
import type { ClientAddress } from './door.ts';
import type { TellTarget } from './live-target.ts';

/** What a stimulus is bound to, one of these. `{places}` are filled with its arguments. */
export interface StimulusBinding {
  /** A line on the client's standard input. */
  readonly stdin?: string;
  /** More arguments for a fresh start of the client. */
  readonly start?: string;
  /** A signal for its process. */
  readonly signal?: string;
  readonly http?: {
    readonly method?: string;
    readonly url: string;
    readonly body?: unknown;
    readonly headers?: Readonly<Record<string, string>>;
  };
}

/** Milliseconds that a client may take to end when it is told to: what it says at its end counts. */
const stopGrace = 1000;

/**
 * Milliseconds that a client may take to come to rest before its memory is read: long, since the machine may
 * be busy, until one has been met that does not.
 */
const resting = { first: 2000, later: 100 };

/** Starts a client by a command, one process for each peer. */
export function spawnedClients(
  command: string,
  bindings: Readonly<Record<string, StimulusBinding>>,
  shows: Readonly<Record<string, string>>,
  placeholders: Readonly<Record<string, string>>,
  connectLimit: number,
  tell: TellTarget,
): ClientMaker {
  const patience = { ms: resting.first };
  return {
    kind: 'spawn',
    label: command,
    stimuli: new Set(Object.keys(bindings)),
    shows,
    connectLimit,
    start: async (address, values) => {
      const client = new SpawnedClient(
        command,
        bindings,
        { ...placeholders, ...texts(values) },
        address,
        tell,
        patience,
      );
      await client.begin();
      return client;
    },
  };
}

class SpawnedClient implements StartedClient {
  readonly #command: string;
  readonly #bindings: Readonly<Record<string, StimulusBinding>>;
  readonly #values: Readonly<Record<string, string>>;
  readonly #address: ClientAddress;
  readonly #tell: TellTarget;
  readonly #patience: { ms: number };
  #process: TargetProcess | undefined;
  #before = '';
  #stopped = false;

  constructor(
    command: string,
    bindings: Readonly<Record<string, StimulusBinding>>,
    values: Readonly<Record<string, string>>,
    address: ClientAddress,
    tell: TellTarget,
    patience: { ms: number },
  ) {
    this.#command = command;
    this.#bindings = bindings;
    this.#values = values;
    this.#address = address;
    this.#tell = tell;
    this.#patience = patience;
  }

  /** Starts it, with more arguments and values for them if a stimulus says so. */
  async begin(more = '', given: Readonly<Record<string, string>> = {}): Promise<void> {
    this.#process = await spawnTarget(
      {
        command: `${this.#command} ${more}`,
        host: this.#address.host,
        port: this.#address.port,
        placeholders: { ...this.#values, ...given, url: this.#address.url },
        stdin: true,
      },
      { onOutput: (chunk) => this.#tell({ what: 'output', text: printable(chunk, 2000) }) },
    );
    this.#tell({ what: 'spawned', text: 'a client was started' });
  }

  async run(stimulus: string, given: Readonly<Record<string, unknown>>): Promise<void> {
    const binding = this.#bindings[stimulus] ?? {};
    const values = { ...this.#values, ...texts(given) };
    if (binding.stdin !== undefined) this.#process?.input(`${fill(binding.stdin, values)}\n`);
    else if (binding.signal !== undefined) this.#process?.signal(binding.signal as 'SIGINT');
    else if (binding.start !== undefined) {
      this.#before += this.#process?.output() ?? '';
      await this.#process?.stop(200);
      await this.begin(binding.start, texts(given));
    } else if (binding.http) await httpRequest(requestOf(binding.http, values));
  }

  shown(): string {
    return this.#before + (this.#process?.output() ?? '');
  }

  ended(): { how: string; crash: boolean } | undefined {
    const exit = this.#process?.exit;
    if (!exit) return undefined;
    const { code, signal } = exit;
    const how = signal ? `was ended by ${signal}` : `exited with code ${code}`;
    const ours = this.#stopped && (signal === 'SIGTERM' || signal === 'SIGKILL');
    if (signal) return { how, crash: !ours };
    // Interpreters and sanitizers exit as any refusal does; what they print tells.
    const report = code === 0 ? undefined : readCrash(this.shown());
    const traced = report !== undefined && (report.frames.length > 0 || !/^\w*Error$/.test(report.kind));
    return { how, crash: code === internalFault || isShellsSignal(code) || traced };
  }

  async memory(): Promise<number | undefined> {
    if (!this.#process) return undefined;
    if (!(await atRest(this.#process.pid, this.#patience.ms))) this.#patience.ms = resting.later;
    return rss(this.#process.pid);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#process?.stop(stopGrace);
  }
}

/** The exit code by which sysexits.h has a program say that it met a fault of its own (EX_SOFTWARE). */
const internalFault = 70;

/** Shells and interpreters exit with 128 and the number of a signal where that ended their child. */
function isShellsSignal(code: number | null): boolean {
  return code !== null && code > 128 && code <= 128 + 31 && code !== 128 + 15;
}

function texts(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : (JSON.stringify(value) ?? ''),
    ]),
  );
}

type Values = Readonly<Record<string, string>>;

function requestOf(binding: NonNullable<StimulusBinding['http']>, values: Values): HttpRequest {
  const { url, method = 'POST', body, headers = {} } = binding;
  const where = { method, url: fill(url, values, encodeURIComponent) };
  if (body === undefined) return { ...where, headers };
  if (typeof body === 'string') return { ...where, headers, body: fill(body, values) };
  return {
    ...where,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body, (_key, value: unknown) =>
      typeof value === 'string' ? fill(value, values) : value,
    ),
  };
}

/** A text with its `{places}` filled in; what has no value stays. */
function fill(text: string, values: Values, write: (value: string) => string = (value) => value): string {
  return text.replace(/\{([a-z][\w-]*)\}/gi, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : write(value);
  });
}
