import { html, type SafeHtml } from '@remix-run/html-template';
import { groupBy } from '../group-by.ts';
import { shown } from '../shown.ts';
import type { StatesSummary } from '../summary.ts';
import { many } from '../words.ts';
import { briefText } from './long-text.ts';

interface Box {
  readonly name: string;
  readonly x: number;
  readonly width: number;
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly label: readonly string[];
  readonly seen: number;
}

const letter = 7.4;
const height = 46;
const line = 15;
const labelsShown = 3;

/** The state table: drawn with what was visited, and below it as a table of all answers. */
export function stateTable(states: StatesSummary): SafeHtml {
  const seen = states.answers.filter((answer) => answer.seen > 0).length;
  return html`<section id="states" aria-labelledby="h-states"><h2 id="h-states">The state table</h2><p class="faint">${seen} of ${many(states.answers.length, 'answer')} of the table came in this run. What was never seen is dashed.</p>${diagram(states)}${table(states)}</section>`;
}

/** States in a row, in the order of the file; what changes the state as an arrow from one to another. */
function diagram(states: StatesSummary): SafeHtml {
  const edges = edgesOf(states);
  const boxes = boxesOf(states, edges);
  const reached = reachedOf(states);
  const place = new Map(boxes.map((box, index) => [box.name, index]));
  const along = edges.filter(({ from }) => from !== 'any');
  const spans = along.map((edge) => Math.abs((place.get(edge.to) ?? 0) - (place.get(edge.from) ?? 0)));
  const jumps = along.filter((_, index) => spans[index] !== 1);
  const most = Math.max(0, ...along.map(({ label }) => label.length));
  const above = jumps.length > 0 ? 40 + 22 * Math.max(...spans) : Math.max(12, line * most - 8);
  const fromAny = edges.filter(({ from }) => from === 'any');
  const below = fromAny.length > 0 ? 150 : 20;
  const last = boxes.at(-1);
  const width = Math.max(260, (last?.x ?? 0) + (last?.width ?? 0) + 20);
  const middle = above + height / 2;
  const anyY = above + height + 96;
  const lines = along.map((edge) => {
    const [from, to] = [boxes[place.get(edge.from) ?? 0], boxes[place.get(edge.to) ?? 0]];
    if (!from || !to) return null;
    return (place.get(edge.to) ?? 0) - (place.get(edge.from) ?? 0) === 1
      ? straight(edge, from, to, middle)
      : arc(edge, from, to, above);
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="state diagram"><svg class="states" width="${width}" height="${above + height + below}" viewBox="0 0 ${width} ${above + height + below}" role="img" aria-label="${boxes.length} states, ${edges.length} ways from one to another; the table below says the same"><defs>${[
    'seen',
    'unseen',
  ].map(
    (kind) =>
      html`<marker id="tip-${kind}" class="${kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>`,
  )}</defs>${lines}${fromAny.length > 0 ? anyBox(width, anyY, fromAny, boxes, place, above) : null}${boxes.map(
    (box) => node(box, above, reached.has(box.name), states),
  )}</svg></div>`;
}

function edgesOf({ answers }: StatesSummary): Edge[] {
  const moving = answers.filter(({ state, next }) => next !== undefined && next !== state);
  const groups = groupBy(moving, ({ state, next }) => [JSON.stringify([state, next])]);
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    if (first?.next === undefined) return [];
    const seen = members.reduce((sum, one) => sum + one.seen, 0);
    return [
      { from: first.state, to: first.next, label: labelOf(members.map(({ request }) => request)), seen },
    ];
  });
}

function labelOf(requests: readonly string[]): string[] {
  const names = [...new Set(requests)].map((name) => shown(name.slice(0, 40)));
  return names.length > labelsShown
    ? [...names.slice(0, labelsShown - 1), `and ${names.length - labelsShown + 1} more`]
    : names;
}

function boxesOf({ names }: StatesSummary, edges: readonly Edge[]): Box[] {
  let x = 20;
  return names.map((name, index) => {
    const width = Math.max(96, shown(name).length * letter + 28);
    const box = { name, x, width };
    const next = names[index + 1];
    const labels = edges.filter(({ from, to }) => from === name && to === next).flatMap(({ label }) => label);
    x += width + Math.max(56, Math.max(0, ...labels.map(({ length }) => length)) * letter + 34);
    return box;
  });
}

/** States that a connection came into: the first, and those that an answer which came leads to. */
function reachedOf({ start, answers }: StatesSummary): ReadonlySet<string> {
  const came = answers.filter(({ seen }) => seen > 0);
  return new Set(came.length > 0 ? [start, ...came.flatMap(({ next }) => next ?? [])] : []);
}

function node(
  { name, x, width }: Box,
  y: number,
  reached: boolean,
  { start, answers }: StatesSummary,
): SafeHtml {
  const own = answers.filter(({ state }) => state === name);
  const seen = own.filter((answer) => answer.seen > 0).length;
  const middle = x + width / 2;
  const below = own.length === 0 ? 'no answers of its own' : `${seen} of ${many(own.length, 'answer')}`;
  return html`<g class="${reached ? 'seen' : 'unseen'}${name === start ? ' start' : ''}"><title>${shown(name)}: ${reached ? 'visited' : 'never visited'}; ${below}</title><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="10"/><text class="name" x="${middle}" y="${y + 20}">${shown(name)}</text><text class="count" x="${middle}" y="${y + 36}">${own.length === 0 ? '–' : `${seen}/${own.length}`}</text></g>`;
}

function straight(edge: Edge, from: Box, to: Box, y: number): SafeHtml {
  const [start, end] = [from.x + from.width, to.x];
  const path = `M${start} ${y}L${end} ${y}`;
  return drawn(edge, path, (start + end) / 2, y - 8 - line * (edge.label.length - 1));
}

function arc(edge: Edge, from: Box, to: Box, y: number): SafeHtml {
  const [start, end] = [from.x + from.width / 2 + 8, to.x + to.width / 2 - 8];
  const rise = Math.min(y - 14, 30 + Math.abs(end - start) / 9);
  const path = `M${start} ${y}C${start} ${y - rise} ${end} ${y - rise} ${end} ${y}`;
  return drawn(edge, path, (start + end) / 2, y - rise * 0.75 - 6 - line * (edge.label.length - 1));
}

function drawn({ seen, label }: Edge, path: string, x: number, y: number): SafeHtml {
  const kind = seen > 0 ? 'seen' : 'unseen';
  return html`<g class="edge ${kind}"><path d="${path}" marker-end="url(#tip-${kind})"/><text x="${x}" y="${y}">${label.map(
    (name, index) => html`<tspan x="${x}" dy="${index === 0 ? 0 : line}">${name}</tspan>`,
  )}</text></g>`;
}

/** What may happen in any state: one box below the others. */
function anyBox(
  width: number,
  y: number,
  edges: readonly Edge[],
  boxes: readonly Box[],
  place: ReadonlyMap<string, number>,
  above: number,
): SafeHtml {
  const targets = edges.flatMap((edge) => {
    const box = boxes[place.get(edge.to) ?? -1];
    return box ? [{ edge, x: box.x + box.width / 2 }] : [];
  });
  const ideal = targets.reduce((sum, { x }) => sum + x, 0) / Math.max(1, targets.length);
  const x = Math.min(width - 130, Math.max(20, ideal - 55));
  const foot = above + height;
  return html`${targets.map(({ edge, x: end }) => {
    const path = `M${x + 55} ${y}C${x + 55} ${y - 44} ${end} ${foot + 58} ${end} ${foot + 2}`;
    return drawn(edge, path, end, foot + 30);
  })}<g class="any"><rect x="${x}" y="${y}" width="110" height="32" rx="16"/><text class="name" x="${x + 55}" y="${y + 21}">in any state</text></g>`;
}

/** States × requests, with every answer that may come. */
function table({ names, answers }: StatesSummary): SafeHtml {
  const requests = [...new Set(answers.map(({ request }) => request))];
  const cells = groupBy(answers, ({ state, request }) => [JSON.stringify([state, request])]);
  const rows = [...names, 'any'].filter((name) => answers.some(({ state }) => state === name));
  return html`<div class="scroll" tabindex="0" role="region" aria-label="state table"><table class="matrix"><thead><tr><th scope="col">state</th>${requests.map(
    (request) => html`<th scope="col">${shown(request)}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (state) =>
      html`<tr><th scope="row">${state === 'any' ? 'in any state' : shown(state)}</th>${requests.map(
        (request) => {
          const ways = cells.get(JSON.stringify([state, request]));
          return ways ? html`<td>${ways.map(way)}</td>` : html`<td class="none"></td>`;
        },
      )}</tr>`,
  )}</tbody></table></div>`;
}

function way({ answer, seen }: StatesSummary['answers'][number]): SafeHtml {
  const words = seen > 0 ? `came in ${many(seen, 'case')}` : 'never came';
  return html`<code class="way${seen > 0 ? ' seen' : ''}" title="${words}">${briefText(answer.replace('->', '→'), 80)} <small>${
    seen > 0 ? `×${seen}` : html`<span class="sr">never came</span>`
  }</small></code>`;
}
