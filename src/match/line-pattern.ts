import { matchTemplate, parseTemplate, type TemplatePart } from '../wire/line-template.ts';
import { ExpressionError, evaluate, parseExpression, type Scope } from './expression.ts';
import { asText } from './interpolate.ts';
import { type MatchContext, type Mismatch, nothing, type Pattern } from './pattern.ts';
import { regex } from './regex.ts';

/** How lines are compared. */
export interface LineRules {
  /** Literals are compared without regard to the case of ASCII letters. */
  readonly ignoreCase: boolean;
}

/**
 * A pattern for one line of text, e.g. `MSG ${group} <sender> <ts:[0-9]+> hello`: places capture,
 * `${…}` must be equal. Raises a TemplateError or an Error for a bad expression.
 */
export function compileLine(
  source: string,
  rules: LineRules,
): Pattern & { readonly parts: readonly TemplatePart[] } {
  const parts = parseTemplate(source);
  for (const part of parts) check(part);
  const fixed =
    parts.length === 1 && parts[0]?.kind === 'literal' && !rules.ignoreCase ? parts[0].text : undefined;
  return {
    parts,
    match: (value, context, path = '') => matchLine(parts, rules, fixed, value, context, path),
    print: (scope) => printParts(parts, scope),
  };
}

function check(part: TemplatePart): void {
  if (part.kind === 'slot') parseExpression(part.expression);
  if (part.kind === 'place' && part.regex !== undefined) regex(part.regex);
  if (part.kind === 'optional') for (const inner of part.parts) check(inner);
}

function matchLine(
  parts: readonly TemplatePart[],
  rules: LineRules,
  fixed: string | undefined,
  value: unknown,
  context: MatchContext,
  path: string,
): readonly Mismatch[] {
  if (typeof value !== 'string') return [{ path, expected: 'a line of text', actual: String(value) }];
  if (fixed !== undefined && value === fixed) return nothing;
  const result = matchTemplate(parts, value, {
    slot: (expression) => asText(evaluate(parseExpression(expression), context.scope)),
    matches: (expression, text) => regex(expression).full(text),
    ignoreCase: rules.ignoreCase,
  });
  if (result.ok) {
    for (const capture of Object.entries(result.fields)) context.captures.push(capture);
    return nothing;
  }
  const actual = result.at >= value.length ? 'the line ends' : `"${value.slice(result.at)}"`;
  return [{ path: `${path}${result.at}`, expected: result.expected, actual }];
}

function printParts(parts: readonly TemplatePart[], scope: Scope): string {
  return parts.map((part) => printPart(part, scope)).join('');
}

function printPart(part: TemplatePart, scope: Scope): string {
  if (part.kind === 'literal') return part.text;
  if (part.kind === 'optional') return `[${printParts(part.parts, scope)}]`;
  if (part.kind === 'place') return `<${part.name}${part.regex === undefined ? '' : `:${part.regex}`}>`;
  try {
    return asText(evaluate(parseExpression(part.expression), scope));
  } catch (error) {
    if (error instanceof ExpressionError) return `\${${part.expression}}`;
    throw error;
  }
}
