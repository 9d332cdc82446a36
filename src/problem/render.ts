import type { Fault, Place, Problem } from './problem.ts';

const heads: Record<Fault, string> = { user: 'error', target: 'target', harness: 'spar itself' };

/** What a terminal would act upon: it may come from a target, or from a file of somebody else's. */
const unshown = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A problem as text for a person: whose fault, where with a caret, what, and how to mend it. */
export function renderProblem(problem: Problem): string {
  const lines = [`${heads[problem.fault]}: ${problem.what}`];
  if (problem.where) lines.push(...renderPlace(problem.where));
  if (problem.mend) lines.push(`  = ${problem.mend}`);
  return lines.join('\n').replace(unshown, '\ufffd');
}

function renderPlace(place: Place): string[] {
  const lines = [`  --> ${place.file}:${place.line}:${place.column}`];
  if (place.source === undefined) return lines;
  const number = String(place.line);
  const gutter = ' '.repeat(number.length);
  const start = Math.max(0, place.column - 1 - 60);
  const shown = place.source.slice(start, start + 120).replaceAll('\t', ' ');
  const caret = ' '.repeat(place.column - 1 - start) + '^'.repeat(caretWidth(place, start + shown.length));
  return [...lines, `${gutter} |`, `${number} | ${shown}`, `${gutter} | ${caret}`];
}

function caretWidth(place: Place, end: number): number {
  return Math.max(1, Math.min(place.length ?? 1, end - place.column + 1));
}
