import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerText } from '../protocol/states.ts';
import { chat, chatServer, chatServerBut } from './chat.testing.ts';
import { failuresOf, hold, type Stage } from './hold.testing.ts';
import type { Link } from './link.ts';
import { type Other, type Script, scripted } from './scripted-server.testing.ts';

/** The right server, with other answers to some lines: the words of the answer, or what is done. */
function but(
  answers: Readonly<Record<string, readonly string[] | ((other: Other, line: string) => void)>>,
): Script {
  return chatServerBut((line, other) => {
    const word = line === undefined ? 'connect' : (line.split(' ')[0] ?? '');
    const answer = Object.hasOwn(answers, word) ? answers[word] : undefined;
    if (!answer) return false;
    if (typeof answer === 'function') answer(other, line ?? '');
    else other.say(...answer);
    return true;
  });
}

const online = { given: ['alice online'] };
const both = { given: ['alice online', 'bob online'] };
const endless = 'x'.repeat(5000);

interface Row {
  readonly what: string;
  readonly steps: readonly unknown[];
  readonly more?: object;
  /** A server with which it fails, and the failure. */
  readonly bad: Script;
  readonly fails: string | RegExp;
}

/** Each passes with the right server, and fails with the bad one. */
const rows: readonly Row[] = [
  {
    what: 'an answer that differs',
    more: online,
    steps: [{ 'alice >': 'LIST' }, { 'alice < all': { each: 'ITEM <name>', until: 'END', as: 'items' } }],
    bad: but({ LIST: ['ITEM a', 'NO list'] }),
    fails: /^mismatch R1: alice hears NO list, instead of ITEM <name> … END/,
  },
  {
    what: 'an answer that does not come',
    steps: ['alice connects', { 'alice >': 'HI ${alice.name}' }, { 'alice <': 'OK' }],
    bad: but({ HI: [] }),
    fails: 'silent R1: alice hears nothing within 1000 ms, instead of OK[ <what>]'.replace('[ <what>]', ''),
  },
  {
    what: 'an answer within its own time',
    steps: [
      'alice connects',
      { 'alice >': 'HI ${alice.name}' },
      { 'alice <': 'OK', within: 50, proves: 'R2' },
    ],
    bad: but({ HI: [] }),
    fails: 'silent R2: alice hears nothing within 50 ms, instead of OK',
  },
  {
    what: 'the end instead of an answer',
    more: online,
    steps: [{ 'alice >': 'LIST' }, { 'alice < any order': ['END', { line: { $match: 'ITEM' } }] }],
    bad: but({ LIST: (other) => other.link.close() }),
    fails: /^closed R1: the target ends the connection of alice, instead of END and /,
  },
  {
    what: 'a reset instead of an answer',
    more: online,
    steps: [{ 'alice >': 'PING 1' }, { 'alice <': 'PONG 1' }],
    bad: but({ PING: (other) => other.link.reset() }),
    fails: 'reset R1: the target resets the connection of alice, instead of PONG 1',
  },
  {
    what: 'a preamble that does not hold',
    more: online,
    steps: [],
    bad: but({ HI: ['NO entry'] }),
    fails: 'mismatch R-ONLINE: alice hears NO entry, instead of OK',
  },
  {
    what: 'an end that is awaited',
    more: online,
    steps: [{ 'alice >': 'BYE' }, 'alice is closed'],
    bad: but({ BYE: ['OK'] }),
    fails: /^mismatch R1: alice hears OK, instead of the end of the connection/,
  },
  {
    what: 'an end that does not come',
    more: online,
    steps: [{ 'alice >': 'BYE' }, { 'alice is closed': 'fin' }],
    bad: but({ BYE: [] }),
    fails: 'not-closed R1: the target keeps the connection of alice open for 1000 ms',
  },
  {
    what: 'an end of the wrong kind',
    more: online,
    steps: [{ 'alice >': 'BYE' }, { 'alice is closed': 'fin' }],
    bad: but({ BYE: (other) => other.link.reset() }),
    fails: 'reset R1: the target resets the connection of alice, instead of an orderly end',
  },
  {
    what: 'silence that is broken before the answer of the barrier',
    more: online,
    steps: ['alice hears nothing'],
    bad: but({ PING: (other, line) => other.say('OK', `PONG ${line.slice(5)}`) }),
    fails: 'unexpected R1: alice must hear nothing here',
  },
  {
    what: 'a barrier that is not answered',
    more: online,
    steps: ['alice hears nothing'],
    bad: but({ PING: [] }),
    fails: /^hung R-BARRIER: alice gets no answer any more: /,
  },
  {
    what: 'a push that must not come',
    more: both,
    steps: [
      { 'alice >': 'SAY ${alice.name} x' },
      { 'alice <': 'OK' },
      { 'bob hears no': 'NEWS <whom> <text...>' },
    ],
    bad: chatServerBut((line, other) => {
      if (line?.startsWith('PING')) other.say(`NEWS ${names.at(-1)} x${other.index}`);
      if (line?.startsWith('HI')) names.push(line.slice(3));
      return false;
    }),
    fails: /^unexpected R1: bob must not hear NEWS <whom> <text>/,
  },
  {
    what: 'what must never be heard, to the end',
    more: online,
    steps: [
      { 'alice never hears': { line: { $match: '^NEWS' } }, proves: 'R2' },
      { 'alice >': 'LIST' },
      { 'alice < all': { each: 'ITEM <n>', until: 'END' } },
    ],
    bad: but({ LIST: (other) => other.say('END', 'NEWS somebody x') }),
    fails: /^unexpected R2: alice must never hear \{line: /,
  },
  {
    what: 'a connection that is gone',
    more: online,
    steps: [{ 'alice >!': 'WHAT' }, { 'alice <': 'NO <why...>' }, 'alice is connected'],
    bad: but({ PING: (other) => other.link.close() }),
    fails: 'closed R1: the target ends the connection of alice, instead of an open connection',
  },
  {
    what: 'a comparison',
    more: online,
    steps: [
      { 'alice >': 'LIST' },
      { 'alice < all': { each: 'ITEM <name>', until: 'END', as: 'items' } },
      { that: "${items | pluck: 'name'}", is: ['${alice.name}'] },
    ],
    bad: but({ LIST: ['END'] }),
    fails: /^check R1: this does not hold: expected a list of 1, got 0 in \[\]/,
  },
  {
    what: 'what never comes about',
    more: online,
    steps: [
      {
        until: {
          that: '${n}',
          is: { $gt: '2' },
          steps: [{ 'alice >': 'PING 3' }, { 'alice <': 'PONG <n>' }],
        },
        within: 100,
      },
    ],
    bad: but({ PING: ['PONG 1'] }),
    fails: /^check R1: this does not come about: expected more than "2", got "1"/,
  },
  {
    what: 'one of two ways, and what follows',
    more: online,
    steps: [
      { 'alice >': 'HI ${alice.name}' },
      {
        'alice < either': [
          { closed: 'fin' },
          { '<': 'OK' },
          // biome-ignore lint/suspicious/noThenProperty: the word of the suite language
          { '<': 'NO <why...>', then: [{ that: '${why}', is: 'taken' }], note: 'is refused' },
        ],
      },
    ],
    bad: but({
      HI: (other, line) => {
        other.say(names.includes(line) ? 'NO chance' : 'OK');
        names.push(line);
      },
    }),
    fails: /^check R1: this does not hold: expected "taken", got "chance"/,
  },
  {
    what: 'none of several ways',
    more: online,
    steps: [{ 'alice >': 'PING 7' }, { 'alice < either': ['PONG 7', 'NO <why...>'] }],
    bad: but({ PING: ['END'] }),
    fails: /^mismatch R1: alice hears END, instead of PONG 7 or NO <why>/,
  },
  {
    what: 'a crowd, side by side',
    more: { peers: { crowd: 4 } },
    steps: [
      'crowd online',
      { 'crowd >': 'SAY ${self.name} me' },
      { 'crowd <': 'OK' },
      { 'crowd <': 'NEWS ${self.name} me' },
      { that: '${crowd.names | length}', is: 4 },
    ],
    bad: but({ SAY: ['OK'] }),
    fails: /^silent R1: crowd-\d hears nothing within 1000 ms, instead of NEWS [a-z]{8} me/,
  },
  {
    what: 'a preamble with arguments, one of them a peer',
    more: both,
    steps: [{ 'alice tells': { text: '${word}' } }, { 'bob tells': { whom: 'alice' } }],
    bad: but({ SAY: ['OK'] }),
    fails: /^silent R1: bob hears nothing within 1000 ms, instead of NEWS [a-z]{8} one/,
  },
  {
    what: 'steps that are repeated, for each value and at the same time',
    more: both,
    steps: [
      { repeat: { times: 3, steps: [{ 'alice >': 'PING ${i}' }, { 'alice <': 'PONG ${i}' }] } },
      { each: { in: 'words', as: 'w', steps: [{ 'alice >': 'PING ${w}' }, { 'alice <': 'PONG ${w}' }] } },
      { together: [{ 'alice >': 'PING a' }, { 'bob >': 'PING b' }] },
      { together: [{ 'alice <': 'PONG a' }, { 'bob <': 'PONG b' }] },
    ],
    bad: but({ PING: (other, line) => other.say(line.endsWith('two') ? 'NO two' : `PONG ${line.slice(5)}`) }),
    fails: 'mismatch R1: alice hears NO two, instead of PONG two',
  },
  {
    what: 'octets in pieces, with one frame too many',
    more: online,
    steps: [
      { 'alice sends': { messages: ['PING 1', 'PING 2'], raw: 'PING', cut: [3, -2] } },
      { 'alice sends': ' 3\n' },
      { 'alice <': 'PONG 1' },
      { 'alice <': 'PONG 2' },
      { 'alice <': 'PONG 3' },
    ],
    bad: but({ PING: (other, line) => other.say(`PONG ${line === 'PING 3' ? 'x' : line.slice(5)}`) }),
    fails: 'mismatch R1: alice hears PONG x, instead of PONG 3',
  },
  {
    what: 'a rule, whatever the steps look at',
    more: online,
    steps: [{ 'alice >': 'PING 1' }, { 'alice <': { line: { $any: true } } }],
    bad: but({ PING: (other, line) => other.say(`pong ${line.slice(5)}`) }),
    fails: 'rule R-CAPITALS: Messages begin with a capital: /line: expected matching /^[A-Z]/, got "pong 1"',
  },
  {
    what: 'an answer that nothing asked for, after the last step',
    more: online,
    steps: [{ 'alice >': 'PING 1' }, { 'alice <': 'PONG 1' }],
    bad: but({
      PING: (other, line) => other.say(`PONG ${line.slice(5)}`, ...(line === 'PING 1' ? ['OK'] : [])),
    }),
    fails: 'rule R-ASKED: Answers are asked for: nothing asked for it',
  },
  {
    what: 'an end that no step asked for, after the last step',
    more: online,
    steps: [{ 'alice >': 'PING 1' }, { 'alice <': 'PONG 1' }],
    bad: but({
      PING: (other, line) => {
        other.say(`PONG ${line.slice(5)}`);
        other.link.close();
      },
    }),
    fails: 'closed R1: the target ends the connection of alice, instead of an open connection',
  },
  {
    what: 'a value that comes twice',
    more: both,
    steps: [{ 'alice tells': { text: 'a' } }],
    bad: chatServerBut((line, other) => {
      if (line?.startsWith('HI')) people.set(line.slice(3), other);
      if (!line?.startsWith('SAY')) return false;
      const [, whom = '', text] = line.split(' ');
      people.get(whom)?.say(`NEWS ${whom} ${text}`, `NEWS ${whom} ${text}`);
      other.say('OK');
      return true;
    }),
    fails: 'rule R-MINE: News are for their reader: text is "a" a second time',
  },
  {
    what: 'a push about somebody else is not taken for one about nobody in particular',
    more: { given: ['alice online', 'bob online'] },
    steps: [
      { 'alice >': 'PING 1' },
      { 'alice <': 'PONG 1' },
      { 'bob >': 'SAY ${alice.name} hello' },
      { 'bob <': 'OK' },
      { 'alice <': 'NEWS <whom> <text...>' },
      { that: '${text}', is: 'hello' },
    ],
    bad: but({
      SAY: (other) => other.say('OK'),
      PING: (other, line) => other.say('NEWS stranger hello', line.replace('PING', 'PONG')),
    }),
    fails: /^silent R1: alice hears nothing but \d+ that/,
  },
  {
    what: 'octets that are no message',
    more: online,
    steps: [{ 'alice >': 'PING 1' }, { 'alice <': 'PONG 1' }],
    bad: but({ PING: (other) => other.say(endless) }),
    fails: /^garbage R1: alice hears what cannot be read, instead of PONG 1: /,
  },
  {
    what: 'more than a conversation takes',
    more: online,
    steps: [{ 'alice >': 'PING 1' }, { 'alice <': 'PONG 1' }],
    bad: but({ PING: (other) => other.say(...Array<string>(2000).fill('NEWS nobody x')) }),
    fails: /^flood R1: alice is flooded, instead of PONG 1: /,
  },
  {
    what: 'a message that is begun and not ended',
    more: online,
    steps: [{ 'alice >': 'PING 1' }, { 'alice <': 'PONG 1' }],
    bad: but({ PING: (other) => other.link.write(new TextEncoder().encode('PON')) }),
    fails: /^rule R-WHOLE: Messages are whole: 3 octets came that end no message/,
  },
];

const names: string[] = [];
const people = new Map<string, Other>();

describe.each(rows)('$what', ({ steps, more, bad, fails }) => {
  const stage: Stage = { more: { for: { word: ['one'] }, ...more } };

  it('holds with the right server', async () => {
    expect(failuresOf(await hold(steps, chatServer(), stage))).toEqual([]);
  });

  it('fails with the bad one', async () => {
    const failures = failuresOf(await hold(steps, bad, stage));
    const matching = failures.filter((one) => (typeof fails === 'string' ? one === fails : fails.test(one)));
    expect(matching, failures.join('\n')).toHaveLength(1);
  });
});

describe('pushes', () => {
  const say = [{ 'alice >': 'SAY ${bob.name} x' }, { 'alice <': 'OK' }];

  it('that came before a step looked for something else are found later', async () => {
    const steps = [...say, { 'bob >': 'PING 1' }, { 'bob <': 'PONG 1' }, { 'bob <': 'NEWS ${bob.name} x' }];
    expect(failuresOf(await hold(steps, chatServer(), { more: both }))).toEqual([]);
  });

  it('that came long before are heard by "hears no"', async () => {
    const steps = [...say, { 'bob >': 'PING 1' }, { 'bob <': 'PONG 1' }, { 'bob hears no': 'NEWS <whom> x' }];
    expect(failuresOf(await hold(steps, chatServer(), { more: both }))).toEqual([
      'unexpected R1: bob must not hear NEWS <whom> x',
    ]);
  });

  it('are found once', async () => {
    const steps = [...say, { 'bob <': 'NEWS <whom> x' }, { 'bob <': 'NEWS <whom> x', within: 10 }];
    expect(failuresOf(await hold(steps, chatServer(), { more: both }))).toEqual([
      expect.stringMatching(/^silent R1: bob hears nothing within 10 ms/),
    ]);
  });

  it('about others are passed over, even by "hears nothing" and "hears no"', async () => {
    const server = chatServerBut((line, other) => {
      if (line?.startsWith('PING')) other.say(`NEWS stranger ${line}`);
      return false;
    });
    const protocol = chat({ rules: [] });
    const steps = ['alice hears nothing', { 'alice >': 'PING 1' }, { 'alice <': 'PONG 1' }];
    expect(failuresOf(await hold(steps, server, { more: online, protocol }))).toEqual([]);
  });

  it('may come or not before a barrier, where a step says so', async () => {
    const steps = [...say, { 'bob <?': 'NEWS ${bob.name} x' }, { 'bob hears no': 'NEWS <whom> <text...>' }];
    expect(failuresOf(await hold(steps, chatServer(), { more: both }))).toEqual([]);
    expect(failuresOf(await hold(steps, but({ SAY: ['OK'] }), { more: both }))).toEqual([]);
  });
});

describe('what is answered by itself', () => {
  const asking = (): { script: Script; heard: string[] } => {
    const heard: string[] = [];
    const script = chatServerBut((line, other) => {
      if (line === 'HERE') heard.push(line);
      if (line?.startsWith('LIST')) other.say('THERE', 'END');
      return line?.startsWith('LIST') === true;
    });
    return { script, heard };
  };
  const steps = [{ 'alice >': 'LIST' }, { 'alice <': 'END' }];

  it('is, and no step sees it', async () => {
    const { script, heard } = asking();
    expect(failuresOf(await hold(steps, script, { more: online }))).toEqual([]);
    expect(heard).toEqual(['HERE']);
  });

  it('is not, where a step says so', async () => {
    const { script, heard } = asking();
    const silenced = [{ 'alice does not answer': 'THERE' }, ...steps];
    expect(failuresOf(await hold(silenced, script, { more: online }))).toEqual([]);
    expect(heard).toEqual([]);
  });

  it('is, behind a message that is half sent', async () => {
    const heard: string[] = [];
    let alice: Other | undefined;
    const script = chatServerBut((line, other) => {
      alice ??= other;
      if (other === alice && line !== undefined) heard.push(line);
      if (line === 'LIST') alice.say('THERE');
      return false;
    });
    const cut = [
      { 'alice sends': 'PING' },
      { 'bob >': 'LIST' },
      { 'bob < all': { each: 'ITEM <name>', until: 'END' } },
      { 'alice sends': ' 7\n' },
      { 'alice <': 'PONG 7' },
    ];
    expect(failuresOf(await hold(cut, script, { more: both }))).toEqual([]);
    expect(heard.slice(1, 3)).toEqual(['PING 7', 'HERE']);
  });
});

describe('without a barrier', () => {
  const protocol = chat({ barrier: {} });

  it('silence is waited for, and noted', async () => {
    const outcome = await hold(['alice hears nothing'], chatServer(), { more: online, protocol });
    expect(failuresOf(outcome)).toEqual([]);
    expect(outcome.ms).toBeGreaterThanOrEqual(200);
    expect(outcome.notes).toEqual([
      'silence of alice was waited for, 200 ms: there is no barrier in state on',
    ]);
  });

  it('what comes in that time is unexpected', async () => {
    const late = but({ HI: (other) => (other.say('OK'), queueMicrotask(() => other.say('END'))) });
    const outcome = await hold(['alice hears nothing'], late, { more: online, protocol });
    expect(failuresOf(outcome)[0]).toBe('unexpected R1: alice must hear nothing here');
  });
});

describe('a fault of the case or of spar', () => {
  it.each<[steps: unknown[], message: string]>([
    [
      [{ 'alice >': 'NONSENSE' }],
      '"NONSENSE" is no message of toy: a step that is wrong on purpose is written ">!"',
    ],
    [[{ 'bob >': 'LIST' }], 'bob is not connected: the case lacks "bob connects"'],
    [[{ 'alice >': 'PING ${later}' }, { set: { later: 1 } }], '"later" has no value here'],
    [[{ repeat: { times: '${word}', steps: [] } }], '"one" is no number'],
  ])('%j is told as such, with its step', async (steps, message) => {
    const more = { ...online, peers: ['bob'], for: { word: ['one'] } };
    const { failures } = await hold(steps, chatServer(), { more });
    expect(failures).toMatchObject([{ cause: 'harness', message: expect.stringContaining(message) }]);
    expect(failures[0]?.step).toMatchObject({ file: 'file.yaml', index: 1 });
  });

  it('is none where the target broke a rule before: the value may be missing for that', async () => {
    const protocol = chat({ rules: [{ id: 'r', proves: 'R1', message: 'PONG', must: { n: '2' } }] });
    const steps = [{ 'alice >': 'PING 1' }, { 'alice <': 'PONG 1' }, { 'alice >': 'PING ${nobody}' }];
    const more = { ...online, peers: ['nobody'] };
    const outcome = await hold(steps, chatServer(), { more, protocol });
    expect(outcome.failures).toMatchObject([{ cause: 'rule', rule: 'r' }]);
    expect(outcome.notes).toEqual(['went no further: "nobody" has no value here']);
  });

  it('in a rule is told and ends nothing', async () => {
    const protocol = chat({
      rules: [{ id: 'r', proves: 'R1', message: 'PONG', must: { n: '${self.later}' } }],
    });
    const { failures } = await hold([{ 'alice >': 'PING 1' }, { 'alice <': 'PONG 1' }], chatServer(), {
      more: online,
      protocol,
    });
    expect(failures).toMatchObject([
      { cause: 'harness', rule: 'r', message: expect.stringContaining('"self.later" has no value here') },
    ]);
  });
});

describe('a value of the target that cannot be reckoned with', () => {
  it('is a failure of the target', async () => {
    const steps = [{ 'alice >': 'PING 1' }, { 'alice <': 'PONG <n>' }, { 'alice >': 'PING ${n - 1}' }];
    const { failures } = await hold(steps, but({ PING: ['PONG x'] }), { more: online });
    expect(failures).toMatchObject([{ cause: 'check', requirements: ['R1'], message: '"x" is no number' }]);
  });
});

describe('the outcome', () => {
  it('holds what crossed the wire, step by step', async () => {
    const steps = [
      { 'alice sends': { hex: '50 49 4e 47 20 ff 0a' } },
      { 'alice <': { line: { $match: '^PONG' } } },
      'alice closes',
    ];
    const outcome = await hold(steps, but({ PING: ['PONG 1'] }), { more: online });
    const seen = outcome
      .transcript()
      .map(({ peer, what, text, message, step }) => [step, peer, what, text, message]);
    expect(seen).toEqual([
      [0, 'alice', 'connect', '', undefined],
      [0, 'alice', 'send', expect.stringMatching(/^HI [a-z]{8}\\n$/), 'HI'],
      [0, 'alice', 'receive', 'OK\\n', 'OK'],
      [1, 'alice', 'send', 'PING \\xff\\n', undefined],
      [1, 'alice', 'receive', 'PONG 1\\n', 'PONG'],
      [3, 'alice', 'close', 'closes', undefined],
    ]);
    expect(outcome.transcript()[3]).toMatchObject({ hex: '50 49 4e 47 20 ff 0a', size: 7 });
  });

  it('names the answers and rules that were seen, and whether anything was heard', async () => {
    const outcome = await hold([], chatServer(), { more: online });
    expect([...outcome.walked].map(answerText)).toEqual(['OK -> on', 'PONG']);
    expect([...outcome.rules].sort()).toEqual(['asked', 'capitals', 'whole']);
    expect(outcome.heard).toBe(true);
    expect((await hold(['alice connects'], () => undefined)).heard).toBe(false);
  });

  it('tells where in an expected line the first difference is, and the step', async () => {
    const steps = [{ 'alice >': 'PING 12' }, { 'alice <': 'PONG 12' }];
    const { failures } = await hold(steps, but({ PING: ['PONG 13'] }), { more: online });
    expect(failures[0]).toMatchObject({
      peer: 'alice',
      expected: 'PONG 12',
      actual: 'PONG 13',
      differsAt: 6,
      step: { text: 'alice <: PONG 12', index: 2 },
      details: ['6: expected "2", got "3"'],
    });
  });

  it('tells which of several allowed ways the target took, once each', async () => {
    const either = {
      'alice < either': ['OK', { '<': 'NO <why...>', note: 'refused' }, { closed: 'any' }],
    };
    const pattern = {
      that: 'NO',
      is: { $either: [{ $match: '^PONG' }, { $not: { $either: ['x', 'NO'] } }, 'NO'] },
    };
    const steps = [
      { repeat: { times: 2, steps: [{ 'alice >': 'SAY bob hi' }, either, { 'alice <?': 'THERE' }] } },
      pattern,
    ];
    const tookOf = async (script: Script): Promise<string[]> => {
      const { failures, choices } = await hold(steps, script, { more: online });
      expect(failures).toEqual([]);
      return choices.map(({ step, took }) => `${step.text.slice(0, 15)} → ${took}`);
    };
    expect(await tookOf(chatServer())).toEqual([
      'alice < either: → NO <why...>',
      'alice <?: THERE → nothing',
      'that: NO → NO',
    ]);
    expect(await tookOf(but({ SAY: ['OK', 'THERE'] }))).toEqual([
      'alice < either: → OK',
      'alice <?: THERE → a message',
      'that: NO → NO',
    ]);
  });

  it('is the same for the same seed, and other names for another', async () => {
    const first = async (seed: string): Promise<string | undefined> => {
      const world = { random: (name: string) => () => ((name.length * seed.length * 7919) % 997) / 997 };
      return (await hold([], chatServer(), { more: online, world })).transcript()[1]?.text;
    };
    expect(await first('a')).toBe(await first('b'));
    expect(await first('a')).not.toBe(await first('abcd'));
  });
});

describe('an end that the state table allows', () => {
  it('needs no step', async () => {
    expect(failuresOf(await hold([{ 'alice >': 'BYE' }], chatServer(), { more: online }))).toEqual([]);
    const refusing = but({ WHAT: (other) => (other.say('NO what'), other.link.close()) });
    const refused = [{ 'alice >!': 'WHAT' }, { 'alice <': 'NO <why>' }];
    expect(failuresOf(await hold(refused, refusing, { more: online }))).toEqual([]);
  });
});

describe('a peer that connects again', () => {
  const again = (...more: unknown[]): unknown[] => [
    'alice connects',
    { 'alice >': 'HI ${alice.name}' },
    { 'alice <': 'OK' },
    ...more,
  ];
  const news = (): Script =>
    chatServerBut(
      (line, other) =>
        line?.startsWith('HI') === true && (other.say('OK', `NEWS ${line.slice(3)} same`), true),
    );
  const heard = { 'alice <': 'NEWS ${alice.name} same' };

  it('begins anew: state, messages and what may not come twice', async () => {
    const outcome = await hold([...again(heard), ...again(heard)], news());
    expect(failuresOf(outcome)).toEqual([]);
  });

  it('hears nothing of what came before', async () => {
    const server = chatServerBut((line, other) => {
      if (!line?.startsWith('HI')) return false;
      other.say('OK', ...(other.index === 0 ? [`NEWS ${line.slice(3)} same`] : []));
      return true;
    });
    const steps = [
      ...again('alice hears nothing'),
      ...again('alice hears nothing', { ...heard, within: 20 }),
    ];
    expect(failuresOf(await hold(steps, server))).toEqual([
      expect.stringMatching(/^silent R1: .* within 20 ms/),
    ]);
  });
});

describe('an abort', () => {
  const mute: Script = () => undefined;

  it.each<[what: string, steps: unknown[]]>([
    ['an answer', ['alice connects', { 'alice <': 'OK' }]],
    ['the end', ['alice connects', 'alice is closed']],
    ['a time', ['alice connects', { wait: 600_000 }]],
    ['many steps', [{ repeat: { times: 1e9, steps: [{ wait: 1 }] } }]],
  ])('ends a conversation that waits for %s', async (_what, steps) => {
    const outcome = await hold(steps, mute, {
      began: (conversation) => setImmediate(() => conversation.abort('interrupted', 'enough')),
    });
    expect(failuresOf(outcome)).toEqual(['interrupted : enough']);
    expect(outcome.ms).toBeLessThan(100_000);
  });

  it('before it begins leaves nothing done', async () => {
    const outcome = await hold(['alice connects'], mute, { began: (one) => one.abort('bail', 'enough') });
    expect(failuresOf(outcome)).toEqual(['bail : enough']);
    expect(outcome.transcript()).toEqual([]);
  });
});

describe('a connection that cannot be had', () => {
  const refused = async (): Promise<never> => {
    throw Object.assign(new Error('nobody listens'), { name: 'ConnectError' });
  };

  it('is a failure, unless the step says that it must be refused', async () => {
    const world = { open: refused };
    expect(failuresOf(await hold(['alice connects'], chatServer(), { world }))).toEqual([
      'unreachable R1: nobody listens',
    ]);
    expect(failuresOf(await hold([{ 'alice connects': { fails: true } }], chatServer(), { world }))).toEqual(
      [],
    );
  });

  it('must not be had where a step says so', async () => {
    expect(failuresOf(await hold([{ 'alice connects': { fails: true } }], chatServer()))).toEqual([
      'not-closed R1: alice must not get a connection, and gets one',
    ]);
  });
});

describe('an abort while a connection is made', () => {
  it('ends the conversation, and the connection as soon as it is there', async () => {
    let connect = (): void => undefined;
    let closed = false;
    const link = {
      close: () => {
        closed = true;
      },
    } as unknown as Link;
    const open = (): Promise<Link> =>
      new Promise((resolve) => {
        connect = () => resolve(link);
      });
    const outcome = await hold(['alice connects'], chatServer(), {
      world: { open },
      began: (conversation) => setImmediate(() => conversation.abort('interrupted', 'enough')),
    });
    expect(failuresOf(outcome)).toEqual(['interrupted : enough']);
    connect();
    await new Promise(setImmediate);
    expect(closed).toBe(true);
  });
});

describe('however the wire chops', () => {
  it('the conversation takes the same course', async () => {
    const steps = [
      { 'alice >': 'LIST' },
      { 'alice < all': { each: 'ITEM <name>', until: 'END', as: 'items' } },
      { 'alice tells': { text: 'grüße' } },
      { 'bob >': 'PING ünï' },
      { 'bob <': 'PONG ünï' },
    ];
    const course = async (cut: (bytes: Uint8Array) => Uint8Array[]): Promise<unknown> => {
      const script: Script = chopped(chatServer(), cut);
      const outcome = await hold(steps, script, { more: both });
      expect(failuresOf(outcome)).toEqual([]);
      const received = outcome.transcript().filter((one) => one.what === 'receive');
      return received.map((one) => [one.peer, one.text]);
    };
    const whole = await course((bytes) => [bytes]);
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.integer({ min: 1, max: 5 })), async (sizes) => {
        const pieces = (bytes: Uint8Array): Uint8Array[] => {
          const all: Uint8Array[] = [];
          for (let at = 0; at < bytes.length; ) {
            const size = sizes.next().value ?? 1;
            all.push(bytes.subarray(at, at + size));
            at += size;
          }
          return all;
        };
        const received = await course(pieces);
        expect(sorted(received)).toEqual(sorted(whole));
      }),
      { numRuns: 20 },
    );
  });
});

/** Which peer hears first is not the wire's to say. */
function sorted(received: unknown): string[] {
  return (received as string[][]).map(String).sort();
}

/** A script whose lines go out in pieces. */
function chopped(script: Script, cut: (bytes: Uint8Array) => Uint8Array[]): Script {
  const others = new Map<Other, Other>();
  return (line, other) => {
    const made = others.get(other) ?? {
      ...other,
      say: (...lines) => {
        for (const piece of cut(new TextEncoder().encode(lines.map((one) => `${one}\n`).join(''))))
          other.link.write(piece);
      },
    };
    others.set(other, made);
    script(line, made);
  };
}

describe('where the target is a client', () => {
  const states = {
    fresh: { HI: ['OK -> on'], HERE: 'nothing' },
    on: { SAY: 'OK', HERE: 'nothing', BYE: 'closed' },
  };
  const stimuli = { say: { with: ['text'] } };
  const given = {
    online: { 'client-steps': ['self connects', { 'self <': 'HI ${self.name}' }, { 'self >': 'OK' }] },
  };
  const protocol = chat({
    barrier: {},
    'client-barrier': { any: { send: 'THERE', until: 'HERE' } },
    automatic: [{ on: 'PING', send: 'PONG 0', role: 'client' }],
    rules: [
      {
        id: 'loud',
        from: 'client',
        title: 'Clients shout',
        proves: 'R-CAPITALS',
        must: { line: { $match: '^[A-Z]' } },
      },
    ],
    states,
    stimuli,
    given,
  });
  const steps = [
    { 'alice does': { say: { text: 'hello' } } },
    { 'alice <': 'SAY all hello' },
    { 'alice >': 'OK' },
    { 'alice shows': { $match: 'sent' } },
    { 'alice never shows': { $match: 'failed' } },
    'alice hears nothing',
  ];

  /** A client in memory: it greets, says what it is told to, and shows what it was answered. */
  function client(change: (line: string) => string = (line) => line, shows = 'sent'): Stage {
    let alice: Other | undefined;
    let shown = '';
    const connect = scripted((line, other) => {
      alice = other;
      if (line === 'THERE') other.say('HERE');
      if (line === 'OK') shown += shows;
    });
    return {
      protocol,
      role: 'client',
      more: { role: 'client', given: ['alice online'] },
      world: {
        open: async (_peer, options, sink) => {
          const link = connect(sink);
          alice?.say(`HI ${options['name']}`, 'PING 7');
          return link;
        },
        stimuli: {
          run: async (_peer, _name, values) => alice?.say(change(`SAY all ${values['text']}`)),
          shown: () => shown,
        },
      },
    };
  }

  it('spar plays the server, and the client is made to act', async () => {
    const outcome = await hold(steps, () => undefined, client());
    expect(failuresOf(outcome)).toEqual([]);
    const sent = outcome.transcript().filter((one) => one.what === 'send');
    expect(sent.map((one) => one.text)).toEqual(['PONG 0\\n', 'OK\\n', 'OK\\n', 'THERE\\n', 'THERE\\n']);
    expect([...outcome.walked].map(answerText)).toEqual(['OK -> on', 'OK', 'nothing']);
  });

  it.each([
    ['before the step', [{ 'alice <': 'PING 7' }]],
    ['after it', [{ 'alice does': { say: { text: '' } } }, { 'alice <': 'PING 8' }]],
  ])('what spar answers by itself is found where it comes %s', async (_when, wanted) => {
    const outcome = await hold(
      wanted,
      () => undefined,
      client(() => 'PING 8'),
    );
    expect(failuresOf(outcome)).toEqual([]);
  });

  it('what spar answers by itself may hold what was asked', async () => {
    const automatic = [{ on: 'PING', send: 'PONG to ${request}', role: 'client' }];
    const stage = { ...client(), protocol: chat({ barrier: {}, automatic, given, states, stimuli }) };
    const outcome = await hold([{ 'alice <': 'PING 7' }], () => undefined, stage);
    const sent = outcome.transcript().filter((one) => one.what === 'send');
    expect(sent.map((one) => one.text)).toContain('PONG to PING 7\\n');
  });

  it('silence is listened for as long as a step says, without a question', async () => {
    const silence = { 'alice hears nothing': null, within: 700 };
    const began = await hold([], () => undefined, client());
    const outcome = await hold([silence, silence], () => undefined, client());
    expect(failuresOf(outcome)).toEqual([]);
    expect(outcome.ms - began.ms).toBeGreaterThanOrEqual(1400);
    expect(outcome.transcript().filter((one) => one.text === 'THERE\\n')).toHaveLength(1);
  });

  it.each([
    ['and does not', [], []],
    ['and does, and what follows holds', [{ 'alice <': 'HI ${alice.name}' }], []],
    ['and does, and what follows does not hold', [{ 'alice <': 'BYE' }], [/^mismatch R1: alice hears HI /]],
  ])('a client may come back %s', async (_what, then, fails) => {
    const stage = client();
    let connections = 0;
    const open: NonNullable<Stage['world']>['open'] = async (...args) => {
      connections += 1;
      if (then.length === 0 && connections > 1)
        throw Object.assign(new Error('never connected'), { name: 'NoClientError' });
      return (stage.world as Required<NonNullable<Stage['world']>>).open(...args);
    };
    const steps = ['alice closes', { 'alice may connect': { from: 'alice', then } }];
    const outcome = await hold(steps, () => undefined, { ...stage, world: { ...stage.world, open } });
    expect(connections).toBe(2);
    const failures = failuresOf(outcome);
    expect(failures).toHaveLength(fails.length);
    for (const [index, one] of fails.entries()) expect(failures[index]).toMatch(one);
  });

  it.each<[what: string, stage: Stage, fails: RegExp]>([
    [
      'says something else',
      client((line) => line.replace('hello', 'bye')),
      /^mismatch R1: alice hears SAY all bye, instead of SAY all hello/,
    ],
    ['breaks a rule', client((line) => line.toLowerCase()), /^rule R-CAPITALS: Clients shout/],
    [
      'does not show what it must',
      client(undefined, ''),
      /^silent R1: the client of alice does not show matching/,
    ],
    [
      'shows what it must not',
      client(undefined, 'sent, failed'),
      /^unexpected R1: the client of alice must not show/,
    ],
  ])('a client that %s fails', async (_what, stage, fails) => {
    const failures = failuresOf(await hold(steps, () => undefined, stage));
    expect(
      failures.filter((one) => fails.test(one)),
      failures.join('\n'),
    ).toHaveLength(1);
  });
});
