import type { TranscriptEntry } from '../events/event.ts';
import type { Paint } from './paint.ts';
import { shown, shownTo } from './shown.ts';
import { many } from './words.ts';

const verbs: Readonly<Record<TranscriptEntry['what'], string>> = {
  connect: 'connects',
  send: '>:',
  receive: '<:',
  end: 'sees the end of the stream',
  reset: 'sees a reset',
  close: 'closes',
  note: '·',
};

/** What part of a conversation is shown. */
export interface Window {
  /** The index of the step that failed; its lines are marked. */
  readonly step?: number | undefined;
  /** How many entries are shown before the failing step; after it a third as many. */
  readonly before: number;
}

/** A conversation in the notation of the suites: `alice >: ` is sent, `alice <: ` is received. */
export function transcriptLines(entries: readonly TranscriptEntry[], window: Window, paint: Paint): string[] {
  const [from, to] = boundsOf(entries, window);
  const part = entries.slice(from, to);
  const times = part.map(({ at }) => `${at.toFixed(1)} ms`);
  const column = Math.max(0, ...times.map((time) => time.length));
  return [
    ...(from > 0 ? [paint.faint(`  … ${many(from, 'line')} before`)] : []),
    ...part.map((entry, index) => {
      const marked = window.step !== undefined && entry.step === window.step;
      const time = paint.faint((times[index] ?? '').padStart(column));
      const line = `${marked ? '▸' : ' '} ${time}  ${entryText(entry)}`;
      return marked ? paint.strong(line) : line;
    }),
    ...(to < entries.length ? [paint.faint(`  … ${many(entries.length - to, 'line')} after`)] : []),
  ];
}

function entryText({ peer, what, text, hex }: TranscriptEntry): string {
  const octets = hex === undefined ? '' : `  [${shownTo(96, hex)}]`;
  return [shown(peer), verbs[what], shownTo(240, text)].filter((word) => word !== '').join(' ') + octets;
}

function boundsOf(entries: readonly TranscriptEntry[], { step, before }: Window): [number, number] {
  const after = Math.ceil(before / 3);
  const marks = entries.flatMap((entry, index) => (step !== undefined && entry.step === step ? [index] : []));
  const first = marks[0];
  if (first === undefined) return [Math.max(0, entries.length - before - after), entries.length];
  const from = Math.max(0, first - before);
  return [from, Math.min(entries.length, Math.max(first, ...marks.slice(0, before)) + after + 1)];
}
