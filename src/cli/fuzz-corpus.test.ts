import { expect, test } from 'vitest';
import { plansIn, readDictionary } from './fuzz-corpus.ts';

test('reads a dictionary of AFL', () => {
  const text = [
    '# words',
    'kw_connect="CONNECT"',
    '"plain"',
    'name@2="a\\"b\\\\c"',
    '  level = "tab\\x09end"',
    'utf8="\\xc3\\xa9"',
    'broken="\\xff\\x00a"',
    'not a word',
  ].join('\r\n');
  expect(readDictionary(text)).toEqual({
    words: ['CONNECT', 'plain', 'a"b\\c', 'tab\tend', 'é'],
    octets: ['ff0061'],
  });
});

test('reads plans, and findings as plans', () => {
  const plan = { plan: 1, moves: [{ do: 'open', peer: 'p1' }] };
  expect(plansIn('a.json', JSON.stringify(plan))).toEqual([plan]);
  expect(plansIn('F1.json', JSON.stringify({ id: 'F1', plans: [plan, plan] }))).toEqual([plan, plan]);
});

test.each(['', '{}', '{"plan":1}', '{"plan":1,"moves":[{}]}', '{"plans":[{}]}', '7'])(
  'refuses %s',
  (text) => {
    expect(() => plansIn('a.json', text)).toThrow('a.json is no plan');
  },
);
