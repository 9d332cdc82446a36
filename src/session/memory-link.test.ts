import { describe, expect, it } from 'vitest';
import type { Link } from './link.ts';
import { memoryLinks } from './memory-link.ts';

/** Both ends, with all that each of them hears. */
function ends(): { left: Link; right: Link; heard: { left: string[]; right: string[] } } {
  const [left, right] = memoryLinks();
  const heard = { left: [] as string[], right: [] as string[] };
  for (const [link, list] of [
    [left, heard.left],
    [right, heard.right],
  ] as const) {
    link.attach({
      data: (chunk) => list.push(new TextDecoder().decode(chunk)),
      ended: (kind) => list.push(`(${kind})`),
    });
  }
  return { left, right, heard };
}

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('links in memory', () => {
  it('carry octets in order, later, and not what becomes of them afterwards', async () => {
    const { left, heard } = ends();
    const chunk = octets('one');
    left.write(chunk);
    left.write(octets('two'));
    chunk.fill(0);
    expect(heard.right).toEqual([]);
    await settled();
    expect(heard.right).toEqual(['one', 'two']);
  });

  it.each<[what: string, act: (left: Link, right: Link) => void, left: string[], right: string[]]>([
    [
      'end',
      (left, right) => (
        left.write(octets('a')), left.end(), left.write(octets('b')), right.write(octets('c'))
      ),
      ['c'],
      ['a', '(fin)'],
    ],
    ['end on both sides', (left, right) => (left.end(), right.end()), ['(fin)'], ['(fin)']],
    [
      'close',
      (left, right) => (left.write(octets('a')), left.close(), right.write(octets('c')), right.end()),
      [],
      ['a', '(fin)'],
    ],
    [
      'reset',
      (left, right) => (left.write(octets('a')), left.reset(), right.write(octets('c'))),
      [],
      ['(reset)'],
    ],
    ['reset twice', (left) => (left.reset(), left.reset()), [], ['(reset)']],
    ['reset after an end', (left, right) => (left.end(), right.reset()), ['(reset)'], []],
  ])('%s as sockets do', async (_what, act, wantedLeft, wantedRight) => {
    const { left, right, heard } = ends();
    act(left, right);
    await settled();
    expect(heard).toEqual({ left: wantedLeft, right: wantedRight });
  });

  it('hold back what comes while they pause', async () => {
    const { left, right, heard } = ends();
    right.pause();
    left.write(octets('a'));
    await settled();
    expect(heard.right).toEqual([]);
    right.resume();
    await settled();
    expect(heard.right).toEqual(['a']);
  });
});
