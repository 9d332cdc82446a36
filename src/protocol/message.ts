import type { Role } from '../events/verdict.ts';
import type { Scope } from '../match/expression.ts';
import { fits } from '../match/pattern.ts';
import { regex } from '../match/regex.ts';
import type { Frame } from '../wire/framing.ts';
import { readJson } from '../wire/json.ts';
import { matchTemplate, type TemplateContext, type TemplatePart } from '../wire/line-template.ts';
import { decodeText, encodeText } from '../wire/text.ts';
import type { MessageDefinition, Protocol } from './definition.ts';

/** One message, decoded and told apart. */
export interface Message {
  readonly frame: Frame;
  /** The line, or the JSON value; undefined where the octets are neither. */
  readonly payload: unknown;
  readonly definition?: MessageDefinition;
  /** Text: the places of its template, the line, and as `is` the name of the message. JSON: the value itself. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** What is wrong or odd: names of rules' `on:` subjects, with details behind a colon. */
  readonly oddities: readonly string[];
}

const emptyScope: Scope = { get: () => undefined };
const noTime = (): number => 0;
const none: readonly string[] = [];

/** Decodes a frame and finds the message that it is, out of those that `from` sends. */
export function readMessage(
  protocol: Protocol,
  from: Role,
  frame: Frame,
  awaits: (message: string) => boolean,
): Message {
  return protocol.payload === 'text'
    ? readLine(protocol, from, frame, awaits)
    : readObject(protocol, from, frame, awaits);
}

function readLine(protocol: Protocol, from: Role, frame: Frame, awaits: (name: string) => boolean): Message {
  const decoded = decodeText(frame.payload, protocol.encoding);
  let oddities = frame.notes;
  if (!decoded.ok) {
    oddities = [...oddities, `bad-encoding: ${decoded.what} at octet ${decoded.at}`];
    return { frame, payload: undefined, fields: {}, oddities };
  }
  let line = decoded.text;
  if (!protocol.keepBlanks && line.endsWith(' ')) {
    line = withoutTrailingBlanks(line);
    oddities = [...oddities, 'trailing-blank'];
  }
  const found = identifyLine(protocol, from, line, awaits);
  if (!found) return { frame, payload: line, fields: { line }, oddities: [...oddities, 'unknown-message'] };
  const fields = { ...found.fields, line, is: found.definition.name };
  return { frame, payload: line, definition: found.definition, fields, oddities };
}

/** Linear in the length of the line, which the target chooses. */
function withoutTrailingBlanks(line: string): string {
  let end = line.length;
  while (line[end - 1] === ' ') end -= 1;
  return line.slice(0, end);
}

/** The message that a line is, with its places. */
export function identifyLine(
  protocol: Protocol,
  from: Role,
  line: string,
  awaits: (name: string) => boolean,
):
  | { readonly definition: MessageDefinition; readonly fields: Readonly<Record<string, unknown>> }
  | undefined {
  const context = protocol.ignoreCase ? ignoringCase : minding;
  for (const definition of sentBy(protocol, from)) {
    if (definition.awaited && !awaits(definition.name)) continue;
    for (const template of definition.lines) {
      if (beginsOtherwise(template, line, protocol.ignoreCase)) continue;
      const result = matchTemplate(template, line, context);
      if (result.ok) return { definition, fields: result.fields };
    }
  }
  return undefined;
}

/** Most lines differ from most templates in their first word: that is seen without more ado. */
function beginsOtherwise(template: readonly TemplatePart[], line: string, ignoreCase: boolean): boolean {
  const [first] = template;
  return !ignoreCase && first?.kind === 'literal' && !line.startsWith(first.text);
}

const senders = new WeakMap<Protocol, Map<Role, readonly MessageDefinition[]>>();

/** The messages that a side sends, in the order of the definition. */
function sentBy(protocol: Protocol, from: Role): readonly MessageDefinition[] {
  const known = senders.get(protocol) ?? new Map<Role, readonly MessageDefinition[]>();
  senders.set(protocol, known);
  const before = known.get(from);
  if (before) return before;
  const made = [...protocol.messages.values()].filter((one) => one.from === from || one.from === 'both');
  known.set(from, made);
  return made;
}

const minding: TemplateContext = {
  slot: () => '',
  matches: (expression, text) => regex(expression).full(text),
  ignoreCase: false,
};
const ignoringCase: TemplateContext = { ...minding, ignoreCase: true };

function readObject(
  protocol: Protocol,
  from: Role,
  frame: Frame,
  awaits: (name: string) => boolean,
): Message {
  const read = readJson(frame.payload);
  if (!read.ok) {
    const oddities = [...frame.notes, `bad-json: ${read.what} at octet ${read.at}`, `${read.kind}`];
    return { frame, payload: undefined, fields: {}, oddities };
  }
  const value = read.value;
  const fields = isObject(value) ? value : {};
  const definition = identifyObject(protocol, from, value, awaits);
  const notes = read.notes.length + frame.notes.length > 0 ? [...frame.notes, ...read.notes] : none;
  if (!definition) return { frame, payload: value, fields, oddities: [...notes, 'unknown-message'] };
  const wrong = definition.schema ? protocol.checkSchema(definition.name, value) : none;
  const oddities = wrong.length > 0 ? [...notes, ...wrong.map((text) => `schema: ${text}`)] : notes;
  return { frame, payload: value, definition, fields, oddities };
}

export function identifyObject(
  protocol: Protocol,
  from: Role,
  value: unknown,
  awaits: (name: string) => boolean,
): MessageDefinition | undefined {
  for (const definition of sentBy(protocol, from)) {
    if (definition.awaited && !awaits(definition.name)) continue;
    if (definition.match && fits(definition.match, value, emptyScope, noTime)) return definition;
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** Octets of a payload: a line or a JSON value. A text that the encoding lacks is an Error. */
export function payloadBytes(protocol: Protocol, payload: unknown): Uint8Array {
  const text = protocol.payload === 'text' ? String(payload) : JSON.stringify(payload);
  const encoded = encodeText(text, protocol.payload === 'text' ? protocol.encoding : 'utf-8');
  if (!encoded.ok)
    throw new Error(`cannot be sent in ${protocol.encoding}: ${encoded.what} at ${encoded.at}`);
  return encoded.bytes;
}
