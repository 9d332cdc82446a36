import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Link } from '../../session/link.ts';
import { framingOf } from '../../wire/framing-by-name.ts';
import { gurgle } from './index.ts';
import { idOf, login, octets, Stage } from './stage.testing.ts';
import { Users } from './users.ts';

describe('what the server keeps', () => {
  it('is forgotten of users who are away, the oldest first, and of no others', () => {
    const users = new Users();
    const [waiting, idle] = [users.find('alice-1@gurgle.example'), users.find('bob-1@gurgle.example')];
    const message = { id: 1, timestamp: 0, from: '', text: '', html: '', attachments: [] };
    waiting?.mailbox.add(message);
    for (let token = 2; token <= 10_000; token++) users.find(`carol-${token}@gurgle.example`);
    expect(users.all()).toHaveLength(10_000);
    expect(users.find('alice-1@gurgle.example')).toBe(waiting);
    expect(users.find('bob-1@gurgle.example')).not.toBe(idle);
    expect(users.all()).toHaveLength(10_000);
  });

  it('does not grow for a client that never reads', () => {
    const calls: string[] = [];
    const link: Link = {
      queued: 2 ** 27,
      write: () => calls.push('write'),
      end: () => calls.push('end'),
      close: () => calls.push('close'),
      reset: () => calls.push('reset'),
      pause: () => {},
      resume: () => {},
    };
    const clock = { now: () => 0, wall: () => 0, after: () => () => {} };
    const sink = gurgle.createServer({ clock, defects: new Set() }).accept(link);
    const ping = framingOf('len32be').encode(octets('{"id":1,"cmd":"ping","data":1}'));
    sink.data(ping);
    sink.data(ping);
    expect(calls).toEqual(['reset']);
  });
});

describe('whatever a client says once it is logged in', () => {
  const cmds = [
    'auth',
    'upgrade',
    'query',
    'presence',
    'get_roaster',
    'update_roaster',
    'message',
    'sent',
    'x',
  ];
  const item = fc.record(
    {
      id: fc.oneof(fc.nat(2), fc.jsonValue()),
      from: fc.oneof(fc.constant(idOf('bob-1')), fc.jsonValue()),
      to: fc.oneof(fc.constant(idOf('alice-1')), fc.constant(`${idOf('alice-1')}/desk`), fc.jsonValue()),
      timestamp: fc.oneof(fc.nat(), fc.jsonValue()),
      delete: fc.oneof(fc.boolean(), fc.jsonValue()),
      attachments: fc.oneof(fc.constant([{ name: '', type: '', blob: '' }]), fc.jsonValue()),
      text: fc.oneof(fc.string(), fc.jsonValue()),
    },
    { requiredKeys: ['id'] },
  );
  const list = fc.oneof(fc.array(item), fc.jsonValue());
  const packet = fc.record(
    {
      id: fc.nat(9),
      cmd: fc.constantFrom(...cmds),
      presence: fc.oneof(fc.constant({ status: 'away' }), fc.jsonValue()),
      roaster: list,
      messages: list,
    },
    { requiredKeys: ['id', 'cmd'] },
  );

  it('is answered once unless it is a receipt, and the session goes on', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(packet, { maxLength: 12 }), async (packets) => {
        const peer = new Stage().peer();
        await peer.say(login('alice-1', 'desk'));
        const heard = await peer.say(...packets, { id: 'last', cmd: 'ping', data: 1 });
        const answered = heard.map((one) => (typeof one === 'string' ? one : one['id']));
        const owed = packets.filter(({ cmd }) => cmd !== 'sent').map(({ id }) => id);
        const isPush = (id: unknown) => id === null || (typeof id === 'number' && id < 0);
        expect(answered.filter((id) => !isPush(id))).toEqual([...owed, 'last']);
      }),
    );
  });
});
