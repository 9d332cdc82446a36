import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { schemaArbitrary } from './schema-arbitrary.ts';

const ajv = new Ajv2020({ strict: false });

/** Schemas whose every sample must be valid, and those of which some may have to be dropped. */
const exact: Readonly<Record<string, object>> = {
  'a text': { type: 'string' },
  'a short text': { type: 'string', minLength: 2, maxLength: 3 },
  'a text of one length': { type: 'string', minLength: 5, maxLength: 5 },
  'a pattern': { type: 'string', pattern: '^[a-z]{2,4}(-[0-9]+)?$' },
  'a pattern inside': { pattern: 'ab|cd', type: 'string' },
  'an integer': { type: 'integer' },
  bounds: { type: 'integer', minimum: -3, maximum: 4 },
  'open bounds': { type: 'integer', exclusiveMinimum: 1, exclusiveMaximum: 5 },
  'a multiple': { type: 'integer', multipleOf: 7, minimum: 1 },
  'a number': { type: 'number', minimum: 0.5, exclusiveMaximum: 2 },
  'a multiple of a part': { type: 'number', multipleOf: 0.5, minimum: -2, maximum: 2 },
  'several types': { type: ['string', 'null', 'boolean'] },
  'a constant': { const: { a: [1] } },
  'a choice': { enum: ['a', 1, null] },
  'a list': { type: 'array', items: { type: 'integer' }, minItems: 1, maxItems: 3 },
  'a list of different items': { type: 'array', items: { type: 'boolean' }, uniqueItems: true },
  'a tuple': { type: 'array', prefixItems: [{ const: 'x' }, { type: 'integer' }], items: false, minItems: 2 },
  'a list that holds one': { type: 'array', contains: { const: 7 }, items: { type: 'integer' }, minItems: 1 },
  'an object': {
    type: 'object',
    required: ['a'],
    properties: { a: { type: 'integer' }, b: { type: 'string' } },
    additionalProperties: false,
  },
  'an object of others': { type: 'object', additionalProperties: { type: 'integer' }, minProperties: 1 },
  'few members': {
    properties: { a: true, b: true, c: true },
    additionalProperties: false,
    minProperties: 2,
    maxProperties: 2,
    type: 'object',
  },
  'members that need others': {
    type: 'object',
    properties: { a: { type: 'integer' }, b: { type: 'integer' }, c: { type: 'integer' } },
    dependentRequired: { a: ['b'], b: ['c'] },
  },
  'members by pattern': {
    type: 'object',
    patternProperties: { '^n[0-9]$': { type: 'integer' } },
    additionalProperties: false,
  },
  both: { allOf: [{ type: 'integer', minimum: 3 }, { maximum: 5 }] },
  either: { anyOf: [{ type: 'string', maxLength: 2 }, { type: 'integer' }] },
  'one with more': {
    type: 'object',
    required: ['kind'],
    oneOf: [
      { properties: { kind: { const: 'a' }, x: { type: 'integer' } }, required: ['x'] },
      { properties: { kind: { const: 'b' }, y: { type: 'string' } }, required: ['y'] },
    ],
  },
  'a definition': {
    $defs: { id: { type: 'integer', minimum: 1 } },
    type: 'array',
    items: { $ref: '#/$defs/id' },
  },
  'a tree': {
    $defs: {
      node: {
        type: 'object',
        required: ['value'],
        properties: {
          value: { type: 'integer' },
          children: { type: 'array', items: { $ref: '#/$defs/node' } },
        },
        additionalProperties: false,
      },
    },
    $ref: '#/$defs/node',
  },
  itself: { type: 'object', properties: { next: { $ref: '#' } }, additionalProperties: false },
  'an anchor': { $defs: { x: { $anchor: 'here', const: 4 } }, $ref: '#here' },
};

test.each(Object.entries(exact))('every sample is valid: %s', (_, schema) => {
  const check = ajv.compile(schema);
  fc.assert(
    fc.property(schemaArbitrary(schema), (value) => check(JSON.parse(JSON.stringify(value)))),
    { numRuns: 60, seed: 1 },
  );
});

/** What only a check can tell: most samples are valid, those that are not are dropped. */
const filtered: Readonly<Record<string, object>> = {
  'not that': { type: 'integer', minimum: 0, maximum: 9, not: { const: 5 } },
  'just one': {
    oneOf: [
      { type: 'integer', minimum: 0 },
      { type: 'integer', maximum: 10 },
    ],
  },
  'if and then': JSON.parse(`{
    "type": "object",
    "properties": { "a": { "type": "integer" }, "b": { "type": "integer" } },
    "if": { "required": ["a"] },
    "then": { "required": ["b"] },
    "else": { "properties": { "b": { "const": 1 } } }
  }`),
};

test.each(Object.entries(filtered))('most samples are valid: %s', (_, schema) => {
  const check = ajv.compile(schema);
  const samples = fc.sample(schemaArbitrary(schema), { numRuns: 200, seed: 1 });
  const valid = samples.filter((value) => check(value));
  expect(valid.length).toBeGreaterThan(40);
  expect(valid.length).toBeLessThan(200);
});

test('boundaries are drawn', () => {
  const drawn = (schema: object): unknown[] => fc.sample(schemaArbitrary(schema), { numRuns: 200, seed: 1 });
  const lengths = (drawn({ type: 'string', maxLength: 40 }) as string[]).map(({ length }) => length);
  expect(lengths).toContain(0);
  expect(lengths).toContain(40);
  const numbers = drawn({ type: 'integer', minimum: -5, maximum: 70_000 });
  expect(numbers).toEqual(expect.arrayContaining([-5, -4, 0, 70_000, 69_999, 65_535]));
  const lists = drawn({ type: 'array', items: { type: 'null' }, maxItems: 3 }) as unknown[][];
  expect(new Set(lists.map(({ length }) => length))).toEqual(new Set([0, 1, 2, 3]));
  const objects = drawn({
    type: 'object',
    properties: { a: { const: 1 }, b: { const: 2 } },
    additionalProperties: false,
  });
  expect(new Set(objects.map((one) => JSON.stringify(one)))).toEqual(
    new Set(['{}', '{"a":1}', '{"b":2}', '{"a":1,"b":2}']),
  );
});

test('what no value satisfies gives values that are refused', () => {
  for (const schema of [{ enum: [] }, { allOf: [{ type: 'string' }, { type: 'integer' }] }, { $ref: '#' }]) {
    expect(fc.sample(schemaArbitrary(schema), { numRuns: 3, seed: 1 })).toHaveLength(3);
  }
});
