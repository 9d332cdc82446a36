import { WebSocket } from 'undici';

/** The options of Node that make a target offer its inspector, on a free port of this machine. */
export const inspectorOptions = '--inspect=127.0.0.1:0';

/** Milliseconds that a target may take to tell its coverage: one that hangs does not. */
const patience = 1500;

interface Reply {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
}

interface Script {
  readonly url: string;
  readonly functions: readonly {
    readonly ranges: readonly {
      readonly startOffset: number;
      readonly endOffset: number;
      readonly count: number;
    }[];
  }[];
}

/**
 * The coverage of a Node process, block by block, asked for over its inspector; `output` is what the
 * process has printed since it was last started, where it names the address of that.
 */
export class V8Coverage {
  readonly #output: () => string;
  #session: Session | undefined;

  constructor(output: () => string) {
    this.#output = output;
  }

  /** Taking coverage sets its counters back. */
  async begin(): Promise<void> {
    await this.#take();
  }

  async hits(): Promise<[place: string, times: number][]> {
    const scripts = await this.#take();
    return scripts
      .filter(({ url }) => url !== '' && !url.startsWith('node:'))
      .flatMap(({ url, functions }) =>
        functions.flatMap(({ ranges }) =>
          ranges
            .filter(({ count }) => count > 0)
            .map(({ startOffset, endOffset, count }): [string, number] => [
              `${url}:${startOffset}-${endOffset}`,
              count,
            ]),
        ),
      );
  }

  close(): void {
    this.#session?.close();
    this.#session = undefined;
  }

  async #take(): Promise<readonly Script[]> {
    const session = await this.#attached();
    const taken = await session?.ask('Profiler.takePreciseCoverage');
    return (taken as { result?: Script[] } | undefined)?.result ?? [];
  }

  /** The inspector of the process as it runs now: after a restart it has another address. */
  async #attached(): Promise<Session | undefined> {
    const address = [...this.#output().matchAll(/^Debugger listening on (ws:\/\/\S+)$/gm)].at(-1)?.[1];
    if (address === undefined) return undefined;
    if (this.#session?.address === address) return this.#session.isOpen ? this.#session : undefined;
    this.#session?.close();
    this.#session = await Session.open(address);
    await this.#session?.ask('Runtime.enable');
    await this.#session?.ask('Profiler.enable');
    await this.#session?.ask('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    return this.#session;
  }
}

class Session {
  readonly address: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #next = 1;

  static open(address: string): Promise<Session | undefined> {
    return new Promise((resolve) => {
      const socket = new WebSocket(address);
      const session = new Session(address, socket);
      const timer = setTimeout(() => resolve(undefined), patience);
      socket.addEventListener('open', () => {
        clearTimeout(timer);
        resolve(session);
      });
      socket.addEventListener('error', () => {
        clearTimeout(timer);
        resolve(undefined);
      });
    });
  }

  constructor(address: string, socket: WebSocket) {
    this.address = address;
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#heard(JSON.parse(String(data)) as Reply));
    socket.addEventListener('close', () => {
      for (const resolve of this.#waiting.values()) resolve(undefined);
      this.#waiting.clear();
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** The result of a command; nothing if it does not come in time. */
  ask(method: string, params: object = {}): Promise<unknown> {
    const id = this.#next;
    this.#next += 1;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        resolve(undefined);
      }, patience);
      this.#waiting.set(id, (result) => {
        clearTimeout(timer);
        resolve(result);
      });
      if (this.isOpen) this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  #heard({ id, method, result }: Reply): void {
    // A process that is about to end waits until nobody inspects it any more.
    if (method === 'Runtime.executionContextDestroyed') this.close();
    if (id === undefined) return;
    this.#waiting.get(id)?.(result);
    this.#waiting.delete(id);
  }

  close(): void {
    this.#socket.close();
  }
}
