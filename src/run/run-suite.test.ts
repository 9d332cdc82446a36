import { describe, expect, it } from 'vitest';
import { chat, chatServer, chatServerBut } from '../session/chat.testing.ts';
import type { Script } from '../session/scripted-server.testing.ts';
import { MemoryTarget, run } from './run.testing.ts';

const ping = (word: string): object[] => [{ 'alice >': `PING ${word}` }, { 'alice <': `PONG ${word}` }];

function pinging(id: string, more: object = {}): object {
  return { id, proves: 'R1', given: ['alice online'], steps: ping(id), ...more };
}

/** The right server, which answers some pings wrongly: `judge` says whether, and counts from 1. */
function wrongPings(judge: (word: string, time: number) => boolean): Script {
  const times = new Map<string, number>();
  return chatServerBut((line, other) => {
    const word = line?.startsWith('PING ') ? line.slice(5) : '';
    if (!/^[a-z]/.test(word)) return false;
    const time = (times.get(word) ?? 0) + 1;
    times.set(word, time);
    if (!judge(word, time)) return false;
    other.say(`PONG not-${word}`);
    return true;
  });
}

/** The right server, which dies of a line. */
function mortal(deadly: string, revives = true): MemoryTarget {
  return new MemoryTarget((die) => {
    const right = chatServer();
    return (line, other) => {
      if (line === deadly) die();
      else right(line, other);
    };
  }, revives);
}

const several = (count: number, more: object = {}): object[] =>
  Array.from({ length: count }, (_, index) => pinging(`case-${index + 1}`, more));

describe('a run', () => {
  it('tells what it is, each case, and how it ended', async () => {
    const held = await run(several(3), chatServer());
    expect(held.exit).toBe(0);
    expect(held.events.map((one) => one.event).sort()).toEqual([
      ...Array(3).fill('case-finished'),
      ...Array(3).fill('case-started'),
      'run-finished',
      'run-started',
    ]);
    expect(held.events[0]).toMatchObject({
      event: 'run-started',
      seed: 1,
      cases: [{ id: 'toy/server/file/case-1' }, {}, {}],
    });
    expect(held.finished).toMatchObject({ event: 'run-finished', exit: 0, stale: [] });
    expect(held.finished.stopped).toBeUndefined();
    expect(held.result('case-1')).toMatchObject({ verdict: 'pass', attempts: [{ verdict: 'pass' }] });
  });

  it('holds as many cases side by side as it is told, and those alone by themselves', async () => {
    const slow = several(6, { steps: [{ wait: 50 }, ...ping('x')] });
    expect((await run(slow, chatServer(), { jobs: 3 })).target.most).toBe(3);
    expect((await run(slow, chatServer(), { jobs: 1 })).target.most).toBe(1);
    const alone = slow.map((one) => ({ ...one, alone: true }));
    expect((await run(alone, chatServer(), { jobs: 3 })).target.most).toBe(1);
  });

  it('keeps transcripts of what failed, and of the rest where it is wished', async () => {
    const script = wrongPings((word) => word === 'case-2');
    const held = await run(several(2), script);
    expect(held.result('case-1').transcript).toBeUndefined();
    expect(held.result('case-2')).toMatchObject({ repeat: 'again toy/server/file/case-2' });
    expect(held.result('case-2').transcript?.length).toBeGreaterThan(3);
    expect(
      (await run(several(1), chatServer(), { verbose: true })).result('case-1').transcript,
    ).toBeDefined();
  });
});

describe('a verdict', () => {
  const wrong = (id: string): Script => wrongPings((word) => word === id);

  it('fails the run where a requirement is broken', async () => {
    const held = await run(several(2), wrong('case-2'));
    expect(held.exit).toBe(1);
    expect(held.result('case-2')).toMatchObject({
      verdict: 'fail',
      cause: 'mismatch',
      failures: [{ requirements: ['R1'], step: { text: 'alice <: PONG case-2' } }],
      attempts: Array(3).fill({ verdict: 'fail' }),
    });
  });

  it('only warns where what is broken is a SHOULD, and fails the run only if that is wished', async () => {
    const cases = several(1, { proves: 'R-WARN' });
    const held = await run(cases, wrong('case-1'));
    expect(held.verdicts).toEqual(['case-1 warn mismatch']);
    expect(held.exit).toBe(0);
    expect((await run(cases, wrong('case-1'), { strict: true })).exit).toBe(1);
  });

  it('is an error, and exit 4, where the case or spar is at fault', async () => {
    const held = await run([pinging('bad', { steps: [{ 'alice >': 'NONSENSE' }] })], chatServer());
    expect(held.verdicts).toEqual(['bad error harness']);
    expect(held.exit).toBe(4);
  });

  it('that fails once and passes then is flaky, and fails', async () => {
    const held = await run(
      several(1),
      wrongPings((_word, time) => time === 1),
    );
    expect(held.result('case-1')).toMatchObject({
      verdict: 'fail',
      attempts: [
        { verdict: 'fail', message: expect.stringContaining('PONG not-case-1') },
        { verdict: 'pass' },
        { verdict: 'pass' },
      ],
    });
    expect(held.exit).toBe(1);
  });

  it('that fails at a repetition is held more often', async () => {
    const held = await run(
      several(1),
      wrongPings((_word, time) => time === 3),
      { repeat: 4, jobs: 1 },
    );
    const verdicts = held.result('case-1').attempts.map((one) => one.verdict);
    expect(verdicts).toEqual(['pass', 'pass', 'fail', 'pass', 'pass']);
    expect(held.result('case-1').verdict).toBe('fail');
  });

  it('of a passing case is one of as many tries as wished', async () => {
    expect((await run(several(1), chatServer(), { repeat: 3 })).result('case-1').attempts).toHaveLength(3);
  });

  it('of one case is held side by side with itself where there is nothing else to hold', async () => {
    const { target, result } = await run(several(1), chatServer(), { repeat: 12, jobs: 4 });
    expect(result('case-1').attempts).toHaveLength(12);
    expect(target.most).toBe(4);
  });

  it('of a case that fails is held by itself', async () => {
    const { target, result } = await run(
      several(1),
      wrongPings(() => true),
      { repeat: 6, jobs: 4 },
    );
    expect(result('case-1').attempts.length).toBeGreaterThanOrEqual(6);
    expect(target.most).toBe(1);
  });
});

describe('a skip', () => {
  it.each([
    [{ dialect: { tone: ['high', 'loud'] } }, 'needs-dialect', 'tone=high|loud'],
    [{ steps: [{ 'alice >': 'SAY ${facts.locked} x' }] }, 'needs-fact', 'locked'],
    [{ steps: [{ 'alice does': 'jump' }] }, 'needs-stimulus', 'jump'],
  ])('%j has its reason', async (more, cause, reason) => {
    const protocol = chat({
      dialects: { tone: { default: 'low', options: ['low', 'high', 'loud'] } },
      facts: { locked: {} },
      stimuli: { jump: null },
    });
    const held = await run([pinging('one', more)], chatServer(), { protocol });
    expect(held.result('one')).toMatchObject({ verdict: 'skip', cause, reason, attempts: [] });
    expect(held.exit).toBe(2);
    expect(held.target.seen).toEqual([]);
  });
});

describe('a case with a control', () => {
  const cases = [pinging('negative', { control: 'positive' }), pinging('positive')];

  it('counts where the control holds', async () => {
    expect([...(await run(cases, chatServer())).verdicts].sort()).toEqual(['negative pass', 'positive pass']);
  });

  it('fails where it does not', async () => {
    const held = await run(
      cases,
      wrongPings((word) => word === 'positive'),
    );
    expect(held.result('negative')).toMatchObject({
      verdict: 'fail',
      failures: [{ cause: 'control', requirements: ['R1'] }],
    });
  });

  it('is skipped where it is skipped', async () => {
    const protocol = chat({ facts: { locked: {} } });
    const skipped = pinging('positive', { steps: ping('${facts.locked}') });
    const held = await run([cases[0] as object, skipped], chatServer(), { protocol });
    expect(held.result('negative')).toMatchObject({ verdict: 'skip', cause: 'needs-fact', reason: 'locked' });
  });

  it('waits for it wherever it is held: alone, at the end of a chain, or again after a death', async () => {
    const chain = [
      pinging('negative', { control: 'middle' }),
      pinging('middle', { control: 'positive', alone: true }),
      pinging('positive', { alone: true }),
    ];
    expect((await run(chain, chatServer(), { jobs: 1 })).exit).toBe(0);
    const held = await run(
      [...cases, pinging('killer', { steps: [{ 'alice >': 'PING die' }, { 'alice <': 'PONG die' }] })],
      mortal('PING die'),
      { jobs: 3 },
    );
    expect([...held.verdicts].sort()).toEqual(['killer fail died', 'negative pass', 'positive pass']);
  });

  it('is not failed for a control that was not held any more', async () => {
    const held = await run(
      [pinging('negative', { control: 'positive' }), pinging('positive', { alone: true })],
      chatServer(),
      {},
      (one, event) => {
        if (event.event === 'case-started' && event.case.endsWith('positive')) one.interrupt();
      },
    );
    expect(held.result('negative').verdict).toBe('skip');
    expect(held.result('negative').cause).toBe('interrupted');
  });
});

describe('an expected failure', () => {
  const script = (): Script => wrongPings((word) => word === 'case-2');

  it.each([['case-2'], ['*/case-2'], ['R1']])(
    '"%s" does not fail the run, and stands in the result',
    async (entry) => {
      const held = await run(several(2), script(), { expected: [{ entry, reason: 'known' }] });
      expect(held.result('case-2')).toMatchObject({ verdict: 'fail', expected: 'known' });
      expect(held.finished.stale).toEqual([]);
      expect(held.exit).toBe(0);
    },
  );

  it.each([['case-1'], ['R2']])('"%s" that holds now is stale and fails the run', async (entry) => {
    const cases = [pinging('case-1', { proves: ['R1', 'R2'] })];
    const held = await run(cases, script(), { expected: [{ entry, reason: 'known' }] });
    expect(held.finished.stale).toEqual([{ entry, reason: 'known' }]);
    expect(held.exit).toBe(1);
  });

  it('of what was not held in this run is not stale', async () => {
    const expected = [
      { entry: 'elsewhere', reason: 'a' },
      { entry: 'R2', reason: 'b' },
    ];
    const held = await run(several(1), script(), { expected });
    expect(held.finished.stale).toEqual([]);
    expect(held.exit).toBe(0);
  });

  it('covers a case only with all that it breaks', async () => {
    const cases = several(2, { proves: ['R1', 'R2'] });
    const held = await run(cases, script(), { expected: [{ entry: 'R1', reason: 'known' }] });
    expect(held.result('case-2').expected).toBeUndefined();
    expect(held.exit).toBe(1);
  });
});

describe('a run ends early', () => {
  it('after as many failing cases as wished, and says of the others that they were not held', async () => {
    const held = await run(
      several(6),
      wrongPings(() => true),
      { bail: 2, jobs: 1 },
    );
    expect(held.verdicts).toEqual([
      'case-1 fail mismatch',
      'case-2 fail mismatch',
      ...[3, 4, 5, 6].map((number) => `case-${number} skip bail`),
    ]);
    expect(held.finished).toMatchObject({ stopped: 'bail', exit: 1 });
  });

  it('where the target accepts and says nothing', async () => {
    const held = await run(several(20), () => undefined, { jobs: 4 });
    expect(held.finished).toMatchObject({ stopped: 'target-dead', exit: 1 });
    expect(held.target.seen.length).toBeLessThanOrEqual(8);
    expect(held.verdicts).toHaveLength(20);
    expect(held.verdicts.filter((one) => one.endsWith('fail target-dead')).length).toBeGreaterThanOrEqual(12);
  });

  it('not where it is told to go on', async () => {
    const held = await run(several(6), () => undefined, { giveUp: false, confirm: 1, jobs: 2 });
    expect(held.finished.stopped).toBeUndefined();
    expect(held.verdicts.every((one) => one.endsWith('fail silent'))).toBe(true);
  });

  it('where it is interrupted: each case has its result, and the end is told', async () => {
    const held = await run(
      several(8, { steps: [{ wait: 1000 }, ...ping('x')] }),
      chatServer(),
      { jobs: 2 },
      (one, event) => {
        if (event.event === 'case-finished') one.interrupt();
      },
    );
    expect(held.finished).toMatchObject({ stopped: 'interrupted', exit: 1 });
    const results = held.events.filter((event) => event.event === 'case-finished');
    expect(new Set(results.map((one) => one.case)).size).toBe(8);
    expect(results[0]?.verdict).toBe('pass');
    expect(results.slice(2).every((one) => one.cause === 'interrupted')).toBe(true);
    const started = held.events.filter((event) => event.event === 'case-started').map((one) => one.case);
    expect(results.filter((one) => one.verdict === 'fail').map((one) => one.case)).toEqual([]);
    expect(started.length).toBeLessThan(8);
  });
});

it('a repetition that is cut off takes nothing from those before it', async () => {
  let greetings = 0;
  let stop = (): void => undefined;
  const script = chatServerBut((line) => {
    if (line?.startsWith('HI')) greetings += 1;
    if (greetings === 3) stop();
    return false;
  });
  const held = await run(several(1), script, { repeat: 9, jobs: 1 }, (one) => {
    stop = () => one.interrupt();
  });
  expect(held.result('case-1')).toMatchObject({
    verdict: 'pass',
    attempts: [{ verdict: 'pass' }, { verdict: 'pass' }],
  });
});

describe('after a failing case', () => {
  const lists = (id: string): object => pinging(id, { steps: [{ 'alice >': 'LIST' }, { 'alice <': 'END' }] });

  /** Serves until the first LIST; from then on nobody new. */
  const hanging = (): Script => {
    let hung = false;
    return chatServerBut((line, other) => {
      if (line === 'LIST') {
        hung = true;
        other.say('NO list');
      }
      return line === 'LIST' || (hung && line?.startsWith('HI') === true);
    });
  };

  it('a target that lives on is not blamed for more', async () => {
    const held = await run(
      [lists('one')],
      chatServerBut((line, other) => (line === 'LIST' ? (other.say('NO'), true) : false)),
      { confirm: 2 },
    );
    expect(held.result('one').failures.map((one) => one.cause)).not.toContain('hung');
    expect(held.target.seen).toContain('probe');
  });

  it('one that serves no new connection hangs', async () => {
    const held = await run([lists('one'), pinging('two')], hanging(), { jobs: 1, confirm: 2 });
    const { failures } = held.result('one');
    expect(failures.map((one) => one.cause)).toEqual(['mismatch', 'rule', 'hung']);
    expect(failures[2]?.message).toMatch(
      /^after this case the target does not serve a new connection: probe /,
    );
  });

  it('one that serves nobody in three probes is given up', async () => {
    const held = await run([lists('one'), lists('two'), lists('three'), lists('four')], hanging(), {
      jobs: 1,
      confirm: 2,
    });
    expect(held.finished).toMatchObject({ stopped: 'target-dead' });
    expect(held.result('four')).toMatchObject({ verdict: 'fail', cause: 'target-dead', attempts: [] });
  });
});

describe('a death', () => {
  const killer = pinging('killer', {
    steps: [{ 'alice >': 'LIST' }, { 'alice < all': { each: 'ITEM <n>', until: 'END' } }],
  });
  const bystanders = several(3, { steps: [{ wait: 100 }, ...ping('x')] });

  it('is laid at the door of the case that kills again, not of its bystanders', async () => {
    const held = await run([...bystanders, killer], mortal('LIST'), { jobs: 4 });
    expect(held.result('killer')).toMatchObject({
      verdict: 'fail',
      cause: 'died',
      failures: [{ message: 'the target died: exited with code 1' }, { cause: 'reset' }],
      attempts: [{ verdict: 'fail' }, { verdict: 'fail' }],
    });
    for (const id of ['case-1', 'case-2', 'case-3']) {
      expect(held.result(id)).toMatchObject({
        verdict: 'pass',
        notes: ['held again: the target died during toy/server/file/killer'],
      });
    }
    expect(held.target.seen.filter((one) => one === 'revived')).toHaveLength(2);
    expect(held.exit).toBe(1);
  });

  it('that happens only once is told of all that were there', async () => {
    let died = false;
    const target = new MemoryTarget((die) => {
      const right = chatServer();
      return (line, other) => {
        if (line === 'LIST' && !died) {
          died = true;
          die();
        } else right(line, other);
      };
    });
    const held = await run([...bystanders.slice(0, 1), killer], target, { jobs: 2 });
    expect([...held.verdicts].sort()).toEqual(['case-1 fail died', 'killer fail died']);
    expect(held.result('killer').attempts).toMatchObject([{ verdict: 'fail' }, { verdict: 'pass' }]);
  });

  it('of a target that cannot be started again ends the run', async () => {
    const held = await run([killer, ...several(12)], mortal('LIST', false), { jobs: 1 });
    expect(held.exit).toBe(1);
    expect(held.result('killer').cause).toBe('died');
    expect(held.verdicts.filter((one) => one.includes(' pass'))).toEqual([]);
    expect(held.events.filter((one) => one.event === 'case-finished')).toHaveLength(13);
  });

  it('in a later try is told', async () => {
    let lists = 0;
    const target = new MemoryTarget((die) => {
      const right = chatServer();
      return (line, other) => {
        if (line === 'LIST') lists += 1;
        if (line === 'LIST' && lists === 1) other.say('NO list');
        else if (line === 'LIST' && lists === 2) die();
        else right(line, other);
      };
    });
    const held = await run([killer], target, { jobs: 1 });
    expect(held.result('killer').attempts).toMatchObject([
      { message: expect.stringContaining('NO list') },
      { message: 'the target died: exited with code 1' },
      { verdict: 'pass' },
    ]);
  });
});

it('a case is held the same way again with the same seed and stamp', async () => {
  const names = async (stamp: string): Promise<unknown> => {
    const held = await run(several(2), chatServer(), { verbose: true, stamp });
    return held.result('case-1').transcript?.map((one) => one.text);
  };
  expect(await names('a')).toEqual(await names('a'));
  expect(await names('a')).not.toEqual(await names('b'));
});
