import { html } from '@remix-run/html-template';
import { shown } from '../shown.ts';
import type { Summary } from '../summary.ts';
import { casesPart } from './cases-part.ts';
import { filterKeys, filterPart } from './filter-part.ts';
import { firstScreen } from './first-screen.ts';
import { ledgerPart } from './ledger-part.ts';
import { page } from './page.ts';
import { stateTable } from './state-diagram.ts';
import { targetPart } from './target-part.ts';

/** The report as one page for a browser: everything within, nothing fetched. */
export function htmlReport(summary: Summary): string {
  const keys = filterKeys(summary);
  const { run } = summary;
  const content = html`<a class="skip" href="#broken">Skip to what broke</a><a class="skip" href="#cases">Skip to the cases</a>
${firstScreen(summary)}
${summary.states ? stateTable(summary.states) : null}
${filterPart(summary, keys)}
${ledgerPart(summary, keys)}
${casesPart(summary, keys)}
${targetPart(summary)}
<footer>Run ${shown(run.id)}, made of its events.ndjson. Again: <code>npx spar report RUN --format html</code></footer>`;
  const sign = run.exit === 0 ? '✓' : '✗';
  return page(`${sign} ${shown(run.protocol.name)} ${run.role} · ${shown(run.target.label)}`, content);
}
