import { html, type SafeHtml } from '@remix-run/html-template';
import type { TranscriptEntry } from '../../events/event.ts';
import { shown } from '../shown.ts';
import { duration, many, times } from '../words.ts';
import { findingAnchor } from './anchors.ts';
import { beside } from './difference.ts';
import { briefText, longText } from './long-text.ts';
import { page } from './page.ts';
import { sequence } from './sequence.ts';
import { mark } from './verdict-marks.ts';

/** A hostile campaign and what it found. */
export interface CampaignReport {
  readonly protocol: string;
  /** What was fuzzed, if it is known. */
  readonly target?: string;
  readonly seed?: number;
  /** ISO 8601. */
  readonly time?: string;
  /** How far it came, if it came to its end. */
  readonly status?: {
    readonly executions: number;
    readonly ms: number;
    readonly states: number;
    readonly shapes: number;
    readonly restarts: number;
  };
  readonly findings: readonly FindingReport[];
}

/** A finding as a page shows it. */
export interface FindingReport {
  readonly id: string;
  readonly oracle: string;
  readonly bucket: string;
  readonly message: string;
  readonly confirmed: { readonly times: number; readonly of: number };
  /** The moves in words. */
  readonly moves: readonly string[];
  /** What of it does not matter, in words. */
  readonly free: readonly string[];
  /** Each hostile packet with the valid one from which it was made; both printable. */
  readonly packets: readonly PacketPair[];
  readonly transcript: readonly TranscriptEntry[];
  /** What the target printed. */
  readonly output: string;
  /** A command that makes it happen again. */
  readonly repeat: string;
}

/** A valid packet and the hostile one made of it. */
export interface PacketPair {
  readonly words: string;
  readonly valid: string;
  readonly sent: string;
  /** The first octet that differs. */
  readonly differsAt: number;
}

/** Messages that are drawn of a conversation. */
const drawn = 120;
const movesShown = 40;
/** Characters of a message that stand in its title. */
const titleKept = 200;

/** The report of a campaign as one page for a browser. */
export function findingsReport(campaign: CampaignReport): string {
  const { findings, protocol, target } = campaign;
  const group = findings.length === 0 ? 'pass' : 'fail';
  const words = findings.length === 0 ? 'Nothing was found' : `${many(findings.length, 'fault')} found`;
  const content = html`<a class="skip" href="#findings">Skip to the findings</a>
<header class="top ${group}"><p class="what">Hostile campaign <span class="chip">${shown(protocol)}</span></p><h1>${mark(group, words)}${words}</h1>${
    target === undefined ? null : html`<p class="target"><code>${briefText(target)}</code></p>`
  }${facts(campaign)}</header>
<section id="findings" aria-labelledby="h-findings"><h2 id="h-findings">The findings</h2>${
    findings.length === 0 ? html`<p>No oracle saw anything wrong.</p>` : findings.map(findingPart)
  }</section>`;
  return page(`${findings.length} findings · ${shown(protocol)}`, content);
}

function facts({ time, seed, status }: CampaignReport): SafeHtml {
  const rows: [string, string][] = [];
  if (time !== undefined) rows.push(['when', shown(time.replace('T', ' ').replace(/\.\d+Z$/, ' UTC'))]);
  if (seed !== undefined) rows.push(['seed', String(seed)]);
  if (status) {
    rows.push(['conversations', `${status.executions} in ${duration(status.ms)}`]);
    rows.push(['seen', `${many(status.states, 'state')}, ${many(status.shapes, 'shape')} of answers`]);
    rows.push(['restarts', String(status.restarts)]);
  }
  return html`<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function findingPart(one: FindingReport, index: number): SafeHtml {
  const anchor = findingAnchor(one.id);
  const left = one.moves.length - movesShown;
  return html`
<details class="case fail" id="${anchor}" data-v="fail" data-l="" data-s=""${index < 3 ? html` open=""` : null}><summary>${mark('fail', one.oracle)}<span class="title">${briefText(one.message, titleKept)}</span> <span class="case-id">${briefText(one.id)}</span> <span class="chip fail">${briefText(one.oracle)}</span></summary><div class="body"><p class="meta">${briefText(one.bucket)} · seen ${times(one.confirmed.times)} in ${many(one.confirmed.of, 'try', 'tries')} on a fresh target · <a href="#${anchor}">link</a></p>${
    one.message.length > titleKept
      ? html`<div class="failure"><p class="message">${longText(one.message)}</p></div>`
      : null
  }${one.packets.map(pairPart)}<h3>What is done</h3><ol>${
    left > 0 ? html`<li class="faint">… ${many(left, 'move')} before</li>` : null
  }${one.moves.slice(-movesShown).map((move) => html`<li>${briefText(move)}</li>`)}</ol>${
    one.free.length === 0
      ? null
      : html`<h3>What does not matter</h3><ul>${one.free.map((words) => html`<li>${briefText(words)}</li>`)}</ul>`
  }${
    one.transcript.length > 0 ? sequence(one.transcript, { target: 'server', most: drawn }) : null
  }${one.output === '' ? null : html`<h3>The target's own output</h3><code class="block">${longText(one.output, 2000)}</code>`}<p class="again">again: <code class="copy">${briefText(one.repeat, 2000)}</code></p></div></details>`;
}

function pairPart({ words, valid, sent, differsAt }: PacketPair): SafeHtml {
  return html`<h3>${briefText(words)}</h3>${beside(['the valid packet', valid], ['what was sent', sent], differsAt)}`;
}
