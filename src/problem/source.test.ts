import { describe, expect, it } from 'vitest';
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
