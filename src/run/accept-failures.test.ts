import { describe, expect, it } from 'vitest';
import { readSource } from '../problem/source.ts';
import { acceptFailures } from './accept-failures.ts';
import { loadExpectedFailures } from './expected-failures.ts';

const known = `# What we know, and when it goes.

# since May
"a/server/*": the old parser # issue 12
A-1: "it's \\"so\\""

# to go with 2.0
a/server/gone: was mended
`;

describe('accepting failures', () => {
  it('adds entries and leaves the others, their reasons and comments as they are', () => {
    expect(acceptFailures(known, [{ entry: 'a/server/say/new[x: y]', reason: 'TODO: "# why"' }], [])).toBe(
      `${known}"a/server/say/new[x: y]": 'TODO: "# why"'\n`,
    );
  });

  it('removes what is stale, with the comment above it', () => {
    const text = acceptFailures(known, [], [{ entry: 'a/server/gone', reason: 'was mended' }]);
    expect(text).toBe(known.slice(0, known.indexOf('\n# to go')));
  });

  it.each(['', '\n', '# only a comment\n', '{}\n', '{a/server/known: yes it is}\n'])(
    'begins with %j',
    (text) => {
      const more = [{ entry: 'a/server/new', reason: 'TODO' }];
      const written = acceptFailures(text, more, []);
      const entries = loadExpectedFailures(
        readSource('f', written),
        ['a/server/new', 'a/server/known'],
        new Set(),
      );
      expect(entries.at(-1)).toEqual(more[0]);
      if (text.includes('#')) expect(written).toContain('# only a comment');
      if (text.includes('known')) expect(entries).toHaveLength(2);
    },
  );

  it('leaves a list of nothing when all is stale', () => {
    const text = '# head\n\na/b: because\n';
    expect(acceptFailures(text, [], [{ entry: 'a/b', reason: 'because' }])).toBe('# head\n');
  });
});
