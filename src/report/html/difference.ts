import { html, type SafeHtml } from '@remix-run/html-template';
import type { Failure } from '../../events/event.ts';
import { shown } from '../shown.ts';
import { longText } from './long-text.ts';

/** Characters before the first difference, where a text is too long to be seen whole. */
const before = 200;
const most = 600;

/** Where a text has a mark: from which character, and how many. */
type Span = readonly [from: number, length: number];

/** Expected beside actual, with a mark on what differs first. Nothing if neither is known. */
export function difference({ expected, actual, differsAt, details = [] }: Failure): SafeHtml | null {
  if (expected === undefined && actual === undefined) return null;
  const member = differsAt === undefined ? memberOf(details[0] ?? '') : undefined;
  if (!member) return beside(['expected', expected], ['actual', actual], differsAt);
  return html`<div class="beside">${side('expected', 'good', expected, spanOf(expected, member, member.wanted))}${side('actual', 'bad', actual, spanOf(actual, member, member.got))}</div>`;
}

/** Two printable texts side by side; what differs first is marked, if `differsAt` says that something does. */
export function beside(
  [leftName, left]: readonly [string, string | undefined],
  [rightName, right]: readonly [string, string | undefined],
  differsAt: number | undefined,
): SafeHtml {
  const [one, other] = [shown(left ?? ''), shown(right ?? '')];
  const differ = differsAt !== undefined && left !== undefined && right !== undefined && one !== other;
  const at = differ ? commonLength(one, other) : undefined;
  const spanIn = (text: string): Span | undefined =>
    at === undefined ? undefined : [at, unitAt(text, at).length];
  return html`<div class="beside">${side(leftName, 'good', left, spanIn(one))}${side(rightName, 'bad', right, spanIn(other))}${
    differ ? html`<p class="faint">the first difference is at octet ${differsAt}</p>` : null
  }</div>`;
}

function side(
  name: string,
  kind: 'good' | 'bad',
  text: string | undefined,
  span: Span | undefined,
): SafeHtml | null {
  if (text === undefined) return null;
  return html`<figure class="${kind}"><figcaption>${name}</figcaption><code class="block">${
    text === ''
      ? html`<i>(nothing)</i>`
      : span === undefined
        ? longText(text, most)
        : marked(shown(text), span)
  }</code></figure>`;
}

function marked(text: string, [at, length]: Span): SafeHtml {
  const start = at > most - before ? at - before : 0;
  const head = `${start > 0 ? '…' : ''}${text.slice(start, at)}`;
  const found =
    length === 0
      ? html`<mark aria-label="end of the text">␃</mark>`
      : html`<mark>${text.slice(at, at + length)}</mark>`;
  return html`${head}${found}${longText(text.slice(at + length), most - before)}`;
}

interface Member {
  readonly key: string;
  readonly wanted: string;
  readonly got: string;
}

/** The member that a detail such as `/code: expected 0, got 1` speaks of. */
function memberOf(detail: string): Member | undefined {
  const [, key, wanted, got] =
    /^(?:\/[^/:\s]*)*\/([^/:\s]+): expected (.{1,200}), got (.{1,200})$/s.exec(detail) ?? [];
  return key === undefined || wanted === undefined || got === undefined ? undefined : { key, wanted, got };
}

/** Where a member with that value stands in a JSON text, or in a pattern as it prints itself. */
function spanOf(text: string | undefined, { key }: Member, value: string): Span | undefined {
  if (text === undefined) return undefined;
  for (const lead of [`"${key}":`, `"${key}": `, `${key}: `]) {
    const at = text.indexOf(lead + value);
    if (at >= 0) return [at + lead.length, value.length];
  }
  return undefined;
}

/** What stands for one octet or character in a printable text. */
const unit = /\\x[0-9a-f]{2}|\\u\{[0-9a-f]+\}|\\.|./suy;

function unitAt(text: string, at: number): string {
  unit.lastIndex = at;
  return unit.exec(text)?.[0] ?? '';
}

function commonLength(one: string, other: string): number {
  for (let at = 0; ; ) {
    const next = unitAt(one, at);
    if (next === '' || next !== unitAt(other, at)) return at;
    at += next.length;
  }
}
