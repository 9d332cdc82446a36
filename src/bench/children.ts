import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Address, parseAddress } from '../net/address.ts';

const program = fileURLToPath(new URL('../cli/main.js', import.meta.url));

/** Runs a Node program to its end; its wall time in ms, its exit code and its peak memory in MB where the system tells. */
export async function timed(args: readonly string[]): Promise<{ ms: number; code: number | null }> {
  const began = performance.now();
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { ms: performance.now() - began, code };
}

/** The arguments that run spar. */
export function sparArgs(...words: string[]): string[] {
  return [program, ...words];
}

/** A reference server in a process of its own. */
export async function serve(
  protocol: string,
  ...more: string[]
): Promise<{ address: Address; stop(): Promise<void> }> {
  const child = spawn(process.execPath, sparArgs('serve', protocol, '--port', '0', ...more), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await firstLine(child);
  const address = parseAddress(/(\w+:\/\/\S+?),?(?: |$)/.exec(line)?.[1] ?? line);
  return {
    address,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the server has no output');
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error('the server ended before it listened');
}

/** The figure that a Node program prints when it is asked for one. Raises an Error with what it says instead. */
export async function figure(file: string, ask: object): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [file, JSON.stringify(ask)]);
  return Number(stdout);
}

/** The peak memory of a program that runs to its end, in MB, as it tells itself. */
export async function peakMemory(words: readonly string[]): Promise<number> {
  const code = `process.on('exit',()=>process.stderr.write('PEAK '+process.resourceUsage().maxRSS+'\\n'));process.argv.splice(1,0,${JSON.stringify(program)});await import(${JSON.stringify(`file://${program}`)})`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code, '--', ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
  });
  await new Promise((resolve) => child.once('close', resolve));
  return Number(/PEAK (\d+)/.exec(text)?.[1] ?? Number.NaN) / 1024;
}
