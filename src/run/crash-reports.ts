import {
  assertion,
  type CrashReport,
  goPanic,
  heapFault,
  javaException,
  nodeError,
  ofTheLibrary,
  pythonFrames,
  type Reader,
  rustPanic,
  sanitizer,
  uncaughtInC,
  undefinedBehaviour,
  withOwnFrames,
} from './crash-words.ts';

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
const beginnings: readonly (readonly [begin: RegExp, read: Reader, isLine?: true])[] = [
  [/(?:ERROR|WARNING): \w+Sanitizer: /g, sanitizer],
  [/^.*:\d+:\d+: runtime error: /gm, undefinedBehaviour],
  [/panic(?: serving \S+)?: [^\n]*\n+(?:\[[^\n]*\n+)?goroutine \d+ \[/g, goPanic],
  [
    /(?:Exception in thread "[^"\n]*" )?(?:[a-z]\w*\.)+[A-Z]\w*(?:: [^\n]*)?\n\tat /g,
    (text) => javaException(firstBlock(text)),
  ],
  [new RegExp(traceback, 'g'), wholeTraceback],
  [/\b\w*Error(?: \[\w+\])?: [^\n]*\n {4}at /g, (text) => nodeError(firstBlock(text))],
  [/\bthread '[^'\n]*'(?: \(\d+\))? panicked at /g, rustPanic],
  [/\w+: Assertion `[^\n]*' failed\./g, assertion],
  [/\*\*\* [a-z ]+ detected \*\*\*/g, lineOfTheLibrary, true],
  [new RegExp(heapFault, 'gm'), lineOfTheLibrary, true],
  [/terminate called after throwing /g, uncaughtInC, true],
];
/** What every report holds. */
const mayBegin = new RegExp(
  [
    'Sanitizer: |: runtime error: |goroutine \\d|\\n\\tat |Traceback \\(|\\n {4}at ',
    `panicked at |' failed\\.|detected \\*\\*\\*|terminate called|${heapFault}`,
  ].join('|'),
  'm',
);
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
  const found = beginnings.flatMap(([begin, read, isLine]) => {
    const at = [...output.matchAll(begin)].map(({ index }) => index);
    return at.flatMap((index, which) => {
      const text = output.slice(index, Math.min(at[which + 1] ?? output.length, index + readOf));
      const report = read(text);
      return report && (isLine || report.frames.length > 0) && !wentAway.test(text)
        ? [withOwnFrames(report)]
        : [];
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

function lineOfTheLibrary(text: string): CrashReport | undefined {
  return ofTheLibrary(text.split('\n', 1)[0] ?? '');
}
