/** What a target printed when it died: the kind of fault and the frames of its own code. */
export interface CrashReport {
  readonly kind: string;
  /** Functions of the target, innermost first; those of libraries and of the sanitizer left out. */
  readonly frames: readonly string[];
}

const foreign =
  /^(?:_*(?:asan|ubsan|interceptor|libc|start|GI)_|__|raise|abort|main$|_start$|mem(?:cpy|move|set)|str\w+$|node:|internal\/|java\.|sun\.|runtime\.)/;

/** Reads sanitizer reports, panics and stack traces out of what a target printed; the last one counts. */
export function readCrash(output: string): CrashReport | undefined {
  for (const read of readers) {
    const found = read(output);
    if (found) return { ...found, frames: found.frames.filter((frame) => !foreign.test(frame)).slice(0, 3) };
  }
  return undefined;
}

type Reader = (output: string) => CrashReport | undefined;

const readers: readonly Reader[] = [
  sanitizer,
  undefinedBehaviour,
  goPanic,
  javaException,
  pythonTraceback,
  nodeError,
];

function sanitizer(output: string): CrashReport | undefined {
  const found = lastOf(output, /ERROR: (\w+Sanitizer): (?:attempting )?([\w-]+)/g);
  if (!found) return undefined;
  const frames = allOf(output.slice(found.index), /#\d+ 0x[0-9a-f]+ in (\w+)/g);
  return { kind: `${found[1]} ${found[2]}`, frames };
}

function undefinedBehaviour(output: string): CrashReport | undefined {
  const found = lastOf(output, /(?<![\w./-])([\w./-]+):\d+:\d+: runtime error: ([a-z ]+)/g);
  return found
    ? { kind: `undefined behaviour ${(found[2] ?? '').trim()}`, frames: [found[1]?.split('/').at(-1) ?? ''] }
    : undefined;
}

function goPanic(output: string): CrashReport | undefined {
  const found = lastOf(output, /panic: ([^\n]*)/g);
  if (!found) return undefined;
  return {
    kind: `panic ${withoutNumbers(found[1] ?? '')}`,
    frames: allOf(output.slice(found.index), /^([\w./*()-]+)\(/gm),
  };
}

function javaException(output: string): CrashReport | undefined {
  const found = lastOf(output, /(?:Exception in thread "[^"]*" )((?:[a-z]+\.)+\w+)/g);
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
    frames: allOf(rest, /, in (\w+)/g).reverse(),
  };
}

function nodeError(output: string): CrashReport | undefined {
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
