import fc from 'fast-check';
import type { Model } from './model.ts';

/** Numbers at which types, fields and counters end. */
export const numbers: readonly number[] = [
  0,
  -1,
  1,
  127,
  128,
  255,
  256,
  65535,
  65536,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 32,
  2 ** 53,
  2 ** 53 + 2,
  2 ** 63,
  1.5,
  1e300,
  -0,
];

const texts: readonly string[] = [
  '',
  ' ',
  'system',
  '%s%n%x',
  '../../x',
  '<script>',
  'NaN',
  'null',
  '0x10',
  '+5',
  '00',
  '1e9',
  '9223372036854775807',
  '9223372036854775808',
  '\u202e',
  '😀',
  'é',
  'e\u0301',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  "' OR '1'='1",
  '${x}',
  '{"$ne": ""}',
  '-',
  '#',
  '*',
];

/** What ends, quotes or opens something, put inside a text. */
export const injected: readonly string[] = [
  '\n',
  '\r',
  '\r\n',
  '\0',
  '\t',
  ' ',
  '  ',
  '\u001b',
  '\u2028',
  '\u0085',
  '"',
  "'",
  '\\',
  '<',
  ',',
  '{',
  '}',
  '\ud800',
  '"}{"',
];

/** Octets that are no UTF-8, too long for what they say, or half of something. */
export const octets: readonly string[] = [
  'ff',
  'c080',
  'eda080',
  'f4908080',
  'fe',
  '80',
  '00',
  'efbbbf',
  'c3',
];

export const lengths: readonly number[] = [
  2, 8, 15, 16, 17, 31, 32, 33, 64, 100, 127, 128, 129, 255, 256, 257, 512, 1000, 1024, 4096, 10_000, 65_535,
  65_536, 65_537, 100_000,
];

/** How many members or items are added: the many, which take their time, seldom. */
export const swells: readonly number[] = [
  1, 2, 3, 5, 8, 16, 17, 32, 33, 64, 65, 100, 128, 129, 256, 257, 1000, 1024, 4096, 20_000,
];

/** How deep a value is put: the depths at which parsers that call themselves end, seldom those that take their time. */
export const depths: readonly number[] = [
  2, 10, 33, 65, 100, 129, 257, 512, 600, 1025, 2000, 5000, 5000, 20_000, 100_000,
];

export const ends: readonly string[] = ['0a', '0d', '0d0a', '00', '0a0d', '', '0d0d0a', 'c285'];

/** Octets that are no message of any protocol here. */
export const garbage: readonly string[] = [
  '474554202f20485454502f312e310d0a486f73743a20780d0a0d0a',
  '16030100ff010000fb0303',
  '00000000',
  'ffffffffffffffff',
  '0d0a0d0a',
  '0a0a0a0a',
  '7b7b7b7b',
  '5b5b5b5b',
  '1b5b324a',
  '78'.repeat(2000),
  '00'.repeat(300),
  'ff'.repeat(300),
];

/** Any code points, lone surrogates too. (fc.string takes a second to set up its units of all planes.) */
const anyText = fc
  .array(fc.nat(0x10ffff), { maxLength: 12 })
  .map((points) => String.fromCodePoint(...points));

/** Texts that are words of something: of the protocol, of its dictionary, or of what programs are written in. */
export function wordsFor(model: Model): readonly string[] {
  return [...texts, ...model.dictionary];
}

const known = new WeakMap<Model, readonly unknown[]>();

/** Values to put in the place of valid ones: boundaries, the dictionary, and what fast-check makes up. */
export function hostileValues(model: Model): readonly unknown[] {
  const before = known.get(model);
  if (before) return before;
  const plain: unknown[] = [...numbers, ...wordsFor(model), null, true, false, [], {}, [[]], { a: 1 }];
  const made = [
    ...fc.sample(anyText, { seed: 1, numRuns: 60 }),
    ...fc.sample(fc.jsonValue({ maxDepth: 2 }), { seed: 1, numRuns: 60 }),
  ];
  const all = [...plain, ...plain, ...plain, ...made];
  known.set(model, all);
  return all;
}
