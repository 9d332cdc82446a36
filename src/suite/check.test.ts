import { expect, it } from 'vitest';
import { protocolOf } from '../protocol/protocol.testing.ts';
import { checkSuite } from './check.ts';
import { suiteOf } from './suite.testing.ts';

const good = {
  messages: {
    HI: { from: 'client', line: 'HI' },
    OK: { from: 'server', line: 'OK' },
    NEWS: { from: 'server', line: 'NEWS', push: true },
    ASK: { from: 'server', line: 'ASK' },
  },
  states: { fresh: { HI: ['OK -> online'] }, online: {}, any: { HI: ['OK -> gone'] }, gone: null },
  automatic: [{ on: 'ASK', send: 'HI' }],
  rules: [{ id: 'r', proves: 'R2', on: 'unasked' }],
};

const proving = [{ id: 'one', proves: 'R1' }];

it('nothing is useless in a suite where everything is reached, used and proved', () => {
  expect(checkSuite(suiteOf(protocolOf(good), proving))).toEqual([]);
});

it.each<[what: string, data: object, cases: object[]]>([
  ['nothing leads to the state "lost"', { states: { ...good.states, lost: {} } }, proving],
  [
    'nothing leads to the state "b"',
    { states: { ...good.states, b: { HI: 'OK -> c' }, c: { HI: 'OK -> b' } } },
    proving,
  ],
  [
    'the message "LATE" stands in no state',
    { messages: { ...good.messages, LATE: { from: 'server', line: 'LATE' } } },
    proving,
  ],
  ['R1 is proved by no case and no rule: The first.', {}, [{ id: 'one' }]],
  ['R2 is proved by no case and no rule: The second.', { rules: [] }, proving],
])('%s', (what, data, cases) => {
  const problems = checkSuite(suiteOf(protocolOf({ ...good, ...data }), cases));
  expect(problems.map((problem) => problem.what)).toContain(what);
  expect(problems.every((problem) => problem.fault === 'user' && problem.mend !== undefined)).toBe(true);
});

it('what is untestable, or binds a role without cases, needs no proof', () => {
  const requirements = {
    R1: { section: 'One', level: 'MUST', binds: 'server', text: 'The first.' },
    R2: { section: 'One', level: 'MUST', binds: 'server', text: 'x', untestable: 'It cannot be seen.' },
    R3: { section: 'One', level: 'MUST', binds: 'client', text: 'x' },
  };
  expect(checkSuite(suiteOf(protocolOf(good), proving, { requirements }))).toEqual([]);
});
