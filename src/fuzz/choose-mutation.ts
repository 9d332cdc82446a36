import {
  depths,
  ends,
  hostileValues,
  injected,
  lengths,
  numbers,
  octets,
  swells,
  wordsFor,
} from './hostile-values.ts';
import type { Model } from './model.ts';
import { type JsonType, type Mutation, rewritings, type SendMove } from './plan.ts';
import { pointersOf, valueAt } from './pointers.ts';
import { validFields } from './valid-fields.ts';

/** A mutation in numbers, mapped onto the packet that it hits. */
export interface Hit {
  readonly move: number;
  readonly kind: number;
  readonly at: number;
  readonly offset: number;
  readonly size: number;
  /** Index into the values of the model. */
  readonly value: number;
}

type Kind = Mutation['kind'];

const onFields: readonly Kind[] = [
  'drop',
  'double',
  'replace',
  'replace',
  'replace',
  'add',
  'swap',
  'graft',
  'repeat',
  'fill',
  'fill',
  'fill',
  'fill',
  'insert',
  'insert',
  'insert',
  'insert-octets',
  'insert-octets',
];
const onJson: readonly Kind[] = [
  'deepen',
  'deepen',
  'retype',
  'retype',
  'rename',
  'swell',
  'rewrite',
  'rewrite',
];
const onText: readonly Kind[] = ['word', 'respace', 'swell', 'drop'];
const onFrames: readonly Kind[] = [
  'set-octets',
  'put-octets',
  'flip',
  'cut',
  'stop-at',
  'split',
  'split',
  'drip',
  'again',
  'again',
];
/** What a frame has that carries its length, and what one has that carries its end. */
const [onCounted, onEnded]: readonly (readonly Kind[])[] = [
  ['announce', 'announce'],
  ['no-end', 'other-end'],
];

const kinds = new Map<string, readonly Kind[]>();

/** The kinds of mutation that do something to a protocol's packets, as often as they are to be drawn. */
export function kindsFor({ protocol }: Model): readonly Kind[] {
  const { name } = protocol.framing;
  const key = `${protocol.payload} ${name}`;
  const before = kinds.get(key);
  if (before) return before;
  const counted = name.startsWith('len') || name === 'content-length';
  const framed = counted ? onCounted : name === 'message' || name.startsWith('json') ? [] : onEnded;
  const made = [
    ...onFields,
    ...(protocol.payload === 'json' ? onJson : onText),
    ...onFrames,
    ...(framed ?? []),
  ];
  kinds.set(key, made);
  return made;
}

/** The mutation that a draw stands for on a packet. */
export function chooseMutation(model: Model, move: SendMove, hit: Hit): Mutation {
  const pool = hostileValues(model);
  const value = pool[hit.value % pool.length];
  const pointers = pointersOf(move.fields);
  const at = pointers[hit.at % Math.max(1, pointers.length)] ?? '/x';
  const many = lengths[hit.size % lengths.length] ?? 2;
  const bytes = [...octets, ...model.octets];
  const all = kindsFor(model);
  const kind = all[hit.kind % all.length] ?? 'drop';
  switch (kind) {
    case 'drop':
    case 'double':
      return { kind, at };
    case 'replace': {
      const place = replaced(move, pointers, hit) ?? at;
      return { kind, at: place, value: replacement(model, move, place, hit, value) };
    }
    case 'add':
      return { kind, at: `/${['x', 'from', 'id', 'admin', '__proto__'][hit.size % 5]}`, value };
    case 'swap':
      return { kind, at, with: pointers[(hit.at + 1 + hit.size) % Math.max(1, pointers.length)] ?? at };
    case 'graft':
      return grafted(model, at, hit) ?? { kind: 'drop', at };
    case 'retype':
      return { kind, at, to: jsonTypes[hit.size % jsonTypes.length] ?? 'string' };
    case 'rename':
      return { kind, at, to: misnamed(at, hit.size) };
    case 'deepen':
      return { kind, at, times: depths[hit.size % depths.length] ?? 10 };
    case 'swell':
      return {
        kind,
        at: hit.value % 3 === 0 ? '' : at,
        times: swells[hit.size % swells.length] ?? 3,
      };
    case 'repeat':
      return { kind, at, times: many };
    case 'fill':
      return { kind, at, text: hit.size % 7 === 0 ? 'é' : 'x', times: many };
    case 'insert':
      return { kind, at, offset: placeOf(hit), text: injected[hit.size % injected.length] ?? ' ' };
    case 'insert-octets':
      return { kind, at, offset: placeOf(hit), hex: bytes[hit.size % bytes.length] ?? 'ff' };
    case 'rewrite':
      return { kind, as: rewritings[hit.size % rewritings.length] ?? 'unclosed' };
    case 'word':
      return { kind, text: otherWord(model, move, hit) };
    case 'respace':
      return { kind, text: ['  ', '\t', '', '\u00a0', ' \t '][hit.size % 5] ?? '  ' };
    case 'set-octets':
    case 'put-octets':
      return { kind, offset: frameOffset(hit), hex: bytes[hit.size % bytes.length] ?? 'ff' };
    case 'flip':
      return { kind, offset: frameOffset(hit), bit: hit.size % 8 };
    case 'cut':
      return { kind, offset: hit.offset % 40, length: 1 + (hit.size % 8) };
    case 'stop-at':
      return { kind, offset: hit.size % 2 === 0 ? 1 + (hit.offset % 40) : -1 - (hit.offset % 3) };
    case 'announce':
      return {
        kind,
        length: [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0xffff, 100_000_000][hit.size % 7] ?? 0,
      };
    case 'other-end':
      return { kind, hex: ends[hit.size % ends.length] ?? '' };
    case 'split':
      return { kind, offset: hit.size % 3 === 0 ? -1 - (hit.offset % 3) : 1 + (hit.offset % 24) };
    case 'again':
      return { kind, times: 1 + (hit.size % 6) };
    case 'no-end':
    case 'drip':
      return { kind };
  }
}

const jsonTypes: readonly JsonType[] = ['string', 'number', 'boolean', 'null', 'array', 'object'];

/** Mostly near the beginning, sometimes at the end. */
function placeOf({ offset, value }: Hit): number {
  return value % 4 === 0 ? -1 : offset % 12;
}

function frameOffset({ offset, value }: Hit): number {
  return value % 4 === 0 ? -1 - (offset % 4) : offset;
}

/** In the place of a number it is mostly another one, in that of a text another text. */
function replacement(model: Model, move: SendMove, at: string, hit: Hit, value: unknown): unknown {
  const old = valueAt(move.fields, at);
  const alike: readonly unknown[] = isNumeric(old) ? numbers : typeof old === 'string' ? wordsFor(model) : [];
  const made = alike.length > 0 && hit.size % 4 > 0 ? alike[hit.value % alike.length] : value;
  return model.protocol.payload === 'text' ? plainText(made) : made;
}

function isNumeric(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value));
}

/** A place for another value: those of numbers, of which there are few, count twice. */
function replaced(move: SendMove, pointers: readonly string[], { at }: Hit): string | undefined {
  const places = [...pointers, ...pointers.filter((one) => isNumeric(valueAt(move.fields, one)))];
  return places[at % Math.max(1, places.length)];
}

/** A value that belongs into another place or message. */
function grafted(model: Model, at: string, hit: Hit): Mutation | undefined {
  const from = model.requests[hit.value % model.requests.length];
  const donors = from === undefined ? [] : validFields(model, from);
  const donor = donors[hit.size % Math.max(1, donors.length)];
  const places = pointersOf(donor).filter((one) => !JSON.stringify(valueAt(donor, one)).includes('${'));
  const place = places[(hit.at + hit.offset) % Math.max(1, places.length)];
  if (from === undefined || place === undefined) return undefined;
  return { kind: 'graft', at, from, value: valueAt(donor, place) };
}

function otherWord(model: Model, move: SendMove, hit: Hit): string {
  const words = [
    move.message.toLowerCase(),
    move.message.toUpperCase(),
    `${move.message}X`,
    move.message.slice(0, -1),
    'x'.repeat(1000),
    '',
    ...model.dictionary,
  ];
  return words[hit.size % words.length] ?? 'x';
}

function misnamed(at: string, size: number): string {
  const name = at.slice(at.lastIndexOf('/') + 1);
  return [name.toUpperCase(), `${name} `, `${name}x`, '', '__proto__', name.slice(0, -1)][size % 6] ?? 'x';
}

function plainText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
