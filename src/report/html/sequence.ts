import { html, type SafeHtml } from '@remix-run/html-template';
import type { Failure, TranscriptEntry } from '../../events/event.ts';
import type { Role } from '../../events/verdict.ts';
import { shown } from '../shown.ts';
import { many } from '../words.ts';
import { briefText } from './long-text.ts';

/** What is drawn of a conversation. */
export interface SequenceOptions {
  /** What the target is: its lane has this name, and a client is the one that connects. */
  readonly target: Role;
  /** What failed: the messages of its step, or the one that broke a rule, are marked, and it is told after them. */
  readonly failure?: Failure | undefined;
  /** How many messages are drawn at the most, around the step that failed. */
  readonly most: number;
}

interface Lanes {
  readonly names: readonly string[];
  readonly target: number;
  readonly role: Role;
  /** The lanes of the peers. */
  readonly places: ReadonlyMap<string, number>;
}

/** A conversation as a sequence diagram: a lane for each peer, one for the target, an arrow for each message. */
export function sequence(entries: readonly TranscriptEntry[], options: SequenceOptions): SafeHtml {
  const { failure, most } = options;
  const isMarked = marksOf(entries, failure);
  const pivot = pivotOf(entries, isMarked, failure?.step?.index);
  const from = Math.max(0, Math.min(pivot - Math.ceil(most * 0.7), entries.length - most));
  const to = Math.min(entries.length, from + most);
  const lanes = lanesOf(entries, options.target);
  const rows = entries.slice(from, to).map((entry) => row(entry, lanes, isMarked(entry)));
  if (failure) rows.splice(Math.max(0, pivot + 1 - from), 0, faultRow(failure, lanes));
  const width = lanes.names.length > 7 ? 'slim' : lanes.names.length > 4 ? 'narrow' : 'wide';
  return html`<div class="sequence" role="region" aria-label="conversation" tabindex="0"><ol class="${width}" style="--n:${lanes.names.length}"><li class="lanes"><span class="wire">${lanes.names.map(
    (name, index) => html`<b class="lane${index === lanes.target ? ' target' : ''}">${name}</b>`,
  )}</span></li>${leftOut(from, 'before')}${rows}${leftOut(entries.length - to, 'after')}</ol></div>`;
}

/** Peers in the order in which they come, half of them on each side of the target. */
function lanesOf(entries: readonly TranscriptEntry[], role: Role): Lanes {
  const peers = [...new Set(entries.map(({ peer }) => peer))].filter((peer) => peer !== '');
  const target = peers.length < 2 ? peers.length : Math.ceil(peers.length / 2);
  const names = [...peers.slice(0, target).map(shown), role, ...peers.slice(target).map(shown)];
  const places = new Map(peers.map((peer, index) => [peer, index < target ? index : index + 1]));
  return { names, target, role, places };
}

/** Tells the entries of the step that failed; where a rule was broken, the message that broke it. */
function marksOf(
  entries: readonly TranscriptEntry[],
  failure: Failure | undefined,
): (entry: TranscriptEntry) => boolean {
  const step = failure?.step?.index;
  if (step !== undefined) return (entry) => entry.step === step;
  const { actual, peer } = failure ?? {};
  if (actual === undefined) return () => false;
  const culprit = entries.find(
    (entry) => entry.what === 'receive' && entry.peer === peer && lineOf(entry.text) === lineOf(actual),
  );
  return (entry) => entry === culprit;
}

function lineOf(text: string): string {
  return text.replace(/(?:\\r)?\\n$/, '');
}

/** The entry after which the failure is told: the last of its own, or the last before its step. */
function pivotOf(
  entries: readonly TranscriptEntry[],
  isMarked: (entry: TranscriptEntry) => boolean,
  step: number | undefined,
): number {
  const own = entries.findLastIndex(isMarked);
  if (own >= 0 || step === undefined) return own >= 0 ? own : entries.length - 1;
  return entries.findLastIndex((entry) => entry.step === undefined || entry.step < step);
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
  const mine = lanes.places.get(peer) ?? 0;
  const out = what === 'connect' ? lanes.role === 'server' : what === 'send' || what === 'close';
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
  const mine = lanes.places.get(peer ?? '') ?? -1;
  const absent =
    mine >= 0 && (cause === 'silent' || cause === 'closed' || cause === 'reset' || cause === 'hung');
  return html`<li class="fault" data-at="✗"><span class="wire">${
    absent ? line(mine, lanes.target, false, 'absent', 'nothing', 'what should have come did not come') : null
  }</span><div>${
    step
      ? html`<strong>Failing step</strong> <code>${briefText(step.text)}</code> <span class="faint">${briefText(step.file)}:${step.line}</span>`
      : html`<strong>${cause === 'rule' ? 'A rule is broken' : 'It fails'}</strong>`
  }<p>${briefText(message)}</p></div></li>`;
}

function leftOut(count: number, where: string): SafeHtml | null {
  if (count <= 0) return null;
  return html`<li class="gap"><span class="wire"></span><div class="faint">… ${many(count, 'entry', 'entries')} ${where}</div></li>`;
}
