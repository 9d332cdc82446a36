import { regex } from '../match/regex.ts';
import type { MessageDefinition } from '../protocol/definition.ts';
import type { Message } from '../protocol/message.ts';
import { matchTemplate, type TemplateContext } from '../wire/line-template.ts';
import { trailingBlank } from './tolerance.ts';

/**
 * What makes a message none of the definition, without names, numbers and texts, so that all that are wrong in
 * the same way are told alike. `meant` is what it was made of.
 */
export function faultsOf(
  { oddities, payload }: Message,
  meant: MessageDefinition | undefined,
): readonly string[] {
  const isBlank = oddities.includes(trailingBlank);
  const found = oddities.map((oddity) => {
    if (oddity.startsWith('schema: ')) return oddity.slice('schema: '.length).replace(/\/\d+(?=[/ ])/g, '/*');
    if (oddity === 'unknown-message' && typeof payload === 'string')
      return departure(isBlank ? `${payload} ` : payload, meant);
    return /^[\w-]+/.exec(oddity)?.[0] ?? oddity;
  });
  const others = found.filter((one) => one !== trailingBlank);
  return [...new Set(others.length > 0 ? others : found)].sort();
}

/** Where a line departs from the one that it was made of: of several ways to write it, the one that it follows longest. */
function departure(line: string, meant: MessageDefinition | undefined): string {
  let [furthest, wanted] = [-1, ''];
  for (const template of meant?.lines ?? []) {
    const result = matchTemplate(template, line, context);
    if (result.ok || result.at <= furthest) continue;
    [furthest, wanted] = [result.at, result.expected];
  }
  if (wanted === 'the end of the line') return 'more after its end';
  const place = /^<[^>]+>/.exec(wanted)?.[0];
  if (place !== undefined) return `no ${place}`;
  return furthest === line.length ? 'an early end' : 'other words';
}

const context: TemplateContext = {
  slot: () => '',
  matches: (expression, text) => regex(expression).full(text),
};
