import { gist, indent, type Telling } from './case-lines.ts';
import { type CaseSummary, isFlaky, triesWords } from './case-summary.ts';
import { groupBy } from './group-by.ts';
import { shown, shownTo } from './shown.ts';
import type { Summary } from './summary.ts';
import { wantedReasonLines } from './wanted-reason.ts';
import { few, many, times, wrap } from './words.ts';

const notesShown = 5;
const outputShown = 10;

/** Warnings: the case, what is odd, and the requirement in words. */
export function warningLines({ cases }: Summary, { paint, requirements, width }: Telling): string[] {
  const warned = cases.filter(({ outcome }) => outcome === 'warn');
  if (warned.length === 0) return [];
  return [
    paint.odd(many(warned.length, 'warning')),
    ...warned.flatMap((one) => [
      indent(`${shown(one.id)}: ${gist(one)}`),
      ...[...new Set(one.failures.flatMap((failure) => failure.requirements))].flatMap((id) => {
        const known = requirements.get(id);
        const text = known ? `${shown(id)} ${known.level}  ${shown(known.text)}` : shown(id);
        return wrap(text, width - 4).map((line) => indent(indent(paint.faint(line))));
      }),
    ]),
  ];
}

/** Failures as expected, with the reason that was given. */
export function expectedLines({ cases }: Summary, { paint }: Telling): string[] {
  const expected = cases.filter(({ outcome }) => outcome === 'expected');
  if (expected.length === 0) return [];
  return [
    paint.odd(many(expected.length, 'failure as expected', 'failures as expected')),
    ...expected.map((one) => indent(`${shown(one.id)}: ${shown(one.expected ?? '')}`)),
    ...wantedReasonLines(expected).map((line) => indent(paint.odd(line))),
  ];
}

/** Cases that did not end, or were not begun. */
export function openLines({ cases }: Summary, telling: Telling): string[] {
  const unfinished = cases.filter(({ outcome }) => outcome === 'unfinished');
  const notHeld = cases.filter(({ outcome }) => outcome === 'not-held');
  return [...groupLines('not finished', unfinished, telling), ...groupLines('not held', notHeld, telling)];
}

/** Skipped cases by what they lack. */
export function skipLines({ cases }: Summary, telling: Telling): string[] {
  return groupLines(
    'skipped',
    cases.filter(({ outcome }) => outcome === 'skip'),
    telling,
  );
}

function groupLines(what: string, cases: readonly CaseSummary[], telling: Telling): string[] {
  if (cases.length === 0) return [];
  return [telling.paint.odd(`${many(cases.length, 'case')} ${what}`), ...reasonLines(cases, telling.width)];
}

/** Cases by what became of them, a line or two for each reason. */
export function reasonLines(cases: readonly CaseSummary[], width: number): string[] {
  const reasons = groupBy(cases, (one) => [gist(one)]);
  return [...reasons].flatMap(([reason, members]) => {
    const names = members.map((one) => (isFlaky(one) ? `${one.id} (${triesWords(one)})` : one.id));
    return [indent(reason), ...wrap(few(names), width - 4).map((line) => indent(indent(line)))];
  });
}

/** Expected failures that hold now. */
export function staleLines({ stale }: Summary, { paint }: Telling): string[] {
  if (stale.length === 0) return [];
  return [
    paint.bad(`${many(stale.length, 'expected failure')} to strike out: what is named holds now`),
    ...stale.map(({ entry, reason }) => indent(`${shown(entry)} (${shown(reason)})`)),
  ];
}

/** What was odd but accepted, the most frequent first. */
export function noteLines({ cases }: Summary, { paint }: Telling): string[] {
  const notes = new Map<string, number>();
  for (const note of cases.flatMap((one) => one.notes)) notes.set(note, (notes.get(note) ?? 0) + 1);
  if (notes.size === 0) return [];
  const often = [...notes].sort((a, b) => b[1] - a[1]);
  const left = often.length - notesShown;
  return [
    paint.faint('noted on the way'),
    ...often
      .slice(0, notesShown)
      .map(([note, count]) => indent(`${shownTo(200, note)}${count > 1 ? ` (${times(count)})` : ''}`)),
    ...(left > 0 ? [indent(paint.faint(`and ${many(left, 'other note')}`))] : []),
  ];
}

/** What became of the target's process, if anything did. */
export function targetLines({ target, run, counts }: Summary, { paint }: Telling): string[] {
  const troubled = target.restarts > 0 || run.exit === 3 || run.stopped === 'target-dead' || counts.error > 0;
  if (!troubled) return [];
  const fate =
    target.exits + target.restarts === 0
      ? 'last heard of the target'
      : `the target ended ${times(target.exits)} and was started again ${times(target.restarts)}`;
  return [
    paint.bad(fate),
    ...target.last.slice(-outputShown).map(({ what, text, code, signal }) => {
      const how = [code !== undefined && `code ${code}`, signal !== undefined && shown(signal)].filter(
        Boolean,
      );
      return indent(
        `${paint.faint(what)}${how.length > 0 ? ` (${how.join(', ')})` : ''} ${shownTo(240, text)}`,
      );
    }),
  ];
}
