import fc, { type Arbitrary } from 'fast-check';
import {
  type Expression,
  ExpressionError,
  evaluate,
  parseExpression,
  type Scope,
} from '../match/expression.ts';
import type { MessageDefinition, Protocol } from '../protocol/definition.ts';
import { identifyLine, identifyObject } from '../protocol/message.ts';
import { encodeText } from '../wire/text.ts';
import { lineArbitrary } from './line-arbitrary.ts';
import type { Model } from './model.ts';
import { lineOf } from './packet.ts';
import { pointersOf, valueAt, withValueAt } from './pointers.ts';
import { schemaArbitrary } from './schema-arbitrary.ts';

/** Values that were made by a schema or grammar, and how many of them were no valid message after all. */
export interface MadeFields {
  readonly fields: readonly unknown[];
  readonly refused: number;
}

/** Draws for each message; twice the share of a mixture leaves the suite's own values alone. */
const draws = 60;

const known = new WeakMap<Model, Map<string, MadeFields>>();

/** Fields of valid packets of a message that were made up, made once for a model. */
export function validFields(model: Model, message: string): readonly unknown[] {
  return madeFields(model, message).fields;
}

/**
 * Makes fields by the schema or the lines of a message: values of its samples are replaced by others that
 * are allowed there, references (tokens, names) mostly stay. What the protocol would refuse is dropped.
 */
export function madeFields(model: Model, message: string): MadeFields {
  const ofModel = known.get(model) ?? new Map<string, MadeFields>();
  known.set(model, ofModel);
  const before = ofModel.get(message);
  if (before) return before;
  const made = make(model, message);
  ofModel.set(message, made);
  return made;
}

function make(model: Model, message: string): MadeFields {
  const { protocol } = model;
  const definition = protocol.messages.get(message);
  const samples = model.samples.get(message) ?? [];
  if (!definition || samples.length === 0) return { fields: [], refused: 0 };
  const drawn = fc.sample(mixture(protocol, definition, samples), { seed: 1, numRuns: draws });
  const fields = drawn.filter((one) => isValid(protocol, definition, one));
  return { fields, refused: drawn.length - fields.length };
}

/** A sample with some of its values replaced by those of a made one, and with some that it lacks. */
function mixture(
  protocol: Protocol,
  definition: MessageDefinition,
  samples: readonly unknown[],
): Arbitrary<unknown> {
  const { schema } = definition;
  const json = protocol.payload === 'json';
  const made: Arbitrary<unknown> = json ? schemaArbitrary(schema ?? {}) : lineArbitrary(definition);
  // What a schema says nothing of is what the message is told by.
  const free =
    json && new Set(Object.keys((schema as { properties?: object } | undefined)?.properties ?? {}));
  const shares = fc.array(fc.nat(99), { minLength: 24, maxLength: 24 });
  return fc
    .tuple(fc.constantFrom(...samples), made, shares)
    .map(([sample, other, draw]) => mixed(sample, other, draw, (key) => free === false || free.has(key)));
}

function mixed(
  sample: unknown,
  other: unknown,
  draw: readonly number[],
  isFree: (key: string) => boolean,
): unknown {
  if (other === null || typeof other !== 'object' || Array.isArray(other)) return sample;
  let fields = sample;
  for (const [index, [key, value]] of Object.entries(other).entries()) {
    const share = draw[index % draw.length] ?? 0;
    const [pointer = ''] = pointersOf({ [key]: 0 });
    const before = valueAt(fields, pointer);
    const refers = JSON.stringify(before ?? null).includes('${');
    const wanted = before === undefined ? 40 : refers ? 12 : 50;
    // What looks like a reference would be taken for one.
    if (before !== undefined && !isFree(key)) continue;
    if (share < wanted && !JSON.stringify(value).includes('${')) fields = withValueAt(fields, pointer, value);
    else if (before !== null && typeof before === 'object')
      fields = withValueAt(
        fields,
        pointer,
        mixed(before, value, draw.slice(1 + (index % 8)), () => true),
      );
  }
  return fields;
}

/** True if a packet with these fields is the message that it is meant to be, and keeps to its schema. */
export function isValid(protocol: Protocol, definition: MessageDefinition, fields: unknown): boolean {
  const side = definition.from === 'server' ? 'server' : 'client';
  if (protocol.payload === 'json')
    // A reference may stand for a text or for a number.
    return ['abc', 7].some((word) => {
      const filled = stoodIn(fields, word);
      return (
        identifyObject(protocol, side, filled, () => true)?.name === definition.name &&
        protocol.checkSchema(definition.name, filled).length === 0
      );
    });
  const filled = stoodIn(fields, 'abc');
  const line = lineOf(definition, filled);
  const found = identifyLine(protocol, side, line, () => true);
  return (
    /^[^\r\n\0]*$/.test(line) &&
    (protocol.keepBlanks || !line.endsWith(' ')) &&
    encodeText(line, protocol.encoding).ok &&
    found?.definition.name === definition.name &&
    JSON.stringify(sorted(found.fields)) === JSON.stringify(sorted(filled as object))
  );
}

function sorted(fields: object): unknown[] {
  return Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** A value with its references filled in; `word` stands for what only a conversation knows. */
function stoodIn(value: unknown, word: unknown): unknown {
  if (typeof value === 'string') {
    const whole = /^\$\{([^}]*)\}$/.exec(value)?.[1];
    if (whole !== undefined) return standIn(whole, word);
    return value.replace(/\$\{([^}]*)\}/g, (_, reference: string) => String(standIn(reference, word)));
  }
  if (Array.isArray(value)) return value.map((one) => stoodIn(one, word));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, stoodIn(inner, word)]));
}

function standIn(reference: string, word: unknown): unknown {
  try {
    const expression = parseExpression(reference.trim());
    const reckoned = expression.kind === 'operation' && expression.operator !== '+';
    return valueOr(reckoned ? 7 : 'abc', expression, word);
  } catch (error) {
    if (error instanceof ExpressionError) return 'abc';
    throw error;
  }
}

function valueOr(otherwise: unknown, expression: Expression, word: unknown): unknown {
  const scope: Scope = {
    get: ([head = '', key]) => (isNumber.has(head) ? 7 : key === 'said' ? word : 'abc'),
  };
  try {
    return evaluate(expression, scope);
  } catch (error) {
    if (error instanceof ExpressionError) return otherwise;
    throw error;
  }
}

const isNumber: ReadonlySet<string> = new Set(['nonce', 'now', 'seed']);
