import type { Failure } from '../events/event.ts';
import type { Paint } from './paint.ts';
import { shown } from './shown.ts';

/** How much of a text stands before the first difference when it does not fit. */
const before = 30;

/** Expected above actual, and below them a caret at the first character that differs. */
export function differenceLines(failure: Failure, paint: Paint, width: number): string[] {
  const { expected, actual, differsAt } = failure;
  const one = expected === undefined ? undefined : shown(expected);
  const other = actual === undefined ? undefined : shown(actual);
  const at = differsAt === undefined ? 0 : commonLength(one ?? '', other ?? '');
  const start = at < width - before ? 0 : at - before;
  const lines: string[] = [];
  if (one !== undefined) lines.push(`expected  ${paint.good(part(one, start, width))}`);
  if (other !== undefined) lines.push(`actual    ${paint.bad(part(other, start, width))}`);
  if (one === undefined || other === undefined || differsAt === undefined || one === other) return lines;
  const indent = ' '.repeat('actual    '.length + at - start + (start > 0 ? 1 : 0));
  return [...lines, `${indent}${paint.bad('^')} ${paint.faint(`octet ${differsAt}`)}`];
}

function commonLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

function part(text: string, start: number, width: number): string {
  if (text === '') return '(nothing)';
  const end = start + width;
  const head = start > 0 ? '…' : '';
  return end < text.length
    ? `${head}${shown(text.slice(start, end))}… (${text.length} characters)`
    : `${head}${shown(text.slice(start))}`;
}
