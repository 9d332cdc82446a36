import { describe, expect, it } from 'vitest';
import { told } from '../problem/told.testing.ts';
import { protocolOf } from '../protocol/protocol.testing.ts';
import type { Case } from './case.ts';
import type { Suite, SuiteFile } from './load-suite.ts';
import { suiteOf } from './suite.testing.ts';

const protocol = protocolOf({
  identity: { user: '[a-z]{8}' },
  dialects: { tone: { default: 'low', options: ['low', 'high'] } },
  facts: { locked: {}, other: {} },
  stimuli: { say: { with: ['text'] } },
  messages: { HI: { from: 'client', line: 'HI <name>' }, OK: { from: 'server', line: 'OK' } },
  given: {
    online: { steps: ['self connects', { 'self >': 'HI ${facts.locked}' }] },
    greets: { with: { whom: 'bob', word: 'hey' }, steps: ['self online', { 'self >': 'HI ${whom}' }] },
    named: { with: ['name'], steps: [{ 'self >': 'HI ${name}' }] },
    driven: {
      steps: ['self connects'],
      'client-steps': ['self connects', { 'self does': { say: { text: 'x' } } }],
    },
  },
  classes: { words: ['one', 'two'], sizes: { small: 1, large: 1000 } },
});

function load(cases: readonly object[], role: SuiteFile['role'] = 'server'): Suite {
  return suiteOf(protocol, cases, { role });
}

function only(one: object, role?: SuiteFile['role']): Case {
  const [read] = load([{ id: 'one', ...one }], role).cases;
  if (!read) throw new Error('no case was read');
  return read;
}

describe('rows of a case', () => {
  it.each<[table: object, rows: [id: string, row: object][]]>([
    [{}, [['', {}]]],
    [
      { for: { word: 'words' } },
      [
        ['[one]', { word: 'one' }],
        ['[two]', { word: 'two' }],
      ],
    ],
    [
      { for: { size: 'sizes' } },
      [
        ['[small]', { size: 1 }],
        ['[large]', { size: 1000 }],
      ],
    ],
    [
      { for: { n: [1, 'x'] } },
      [
        ['[1]', { n: 1 }],
        ['[x]', { n: 'x' }],
      ],
    ],
    [{ for: { n: { a: null } } }, [['[a]', { n: null }]]],
    [
      { for: { word: 'words', n: [1, 2] } },
      [
        ['[one][1]', { word: 'one', n: 1 }],
        ['[one][2]', { word: 'one', n: 2 }],
        ['[two][1]', { word: 'two', n: 1 }],
        ['[two][2]', { word: 'two', n: 2 }],
      ],
    ],
    [
      { examples: [{ a: 1 }, { name: 'second', a: 2 }] },
      [
        ['[1]', { a: 1 }],
        ['[second]', { a: 2 }],
      ],
    ],
    [
      { for: { word: ['w'] }, examples: [{ a: 1 }, { a: 2 }] },
      [
        ['[w][1]', { word: 'w', a: 1 }],
        ['[w][2]', { word: 'w', a: 2 }],
      ],
    ],
  ])('%j', (table, rows) => {
    const { cases } = load([{ id: 'one', ...table }]);
    expect(cases.map(({ id, row }) => [id, row])).toEqual(
      rows.map(([id, row]) => [`toy/server/file/one${id}`, row]),
    );
  });

  it.each([[{ examples: [] }], [{ for: { n: [] } }]])('are missing in %j', (table) => {
    expect(told(() => load([{ id: 'one', ...table }]))).toContain('the table has no row, so nothing is held');
  });

  it('cannot share an id', () => {
    expect(told(() => load([{ id: 'one', examples: [{ name: 'x' }, { name: 'x' }] }]))).toContain(
      'there are two rows "[x]" in this case',
    );
  });
});

describe('the peers of a case', () => {
  it('are those of given, of peers and those that connect', () => {
    const one = only({
      given: ['alice online', { 'bob greets': { whom: 'alice' } }],
      peers: ['carol'],
      steps: ['dave connects', { 'carol >': 'HI ${dave.name}' }],
    });
    expect([...one.peers].sort()).toEqual(['alice', 'bob', 'carol', 'dave']);
  });

  it('are a crowd where a number is given, and a step of the crowd is one of each', () => {
    const one = only({ peers: { crowd: 3, alice: null }, steps: ['crowd connects', 'crowd-2 closes'] });
    expect(one.peers).toEqual(['crowd-1', 'crowd-2', 'crowd-3', 'alice']);
    expect(one.steps).toMatchObject([
      { do: 'crowd', peers: ['crowd-1', 'crowd-2', 'crowd-3'], steps: [{ do: 'connect', peer: 'self' }] },
      { do: 'close', peer: 'crowd-2' },
    ]);
  });
});

describe('what a case needs', () => {
  it('is found in its steps and in those of its preambles', () => {
    const one = only({ given: ['bob greets'], steps: [{ 'bob >': 'HI ${facts.other} ${facts.locked}' }] });
    expect([...one.facts].sort()).toEqual(['locked', 'other']);
    expect(only({ given: ['alice driven'] }, 'client').stimuli).toEqual(['say']);
    expect(only({ given: ['alice driven'] }).stimuli).toEqual([]);
  });

  it('is what its preambles want, filled from their defaults', () => {
    const scope = { get: (path: readonly string[]) => ({ word: 'hello' })[path.join('.')] as unknown };
    const [given] = only({ given: [{ 'bob greets': { whom: '${word}' } }], for: { word: 'words' } }).steps;
    if (given?.do !== 'given') throw new Error('the first step is no preamble');
    const values = Object.entries(given.with).map(([name, fill]) => [name, fill(scope)]);
    expect(Object.fromEntries(values)).toEqual({ whom: 'hello', word: 'hey' });
    expect(told(() => only({ given: ['bob named'] }))).toContain('"named" needs "name"');
  });
});

describe('the control of a case', () => {
  it.each([
    ['two', 'toy/server/file/two'],
    ['file/two', 'toy/server/file/two'],
    ['server/file/two', 'toy/server/file/two'],
  ])('%s is %s', (control, id) => {
    const { cases } = load([
      { id: 'one', control },
      { id: 'two', for: { word: 'words' } },
    ]);
    expect(cases[0]?.control).toBe(id);
  });
});

describe('a conversation of both roles', () => {
  it('is turned round where the target is a client', () => {
    const steps = [
      { 'alice does': { say: { text: 'x' } } },
      { 'alice >': 'HI ${alice.name}' },
      { 'alice <': 'OK' },
      { repeat: { times: 2, steps: [{ 'alice >': 'HI x' }] } },
    ];
    const { cases } = load([{ id: 'one', proves: ['R1', 'R3'], peers: ['alice'], steps }], 'both');
    expect(cases.map(({ role, proves, steps: own }) => [role, proves, own.map((step) => step.do)])).toEqual([
      ['server', ['R1'], ['set', 'send', 'expect', 'repeat']],
      ['client', ['R3'], ['stimulate', 'expect', 'send', 'repeat']],
    ]);
  });
});

it('a step knows its line and its own words', () => {
  const [step] = only({
    given: ['alice online'],
    steps: [{ 'alice <': 'OK', proves: 'R2', within: 5 }],
  }).steps.slice(1);
  expect(step).toMatchObject({ text: 'alice <: OK', file: 'file.yaml', proves: ['R2'] });
  expect(step?.line).toBeGreaterThan(5);
});

it.each([
  ['${nobody}', 'nothing is called "nobody" here'],
  ['${alcie.name}', 'Did you mean "alice"?'],
])('in a preamble %s is told', (text, message) => {
  const wrong = protocolOf({
    messages: { HI: { from: 'client', line: 'HI <name>' } },
    given: { online: { with: ['alice'], steps: [{ 'self >': `HI ${text}` }] } },
  });
  expect(told(() => suiteOf(wrong, [{ id: 'one' }]))).toContain(message);
});

describe('what would go wrong in silence is told', () => {
  it.each<[one: object, what: string]>([
    [
      { peers: ['alice'], steps: [{ 'alice connects': { 'max-tsl': '1.1' } }] },
      '"max-tsl" is not known here',
    ],
    [{ peers: ['alice'], steps: [{ 'alice connects': { 'max-tls': '1.5' } }] }, 'there is no TLS 1.5'],
    [{ peers: ['alice'], steps: [{ 'alice connects': 'quickly' }] }, '"connects" takes a mapping'],
    [
      { for: { word: ['a'] }, given: ['alice online'], steps: [{ 'alice <': 'HELLO <word>' }] },
      '"word" is taken from what comes, and is a name of the case before that',
    ],
    [
      { given: ['alice online', 'bob online'], steps: [{ 'alice < either': ['OK <bob>', 'NO'] }] },
      '"bob" is taken from what comes, and is a name of the case before that',
    ],
  ])('%j', (one, what) => {
    expect(told(() => only(one))).toContain(what);
  });

  it('a client is given whatever its command line has places for', () => {
    expect(() => only({ steps: [{ 'alice connects': { password: 'x' } }] }, 'client')).not.toThrow();
  });

  it("a place of another name is nobody's", () => {
    const one = { for: { word: ['a'] }, given: ['alice online'], steps: [{ 'alice <': 'HELLO <other>' }] };
    expect(() => only(one)).not.toThrow();
  });

  const proper = { messages: { HI: { from: 'client', line: 'HI' } } };

  it.each(['(a|b)c{4}', 'a|b', '[^a]+'])('names cannot be made of /%s/', (user) => {
    expect(told(() => protocolOf({ ...proper, identity: { user } }))).toContain(
      'is too much for fresh names',
    );
  });
});

describe('what a case says of memory', () => {
  it('is kept, and nobody is there beside it', () => {
    expect(only({ memory: 'steady' })).toMatchObject({ memory: 'steady', alone: true });
    expect(only({ memory: { below: 300 } }, 'client')).toMatchObject({ memory: { below: 300 } });
    expect(only({}).memory).toBeUndefined();
  });

  it('cannot be that a client leaves nothing behind', () => {
    const said = told(() => only({ memory: 'steady' }, 'client'));
    expect(said).toContain('a client is started anew for each conversation');
    expect(said).toContain('memory: {below: 300}');
  });
});
