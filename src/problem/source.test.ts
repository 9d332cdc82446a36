import { readdir, readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, parseDocument, type Scalar, stringify, type YAMLMap } from 'yaml';
import { SparError } from './problem.ts';
import { readSource } from './source.ts';
import { told } from './told.testing.ts';

const text = [
  'a: 1',
  'list: [x, {deep: y}]',
  'base: &b {k: v}',
  'uses: *b',
  '"a b": |',
  '  text',
  '  more',
].join('\n');

describe('a place in a YAML file', () => {
  it.each<[path: (string | number)[], part: 'key' | 'value', line: number, column: number, length: number]>([
    [[], 'value', 1, 1, 1],
    [['a'], 'value', 1, 4, 1],
    [['a'], 'key', 1, 1, 1],
    [['list', 0], 'value', 2, 8, 1],
    [['list', 1, 'deep'], 'value', 2, 18, 1],
    [['list', 1, 'deep'], 'key', 2, 12, 4],
    [['list', 7], 'value', 2, 7, 1],
    [['base', 'k'], 'value', 3, 14, 1],
    [['uses', 'k'], 'value', 3, 14, 1],
    [['a b'], 'key', 5, 1, 5],
    [['gone', 'further'], 'value', 1, 1, 1],
  ])('%j (%s) is %i:%i', (path, part, line, column, length) => {
    expect(readSource('f.yaml', text).place(path, part)).toMatchObject({
      file: 'f.yaml',
      line,
      column,
      length,
    });
  });

  it('counts lines that end in CR LF as one each', () => {
    const place = readSource('f.yaml', 'a: 1\r\nb: 2\r\n').place(['b']);
    expect(place).toMatchObject({ line: 2, column: 4, source: 'b: 2' });
  });
});

describe('YAML that cannot be read', () => {
  it('is told with both of two mistakes', () => {
    const wrong = told(() => readSource('f.yaml', 'a: 1\na: 2\nb: 3\nc: 4\nb: 5\n'));
    expect(wrong.match(/--> f\.yaml:\d+:\d+/g)).toEqual(['--> f.yaml:2:1', '--> f.yaml:5:1']);
  });

  it.each([
    ['an alias of nothing', 'a: *nobody'],
    ['an open quotation', 'a: "x'],
    ['a list that is not ended', 'a: [1, 2'],
    ['aliases of aliases of aliases', bomb(12)],
    ['aliases that are few and stand for millions', bomb(8)],
    ['an alias of what holds it', 'a: &a [*a]'],
    ['mappings a thousand deep', '['.repeat(1000) + ']'.repeat(1000)],
    ['two documents', 'a: 1\n---\nb: 2\n'],
  ])('such as %s is the fault of the user, at exit 2', (_what, source) => {
    try {
      readSource('f.yaml', source);
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof SparError)) throw error;
      expect(error.exit).toBe(2);
      expect(error.problems[0]).toMatchObject({
        fault: 'user',
        where: { file: 'f.yaml' },
        mend: expect.any(String),
      });
    }
  });
});

describe('what another parser reads', () => {
  const value = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, true, false, 'yes', '0x1f', '1_0', '0o17', '.inf', '~', '- x', 'a: b', '#c', ''),
      fc.integer(),
      fc.double({ noNaN: true }),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.array(tie('any'), { maxLength: 4 }),
      fc.dictionary(fc.string({ maxLength: 5 }), tie('any'), { maxKeys: 4, noNullPrototype: true }),
    ),
  })).any;

  it('is read alike, with the lines of all its parts', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), value, { noNullPrototype: true }),
        (written) => {
          const text = stringify(written, { lineWidth: 30 });
          const source = readSource('f.yaml', text);
          expect(source.value).toEqual(parse(text));
          const document = parseDocument(text);
          for (const key of Object.keys(written)) {
            const pair = (document.contents as YAMLMap<Scalar>).items.find((item) => item.key.value === key);
            const start = pair?.key.range?.[0] ?? -1;
            expect(source.place([key], 'key').line).toBe(text.slice(0, start).split('\n').length);
          }
        },
      ),
    );
  });

  it('holds for every bundled file', async () => {
    const files = (await readdir('suites', { recursive: true })).filter((file) => file.endsWith('.yaml'));
    expect(files.length).toBeGreaterThan(50);
    for (const file of files) {
      const text = await readFile(`suites/${file}`, 'utf8');
      expect(readSource(file, text).value).toEqual(parse(text));
    }
  });
});

function bomb(depth: number): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let at = 1; at < depth; at += 1)
    lines.push(
      `a${at}: &a${at} [${Array(9)
        .fill(`*a${at - 1}`)
        .join(', ')}]`,
    );
  return lines.join('\n');
}

it('the exit code is that of the worst problem', () => {
  const at = (...faults: ('user' | 'target' | 'harness')[]): number =>
    new SparError(faults.map((fault) => ({ fault, what: 'x' }))).exit;
  expect([at('user'), at('user', 'target'), at('target', 'harness')]).toEqual([2, 3, 4]);
});
