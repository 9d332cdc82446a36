import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noiseOf } from './framing-contract.ts';
import { encodeJson, readJson } from './json.ts';
import { scanJson } from './json-scan.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const notesOf = (text: string): unknown => {
  const read = readJson(utf8(text));
  return read.ok ? read.notes : read;
};

/** Texts that are nearly JSON, or are. */
const almostJson = fc
  .array(
    fc.oneof(
      fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '"a"', '"a":', ' ', '\n', '1', '-', '0', '.5', 'e3'),
      fc.constantFrom('true', 'null', '\\', '\\u00e9', '\\ud800', "'", '/', '//', 'NaN', 'é', '\ufeff', '\0'),
      fc.json(),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('readJson', () => {
  it('reads what JSON.stringify writes, back from what encodeJson wrote', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const read = readJson(encodeJson(value));
        expect(read.ok && JSON.stringify(read.value)).toBe(JSON.stringify(value));
      }),
    );
  });

  it('agrees with the platform on what is JSON', () => {
    fc.assert(
      fc.property(almostJson, (text) => {
        expect(readJson(utf8(text)).ok).toBe(parses(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('notes the same as the slow scan', () => {
    fc.assert(
      fc.property(fc.oneof(almostJson, fc.json()), (text) => {
        const read = readJson(utf8(text));
        const scanned = scanJson(utf8(text), 512);
        expect(read.ok ? { ok: true, notes: read.notes } : read).toEqual(scanned);
      }),
      { numRuns: 1000 },
    );
  });

  it('places every fault within the text, whatever the octets', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), noiseOf('{}[]",:\\u0e-. 1')), (bytes) => {
        const read = readJson(bytes);
        if (read.ok) return;
        expect(read.at).toBeGreaterThanOrEqual(0);
        expect(read.at).toBeLessThanOrEqual(bytes.length);
        expect(read.what).not.toMatch(/\p{C}/u);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['', 'cut-off', 0, 'the text ends where a value should be'],
    ['{"a": [1', 'cut-off', 8, 'the text ends where "," or "]" should be'],
    ['"abc', 'cut-off', 4, 'the text ends where the end of a string should be'],
    ['\ufeff{}', 'bom', 0, 'a byte order mark'],
    ['{"a": 1, }', 'trailing-comma', 7, 'a comma before "}"'],
    ['[1,\n]', 'trailing-comma', 2, 'a comma before "]"'],
    ['[1, // one\n2]', 'comment', 4, 'a comment where a value should be'],
    ['{} /* end */', 'comment', 3, 'a comment where the end of the text should be'],
    ['"\x1f"', 'bad-json', 1, '\\x1f" where a character of a string should be'],
    ["{'a': 1}", 'single-quotes', 1, 'a single quote where a name in double quotes should be'],
    ["['a']", 'single-quotes', 1, 'a single quote where a value should be'],
    ['[-Infinity]', 'not-a-number', 1, '-Infinity, which JSON does not have'],
    ['{"é": NaN}', 'not-a-number', 7, 'NaN, which JSON does not have'],
    ['{}{}', 'extra-text', 2, '{} where the end of the text should be'],
    ['{a: 1}', 'bad-json', 1, 'a: 1} where a name in double quotes should be'],
    ['[01]', 'bad-json', 1, '01] where a value should be'],
    ['[1 2]', 'bad-json', 3, '2] where "," or "]" should be'],
    ['{"a" 1}', 'bad-json', 5, '1} where ":" should be'],
    ['["a\nb"]', 'bad-json', 3, '\\nb"] where a character of a string should be'],
    ['["\\x41"]', 'bad-json', 2, 'a backslash that begins no escape of JSON'],
    ['["\\u12g4"]', 'bad-json', 2, 'a backslash that begins no escape of JSON'],
  ])('says of %j: %s at %i', (text, kind, at, what) => {
    expect(readJson(utf8(text))).toEqual({ ok: false, kind, at, what });
  });

  it('says where the octets are not UTF-8', () => {
    const bytes = Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22);
    expect(readJson(bytes)).toEqual({ ok: false, kind: 'bad-utf8', at: 1, what: 'a surrogate' });
  });

  it.each([
    ['{"a": {"b": 1, "b": 2}}', ['duplicate-member:/a/b']],
    ['{"a": 1, "\\u0061": 2}', ['duplicate-member:/a']],
    ['[{"x/y~z": 1, "x/y~z": 2}]', ['duplicate-member:/0/x~1y~0z']],
    ['[{"a": 1}, {"a": 1}]', []],
    ['[0, "\\ud83d"]', ['lone-surrogate:/1']],
    ['["\\uD800"]', ['lone-surrogate:/0']],
    ['"\\ude00\\ud83d"', ['lone-surrogate:']],
    ['{"\\udead": 1}', ['lone-surrogate:/\udead']],
    ['["\\ud83d\\ude00", "\\u0041"]', []],
    ['[9007199254740993]', ['big-number:/0 9007199254740993']],
    ['{"id": 12345678901234567890}', ['big-number:/id 12345678901234567890']],
    [
      '[9007199254740993, 1e400, 1E-400]',
      ['big-number:/0 9007199254740993', 'big-number:/1 1e400', 'big-number:/2 1E-400'],
    ],
    ['[9007199254740992, 0.1, 1.50e2, 1700000000000000, 100000000000000000000000, -0.0e5]', []],
  ])('notes what is odd about %j', (text, notes) => {
    expect(notesOf(text)).toEqual(notes);
  });

  it('makes no more than a few notes', () => {
    expect(notesOf(`[${Array(1000).fill('1e999').join()}]`)).toHaveLength(16);
    expect(notesOf('9'.repeat(1000))).toEqual([`big-number: ${'9'.repeat(100)}…`]);
  });

  it('bounds the depth, and does so without a call stack', () => {
    const nested = (depth: number): Uint8Array => utf8('['.repeat(depth) + ']'.repeat(depth));
    expect(readJson(nested(512)).ok).toBe(true);
    expect(readJson(nested(513))).toMatchObject({ kind: 'too-deep', at: 512 });
    expect(readJson(nested(1_000_000))).toMatchObject({ kind: 'too-deep', at: 512 });
    expect(readJson(nested(100_000), 100_000).ok).toBe(true);
    expect(readJson(utf8('[[1e0]]'), 1)).toMatchObject({ kind: 'too-deep', at: 1 });
  });

  it('reads a member __proto__ as plain data', () => {
    const read = readJson(utf8('{"__proto__": {"polluted": true}, "__proto__": {"polluted": 1}}'));
    expect(read).toMatchObject({ ok: true, notes: ['duplicate-member:/__proto__'] });
    expect(Object.keys((read.ok && read.value) as object)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(read.ok && read.value)).toBe(Object.prototype);
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('encodeJson', () => {
  it('writes compactly, lone surrogates escaped', () => {
    expect(new TextDecoder().decode(encodeJson({ a: [1, 'é\ud800'] }))).toBe('{"a":[1,"é\\ud800"]}');
  });

  it('refuses what JSON cannot say', () => {
    expect(() => encodeJson(undefined)).toThrow(TypeError);
  });
});
