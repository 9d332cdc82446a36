import fc, { type Arbitrary } from 'fast-check';

/** A JSON Schema (2020-12) as far as values are made by it. */
type Schema = Readonly<Record<string, unknown>>;

interface Context {
  /** The whole schema, for `$ref`. */
  readonly root: unknown;
  /** Objects, lists and references around this place. */
  readonly depth: number;
}

/** So deep, what need not be there is left out; twice as deep, nothing is made any more. */
const deepest = 4;
/** The length of a text, and the items of a list, where nothing else limits them. */
const [longText, manyItems] = [300, 20];

/**
 * Values that a JSON Schema means to allow, with its boundaries drawn often. A schema can say more than
 * can be made by it (`not`, `oneOf`, `if`), so what comes out is to be checked before it is used.
 */
export function schemaArbitrary(schema: unknown): Arbitrary<unknown> {
  return arbitraryOf(schema, { root: schema, depth: 0 });
}

function arbitraryOf(schema: unknown, context: Context): Arbitrary<unknown> {
  if (context.depth > 2 * deepest) return fc.constant(null);
  if (!isSchema(schema)) return anyJson;
  const { $ref } = schema;
  if (typeof $ref === 'string') {
    const { $ref: _, ...beside } = schema;
    return arbitraryOf(merged(target($ref, context.root), beside), inner(context));
  }
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum'])) return oneOfValues(schema['enum']);
  return branched(schema, context) ?? typed(schema, context);
}

/** The alternatives of a schema, each put together with what holds for all of them. */
function branched(schema: Schema, context: Context): Arbitrary<unknown> | undefined {
  const { allOf, anyOf, oneOf, if: condition, then, else: otherwise, ...rest } = schema;
  if (Array.isArray(allOf)) {
    const parts = allOf.map((one) => resolved(one, context.root));
    const others = { ...rest, ...pick(schema, ['anyOf', 'oneOf', 'if', 'then', 'else']) };
    return arbitraryOf(parts.reduce(merged, others), context);
  }
  for (const [key, choices] of [
    ['anyOf', anyOf],
    ['oneOf', oneOf],
  ] as const) {
    if (!Array.isArray(choices) || choices.length === 0) continue;
    const { [key]: _, ...others } = schema;
    const plain = choices.filter((one) => !JSON.stringify(one).includes('$ref'));
    const open = context.depth > deepest && plain.length > 0 ? plain : choices;
    return fc.oneof(
      ...open.map((one) => arbitraryOf(merged(others, resolved(one, context.root)), inner(context))),
    );
  }
  if (condition === undefined) return undefined;
  const kept = merged(rest, isSchema(condition) ? condition : {});
  return fc.oneof(
    arbitraryOf(merged(kept, isSchema(then) ? then : {}), inner(context)),
    arbitraryOf(merged(rest, isSchema(otherwise) ? otherwise : {}), inner(context)),
  );
}

function typed(schema: Schema, context: Context): Arbitrary<unknown> {
  const type = schema['type'] ?? impliedType(schema);
  if (Array.isArray(type))
    return type.length === 0
      ? fc.constant(null)
      : fc.oneof(...type.map((one) => typed({ ...schema, type: one }, context)));
  switch (type) {
    case 'string':
      return stringOf(schema);
    case 'integer':
      return integerOf(schema);
    case 'number':
      return numberOf(schema);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return arrayOf(schema, context);
    case 'object':
      return objectOf(schema, context);
    default:
      return anyJson;
  }
}

const hints: readonly (readonly [string, readonly string[]])[] = [
  [
    'object',
    ['properties', 'required', 'additionalProperties', 'patternProperties', 'minProperties', 'propertyNames'],
  ],
  ['array', ['items', 'prefixItems', 'minItems', 'maxItems', 'uniqueItems', 'contains']],
  ['string', ['pattern', 'minLength', 'maxLength', 'format']],
  ['number', ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']],
];

function impliedType(schema: Schema): string | undefined {
  return hints.find(([, keys]) => keys.some((key) => key in schema))?.[0];
}

/** Of no value at all there is none: what comes out instead is refused. */
function oneOfValues(values: readonly unknown[]): Arbitrary<unknown> {
  return values.length === 0 ? fc.constant(null) : fc.constantFrom(...values);
}

const anyJson: Arbitrary<unknown> = fc.jsonValue({ maxDepth: 1 });

// Texts

const characters = [
  ...'abcxyzABC019 _-.@/\'"\\<>{}[]&%$#\n\t',
  '\0',
  '\u007f',
  'é',
  '\u0301',
  '\u2028',
  '你',
  '😀',
];

function stringOf(schema: Schema): Arbitrary<unknown> {
  const { pattern, format } = schema;
  if (typeof pattern === 'string') return patternOf(pattern) ?? lengthsOf(schema);
  const samples = typeof format === 'string' ? formats[format] : undefined;
  return samples ? fc.constantFrom(...samples) : lengthsOf(schema);
}

/** What JavaScript cannot read of an expression leads to texts that are refused. */
function patternOf(pattern: string): Arbitrary<unknown> | undefined {
  try {
    return fc.stringMatching(new RegExp(pattern, 'u'));
  } catch {
    return undefined;
  }
}

function lengthsOf(schema: Schema): Arbitrary<unknown> {
  const least = count(schema['minLength'], 0);
  const most = Math.max(least, count(schema['maxLength'], Number.POSITIVE_INFINITY));
  const usual = Math.min(most, least + 12);
  const text = (length: Arbitrary<number>): Arbitrary<string> =>
    length.chain((wanted) =>
      fc
        .array(fc.constantFrom(...characters), {
          minLength: Math.min(wanted, 16),
          maxLength: Math.min(wanted, 16),
        })
        .map((list) => list.join('') + 'x'.repeat(wanted - list.length)),
    );
  return fc.oneof(
    { weight: 4, arbitrary: text(fc.integer({ min: least, max: usual })) },
    { weight: 1, arbitrary: text(fc.constant(least)) },
    { weight: 1, arbitrary: text(fc.constant(Math.min(most, Math.max(longText, least), 70_000))) },
    { weight: 1, arbitrary: text(fc.constant(most <= 70_000 ? most : usual)) },
  );
}

const formats: Readonly<Record<string, readonly string[]>> = {
  'date-time': ['1970-01-01T00:00:00Z', '2024-02-29T23:59:59.999+14:00', '9999-12-31T23:59:60Z'],
  date: ['1970-01-01', '2024-02-29', '9999-12-31'],
  time: ['00:00:00Z', '23:59:59.999+14:00'],
  duration: ['P1D', 'PT0S', 'P1Y2M3DT4H5M6S'],
  email: ['a@b.example', 'very.long.name+tag@sub.host.example'],
  hostname: ['localhost', 'a.b-c.example'],
  ipv4: ['0.0.0.0', '127.0.0.1', '255.255.255.255'],
  ipv6: ['::', '::1', '2001:db8::ffff:1'],
  uri: ['http://a.example/', 'urn:x:y', 'https://u@h.example:8080/p?q=1#f'],
  'uri-reference': ['', '/x', '../y?z#f', 'http://a.example/'],
  uuid: ['00000000-0000-0000-0000-000000000000', '31dccf07-a1be-432a-af62-d5eabea2e71b'],
  regex: ['', '^a+$', '[x-z]'],
  'json-pointer': ['', '/a', '/a~1b/0'],
};

// Numbers

function integerOf(schema: Schema): Arbitrary<unknown> {
  const { least, most } = boundsOf(schema, 1);
  const step = typeof schema['multipleOf'] === 'number' ? schema['multipleOf'] : 1;
  const [from, to] = [Math.ceil(least), Math.floor(most)];
  if (from > to) return fc.constant(from);
  const low = Math.ceil(Math.max(from, Number.MIN_SAFE_INTEGER) / step);
  const high = Math.floor(Math.min(to, Number.MAX_SAFE_INTEGER) / step);
  if (low > high) return fc.constant(0);
  return multiples(low, high, step);
}

function numberOf(schema: Schema): Arbitrary<unknown> {
  const { least, most } = boundsOf(schema, Number.EPSILON);
  const step = schema['multipleOf'];
  if (typeof step === 'number' && step > 0) {
    const [low, high] = [Math.ceil(Math.max(least, -1e9) / step), Math.floor(Math.min(most, 1e9) / step)];
    return low > high ? fc.constant(0) : multiples(low, high, step);
  }
  const [min, max] = [Math.max(least, -1e300), Math.min(most, 1e300)];
  if (min > max) return fc.constant(min);
  const edges = [0, 1, -1, 0.5, 2 ** 31, 2 ** 53, least, most].filter(
    (one) => Number.isFinite(one) && one >= min && one <= max,
  );
  const drawn = fc.double({ min, max, noNaN: true }).map((one) => (Object.is(one, -0) ? 0 : one));
  return edges.length === 0 ? drawn : fc.oneof(drawn, fc.constantFrom(...edges));
}

/** Multiples of a step from one to another, the ends and what is next to them drawn often. */
function multiples(low: number, high: number, step: number): Arbitrary<number> {
  const edges = [low, low + 1, high - 1, high, 0, 1, -1, 255, 256, 65_535, 2 ** 31 - 1, 2 ** 31].filter(
    (one) => one >= low && one <= high,
  );
  const near = fc.integer({ min: Math.max(low, -1000), max: Math.min(high, 1000) });
  const wide = fc.integer({ min: low, max: high });
  const drawn = low <= 1000 && high >= -1000 ? fc.oneof(near, wide) : wide;
  return fc
    .oneof(drawn, edges.length > 0 ? fc.constantFrom(...edges) : drawn)
    .map((times) => (Number.isInteger(step) ? times * step : Number((times * step).toPrecision(12))));
}

function boundsOf(schema: Schema, nudge: number): { least: number; most: number } {
  const number = (key: string, otherwise: number): number =>
    typeof schema[key] === 'number' ? (schema[key] as number) : otherwise;
  const above = number('exclusiveMinimum', Number.NEGATIVE_INFINITY);
  const below = number('exclusiveMaximum', Number.POSITIVE_INFINITY);
  const beside = (value: number): number =>
    Number.isFinite(value) ? nudge * Math.max(1, Math.abs(value)) : 0;
  return {
    least: Math.max(
      number('minimum', Number.NEGATIVE_INFINITY),
      nudge === 1 ? Math.floor(above) + 1 : above + beside(above),
    ),
    most: Math.min(
      number('maximum', Number.POSITIVE_INFINITY),
      nudge === 1 ? Math.ceil(below) - 1 : below - beside(below),
    ),
  };
}

// Lists and objects

function arrayOf(schema: Schema, context: Context): Arbitrary<unknown> {
  const within = inner(context);
  const prefix = Array.isArray(schema['prefixItems']) ? (schema['prefixItems'] as unknown[]) : [];
  const least = count(schema['minItems'], 0);
  const most = Math.max(least, count(schema['maxItems'], Number.POSITIVE_INFINITY));
  const items = schema['items'];
  const only = items === false ? prefix.length : Number.POSITIVE_INFINITY;
  const cap = Math.min(most, only, context.depth > deepest ? least : Math.max(least, least + 4));
  const lengths = [
    least,
    cap,
    ...(context.depth === 0 ? [Math.min(most, only, Math.max(least, manyItems))] : []),
  ];
  const contained = isSchema(schema['contains']) ? [arbitraryOf(schema['contains'], within)] : [];
  return fc
    .oneof(fc.integer({ min: Math.min(least, cap), max: cap }), fc.constantFrom(...lengths))
    .chain((length) => {
      const fixed = [...prefix.slice(0, length).map((one) => arbitraryOf(one, within)), ...contained];
      const rest = Math.max(0, length - fixed.length);
      const more = arbitraryOf(items === undefined ? true : items, within);
      const listed =
        schema['uniqueItems'] === true
          ? fc.uniqueArray(more, { minLength: 0, maxLength: rest, selector: (one) => JSON.stringify(one) })
          : fc.array(more, { minLength: rest, maxLength: rest });
      return fc.tuple(fc.tuple(...fixed), listed).map(([first, then]) => [...first, ...then]);
    });
}

function objectOf(schema: Schema, context: Context): Arbitrary<unknown> {
  const within = inner(context);
  const properties = isSchema(schema['properties']) ? (schema['properties'] as Schema) : {};
  const required = names(schema['required']);
  const dependent = isSchema(schema['dependentRequired']) ? (schema['dependentRequired'] as Schema) : {};
  const least = count(schema['minProperties'], 0);
  const most = count(schema['maxProperties'], Number.POSITIVE_INFINITY);
  const must = closure(new Set(required), dependent);
  const optional = Object.keys(properties).filter((name) => !must.has(name));
  const shallow = context.depth <= deepest || must.size < least;
  const drawn = [...must, ...(shallow ? optional : [])];
  const members = Object.fromEntries(drawn.map((name) => [name, memberOf(name, schema, within)]));
  return fc
    .record({
      values: fc.record(members),
      // 0: only what must be there; 3: all.
      share: fc.nat(3),
      wanted: fc.array(fc.nat(3), { minLength: optional.length, maxLength: optional.length }),
      more: shallow ? extraMembers(schema, within) : fc.constant([]),
    })
    .map(({ values, share, wanted, more }) => {
      const first = optional.filter((_, index) => (wanted[index] ?? 0) < share);
      const others = optional.filter((name) => !first.includes(name));
      const kept = new Set(must);
      for (const name of [...first, ...others]) {
        const bigger = closure(new Set([...kept, name]), dependent);
        const asked = first.includes(name) || kept.size < least;
        if (asked && bigger.size <= most && [...bigger].every((one) => one in values)) {
          for (const one of bigger) kept.add(one);
        }
      }
      const made = Object.entries(values).filter(([name]) => kept.has(name));
      const room = Math.max(
        0,
        Math.min(most - made.length, Math.max(share === 3 ? 1 : 0, least - made.length)),
      );
      return Object.fromEntries([...made, ...more.slice(0, room)]);
    });
}

function memberOf(name: string, schema: Schema, context: Context): Arbitrary<unknown> {
  const own = (schema['properties'] as Schema | undefined)?.[name];
  const byPattern = Object.entries((schema['patternProperties'] ?? {}) as Schema)
    .filter(([pattern]) => new RegExp(pattern, 'u').test(name))
    .map(([, one]) => one);
  const [first, ...rest] = own === undefined ? byPattern : [own, ...byPattern];
  if (first === undefined) return arbitraryOf(schema['additionalProperties'] ?? true, context);
  return arbitraryOf(
    rest.reduce<unknown>((one, other) => merged(one as Schema, other as Schema), first),
    context,
  );
}

/** Members that no property names, where there may be such. */
function extraMembers(schema: Schema, context: Context): Arbitrary<[string, unknown][]> {
  const { additionalProperties, unevaluatedProperties, propertyNames, patternProperties } = schema;
  const patterns = Object.entries((patternProperties ?? {}) as Schema);
  const closed = additionalProperties === false || unevaluatedProperties === false;
  if (closed && patterns.length === 0) return fc.constant([]);
  const key = isSchema(propertyNames)
    ? arbitraryOf({ type: 'string', ...propertyNames }, context)
    : fc.integer({ min: 1, max: 99 }).map((index) => `x${index}`);
  const open = closed ? [] : [fc.tuple(key, arbitraryOf(additionalProperties ?? true, context))];
  const matching = patterns.map(([pattern, one]) =>
    fc.tuple(patternOf(pattern) ?? key, arbitraryOf(one, context)),
  );
  const most = Math.max(3, count(schema['minProperties'], 0));
  return fc.uniqueArray(fc.oneof(...open, ...matching), {
    minLength: Math.min(most, count(schema['minProperties'], 0)),
    maxLength: most,
    selector: ([name]) => name,
  }) as Arbitrary<[string, unknown][]>;
}

function closure(kept: Set<string>, dependent: Schema): Set<string> {
  for (const name of kept) for (const other of names(dependent[name])) kept.add(other);
  return kept;
}

// Schemas

function isSchema(value: unknown): value is Schema {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function inner({ root, depth }: Context): Context {
  return { root, depth: depth + 1 };
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function count(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function pick(schema: Schema, keys: readonly string[]): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => keys.includes(key)));
}

function resolved(schema: unknown, root: unknown): Schema {
  if (!isSchema(schema)) return schema === false ? { enum: [] } : {};
  const { $ref, ...beside } = schema;
  return typeof $ref === 'string' ? merged(target($ref, root), beside) : schema;
}

/** What a reference within the schema leads to: `#`, `#/$defs/…` or the name of an anchor. */
function target(reference: string, root: unknown): Schema {
  if (!reference.startsWith('#')) return {};
  if (reference.startsWith('#/')) {
    const keys = reference.slice(2).split('/');
    const found = keys.reduce<unknown>(
      (value, key) =>
        (value as Schema | undefined)?.[decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~')],
      root,
    );
    return isSchema(found) ? found : {};
  }
  return (reference === '#' ? (root as Schema) : anchored(root, reference.slice(1))) ?? {};
}

function anchored(value: unknown, name: string): Schema | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  if (isSchema(value) && (value['$anchor'] === name || value['$dynamicAnchor'] === name)) return value;
  for (const one of Object.values(value)) {
    const found = anchored(one, name);
    if (found) return found;
  }
  return undefined;
}

const least = new Set(['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties']);
const greatest = new Set(['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties']);

/** Two schemas that both hold, as one, as far as that is simple. */
function merged(one: Schema, other: Schema): Schema {
  const made: Record<string, unknown> = { ...one };
  for (const [key, value] of Object.entries(other)) {
    const before = made[key];
    made[key] = before === undefined ? value : mergedKey(key, before, value);
  }
  return made;
}

function mergedKey(key: string, one: unknown, other: unknown): unknown {
  if (least.has(key)) return Math.min(one as number, other as number);
  if (greatest.has(key)) return Math.max(one as number, other as number);
  if (key === 'type') return commonTypes(one, other);
  if (key === 'enum') return listOf(one).filter((value) => has(listOf(other), value));
  if (key === 'required') return [...new Set([...names(one), ...names(other)])];
  if (key === 'anyOf' || key === 'oneOf')
    return listOf(one).flatMap((left) =>
      listOf(other).map((right) => merged(left as Schema, right as Schema)),
    );
  if (key === 'allOf') return [...listOf(one), ...listOf(other)];
  if (!isSchema(one) || !isSchema(other)) return one === true ? other : other === true ? one : other;
  if (key === 'properties' || key === 'patternProperties') return mergedMembers(one, other);
  return merged(one, other);
}

function mergedMembers(one: Schema, other: Schema): Schema {
  const all = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(
    all.map((name) => {
      const [left, right] = [one[name], other[name]];
      return [name, isSchema(left) && isSchema(right) ? merged(left, right) : (left ?? right)];
    }),
  );
}

function commonTypes(one: unknown, other: unknown): unknown {
  const right = [other].flat();
  const both = [one].flat().flatMap((type) => {
    if (right.includes(type)) return [type];
    const whole = type === 'integer' || type === 'number';
    return whole && (right.includes('number') || right.includes('integer')) ? ['integer'] : [];
  });
  return both.length === 1 ? both[0] : both;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function has(list: readonly unknown[], value: unknown): boolean {
  return list.some((one) => JSON.stringify(one) === JSON.stringify(value));
}
