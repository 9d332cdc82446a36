import { html, type SafeHtml } from '@remix-run/html-template';
import type { Failure } from '../../events/event.ts';
import { shown } from '../shown.ts';
import { longText } from './long-text.ts';

/** Characters before the first difference, where a text is too long to be seen whole. */
const before = 200;
const most = 600;

/** Expected beside actual, with a mark on the first octet that differs. Nothing if neither is known. */
export function difference({ expected, actual, differsAt }: Failure): SafeHtml | null {
  if (expected === undefined && actual === undefined) return null;
  return beside(['expected', expected], ['actual', actual], differsAt);
}

/** Two printable texts side by side; what differs first is marked, if `differsAt` says that something does. */
export function beside(
  [leftName, left]: readonly [string, string | undefined],
  [rightName, right]: readonly [string, string | undefined],
  differsAt: number | undefined,
): SafeHtml {
  const one = left === undefined ? undefined : shown(left);
  const other = right === undefined ? undefined : shown(right);
  const marked = differsAt !== undefined && one !== undefined && other !== undefined && one !== other;
  const at = marked ? commonLength(one, other) : undefined;
  return html`<div class="beside">${
    one === undefined ? null : side(leftName, 'good', one, at)
  }${other === undefined ? null : side(rightName, 'bad', other, at)}${
    marked ? html`<p class="faint">the first difference is at octet ${differsAt}</p>` : null
  }</div>`;
}

function side(name: string, kind: 'good' | 'bad', text: string, at: number | undefined): SafeHtml {
  return html`<figure class="${kind}"><figcaption>${name}</figcaption><code class="block">${
    text === '' ? html`<i>(nothing)</i>` : at === undefined ? longText(text, most) : marked(text, at)
  }</code></figure>`;
}

function marked(text: string, at: number): SafeHtml {
  const start = at > most - before ? at - before : 0;
  const octet = unitAt(text, at);
  const head = `${start > 0 ? '…' : ''}${text.slice(start, at)}`;
  const found =
    octet === '' ? html`<mark aria-label="end of the text">␃</mark>` : html`<mark>${octet}</mark>`;
  return html`${head}${found}${longText(text.slice(at + octet.length), most - before)}`;
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
