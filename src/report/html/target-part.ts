import { html, type SafeHtml } from '@remix-run/html-template';
import type { Summary } from '../summary.ts';
import { many, times } from '../words.ts';
import { longText } from './long-text.ts';

/** What was heard of the target itself: its process and its own output. */
export function targetPart({ target }: Summary): SafeHtml | null {
  if (target.last.length === 0) return null;
  const fate =
    target.exits + target.restarts === 0
      ? `The last ${many(target.last.length, 'thing')} heard of its process.`
      : `It ended ${times(target.exits)} and was started again ${times(target.restarts)}.`;
  return html`<section id="target" aria-labelledby="h-target"><h2 id="h-target">The target's own output</h2><p class="faint">${fate}</p><div class="scroll" tabindex="0" role="region" aria-label="output of the target"><ol class="log">${target.last.map(
    ({ at, what, text, code, signal }) =>
      html`<li class="${what}"><span class="time">${(at / 1000).toFixed(2)} s</span><span class="what">${what}${code === undefined ? null : ` (code ${code})`}</span><code>${longText(text, 400)}${signal === undefined ? null : html` (${longText(signal, 40)})`}</code></li>`,
  )}</ol></div></section>`;
}
