/**
 * A line of text with places in it, e.g. `SEND <target> <message...>`.
 *
 * - `<name>` one token: one or more characters without white space, up to the literal that follows
 * - `<name...>` the rest, at least one character, up to the literal that follows it at the end
 * - `<name*>`, `<name+>` tokens separated by single blanks: none or more, one or more
 * - `[…]` an optional part, e.g. `SYNC[ <group> <after>]`
 * - `<name:regex>` and `<name...:regex>`: as above, and the text must match the expression
 * - `${expression}` a value known when the line is matched or written
 * - `\<`, `\[`, `\\` the character itself
 */
export type TemplatePart =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'place'; readonly name: string; readonly span: Span; readonly regex?: string }
  | { readonly kind: 'slot'; readonly expression: string }
  | { readonly kind: 'optional'; readonly parts: readonly TemplatePart[] };

export type Span = 'token' | 'rest' | 'tokens' | 'some-tokens';

/** A template that cannot be read: what is wrong, at which character of it. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** Reads a template. Raises a TemplateError that says where it is wrong. */
export function parseTemplate(text: string): readonly TemplatePart[] {
  const reader = new TemplateReader(text);
  const written = reader.parts(false);
  checkNeighbours(written);
  checkNames(written);
  return leadIn(written);
}

class TemplateReader {
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  parts(nested: boolean): TemplatePart[] {
    const parts: TemplatePart[] = [];
    let literal = '';
    const flush = (): void => {
      if (literal) parts.push({ kind: 'literal', text: literal });
      literal = '';
    };
    while (this.#at < this.#text.length) {
      const start = this.#at;
      const char = this.#text[this.#at] as string;
      if (char === '\\' && /[\\<>[\]$]/.test(this.#text[this.#at + 1] ?? '')) {
        literal += this.#text[this.#at + 1];
        this.#at += 2;
      } else if (char === '$' && this.#text[this.#at + 1] === '{') {
        flush();
        parts.push(this.#slot(start));
      } else if (char === '<' && /[A-Za-z]/.test(this.#text[this.#at + 1] ?? '')) {
        flush();
        parts.push(this.#place(start));
      } else if (char === '[' && !nested && this.#hasPlaceBefore(']')) {
        flush();
        this.#at += 1;
        parts.push({ kind: 'optional', parts: this.parts(true) });
        if (this.#text[this.#at] !== ']') throw new TemplateError('"[" is not closed by "]"', start);
        this.#at += 1;
      } else if (char === ']' && nested) {
        break;
      } else {
        literal += char;
        this.#at += 1;
      }
    }
    flush();
    return parts;
  }

  #hasPlaceBefore(end: string): boolean {
    const close = this.#text.indexOf(end, this.#at);
    return close > 0 && /<[A-Za-z]/.test(this.#text.slice(this.#at, close));
  }

  #slot(start: number): TemplatePart {
    const end = this.#text.indexOf('}', start);
    if (end < 0) throw new TemplateError('"$" and "{" are not closed by "}"', start);
    this.#at = end + 1;
    return { kind: 'slot', expression: this.#text.slice(start + 2, end).trim() };
  }

  #place(start: number): TemplatePart {
    const end = closing(this.#text, start);
    if (end < 0) throw new TemplateError('"<" is not closed by ">"', start);
    const inner = this.#text.slice(start + 1, end);
    const parsed = /^([A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*)*)(\.\.\.|\*|\+)?(?::(.+))?$/s.exec(inner);
    if (!parsed) {
      throw new TemplateError(
        `"<${inner}>" is no place: write <name>, <name...>, <name*> or <name:regex>`,
        start,
      );
    }
    this.#at = end + 1;
    const [, name = '', mark = '', regex] = parsed;
    return { kind: 'place', name, span: spans[mark] as Span, ...(regex === undefined ? {} : { regex }) };
  }
}

const spans: Record<string, Span> = { '': 'token', '...': 'rest', '*': 'tokens', '+': 'some-tokens' };

/** The ">" that closes the "<" at `start`; pairs inside, as of a named group, are passed over. */
function closing(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '<') depth += 1;
    else if (text[at] === '>') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}

/** The blank before `<name*>` belongs to the place, since it is not sent where there are no tokens. */
function leadIn(parts: readonly TemplatePart[]): TemplatePart[] {
  return parts.flatMap((part, index): TemplatePart[] => {
    const next = parts[index + 1];
    if (part.kind === 'optional') return [{ ...part, parts: leadIn(part.parts) }];
    if (part.kind !== 'literal' || next?.kind !== 'place' || next.span !== 'tokens') return [part];
    if (!part.text.endsWith(' ')) return [part];
    const text = part.text.slice(0, -1);
    return text === '' ? [] : [{ kind: 'literal' as const, text }];
  });
}

function checkNeighbours(parts: readonly TemplatePart[]): void {
  for (const [index, part] of parts.entries()) {
    const next = parts[index + 1];
    if (part.kind === 'optional') checkNeighbours(part.parts);
    const after = isLeadIn(next) ? parts[index + 2] : next;
    if (part.kind !== 'place' || after?.kind !== 'place') continue;
    if (after === next || (part.span !== 'token' && after.span === 'tokens')) {
      throw new TemplateError(
        `<${part.name}> and <${after.name}> touch: nothing tells where the first one ends`,
        0,
      );
    }
  }
}

/** A single blank, of which nothing is left before `<name*>`. */
function isLeadIn(part: TemplatePart | undefined): boolean {
  return part?.kind === 'literal' && part.text === ' ';
}

function checkNames(parts: readonly TemplatePart[]): void {
  const names = places(parts);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) throw new TemplateError(`there are two places <${twice}>`, 0);
}

/** Something that a template's place takes, or a reason why the line does not fit. */
export type TemplateMatch =
  | { readonly ok: true; readonly fields: Record<string, string | readonly string[]> }
  | { readonly ok: false; readonly at: number; readonly expected: string };

/** What a template needs from outside to be held against a line. */
export interface TemplateContext {
  /** The text of a slot. */
  slot(expression: string): string;
  /** Whether a text matches the expression of a place. */
  matches(regex: string, text: string): boolean;
  /** True if literals are compared without regard to the case of ASCII letters. */
  readonly ignoreCase?: boolean;
}

/**
 * Holds a template against a line, from left to right, without backtracking: linear in the length of
 * the line. Every place ends at the literal that follows it.
 */
export function matchTemplate(
  parts: readonly TemplatePart[],
  line: string,
  context: TemplateContext,
): TemplateMatch {
  const fields: Record<string, string | readonly string[]> = {};
  const state = { at: 0 };
  const wrong = matchParts(parts, line, context, fields, state, true);
  return wrong ?? { ok: true, fields };
}

type Wrong = Extract<TemplateMatch, { ok: false }>;

function matchParts(
  parts: readonly TemplatePart[],
  line: string,
  context: TemplateContext,
  fields: Record<string, string | readonly string[]>,
  state: { at: number },
  whole: boolean,
): Wrong | undefined {
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index] as TemplatePart;
    if (part.kind === 'literal' || part.kind === 'slot') {
      const text = part.kind === 'literal' ? part.text : context.slot(part.expression);
      const differs = firstDifference(
        line,
        state.at,
        text,
        part.kind === 'literal' && context.ignoreCase === true,
      );
      if (differs >= 0) return { ok: false, at: state.at + differs, expected: quote(text.slice(differs)) };
      state.at += text.length;
    } else if (part.kind === 'optional') {
      const before = state.at;
      const tried: Record<string, string | readonly string[]> = {};
      if (matchParts(part.parts, line, context, tried, state, false)) state.at = before;
      else Object.assign(fields, tried);
    } else {
      const end = placeEnd(
        part,
        parts[index + 1],
        line,
        state.at,
        context,
        whole && index === parts.length - 1,
      );
      const text = line.slice(state.at, end);
      const wrong = checkPlace(part, text, state.at, context);
      if (wrong) return wrong;
      if (part.span === 'tokens' || part.span === 'some-tokens') {
        fields[part.name] = text === '' ? [] : text.trim().split(' ');
      } else fields[part.name] = text;
      state.at = end;
    }
  }
  if (whole && state.at < line.length) {
    return { ok: false, at: state.at, expected: 'the end of the line' };
  }
  return undefined;
}

function firstDifference(line: string, at: number, text: string, ignoreCase: boolean): number {
  if (line.startsWith(text, at)) return -1;
  for (let index = 0; index < text.length; index += 1) {
    const is = line[at + index];
    const wanted = text[index];
    if (is === wanted) continue;
    if (ignoreCase && is !== undefined && is.toLowerCase() === wanted?.toLowerCase()) continue;
    return index;
  }
  return -1;
}

function placeEnd(
  part: Extract<TemplatePart, { kind: 'place' }>,
  next: TemplatePart | undefined,
  line: string,
  start: number,
  context: TemplateContext,
  last: boolean,
): number {
  if (part.span === 'token') {
    const [stop] =
      next?.kind === 'literal' ? next.text : next?.kind === 'slot' ? context.slot(next.expression) : '';
    blank.lastIndex = start;
    const end = blank.exec(line)?.index ?? line.length;
    const found = stop === undefined ? -1 : line.slice(start + 1, end).indexOf(stop);
    return found < 0 ? end : start + 1 + found;
  }
  if (last || next === undefined) return line.length;
  const tail =
    next.kind === 'literal' ? next.text : next.kind === 'slot' ? context.slot(next.expression) : '';
  if (tail === '') return line.length;
  const found = line.lastIndexOf(tail);
  return found < start ? line.length : found;
}

function checkPlace(
  part: Extract<TemplatePart, { kind: 'place' }>,
  text: string,
  at: number,
  context: TemplateContext,
): Wrong | undefined {
  const listed = part.span === 'tokens' || part.span === 'some-tokens';
  if (text === '' && part.span !== 'tokens') return { ok: false, at, expected: `<${part.name}>` };
  if (
    listed &&
    text !== '' &&
    !(at === 0 || part.span === 'some-tokens' ? tokens : spacedTokens).test(text)
  ) {
    return { ok: false, at, expected: `<${part.name}> separated by single blanks` };
  }
  if (part.regex === undefined) return undefined;
  const texts = listed ? text.trim().split(' ') : [text];
  for (const one of texts) {
    if (!context.matches(part.regex, one)) {
      return { ok: false, at, expected: `<${part.name}> matching ${part.regex}` };
    }
  }
  return undefined;
}

const blank = /[ \t\n\r\v\f]/g;
const tokens = /^\S+(?: \S+)*$/;
const spacedTokens = /^(?: \S+)+$/;

function quote(text: string): string {
  return `"${text}"`;
}

/** Writes a template with its places filled in. Raises a TemplateError where one has no value. */
export function formatTemplate(
  parts: readonly TemplatePart[],
  fields: Readonly<Record<string, unknown>>,
  slot: (expression: string) => string,
): string {
  let text = '';
  for (const part of parts) {
    if (part.kind === 'literal') text += part.text;
    else if (part.kind === 'slot') text += slot(part.expression);
    else if (part.kind === 'optional') {
      if (places(part.parts).every((name) => fields[name] !== undefined)) {
        text += formatTemplate(part.parts, fields, slot);
      }
    } else {
      const value = fields[part.name];
      if (value === undefined) throw new TemplateError(`<${part.name}> has no value`, 0);
      const list = Array.isArray(value) ? value.join(' ') : String(value);
      text += part.span === 'tokens' && list !== '' && text !== '' ? ` ${list}` : list;
    }
  }
  return text;
}

/** The names of all places of a template, in order. */
export function places(parts: readonly TemplatePart[]): string[] {
  return parts.flatMap((part) =>
    part.kind === 'place' ? [part.name] : part.kind === 'optional' ? places(part.parts) : [],
  );
}
