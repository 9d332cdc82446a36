import { html, type SafeHtml } from '@remix-run/html-template';
import type { Failure, TranscriptEntry } from '../../events/event.ts';
import { shown } from '../shown.ts';
import { many } from '../words.ts';
import { briefText } from './long-text.ts';

/** What is drawn of a conversation. */
export interface SequenceOptions {
  /** The name of the target's lane. */
  readonly target: string;
  /** The step that failed: its messages are marked, and it is named after the last of them. */
  readonly failure?: Failure | undefined;
  /** How many messages are drawn at the most, around the step that failed. */
  readonly most: number;
}

interface Lanes {
  readonly names: readonly string[];
  readonly target: number;
}

/** A conversation as a sequence diagram: a lane for each peer, one for the target, an arrow for each message. */
export function sequence(entries: readonly TranscriptEntry[], options: SequenceOptions): SafeHtml {
  const { failure, most } = options;
  const step = failure?.step?.index;
  const isMarked = (entry: TranscriptEntry): boolean => step !== undefined && entry.step === step;
  const pivot = pivotOf(entries, step);
  const from = Math.max(0, Math.min(pivot - Math.ceil(most * 0.7), entries.length - most));
  const to = Math.min(entries.length, from + most);
  const lanes = lanesOf(entries, options.target);
  const rows = entries.slice(from, to).map((entry) => row(entry, lanes, isMarked(entry)));
  if (failure?.step) rows.splice(Math.max(0, pivot + 1 - from), 0, faultRow(failure, lanes));
  const width = lanes.names.length > 7 ? 'slim' : lanes.names.length > 4 ? 'narrow' : 'wide';
  return html`<div class="sequence" role="region" aria-label="conversation" tabindex="0"><ol class="${width}" style="--n:${lanes.names.length}"><li class="lanes"><span class="wire">${lanes.names.map(
    (name, index) => html`<b class="lane${index === lanes.target ? ' target' : ''}">${name}</b>`,
  )}</span></li>${leftOut(from, 'before')}${rows}${leftOut(entries.length - to, 'after')}</ol></div>`;
}

/** Peers in the order in which they come, half of them on each side of the target. */
function lanesOf(entries: readonly TranscriptEntry[], target: string): Lanes {
  const peers = [...new Set(entries.map(({ peer }) => peer))].filter((peer) => peer !== '');
  const middle = peers.length < 2 ? peers.length : Math.ceil(peers.length / 2);
  const names = [...peers.slice(0, middle).map(shown), target, ...peers.slice(middle).map(shown)];
  return { names, target: middle };
}

/** The entry after which the failing step is named: the last of its own, or the last before it. */
function pivotOf(entries: readonly TranscriptEntry[], step: number | undefined): number {
  if (step === undefined) return entries.length - 1;
  const own = entries.findLastIndex((entry) => entry.step === step);
  return own >= 0 ? own : entries.findLastIndex((entry) => entry.step === undefined || entry.step < step);
}

/** Kept lean: a page may hold tens of thousands. */
function row(entry: TranscriptEntry, lanes: Lanes, marked: boolean): SafeHtml {
  const { peer, what, text, at } = entry;
  const said = what === 'send' || what === 'receive' ? payload(entry) : text === '' ? null : note(text);
  return html`
<li class="${what}${marked ? ' marked' : ''}" data-at="${at.toFixed(1)} ms"><span class="wire">${
    peer === '' ? null : arrow(entry, lanes, marked)
  }</span>${said}</li>`;
}

const verbs = {
  connect: 'connects',
  send: 'sends',
  receive: 'receives',
  end: 'end of the stream',
  reset: 'reset',
  close: 'closes',
} as const;

/** From the lane of who acts to the lane of whom it concerns. */
function arrow({ what, peer, message }: TranscriptEntry, lanes: Lanes, marked: boolean): SafeHtml | null {
  if (what === 'note') return null;
  const mine = lanes.names.indexOf(shown(peer));
  const out = what === 'send' || what === 'connect' || what === 'close';
  const label =
    message === undefined ? (what === 'send' || what === 'receive' ? '' : verbs[what]) : shown(message);
  const words = `${marked ? 'failing step: ' : ''}${shown(peer)} ${verbs[what]}${message === undefined ? '' : ` ${shown(message)}`}`;
  return line(mine, lanes.target, out, what, label, words);
}

function line(
  mine: number,
  target: number,
  out: boolean,
  kind: string,
  label: string,
  words: string,
): SafeHtml {
  const [left, right] = [Math.min(mine, target), Math.max(mine, target)];
  const way = out === mine < target ? 'right' : 'left';
  return html`<b class="arrow ${kind} ${way}" style="--a:${left};--w:${right - left}" role="img" aria-label="${words}">${label}</b>`;
}

/** What was said; its octets open below it. */
function payload({ text, size = 0, hex }: TranscriptEntry): SafeHtml {
  const octets = hex === undefined ? null : html` data-hex="${briefText(hex, 6000)}"`;
  return html`<details class="hex"${octets}><summary data-size="${many(size, 'octet')}">${briefText(text, 1000)}</summary></details>`;
}

function note(text: string): SafeHtml {
  return html`<div class="faint">${briefText(text)}</div>`;
}

/** Names the failing step; where nothing came, an arrow shows what should have come. */
function faultRow(failure: Failure, lanes: Lanes): SafeHtml {
  const { step, peer, cause, message } = failure;
  const mine = peer === undefined ? -1 : lanes.names.indexOf(shown(peer));
  const absent =
    mine >= 0 && (cause === 'silent' || cause === 'closed' || cause === 'reset' || cause === 'hung');
  return html`<li class="fault" data-at="✗"><span class="wire">${
    absent ? line(mine, lanes.target, false, 'absent', 'nothing', 'what should have come did not come') : null
  }</span><div><strong>Failing step</strong> <code>${briefText(step?.text ?? '')}</code> <span class="faint">${briefText(step?.file ?? '')}:${step?.line ?? 0}</span><p>${briefText(message)}</p></div></li>`;
}

function leftOut(count: number, where: string): SafeHtml | null {
  if (count <= 0) return null;
  return html`<li class="gap"><span class="wire"></span><div class="faint">… ${many(count, 'entry', 'entries')} ${where}</div></li>`;
}
