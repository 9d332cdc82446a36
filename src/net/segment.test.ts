import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Link } from '../session/link.ts';
import { randomFrom } from '../session/random.ts';
import { connect } from './connect.ts';
import { listen } from './listen.ts';
import { type Segmentation, segmented } from './segment.ts';

const MODES = ['as-is', 'byte', 'split', 'coalesce'] as const;

/** A link that notes what is asked of it, and a promise of its end. */
function notebook(): { link: Link; writes: Buffer[]; log: string[]; over: Promise<void> } {
  const writes: Buffer[] = [];
  const log: string[] = [];
  let done = (): void => {};
  const over = new Promise<void>((resolve) => {
    done = resolve;
  });
  const noted = (what: string) => () => {
    log.push(what);
    done();
  };
  const link: Link = {
    queued: 0,
    write: (bytes) => writes.push(Buffer.from(bytes)),
    end: noted('end'),
    close: noted('close'),
    reset: noted('reset'),
    pause: () => log.push('pause'),
    resume: () => log.push('resume'),
  };
  return { link, writes, log, over };
}

async function sent(mode: Segmentation, texts: readonly string[]): Promise<string[]> {
  const { link, writes, log, over } = notebook();
  const cut = segmented(link, mode, randomFrom('segments'));
  for (const text of texts) cut.write(Buffer.from(text));
  cut.end();
  await over;
  expect(log).toEqual(['end']);
  expect(cut.queued).toBe(0);
  return writes.map(String);
}

describe('segmented', () => {
  it('passes on, cuts or joins', async () => {
    expect(await sent('as-is', ['abc', 'de'])).toEqual(['abc', 'de']);
    expect(await sent('byte', ['abc', 'de'])).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await sent('coalesce', ['abc', 'de'])).toEqual(['abcde']);
    expect(await sent('split', ['ab', 'c', 'de'])).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it.each(MODES)('keeps the stream (%s)', async (mode) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ maxLength: 20 }), { maxLength: 6 }), async (texts) => {
        expect((await sent(mode, texts)).join('')).toBe(texts.join(''));
      }),
      { numRuns: 50 },
    );
  });

  it('sends a full queue in pieces, so that its turns are bounded', async () => {
    const big = 'x'.repeat(300_000);
    const pieces = await sent('byte', [big]);
    expect(pieces.join('')).toBe(big);
    expect(pieces.length).toBeLessThan(200_000);
    expect(pieces.at(-1)).toBe('x');
  });

  it('counts what waits, and forgets it at a reset', async () => {
    const { link, writes, log } = notebook();
    const cut = segmented(link, 'byte', randomFrom(1));
    cut.write(Buffer.from('abc'));
    expect(cut.queued).toBe(2);
    cut.reset();
    expect(cut.queued).toBe(0);
    cut.write(Buffer.from('late'));
    cut.end();
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(writes.map(String)).toEqual(['a']);
    expect(log[0]).toBe('reset');
    expect(log).not.toContain('end');
  });

  it('closes after what was written', async () => {
    const { link, writes, log, over } = notebook();
    const cut = segmented(link, 'split', randomFrom(1));
    cut.write(Buffer.from('ab'));
    cut.end();
    cut.close();
    await over;
    expect(writes.map(String)).toEqual(['a', 'b']);
    expect(log).toEqual(['close']);
  });

  it('gives the same stream over a socket, octet by octet', async () => {
    const texts = ['hello ', 'wire', '!'];
    const got = await new Promise<Buffer[]>((resolve, reject) => {
      const chunks: Buffer[] = [];
      listen({ transport: 'tcp' }, () => ({
        data: (chunk) => chunks.push(Buffer.from(chunk)),
        ended: () => resolve(chunks),
      })).then(async (listener) => {
        const sink = { data: () => {}, ended: () => {} };
        const link = await connect(listener.address, { timeoutMs: 10_000 }, sink);
        const cut = segmented(link, 'byte', randomFrom(1));
        for (const text of texts) cut.write(Buffer.from(text));
        cut.close();
      }, reject);
    });
    expect(Buffer.concat(got).toString()).toBe(texts.join(''));
    expect(got.length).toBeGreaterThan(texts.length);
  });
});
