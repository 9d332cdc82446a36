/** What a target printed when it died: the kind of fault and the frames of its own code. */
export interface CrashReport {
  readonly kind: string;
  /** Functions of the target, innermost first; those of libraries and of the sanitizer left out. */
  readonly frames: readonly string[];
}

const foreign =
  /^(?:_*(?:asan|ubsan|interceptor|libc|start|GI)_|__|raise|abort|panic$|main$|_start$|mem(?:cpy|move|set)|str\w+$|node:|internal\/|java\.|sun\.|runtime\.|net\/http\.)/;

/** Reads sanitizer reports, panics and stack traces out of what a target printed; the last one counts. */
export function readCrash(output: string): CrashReport | undefined {
  for (const read of readers) {
    const found = read(output);
    if (found) return withOwnFrames(found);
  }
  return undefined;
}

export function withOwnFrames({ kind, frames }: CrashReport): CrashReport {
  return { kind, frames: frames.filter((frame) => !foreign.test(frame)).slice(0, 3) };
}

/** What the C library says of a heap that it finds spoilt, at the beginning of a line. */
export const heapFault: string =
  '^(?:(?:free|malloc|realloc|munmap_chunk)\\(\\): |double free or corruption|corrupted (?:size|double-linked))';

export type Reader = (output: string) => CrashReport | undefined;

const readers: readonly Reader[] = [
  sanitizer,
  undefinedBehaviour,
  goPanic,
  javaException,
  pythonTraceback,
  nodeError,
  rustPanic,
  assertion,
  uncaughtInC,
];

export function sanitizer(output: string): CrashReport | undefined {
  const found = lastOf(output, /(?:ERROR|WARNING): (\w+Sanitizer): (?:attempting )?([\w-]+(?: race)?)/g);
  if (!found) return undefined;
  return { kind: `${found[1]} ${found[2]}`, frames: firstStack(output.slice(found.index)) };
}

/** The frames of the first stack: others tell who allocated, or owned, what is wrong. */
function firstStack(report: string): string[] {
  const frames: string[] = [];
  for (const [, number, name] of report.matchAll(/#(\d+) 0x[0-9a-f]+ in (\w+)/g)) {
    if (Number(number) === 0 && frames.length > 0) break;
    frames.push(name as string);
  }
  return frames;
}

export function rustPanic(output: string): CrashReport | undefined {
  const found = lastOf(output, /\bthread '[^'\n]*'(?: \(\d+\))? panicked at (?:'[^\n]*', )?([\w./-]+):\d+/g);
  return found && { kind: 'panic', frames: [found[1]?.split('/').at(-1) ?? ''] };
}

export function assertion(output: string): CrashReport | undefined {
  const found = lastOf(output, /(\w+): Assertion `[^\n]*' failed\./g);
  return found && { kind: 'assertion', frames: [found[1] ?? ''] };
}

/** The C library ends a program whose stack or heap it finds spoilt. */
export function ofTheLibrary(output: string): CrashReport | undefined {
  const found = lastOf(
    output,
    new RegExp(`\\*\\*\\* ([a-z ]+) detected \\*\\*\\*|${heapFault}[^\\n]*`, 'gm'),
  );
  return found && { kind: found[1] ?? found[0].trim(), frames: [] };
}

export function uncaughtInC(output: string): CrashReport | undefined {
  const found = lastOf(output, /terminate called after throwing an instance of '([^'\n]+)'/g);
  return found && { kind: found[1] ?? '', frames: [] };
}

export function undefinedBehaviour(output: string): CrashReport | undefined {
  const found = lastOf(output, /(?<![\w./-])([\w./-]+):\d+:\d+: runtime error: ([a-z ]+)/g);
  return found
    ? { kind: `undefined behaviour ${(found[2] ?? '').trim()}`, frames: [found[1]?.split('/').at(-1) ?? ''] }
    : undefined;
}

export function goPanic(output: string): CrashReport | undefined {
  const found = lastOf(output, /panic(?: serving \S+)?: ([^\n]*)/g);
  if (!found) return undefined;
  return {
    kind: `panic ${withoutNumbers(found[1] ?? '')}`,
    frames: allOf(output.slice(found.index), /^([\w./*()-]+)\(/gm),
  };
}

export function javaException(output: string): CrashReport | undefined {
  const found = lastOf(output, /(?:Exception in thread "[^"]*" |^(?=[^\n]*\n\tat ))((?:[a-z]\w*\.)+\w+)/gm);
  return found
    ? { kind: found[1] ?? '', frames: allOf(output.slice(found.index), /\tat ([\w.$]+)\(/g) }
    : undefined;
}

function pythonTraceback(output: string): CrashReport | undefined {
  const found = lastOf(output, /Traceback \(most recent call last\)/g);
  if (!found) return undefined;
  const rest = output.slice(found.index);
  return {
    kind: /^(\w+(?:\.\w+)*(?:Error|Exception|Interrupt)\b)/m.exec(rest)?.[1] ?? 'Traceback',
    frames: pythonFrames(rest),
  };
}

/** Innermost first. */
export function pythonFrames(text: string): string[] {
  return allOf(text, /, in (\w+)/g).reverse();
}

export function nodeError(output: string): CrashReport | undefined {
  const found = lastOf(output, /^(?:Uncaught )?(\w*Error)(?: \[[\w]+\])?: /gm);
  return found
    ? {
        kind: found[1] ?? 'Error',
        frames: allOf(output.slice(found.index), /^ +at (?:async )?([\w.<>$#]+) \(/gm),
      }
    : undefined;
}

function lastOf(text: string, pattern: RegExp): RegExpExecArray | undefined {
  return [...text.matchAll(pattern)].at(-1) as RegExpExecArray | undefined;
}

function allOf(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((found) => found[1] as string);
}

function withoutNumbers(text: string): string {
  return text.replace(/\d+/g, 'N');
}
