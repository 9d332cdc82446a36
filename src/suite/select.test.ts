import { describe, expect, it } from 'vitest';
import { protocolOf } from '../protocol/protocol.testing.ts';
import { matchesGlob, type Selection, select } from './select.ts';
import { suiteOf } from './suite.testing.ts';

describe('a glob', () => {
  it.each([
    ['cpt/server/send/acked', 'cpt/server/send/acked', true],
    ['cpt/server/send/acked', 'acked', true],
    ['cpt/server/send/acked', 'send', true],
    ['cpt/server/send/acked', 'server/send', true],
    ['cpt/server/send/acked', 'send/*', true],
    ['cpt/server/send/acked', '*/send/*', true],
    ['cpt/server/send/acked', 'ack*', true],
    ['cpt/server/send/acked', 'a?ked', true],
    ['cpt/server/send/acked', 'ack', false],
    ['cpt/server/send/acked', 'end', false],
    ['cpt/server/send/acked', 'cked', false],
    ['cpt/server/send/acked[a.b]', 'acked', true],
    ['cpt/server/send/acked[a.b]', 'acked[a.b]', true],
    ['cpt/server/send/acked[aXb]', 'acked[a.b]', false],
    ['cpt/server/send/acked[a|b]', 'acked[a|b]', true],
    ['cpt/server/send/acked', '', false],
    ['cpt/server/send/acked', '*', true],
  ])('%s is selected by "%s": %s', (id, glob, wanted) => {
    expect(matchesGlob(id, glob)).toBe(wanted);
  });
});

describe('a selection', () => {
  const suite = suiteOf(protocolOf({ messages: { HI: { from: 'both', line: 'HI' } } }), [
    { id: 'refused', proves: 'R1', control: 'accepted' },
    { id: 'accepted', proves: 'R2', control: 'basic', examples: [{}, {}] },
    { id: 'basic', proves: 'R2' },
    { id: 'other' },
    { id: 'driven', role: 'client', proves: 'R3' },
  ]);

  it.each<[wish: Omit<Selection, 'role'>, ids: string[]]>([
    [{}, ['refused', 'accepted[1]', 'accepted[2]', 'basic', 'other']],
    [{ filters: ['refused'] }, ['refused', 'accepted[1]', 'accepted[2]', 'basic']],
    [{ filters: ['other', 'basic'] }, ['basic', 'other']],
    [{ filters: ['accepted[2]'] }, ['accepted[2]', 'basic']],
    [{ filters: ['nothing'] }, []],
    [{ requirements: ['R2'] }, ['accepted[1]', 'accepted[2]', 'basic']],
    [{ levels: ['SHOULD'], filters: ['b*'] }, ['basic']],
    [{ levels: ['MUST'] }, ['refused', 'accepted[1]', 'accepted[2]', 'basic']],
  ])('of %j', (wish, ids) => {
    const chosen = select(suite, { role: 'server', ...wish });
    expect(chosen.map((one) => one.id.replace('toy/server/file/', ''))).toEqual(ids);
  });

  it('takes the cases of its role only', () => {
    expect(select(suite, { role: 'client' }).map((one) => one.id)).toEqual(['toy/server/file/driven']);
  });
});
