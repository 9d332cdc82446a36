import { expect, it } from 'vitest';
import type { Link, LinkSink } from '../session/link.ts';
import { memoryLinks } from '../session/memory-link.ts';
import { lines } from '../wire/lines.ts';
import { Channel } from './channel.ts';

const utf8 = new TextEncoder();
const settled = () => new Promise((resolve) => setImmediate(resolve));

function channel(connect: (sink: LinkSink) => Promise<Link>) {
  const heard: string[] = [];
  const made: Channel = new Channel(connect, lines('lf').reader({ frame: 100 }), {
    opened: () => heard.push('opened'),
    frame: (payload) => {
      heard.push(new TextDecoder().decode(payload));
      if (heard.at(-1) === 'close!') made.close();
    },
    over: (why) => heard.push(why),
  });
  return { made, heard };
}

it('tells of what came before it was open only then', async () => {
  const { heard } = channel((sink) => {
    sink.data(utf8.encode('early\n'));
    sink.ended('fin');
    return Promise.resolve(memoryLinks()[0]);
  });
  expect(heard).toEqual([]);
  await settled();
  expect(heard).toEqual(['opened', 'early', 'the server closed the connection']);
});

it('tells why it did not open', async () => {
  const { heard } = channel(() => Promise.reject(new Error('nobody listens')));
  await settled();
  expect(heard).toEqual(['nobody listens']);
});

it('closes what opens after it was closed', async () => {
  const [near, far] = memoryLinks();
  const ends: string[] = [];
  far.attach({ data: () => ends.push('data'), ended: (kind) => ends.push(kind) });
  const { made, heard } = channel((sink) => {
    near.attach(sink);
    return Promise.resolve(near);
  });
  made.close();
  await settled();
  expect([heard, ends]).toEqual([[], ['fin']]);
});

it('hears nothing after it was closed, even out of the same chunk', async () => {
  const [near, far] = memoryLinks();
  const { heard } = channel((sink) => {
    near.attach(sink);
    return Promise.resolve(near);
  });
  far.write(utf8.encode('one\nclose!\ntwo\n'));
  far.end();
  await settled();
  expect(heard).toEqual(['opened', 'one', 'close!']);
});

it('gives up a server that does not read', async () => {
  const nothing = () => {};
  const full: Link = {
    queued: 2 ** 20 + 1,
    write: nothing,
    end: nothing,
    close: nothing,
    reset: nothing,
    pause: nothing,
    resume: nothing,
  };
  const { made, heard } = channel(() => Promise.resolve(full));
  await settled();
  made.write(utf8.encode('hi\n'));
  made.write(utf8.encode('hi\n'));
  expect(heard).toEqual(['opened', 'the server does not read']);
});
