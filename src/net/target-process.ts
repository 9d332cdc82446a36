import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { SparError } from '../problem/problem.ts';
import { fillPlaceholders, splitCommand } from './command-line.ts';
import { freePort } from './free-port.ts';
import { OutputTail } from './output-tail.ts';
import { groupLives, guardGroup, releaseGroup, signalGroup } from './process-group.ts';
import { accepts, pauses } from './readiness.ts';
import { cannotStart, type Exit, TargetError } from './target-error.ts';

export interface TargetOptions {
  /** A command line (split as a shell splits words; no shell is run) or its words. */
  readonly command: string | readonly string[];
  /** 127.0.0.1 if absent. */
  readonly host?: string;
  /** A free one if absent; the same after each restart. */
  readonly port?: number;
  /** What replaces `{name}` in the command, besides `{host}` and `{port}`. */
  readonly placeholders?: Readonly<Record<string, string | number>>;
  readonly cwd?: string;
  /** Added to this program's environment and SPAR_HOST, SPAR_PORT. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds until it must accept connections; if absent it is not waited for (clients). */
  readonly readyTimeoutMs?: number;
  /** Leaves its standard input open, for `input`. */
  readonly stdin?: boolean;
  /** The protocol is spoken over its standard input and output (`stdioLink`), which is no output then. */
  readonly stdio?: boolean;
}

export interface TargetEvents {
  readonly onOutput?: (chunk: Uint8Array, stream: 'stdout' | 'stderr') => void;
  /** It ended by itself, not by `stop` or `restart`. */
  readonly onExit?: (exit: Exit) => void;
}

/** A target that spar started and watches. */
export interface TargetProcess {
  readonly host: string;
  readonly port: number;
  /** Changes with each restart. */
  readonly pid: number;
  /** How the present process ended; undefined while it runs. */
  readonly exit: Exit | undefined;
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  /** The last 256 KiB of standard output and error of all its processes. */
  output(): string;
  /** Writes to its standard input. */
  input(text: string): void;
  /** Sends a signal to it alone. */
  signal(name: NodeJS.Signals): void;
  /** Kills it with its children and starts it again on the same port. Rejects as `spawnTarget` does. */
  restart(): Promise<void>;
  /** Ends it with its children: SIGTERM, after `graceMs` (2000 if absent) SIGKILL. */
  stop(graceMs?: number): Promise<void>;
}

const KEPT_OUTPUT = 256 * 1024;
const STOP_GRACE_MS = 2000;
// A process that was killed is gone in milliseconds, unless it hangs in the kernel.
const KILL_GRACE_MS = 5000;
const LAST_OUTPUT_MS = 200;
const SHOWN_LINES = 8;

/**
 * Starts a target and waits until it accepts connections. Rejects with a `TargetError` where it does
 * not, with a `SparError` (fault: user) where the command cannot be read.
 */
export async function spawnTarget(options: TargetOptions, events: TargetEvents = {}): Promise<TargetProcess> {
  const host = options.host ?? '127.0.0.1';
  const port = options.port ?? (await freePort(host));
  const words = typeof options.command === 'string' ? splitCommand(options.command) : options.command;
  const [program, ...args] = fillPlaceholders(words, { ...options.placeholders, host, port });
  if (program === undefined || program === '') {
    throw new SparError({
      fault: 'user',
      what: 'the command of the target is empty',
      mend: 'Name a program.',
    });
  }
  const target = new Target({ ...options, host, port, program, args }, events);
  await target.start();
  return target;
}

interface Prepared extends TargetOptions {
  readonly host: string;
  readonly port: number;
  readonly program: string;
  readonly args: readonly string[];
}

class Target implements TargetProcess {
  readonly #options: Prepared;
  readonly #events: TargetEvents;
  readonly #tail = new OutputTail(KEPT_OUTPUT);
  #child: ChildProcess | undefined;
  #exit: Exit | undefined;
  /** Its process group, as long as one of its processes may live. */
  #group: number | undefined;
  /** True from when it is ready until it is told to end. */
  #watched = false;

  constructor(options: Prepared, events: TargetEvents) {
    this.#options = options;
    this.#events = events;
  }

  get host(): string {
    return this.#options.host;
  }

  get port(): number {
    return this.#options.port;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get exit(): Exit | undefined {
    return this.#exit;
  }

  get stdin(): Writable | null {
    return this.#child?.stdin ?? null;
  }

  get stdout(): Readable | null {
    return this.#child?.stdout ?? null;
  }

  output(): string {
    return this.#tail.text();
  }

  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name);
  }

  input(text: string): void {
    if (this.stdin?.writable) this.stdin.write(text);
  }

  async start(): Promise<void> {
    this.#exit = undefined;
    await this.#spawn();
    try {
      await this.#ready();
    } catch (error) {
      await this.#kill();
      throw error;
    }
    this.#watched = true;
  }

  async restart(): Promise<void> {
    await this.#kill();
    await this.start();
  }

  async stop(graceMs: number = STOP_GRACE_MS): Promise<void> {
    if (!(await this.#end('SIGTERM', graceMs))) await this.#kill();
  }

  async #kill(): Promise<void> {
    await this.#end('SIGKILL', KILL_GRACE_MS);
  }

  /** Signals the whole group. True once nothing of it lives any more. */
  async #end(signal: NodeJS.Signals, withinMs: number): Promise<boolean> {
    this.#watched = false;
    if (this.#group !== undefined) signalGroup(this.#group, signal);
    const due = performance.now() + withinMs;
    for (const ms of pauses()) {
      this.#forgetIfGone();
      if (this.#group === undefined || performance.now() >= due) break;
      await pause(ms);
    }
    return this.#group === undefined;
  }

  #forgetIfGone(): void {
    if (this.#group === undefined || this.#exit === undefined || groupLives(this.#group)) return;
    releaseGroup(this.#group);
    this.#group = undefined;
  }

  #spawn(): Promise<void> {
    const { program, args, cwd, env, host, port, stdin = false, stdio = false } = this.#options;
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, SPAR_HOST: host, SPAR_PORT: String(port), ...env },
      // A group of its own, so that it can be ended with its children.
      detached: true,
      stdio: [stdin || stdio ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    if (child.pid !== undefined) {
      this.#group = child.pid;
      guardGroup(child.pid);
    }
    // It may end while its input is written: its exit tells.
    child.stdin?.on('error', () => {});
    child.stderr?.on('data', (chunk: Uint8Array) => this.#wrote(chunk, 'stderr'));
    if (!stdio) child.stdout?.on('data', (chunk: Uint8Array) => this.#wrote(chunk, 'stdout'));
    child.once('exit', (code, signal) => this.#exited(child, { code, signal }));
    return new Promise((resolve, reject) => {
      child.once('error', (error: NodeJS.ErrnoException) => reject(cannotStart(program, cwd, error)));
      child.once('spawn', resolve);
    });
  }

  #wrote(chunk: Uint8Array, stream: 'stdout' | 'stderr'): void {
    this.#tail.push(chunk);
    this.#events.onOutput?.(chunk, stream);
  }

  #exited(child: ChildProcess, exit: Exit): void {
    if (this.#child !== child) return;
    this.#exit = exit;
    this.#forgetIfGone();
    if (this.#watched) this.#events.onExit?.(exit);
  }

  async #ready(): Promise<void> {
    const { host, port, program, readyTimeoutMs } = this.#options;
    if (readyTimeoutMs === undefined) return;
    const due = performance.now() + readyTimeoutMs;
    for (const ms of pauses()) {
      if (this.#exit !== undefined) throw await this.#endedEarly(this.#exit);
      const left = due - performance.now();
      if (left <= 0) break;
      if (await accepts(host, port, left)) return;
      await pause(ms);
    }
    throw new TargetError(
      'not-listening',
      `${program} runs, but does not listen on ${host}:${port} after ${readyTimeoutMs} ms${this.#lastLines()}`,
      'Does it take its port from {port} in the command, or from SPAR_PORT in its environment?',
    );
  }

  async #endedEarly(exit: Exit): Promise<TargetError> {
    // The last output may come after the exit; children that hold the pipe must not hold us.
    const child = this.#child;
    if (child?.stdout?.readable) {
      await Promise.race([once(child, 'close'), pause(LAST_OUTPUT_MS, undefined, { ref: false })]);
    }
    const { program, host, port } = this.#options;
    const how = exit.signal === null ? `with code ${exit.code}` : `by ${exit.signal}`;
    return new TargetError(
      'exited',
      `${program} ended ${how} before it listened on ${host}:${port}${this.#lastLines()}`,
      'Run the command by hand, with a port in place of {port}, and see what it says.',
      exit,
    );
  }

  #lastLines(): string {
    const lines = this.#tail.lines(SHOWN_LINES);
    return lines.length === 0 ? '; it wrote nothing' : `; its last output:\n${lines.join('\n')}`;
  }
}
