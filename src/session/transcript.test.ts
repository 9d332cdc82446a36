import { expect, it } from 'vitest';
import { Transcript } from './transcript.ts';

const entry = { peer: 'alice', what: 'receive', step: 1 } as const;

it('keeps the beginning and the end of a long conversation, and says how much is left out', () => {
  const transcript = new Transcript();
  for (let at = 0; at < 10_000; at += 1) transcript.add({ ...entry, at, text: `entry ${at}` });
  const entries = transcript.entries();
  expect(entries).toHaveLength(401);
  expect(entries[0]?.text).toBe('entry 0');
  expect(entries[200]).toMatchObject({ what: 'note', text: '… 9600 entries are left out …' });
  expect(entries.at(-1)?.text).toBe('entry 9999');
});

it('cuts long octets and keeps their number', () => {
  const transcript = new Transcript();
  const bytes = new Uint8Array(1 << 20).fill(0xff);
  transcript.add({ ...entry, at: 1.2345, bytes });
  const [only] = transcript.entries();
  expect(only).toMatchObject({ at: 1.23, size: 1 << 20, step: 1 });
  expect(only?.hex?.length).toBeLessThan(2000);
  expect(only?.text.length).toBeLessThan(5000);
});

it('shows octets where the text does not', () => {
  const transcript = new Transcript();
  const encoder = new TextEncoder();
  for (const text of ['OK\n', 'a\tb\n', '\u001b[31m\n'])
    transcript.add({ ...entry, at: 0, bytes: encoder.encode(text) });
  expect(transcript.entries().map(({ text, hex }) => [text, hex])).toEqual([
    ['OK\\n', undefined],
    [expect.stringContaining('\\'), '61 09 62 0a'],
    [expect.not.stringContaining('\u001b'), '1b 5b 33 31 6d 0a'],
  ]);
});
