import fc, { type Arbitrary } from 'fast-check';
import type { MessageDefinition } from '../protocol/definition.ts';
import type { TemplatePart } from '../wire/line-template.ts';

type Place = Extract<TemplatePart, { kind: 'place' }>;

const characters = [...'abcxyzABC0189_-.@/\'"\\<>{}[]&%$#*,:;!?', 'é', '\u0301', '你', '😀', '\u00a0'];

const token: Arbitrary<string> = fc.oneof(
  fc.array(fc.constantFrom(...characters), { minLength: 1, maxLength: 12 }).map((list) => list.join('')),
  fc.constantFrom('x', '0', '-1', '1', '2147483648', '9223372036854775808', '1.5', '-', '*'),
  fc.constantFrom(15, 16, 17, 31, 32, 33, 64, 128, 255, 256, 400).map((length) => 'x'.repeat(length)),
);

const words: Arbitrary<string> = fc.oneof(
  fc.array(token, { minLength: 1, maxLength: 5 }).map((list) => list.join(' ')),
  token.map((word) => ` ${word}`),
  token.map((word) => `${word} `),
  fc.constantFrom('a  b', 'x\ty', ' ', '  '),
  fc.constantFrom(400, 510, 512, 1024).map((length) => 'x'.repeat(length)),
);

/**
 * Values for the places of a message's forms: as short and as long as may be, repeated and optional
 * places both ways. What comes out is to be read back before it is used.
 */
export function lineArbitrary({ lines }: MessageDefinition): Arbitrary<Record<string, unknown>> {
  const forms = lines.map((parts) =>
    fc.tuple(...fieldsOf(parts)).map((fields) => Object.assign({}, ...fields)),
  );
  return forms.length === 0 ? fc.constant({}) : fc.oneof(...forms);
}

function fieldsOf(parts: readonly TemplatePart[]): Arbitrary<Record<string, unknown>>[] {
  return parts.flatMap((part) => {
    if (part.kind === 'place') return [placeOf(part).map((value) => ({ [part.name]: value }))];
    if (part.kind !== 'optional') return [];
    const inside = fc.tuple(...fieldsOf(part.parts)).map((fields) => Object.assign({}, ...fields));
    return [fc.option(inside, { nil: {} })];
  });
}

function placeOf({ span, regex }: Place): Arbitrary<unknown> {
  const usual = span === 'rest' ? words : token;
  const one = regex === undefined ? usual : (matching(regex) ?? usual);
  if (span === 'tokens') return fc.array(one, { maxLength: 5 });
  return span === 'some-tokens' ? fc.array(one, { minLength: 1, maxLength: 5 }) : one;
}

function matching(regex: string): Arbitrary<string> | undefined {
  try {
    return fc.stringMatching(new RegExp(`^(?:${regex})$`, 'u'));
  } catch {
    return undefined;
  }
}
