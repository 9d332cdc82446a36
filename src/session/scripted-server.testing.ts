import type { Link, LinkSink } from './link.ts';
import { memoryLinks } from './memory-link.ts';

/** The other side of one connection, as a script sees it. */
export interface Other {
  /** Sends lines, each with its end. */
  say(...lines: readonly string[]): void;
  readonly link: Link;
  /** How many connections there were before this one. */
  readonly index: number;
}

/** What a server does with a line; `undefined` stands for the connection itself. */
export type Script = (line: string | undefined, other: Other) => void;

/** Makes connections in memory, at the other end of which a script reads and says lines. */
export function scripted(script: Script): (sink: LinkSink) => Link {
  let connections = 0;
  return (sink) => {
    const [ours, theirs] = memoryLinks();
    const say = (...lines: readonly string[]): void => {
      for (const line of lines) theirs.write(encoder.encode(`${line}\n`));
    };
    const other: Other = { say, link: theirs, index: connections };
    connections += 1;
    ours.attach(sink);
    let rest = '';
    theirs.attach({
      data(chunk) {
        const lines = (rest + decoder.decode(chunk)).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) script(line, other);
      },
      ended: () => theirs.close(),
    });
    script(undefined, other);
    return ours;
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
