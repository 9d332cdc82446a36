import type { EndKind, Link, LinkSink } from '../session/link.ts';
import type { TargetProcess } from './target-process.ts';

/**
 * A link over the standard input and output of a target that was spawned with `stdio`. `close` and
 * `reset` leave the process itself to `stop`.
 */
export function stdioLink(target: TargetProcess, sink: LinkSink): Link {
  const { stdin, stdout } = target;
  if (!stdin || !stdout) throw new Error('the target was not spawned with stdio');
  let listener: LinkSink | undefined = sink;
  const ended = (kind: EndKind, detail?: string): void => {
    const told = listener;
    listener = undefined;
    told?.ended(kind, detail);
  };
  stdout.on('data', (chunk: Uint8Array) => listener?.data(chunk));
  stdout.on('end', () => ended('fin'));
  stdout.on('error', (error) => ended('error', error.message));
  return {
    get queued(): number {
      return stdin.writableLength;
    },
    write(bytes) {
      if (stdin.writable) stdin.write(bytes);
    },
    end() {
      stdin.end();
    },
    close() {
      listener = undefined;
      stdin.end();
      stdout.resume();
    },
    reset() {
      listener = undefined;
      stdin.destroy();
      stdout.destroy();
    },
    pause() {
      stdout.pause();
    },
    resume() {
      stdout.resume();
    },
  };
}
