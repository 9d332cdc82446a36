import { describe, expect, it } from 'vitest';
import type { Place } from './problem.ts';
import { renderProblem } from './render.ts';

function rendered(place: Partial<Place>): string {
  return renderProblem({
    fault: 'user',
    what: 'wrong',
    where: { file: 'f.yaml', line: 7, column: 1, ...place },
  });
}

describe('a problem as text', () => {
  it('names who has to act, what is wrong and how to mend it', () => {
    expect(renderProblem({ fault: 'user', what: 'a', mend: 'b' })).toBe('error: a\n  = b');
    expect(renderProblem({ fault: 'target', what: 'a' })).toBe('target: a');
    expect(renderProblem({ fault: 'harness', what: 'a' })).toBe('spar itself: a');
  });

  it('points at the place', () => {
    expect(rendered({ column: 5, source: 'abc defg hij', length: 4 })).toBe(
      ['error: wrong', '  --> f.yaml:7:5', '  |', '7 | abc defg hij', '  |     ^^^^'].join('\n'),
    );
    expect(rendered({ line: 1234, source: 'a', column: 1 })).toContain('\n     |\n1234 | a\n     | ^');
    expect(rendered({})).toBe('error: wrong\n  --> f.yaml:7:1');
  });

  it.each([
    [{ source: 'ab', column: 2, length: 50 }, ' ^'],
    [{ source: 'ab', column: 3 }, '  ^'],
    [{ source: '', column: 1 }, '^'],
    [{ source: '\t\tab', column: 3, length: 2 }, '  ^^'],
  ])('never points beyond the line: %j', (place, caret) => {
    const lines = rendered(place).split('\n');
    expect(lines.at(-1)).toBe(`  | ${caret}`);
    expect(lines.at(-2)).not.toContain('\t');
  });

  it('shows the part of a long line at which it points', () => {
    const lines = rendered({
      source: `${'x'.repeat(5000)}HERE${'y'.repeat(5000)}`,
      column: 5001,
      length: 4,
    }).split('\n');
    const [shown = '', caret = ''] = lines.slice(-2);
    expect(shown.length).toBeLessThan(140);
    expect(shown.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('HERE');
  });

  it('lets nothing through upon which a terminal would act', () => {
    const text = rendered({ source: 'a\u001b[31m\u0007\u202e\u2028b\u009b', column: 1 });
    expect(text).toContain('a\ufffd[31m\ufffd\ufffd\ufffdb\ufffd');
  });
});
