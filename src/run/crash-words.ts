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

function withOwnFrames({ kind, frames }: CrashReport): CrashReport {
  return { kind, frames: frames.filter((frame) => !foreign.test(frame)).slice(0, 3) };
}

/** A traceback of Python as one thread writes it, with the line that names the error. */
const traceback =
  /Traceback \(most recent call last\)[^\n]*\n(?: {2}File "[^"\n]*", line \d+[^\n]*\n(?: {4}[^\n]*\n| {2}\[[^\n]*\n)*)+([A-Za-z_][\w.]*)(?:: [^\n]*)?\r?\n/;
const isLedOn = /^\s*(?:During handling of the above|The above exception was the direct cause)/;

/** One that another has come of is a part of that. */
function wholeTraceback(text: string): CrashReport | undefined {
  const [whole = '', kind = ''] = traceback.exec(text) ?? [];
  if (whole === '' || isLedOn.test(text.slice(whole.length))) return undefined;
  return { kind, frames: pythonFrames(whole) };
}

/** A line, and those after it that are indented. */
function firstBlock(text: string): string {
  return /^[^\n]*(?:\n[ \t][^\n]*)*/.exec(text)?.[0] ?? text;
}

/**
 * Where reports begin in what is still written, and how each is read. A line that only names an error is none: a
 * stack belongs to it. What several threads have written into each other is read by nobody.
 */
const beginnings: readonly (readonly [RegExp, Reader])[] = [
  [/(?:ERROR|WARNING): \w+Sanitizer: /g, sanitizer],
  [/^.*:\d+:\d+: runtime error: /gm, undefinedBehaviour],
  [/panic(?: serving \S+)?: [^\n]*\n+(?:\[[^\n]*\n+)?goroutine \d+ \[/g, goPanic],
  [
    /(?:Exception in thread "[^"\n]*" )?(?:[a-z]\w*\.)+[A-Z]\w*(?:: [^\n]*)?\n\tat /g,
    (text) => javaException(firstBlock(text)),
  ],
  [new RegExp(traceback, 'g'), wholeTraceback],
  [/\b\w*Error(?: \[\w+\])?: [^\n]*\n {4}at /g, (text) => nodeError(firstBlock(text))],
];
/** What every report holds. */
const mayBegin = /Sanitizer: |: runtime error: |goroutine \d|\n\tat |Traceback \(|\n {4}at /;
/** Characters of a report that are read. */
const readOf = 1 << 16;
/** That the other side went away is the other side's doing. */
const wentAway =
  /ECONNRESET|EPIPE|ECONNABORTED|Connection(?:Reset|Aborted)|BrokenPipe|Broken pipe|EOFException|SocketException/;

/**
 * All reports in what a target printed that goes on, one of each kind, in no order. That a connection went away
 * is no fault of a target, though some print as much.
 */
export function readReports(output: string): readonly CrashReport[] {
  if (!mayBegin.test(output)) return [];
  const found = beginnings.flatMap(([begin, read]) => {
    const at = [...output.matchAll(begin)].map(({ index }) => index);
    return at.flatMap((index, which) => {
      const text = output.slice(index, Math.min(at[which + 1] ?? output.length, index + readOf));
      const report = read(text);
      return report && report.frames.length > 0 && !wentAway.test(text) ? [withOwnFrames(report)] : [];
    });
  });
  return [...new Map(found.map((report) => [crashName(report), report])).values()];
}

/** A report in a few words. */
export function crashName({ kind, frames }: CrashReport): string {
  return `${kind} in ${frames.join(' < ') || '?'}`;
}

/** What was added to a text of which only the end is kept. */
export function added(all: string, before: string): string {
  if (all.startsWith(before)) return all.slice(before.length);
  const end = before.slice(-4000);
  const at = all.indexOf(end);
  return at < 0 ? all : all.slice(at + end.length);
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
  const found = lastOf(output, /(?:ERROR|WARNING): (\w+Sanitizer): (?:attempting )?([\w-]+(?: race)?)/g);
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
  const found = lastOf(output, /panic(?: serving \S+)?: ([^\n]*)/g);
  if (!found) return undefined;
  return {
    kind: `panic ${withoutNumbers(found[1] ?? '')}`,
    frames: allOf(output.slice(found.index), /^([\w./*()-]+)\(/gm),
  };
}

function javaException(output: string): CrashReport | undefined {
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
function pythonFrames(text: string): string[] {
  return allOf(text, /, in (\w+)/g).reverse();
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
