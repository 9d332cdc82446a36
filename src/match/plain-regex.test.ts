import fc from 'fast-check';
import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { plainRegex, repeatsNothing } from './plain-regex.ts';

const plain = [
  '[0-9]+',
  '^MSG ',
  '0|[1-9][0-9]*',
  '^(ACCEPT|DECLINE|ACK|MSG|ENDSYNC)',
  '(?i)^(accept|decline|ack|msg|endsync)([^a-z]|$)',
  '^MSG \\S+ [0-9]{9,} ',
  '[ -~]*',
  '@[^/]+/.',
  '[a-z][a-z0-9]{2,4}',
  '^\\+OK( |$)',
  'a.b',
  '^\\s',
  '[\\x00-\\x7f]*',
];

describe('an expression that is plain', () => {
  const pieces = [
    'MSG',
    'ack',
    'ACK',
    ' ',
    '0',
    '12',
    'é',
    '\n',
    '\r',
    'K',
    '\u{1f600}',
    '\ud800',
    '/',
    '@',
    'a',
    '+OK',
  ];
  const text = fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string()), { maxLength: 6 })
    .map((all) => all.join(''));

  it.each(plain)('/%s/ finds what RE2 finds', (source) => {
    const native = plainRegex(source) as RegExp;
    expect(native).toBeInstanceOf(RegExp);
    const linear = RE2JS.compile(source, RE2JS.DOTALL);
    fc.assert(
      fc.property(text, (given) => {
        expect(native.test(given)).toBe(linear.matcher(given).find());
      }),
    );
  });

  it.each([
    '(a+)+',
    '(ab)*',
    'a*?',
    'a+b+c+',
    '(?i:a)',
    '(?P<name>a)',
    '\\pL',
    '\\bword\\b',
    '[[:alpha:]]',
    '[z-a]',
    'a{2,1}',
    'a{1000}',
    '(a',
    'a)',
    '\\',
    '[',
    ']',
    'a**',
    '*a',
  ])('/%s/ is not', (source) => {
    expect(plainRegex(source)).toBeUndefined();
  });
});

describe('an expression', () => {
  it.each([
    '^(ACCEPT|DECLINE)',
    '(?i)^(accept|ack)([^a-z]|$)',
    '^\\s',
    '(?:a|b)c',
    '[*+?{]',
    '\\+\\*\\?\\{',
    '[\\]*]',
  ])('%s repeats nothing, and finds the same in a long text', (source) => {
    expect(repeatsNothing(source)).toBe(true);
    const linear = RE2JS.compile(source, RE2JS.DOTALL);
    for (const text of ['ACCEPT', 'ack ', ' ', 'ac', 'bc', '+*?{', ']', '*'].flatMap((word) => [
      word + 'x'.repeat(1000),
      'x'.repeat(1000) + word,
    ]))
      expect(plainRegex(source)?.test(text)).toBe(linear.matcher(text).find());
  });

  it.each(['a*', '^a+', 'a?', 'a{2,}', '[a-z]+', '\\S*', '[\\]]*', '(?i)a+'])(
    '%s repeats something',
    (source) => {
      expect(repeatsNothing(source)).toBe(false);
    },
  );
});
