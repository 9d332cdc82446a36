import type { MessageDefinition, Protocol } from '../protocol/definition.ts';
import { bytesFromHex, concatBytes } from '../wire/bytes.ts';
import type { TemplatePart } from '../wire/line-template.ts';
import type { JsonType, Mutation, Rewriting } from './plan.ts';
import { keysOf, valueAt, withValueAt } from './pointers.ts';

/** What is written for one send: the pieces, each a write of its own. */
export interface Packet {
  readonly pieces: readonly Uint8Array[];
  /** False where the framing is left incomplete, so that what follows would be taken for a part of it. */
  readonly complete: boolean;
}

/**
 * Makes the octets of a packet out of its valid fields (texts filled in already) and its mutations,
 * from structure over text and octets to how it is written. A mutation that does not fit the packet
 * changes nothing. Pure: the same plan gives the same octets.
 */
export function makePacket(
  protocol: Protocol,
  message: MessageDefinition | undefined,
  fields: unknown,
  mutations: readonly Mutation[],
): Packet {
  const raw = new RawParts();
  const json = protocol.payload === 'json';
  const changed = mutations.reduce((value, mutation) => changeFields(value, mutation, raw, json), fields);
  const text = json ? (JSON.stringify(changed) ?? 'null') : lineOf(message, changed);
  const payload = mutations.reduce(
    (octets, mutation) => (mutation.kind === 'rewrite' && json ? rewritten(octets, mutation.as) : octets),
    raw.encode(json ? text : mutations.reduce(changeLine, text), json),
  );
  return writePacket(protocol, payload, mutations);
}

/** Fragments that no plain value can say; they stand in it as a marker until it is text. */
class RawParts {
  readonly #parts: (string | Uint8Array)[] = [];

  mark(part: string | Uint8Array): string {
    this.#parts.push(part);
    return `${marker}${this.#parts.length - 1}${marker}`;
  }

  /** How long a text is with what it has marks for. */
  lengthOf(text: string): number {
    const marks = text.matchAll(/\uE000(\d+)\uE000/g);
    return [...marks].reduce((sum, [, index]) => {
      const part = this.#parts[Number(index)] ?? '';
      return sum + (typeof part === 'string' ? this.lengthOf(part) : part.length);
    }, text.length);
  }

  /** `below`: a fragment may hold those that were marked before it. */
  encode(text: string, json: boolean, below: number = this.#parts.length): Uint8Array {
    if (below === 0) return encoder.encode(text);
    const pieces: Uint8Array[] = [];
    let last = 0;
    // A fragment that is a whole JSON value stands in quotation marks, which go with it.
    const found = json ? /"\uE000(\d+)\uE000"|\uE000(\d+)\uE000/g : /\uE000(\d+)\uE000/g;
    for (const match of text.matchAll(found)) {
      const index = Number(match[1] ?? match[2]);
      const part = index < below ? this.#parts[index] : undefined;
      const whole = json && match[1] !== undefined && typeof part === 'string';
      const from = match.index + (json && match[1] !== undefined && !whole ? 1 : 0);
      pieces.push(encoder.encode(text.slice(last, from)));
      pieces.push(typeof part === 'string' ? this.encode(part, json, index) : (part ?? new Uint8Array()));
      last = match.index + match[0].length - (json && match[1] !== undefined && !whole ? 1 : 0);
    }
    pieces.push(encoder.encode(text.slice(last)));
    return concatBytes(pieces);
  }
}

const marker = '\uE000';
const encoder = new TextEncoder();

// Structure and text

function changeFields(value: unknown, mutation: Mutation, raw: RawParts, json: boolean): unknown {
  if (!('at' in mutation)) return value;
  const { at } = mutation;
  if (mutation.kind === 'add') return withValueAt(value, at, mutation.value);
  const old = valueAt(value, at);
  if (old === undefined) return value;
  switch (mutation.kind) {
    case 'drop':
      return dropAt(value, keysOf(at));
    case 'double':
      if (Array.isArray(old)) return withValueAt(value, at, [...old, ...old]);
      return withValueAt(value, at, json ? doubled(old, keysOf(at), raw) : [old, old]);
    case 'replace':
      return withValueAt(value, at, mutation.value);
    case 'graft':
      return withValueAt(value, at, mutation.value);
    case 'retype':
      return withValueAt(value, at, retyped(old, mutation.to));
    case 'rename':
      return renameAt(value, keysOf(at), mutation.to);
    case 'swell':
      return withValueAt(value, at, swollen(old, Math.min(mutation.times, 100_000), raw));
    case 'swap': {
      const other = valueAt(value, mutation.with);
      return other === undefined ? value : withValueAt(withValueAt(value, at, other), mutation.with, old);
    }
    case 'deepen':
      return withValueAt(
        value,
        at,
        raw.mark(`${'['.repeat(mutation.times)}${JSON.stringify(old)}${']'.repeat(mutation.times)}`),
      );
    case 'repeat':
      return withValueAt(
        value,
        at,
        Array.isArray(old)
          ? repeated(old, Math.min(mutation.times, timesOf(old, raw)))
          : manyTimes(text(old), Math.min(mutation.times, timesOf(old, raw))),
      );
    case 'fill':
      return withValueAt(value, at, manyTimes(mutation.text, mutation.times));
    case 'insert':
      return withValueAt(value, at, inserted(text(old), mutation.offset, mutation.text));
    case 'insert-octets':
      return withValueAt(
        value,
        at,
        inserted(text(old), mutation.offset, raw.mark(bytesFromHex(mutation.hex))),
      );
  }
}

/** Octets that a repeated text may come to at the most: 4 MiB. Some of them at once decide what a campaign takes. */
const mostText = 1 << 22;

/** Items that a list may come to at the most. */
const mostItems = 1 << 18;

function manyTimes(text: string, times: number): string {
  return text.repeat(Math.min(times, Math.ceil(mostText / Math.max(1, text.length))));
}

function repeated(list: readonly unknown[], times: number): unknown[] {
  const most = Math.ceil(mostItems / Math.max(1, list.length));
  return Array.from({ length: Math.min(times, most) }, () => list).flat();
}

/** How often a value may stand in a packet, by the text that it is. */
function timesOf(value: unknown, raw: RawParts): number {
  return Math.ceil(mostText / Math.max(1, raw.lengthOf(text(value))));
}

/** A member that stands twice in its object: JSON text that no JSON value is. */
function doubled(old: unknown, path: readonly string[], raw: RawParts): unknown {
  const key = path.at(-1) ?? '';
  const json = JSON.stringify(old);
  return raw.mark(`${json},${JSON.stringify(key)}:${json}`);
}

function retyped(old: unknown, to: JsonType): unknown {
  switch (to) {
    case 'string':
      return text(old);
    case 'number':
      return Number.isFinite(Number(old)) && old !== '' && old !== null ? Number(old) : 7;
    case 'boolean':
      return Boolean(old);
    case 'null':
      return null;
    case 'array':
      return [old];
    case 'object':
      return { value: old };
  }
}

/** Items that may be added to a list of which each is as long as those that it has. */
function roomFor(list: readonly unknown[], times: number, raw: RawParts): number {
  return Math.min(times, timesOf(list, raw) * Math.max(1, list.length));
}

function swollen(old: unknown, times: number, raw: RawParts): unknown {
  if (Array.isArray(old))
    return [
      ...old,
      ...Array.from({ length: roomFor(old, times, raw) }, (_, index) => old[index % old.length] ?? index),
    ];
  if (old === null || typeof old !== 'object')
    return [text(old), ...Array.from({ length: times }, () => 'x')].join(' ');
  const grown: Record<string, unknown> = { ...old };
  for (let index = 0; index < times; index += 1) grown[`x${index}`] = index;
  return grown;
}

/** The same members in the same order, one of them under another name. */
function renameAt(value: unknown, path: readonly string[], to: string): unknown {
  const [key, ...rest] = path;
  if (key === undefined || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? renameAt(item, rest, to) : item));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (name !== key) return [name, inner];
      return rest.length === 0 ? [to, inner] : [name, renameAt(inner, rest, to)];
    }),
  );
}

function inserted(value: string, offset: number, more: string): string {
  const wanted = offset < 0 ? Math.max(0, value.length + 1 + offset) : Math.min(offset, value.length);
  // Never into a marker.
  const hit = [...value.matchAll(/\uE000\d+\uE000/g)].find(
    ({ index, 0: found }) => index < wanted && wanted < index + found.length,
  );
  const at = hit ? hit.index + hit[0].length : wanted;
  return value.slice(0, at) + more + value.slice(at);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function dropAt(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    return rest.length === 0
      ? value.filter((_, index) => String(index) !== key)
      : value.map((item, index) => (String(index) === key ? dropAt(item, rest) : item));
  }
  const entries = Object.entries(value);
  if (rest.length === 0) return Object.fromEntries(entries.filter(([name]) => name !== key));
  return Object.fromEntries(
    entries.map(([name, inner]) => [name, name === key ? dropAt(inner, rest) : inner]),
  );
}

// The text of a packet

function changeLine(line: string, mutation: Mutation): string {
  if (mutation.kind === 'word') return line.replace(/^\S+/, () => mutation.text);
  if (mutation.kind === 'respace') return line.replaceAll(' ', () => mutation.text);
  return line;
}

function rewritten(octets: Uint8Array, as: Rewriting): Uint8Array {
  const around = (before: string, after: string): Uint8Array =>
    concatBytes([encoder.encode(before), octets, encoder.encode(after)]);
  switch (as) {
    case 'trailing-comma':
      return concatBytes([octets.subarray(0, -1), encoder.encode(','), octets.subarray(-1)]);
    case 'comment':
      return around('/* x */', '// x');
    case 'single-quotes':
      return octets.map((octet) => (octet === 0x22 ? 0x27 : octet));
    case 'nan':
      return concatBytes([octets.subarray(0, -1), encoder.encode(',"x":NaN'), octets.subarray(-1)]);
    case 'byte-order-mark':
      return around('\ufeff', '');
    case 'in-a-list':
      return around('[', ']');
    case 'followed-by-another':
      return concatBytes([octets, octets]);
    case 'unclosed':
      return octets.subarray(0, -1);
    case 'utf-16':
      return Uint8Array.from([...octets].flatMap((octet) => [octet, 0]));
    case 'blank-lines':
      return around('\n\n \t', '\n\n');
  }
}

// Lines

/** A line out of its places, whatever is in them; a place without a value goes with the blank before it. */
export function lineOf(message: MessageDefinition | undefined, fields: unknown): string {
  if (typeof fields === 'string') return fields;
  const values = (fields ?? {}) as Record<string, unknown>;
  if (!message) return String(values['line'] ?? '');
  const template = formOf(message, values);
  const known = placesOf(template);
  let line = partsText(template, values);
  for (const [name, value] of Object.entries(values))
    if (name !== 'line' && !known.includes(name)) line += ` ${one(value)}`;
  return line;
}

/** The form that has a value for most of its places, and for all that it needs; else the first. */
function formOf(
  { lines }: MessageDefinition,
  values: Readonly<Record<string, unknown>>,
): readonly TemplatePart[] {
  const [first = []] = lines;
  const covered = (parts: readonly TemplatePart[]): number =>
    placesOf(parts).filter((name) => values[name] !== undefined).length;
  const fits = lines.filter((parts) =>
    parts.every((part) => part.kind !== 'place' || values[part.name] !== undefined),
  );
  return fits.reduce((best, form) => (covered(form) > covered(best) ? form : best), fits[0] ?? first);
}

const places = new WeakMap<readonly TemplatePart[], readonly string[]>();

function placesOf(parts: readonly TemplatePart[]): readonly string[] {
  const before = places.get(parts);
  if (before) return before;
  const made = parts.flatMap((part) =>
    part.kind === 'place' ? [part.name] : part.kind === 'optional' ? placesOf(part.parts) : [],
  );
  places.set(parts, made);
  return made;
}

function partsText(parts: readonly TemplatePart[], values: Readonly<Record<string, unknown>>): string {
  let line = '';
  for (const part of parts) {
    if (part.kind === 'literal') line += part.text;
    else if (part.kind === 'optional')
      line += placesOf(part.parts).some((name) => values[name] !== undefined)
        ? partsText(part.parts, values)
        : '';
    else if (part.kind === 'place')
      line = values[part.name] === undefined ? line.replace(/ $/, '') : line + placeText(part, values, line);
  }
  return line;
}

/** The blank before tokens of which there may be none belongs to them. */
function placeText(
  { name, span }: Extract<TemplatePart, { kind: 'place' }>,
  values: Readonly<Record<string, unknown>>,
  before: string,
): string {
  const text = one(values[name]);
  return span === 'tokens' && text !== '' && before !== '' ? ` ${text}` : text;
}

function one(value: unknown): string {
  return Array.isArray(value) ? value.map(one).join(' ') : text(value);
}

// Octets and writing

function writePacket(protocol: Protocol, payload: Uint8Array, mutations: readonly Mutation[]): Packet {
  const { name } = protocol.framing;
  let frame = encodeFrame(protocol, payload);
  const bare = frame.length - payload.length;
  let complete = true;
  for (const mutation of mutations) {
    // What is left of a frame that these change is told by its reader.
    if (mutation.kind === 'set-octets') {
      frame = overlaid(frame, placeIn(frame, mutation.offset), bytesFromHex(mutation.hex));
      continue;
    }
    if (mutation.kind === 'put-octets') {
      const at = placeIn(frame, mutation.offset);
      frame = concatBytes([frame.subarray(0, at), bytesFromHex(mutation.hex), frame.subarray(at)]);
      continue;
    }
    if (mutation.kind === 'flip') {
      const at = placeIn(frame, mutation.offset);
      frame = frame.map((octet, index) => (index === at ? octet ^ (1 << (mutation.bit % 8)) : octet));
      continue;
    }
    if (mutation.kind === 'stop-at') frame = frame.subarray(0, placeIn(frame, mutation.offset));
    else if (mutation.kind === 'cut')
      frame = concatBytes([
        frame.subarray(0, mutation.offset),
        frame.subarray(mutation.offset + mutation.length),
      ]);
    else if (mutation.kind === 'announce') frame = announced(name, frame, mutation.length);
    else if (mutation.kind === 'no-end')
      frame = bare > 0 && !isPrefixed(name) ? frame.subarray(0, frame.length - bare) : frame.subarray(0, -1);
    else if (mutation.kind === 'other-end' && !isPrefixed(name))
      frame = concatBytes([frame.subarray(0, frame.length - bare), bytesFromHex(mutation.hex)]);
    else continue;
    complete = false;
  }
  const times = mutations.reduce(
    (sum, mutation) => (mutation.kind === 'again' ? sum * (mutation.times + 1) : sum),
    1,
  );
  const most = Math.ceil(mostText / Math.max(1, frame.length));
  const all =
    times === 1 ? frame : concatBytes(Array.from({ length: Math.min(times, 10_000, most) }, () => frame));
  return { pieces: cutUp(all, mutations), complete };
}

function encodeFrame(protocol: Protocol, payload: Uint8Array): Uint8Array {
  try {
    return protocol.framing.encode(payload);
  } catch {
    // A payload too long for its length field: the field takes its low octets.
    return concatBytes([new Uint8Array([payload.length >> 8, payload.length]), payload]);
  }
}

function isPrefixed(framing: string): boolean {
  return framing.startsWith('len') || framing === 'content-length';
}

function announced(framing: string, frame: Uint8Array, length: number): Uint8Array {
  const [, bits, order] = /^len(16|32)(be|le)$/.exec(framing) ?? [];
  if (bits !== undefined) {
    const octets = Array.from(
      { length: Number(bits) / 8 },
      (_, index) => Math.floor(length / 256 ** index) % 256,
    );
    return overlaid(frame, 0, Uint8Array.from(order === 'be' ? octets.reverse() : octets));
  }
  if (framing !== 'content-length') return frame;
  const head = new TextDecoder('latin1').decode(frame.subarray(0, 200));
  const digits = /Content-Length: (\d+)/.exec(head);
  if (!digits?.[1]) return frame;
  const at = digits.index + 'Content-Length: '.length;
  return concatBytes([
    frame.subarray(0, at),
    encoder.encode(String(length)),
    frame.subarray(at + digits[1].length),
  ]);
}

/** Octets that leave one by one; the rest follows at once. */
const dripped = 24;

function cutUp(frame: Uint8Array, mutations: readonly Mutation[]): Uint8Array[] {
  if (mutations.some(({ kind }) => kind === 'drip')) {
    return Array.from({ length: Math.min(frame.length, dripped) }, (_, index) =>
      index < dripped - 1 ? frame.subarray(index, index + 1) : frame.subarray(index),
    );
  }
  const cuts = mutations
    .flatMap((mutation) => (mutation.kind === 'split' ? [placeIn(frame, mutation.offset)] : []))
    .filter((at) => at > 0 && at < frame.length)
    .sort((a, b) => a - b);
  const pieces: Uint8Array[] = [];
  let from = 0;
  for (const at of [...cuts, frame.length]) {
    if (at > from) pieces.push(frame.subarray(from, at));
    from = Math.max(from, at);
  }
  return pieces;
}

function placeIn(frame: Uint8Array, offset: number): number {
  return Math.max(0, Math.min(frame.length, offset < 0 ? frame.length + offset : offset));
}

function overlaid(frame: Uint8Array, offset: number, octets: Uint8Array): Uint8Array {
  const copy = frame.slice();
  for (const [index, octet] of octets.entries())
    if (offset + index < copy.length) copy[offset + index] = octet;
  return copy;
}
