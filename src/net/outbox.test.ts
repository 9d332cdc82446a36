import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Link, LinkSink } from '../session/link.ts';
import { gathered } from './outbox.ts';

const opened: Link[] = [];

afterEach(async () => {
  for (const link of opened.splice(0)) link.close();
  await turns(3);
});

interface Links {
  readonly ours: readonly Link[];
  /** What was asked of the links below, all in one. */
  readonly log: string[];
  /** What the links below tell. */
  readonly theirs: readonly LinkSink[];
  readonly heard: string[];
}

async function links(count: number): Promise<Links> {
  const [log, heard]: [string[], string[]] = [[], []];
  const theirs: LinkSink[] = [];
  const ours: Link[] = [];
  for (let index = 0; index < count; index += 1) {
    const noted = (what: string) => () => void log.push(`${index} ${what}`);
    const below: Link = {
      queued: 0,
      write: (bytes) => noted(Buffer.from(bytes).toString())(),
      end: noted('end'),
      close: noted('close'),
      reset: noted('reset'),
      pause: noted('pause'),
      resume: noted('resume'),
    };
    const sink: LinkSink = {
      data: (chunk) => heard.push(`${index} ${Buffer.from(chunk)}`),
      ended: (kind) => heard.push(`${index} ${kind}`),
    };
    const open = async (gate: LinkSink): Promise<Link> => {
      theirs.push(gate);
      return below;
    };
    ours.push(await gathered(open, sink));
  }
  opened.push(...ours);
  return { ours, theirs, log, heard };
}

async function turns(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('what leaves over several links', () => {
  it('leaves at once where there are few of them', async () => {
    const { ours, log } = await links(3);
    ours[0]?.write(Buffer.from('a'));
    expect(log).toEqual(['0 a']);
  });

  it('is gathered where there are many, and leaves when nothing more comes', async () => {
    const { ours, log } = await links(4);
    ours[0]?.write(Buffer.from('a'));
    expect(log).toEqual([]);
    expect(ours[0]?.queued).toBe(1);
    await turns(2);
    expect(log).toEqual(['0 a']);
    expect(ours[0]?.queued).toBe(0);
  });

  it('waits for what each turn brings, but not without end', async () => {
    const { ours, log } = await links(4);
    for (let index = 0; index < 63; index += 1) {
      ours[index % 4]?.write(Buffer.from(`${index}`));
      await turns(1);
    }
    expect(log).toEqual([]);
    ours[0]?.write(Buffer.from('63'));
    expect(log).toHaveLength(64);
  });

  it('keeps its order over all links', async () => {
    const call = fc.record({
      link: fc.nat(5),
      what: fc.constantFrom('write', 'write', 'write', 'end', 'close', 'reset'),
      wait: fc.nat(2),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { maxLength: 200 }), async (calls) => {
        const { ours, log } = await links(6);
        const expected: string[] = [];
        for (const [index, { link, what, wait }] of calls.entries()) {
          if (what === 'write') ours[link]?.write(Buffer.from(`${index}`));
          else if (what === 'end') ours[link]?.end();
          else if (what === 'close') ours[link]?.close();
          else ours[link]?.reset();
          expected.push(`${link} ${what === 'write' ? index : what}`);
          await turns(wait);
        }
        await turns(4);
        expect(log).toEqual(expected);
        for (const one of ours) one.close();
        await turns(4);
      }),
      { numRuns: 60 },
    );
  });

  it('lets nothing be heard once its side has closed, though the close is still to leave', async () => {
    const { ours, theirs, log, heard } = await links(5);
    theirs[1]?.data(Buffer.from('before'));
    ours[1]?.close();
    theirs[1]?.data(Buffer.from('after'));
    theirs[1]?.ended('fin');
    expect(log).toEqual([]);
    await turns(2);
    expect(heard).toEqual(['1 before']);
    expect(log).toEqual(['1 close']);
  });

  it('makes a new link wait for what is to leave before it', async () => {
    const { ours, log } = await links(4);
    ours[0]?.write(Buffer.from('a'));
    await links(1);
    expect(log).toEqual(['0 a']);
  });
});
