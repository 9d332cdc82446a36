import type { Clock } from '../session/clock.ts';
import type { Link, LinkSink } from '../session/link.ts';
import { memoryLinks } from '../session/memory-link.ts';
import { printable } from '../wire/printable.ts';
import type { ClientReference, ReferenceServer } from './reference.ts';

/** For tests: what a client is put on the stage with. */
export interface StageOptions {
  readonly client: ClientReference;
  /** How lines end in this protocol. */
  readonly lineEnd: string;
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  readonly defects?: readonly string[];
}

const settled = () => new Promise((resolve) => setImmediate(resolve));
const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Stands still until told. */
export class HandClock implements Clock {
  readonly #timers = new Set<{ readonly at: number; readonly act: () => void }>();
  #ms = 0;

  now(): number {
    return this.#ms;
  }

  wall(): number {
    return 1_700_000_000_000 + this.#ms;
  }

  after(ms: number, act: () => void): () => void {
    const timer = { at: this.#ms + ms, act };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  get waiting(): number {
    return this.#timers.size;
  }

  pass(ms: number): void {
    const end = this.#ms + ms;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at);
      if (!next) break;
      this.#timers.delete(next);
      this.#ms = next.at;
      next.act();
    }
    this.#ms = end;
  }
}

/**
 * For tests: holds a conversation with a client whose user, clock and server are in the test's hands.
 * Gives the conversation as it went, so that a conversation that goes right comes back unchanged.
 *
 * | line | who |
 * |---|---|
 * | `< ACCEPT`, `< FIN`, `< RST` | the server says a line, ends, resets |
 * | `$ /send room hi` | the user types |
 * | `wait 500` | milliseconds pass |
 * | `> ACK`, `> FIN`, `> RST` | the client writes a line in one go; ends; resets |
 * | `connects`, `shows hi`, `exits 0` | the client does |
 */
export async function converse(options: StageOptions, conversation: readonly string[]): Promise<string[]> {
  const went: string[] = [];
  const clock = new HandClock();
  let server: Link | undefined;
  const client = options.client.createClient({
    clock,
    defects: new Set(options.defects),
    settings: options.settings,
    connect: async (sink: LinkSink) => {
      const [near, far] = memoryLinks();
      went.push('connects');
      near.attach(sink);
      far.attach({
        data: (chunk) => went.push(`> ${written(chunk, options.lineEnd)}`),
        ended: (kind) => went.push(kind === 'fin' ? '> FIN' : '> RST'),
      });
      server = far;
      return near;
    },
    show: (line) => went.push(`shows ${line}`),
    exit: (code) => went.push(`exits ${code}`),
  });
  client.start();
  await settled();

  for (const line of conversation) {
    const [, how, what = ''] = /^([<$]|wait) (.*)$/s.exec(line) ?? [];
    if (how === undefined) continue;
    went.push(line);
    if (how === '$') client.typed(what);
    else if (how === 'wait') clock.pass(Number(what));
    else if (what === 'FIN') server?.end();
    else if (what === 'RST') server?.reset();
    else server?.write(utf8.encode(what + options.lineEnd));
    await settled();
  }
  if (clock.waiting > 0 && went.some((line) => line.startsWith('exits'))) went.push('left a timer running');
  return went;
}

function written(chunk: Uint8Array, lineEnd: string): string {
  const text = fromUtf8.decode(chunk);
  return text.endsWith(lineEnd)
    ? printable(text.slice(0, -lineEnd.length))
    : `${printable(text)} (without its end)`;
}

/** For tests: a client at a server in memory; `say` types and gives what was shown then, and the exit. */
export async function clientAt(
  server: ReferenceServer,
  client: ClientReference,
  settings: StageOptions['settings'],
): Promise<{ say(line: string): Promise<string[]> }> {
  let shown: string[] = [];
  const seen = async () => {
    await settled();
    const lines = shown;
    shown = [];
    return lines;
  };
  const running = client.createClient({
    clock: new HandClock(),
    defects: new Set(),
    settings,
    connect: async (sink) => {
      const [near, far] = memoryLinks();
      near.attach(sink);
      far.attach(server.accept(far));
      return near;
    },
    show: (line) => shown.push(line),
    exit: (code) => shown.push(`exits ${code}`),
  });
  running.start();
  await seen();
  return {
    say: (line) => {
      running.typed(line);
      return seen();
    },
  };
}
