import { create } from 'xmlbuilder2';
import { shownTo } from './shown.ts';
import type { Summary } from './summary.ts';

/** Colours on which white text has a contrast of 4.5 or more. */
const colours = {
  good: '#1a7f37',
  odd: '#8a6100',
  bad: '#c62828',
  open: '#57606a',
  label: '#24292f',
} as const;

const longestName = 40;
const height = 20;
const padding = 6;

/** A picture with the share of requirements held, for a README: SVG, with nothing to fetch. */
export function badge(summary: Summary): string {
  const { run } = summary;
  const share = shareOf(summary);
  const label = `${shownTo(longestName, run.protocol.name)} ${run.role}`;
  const [left, right] = [widthOf(label), widthOf(share.short)];
  const svg = create({ version: '1.0', encoding: 'UTF-8' }).ele('http://www.w3.org/2000/svg', 'svg', {
    width: left + right,
    height,
    viewBox: `0 0 ${left + right} ${height}`,
    role: 'img',
    'aria-labelledby': 'spar-title spar-desc',
  });
  svg.ele('title', { id: 'spar-title' }).txt(`${label}: ${share.short}`);
  svg.ele('desc', { id: 'spar-desc' }).txt(`${share.long} Tested by spar ${shownTo(longestName, run.spar)}.`);
  svg.ele('rect', { width: left, height, fill: colours.label });
  svg.ele('rect', { x: left, width: right, height, fill: colours[stateOf(summary)] });
  const texts = svg.ele('g', {
    fill: '#fff',
    'font-family': 'Verdana,DejaVu Sans,Geneva,sans-serif',
    'font-size': 11,
    'aria-hidden': 'true',
  });
  for (const [text, from, width] of [
    [label, 0, left],
    [share.short, left, right],
  ] as const) {
    texts.ele('text', { x: from + padding, y: 14, textLength: width - 2 * padding }).txt(text);
  }
  return `${svg.end({ prettyPrint: true })}\n`;
}

function shareOf({ requirements, run }: Summary): { readonly short: string; readonly long: string } {
  const testable = requirements.filter(({ status }) => status !== 'untestable');
  const held = testable.filter(({ status }) => status === 'held').length;
  const counted = `${held} of the ${testable.length} requirements that can be tested`;
  if (run.exit === undefined) return { short: 'no verdict', long: `The run was cut off; ${counted} held.` };
  if (testable.length === 0) return { short: 'no requirements', long: 'There is nothing to test.' };
  // Rounded down: only all is 100 %.
  const percent = Math.floor((100 * held) / testable.length);
  return { short: `${percent} % held`, long: `${counted} hold.` };
}

/** Green if all that was tested holds, amber if something warns, red if something is broken, else grey. */
function stateOf({ run, counts, requirements }: Summary): 'good' | 'odd' | 'bad' | 'open' {
  if (run.exit === 1 && run.stopped !== 'interrupted') return 'bad';
  if (run.exit !== 0 || counts.pass + counts.warn + counts.expected === 0) return 'open';
  return requirements.some(({ status }) => status === 'warned' || status === 'broken') ? 'odd' : 'good';
}

/** About what a text takes in this font: its length is then set, so that it fits in any other. */
function widthOf(text: string): number {
  return (
    2 * padding +
    Math.ceil([...text].reduce((sum, char) => sum + (/[\u2e80-\u{1ffff}]/u.test(char) ? 11 : 6.8), 0))
  );
}
