import { describe, expect, it } from 'vitest';
import { answerText, parseAnswer, StateError, type StateTable, Tracker } from './states.ts';

describe('an answer in the state table', () => {
  it.each([
    ['ACK', { items: [{ message: 'ACK', many: false }], closes: false }],
    [
      'MSG* ENDSYNC',
      {
        items: [
          { message: 'MSG', many: true },
          { message: 'ENDSYNC', many: false },
        ],
        closes: false,
      },
    ],
    ['ACCEPT -> online', { items: [{ message: 'ACCEPT', many: false }], closes: false, next: 'online' }],
    ['DECLINE closed', { items: [{ message: 'DECLINE', many: false }], closes: true }],
    ['closed', { items: [], closes: true }],
    ['nothing -> gone', { items: [], closes: false, next: 'gone' }],
    ['+OK', { items: [{ message: '+OK', many: false }], closes: false }],
  ])('%s', (text, answer) => {
    expect(parseAnswer(text)).toEqual(answer);
    expect(answerText(parseAnswer(text))).toBe(text);
  });

  it.each(['', '->', '-> online', 'ACK ->', 'A -> b -> c', 'A!', 'A, B', '*', '7'])(
    '"%s" is none',
    (text) => {
      expect(() => parseAnswer(text)).toThrow(StateError);
    },
  );
});

function tracker(states: Record<string, Record<string, string[]>>, byId = false): Tracker {
  const table: StateTable = new Map(
    Object.entries(states).map(([state, row]) => [
      state,
      new Map(Object.entries(row).map(([request, answers]) => [request, answers.map(parseAnswer)])),
    ]),
  );
  return new Tracker(table, Object.keys(states)[0] ?? 'open', byId);
}

/** Follows `>REQUEST`, `<ANSWER` and, with `:7`, their ids; what became of each answer. */
function follow(one: Tracker, words: string, pushes: readonly string[] = []): string[] {
  return words.split(' ').flatMap((word) => {
    const [, arrow, name = '', id] = /^([<>])([^:]+)(?::(.*))?$/.exec(word) ?? [];
    if (arrow === '>') {
      one.asked(name, id);
      return [];
    }
    return [one.heard(name === '?' ? undefined : name, id, pushes.includes(name))];
  });
}

const chat = {
  fresh: { HI: ['OK -> online', 'NO', 'NO closed'], BYE: ['closed'] },
  online: {
    SAY: ['ACK', 'NO'],
    LIST: ['ITEM* END', 'NO'],
    MOVE: ['A B -> moved', 'A C'],
    QUIT: ['OK closed'],
  },
  moved: {},
  any: { PING: ['PONG'], HUSH: ['nothing -> moved'] },
};

describe('a tracker', () => {
  it.each<[words: string, heard: string[], state: string, waiting: number]>([
    ['>HI <OK', ['answer'], 'online', 0],
    ['>HI <NO', ['answer'], 'fresh', 0],
    ['<OK', ['unasked'], 'fresh', 0],
    ['>HI <ACK', ['unasked'], 'fresh', 1],
    ['>HI <OK <OK', ['answer', 'unasked'], 'online', 0],
    ['>PING >HI <PONG <OK', ['answer', 'answer'], 'online', 0],
    ['>HI <OK >SAY >LIST <ACK <ITEM <ITEM <END', Array(5).fill('answer'), 'online', 0],
    ['>HI <OK >LIST <END', ['answer', 'answer'], 'online', 0],
    ['>HI <OK >LIST <ITEM <NO', ['answer', 'answer', 'unasked'], 'online', 1],
    ['>HI <OK >SAY >SAY <ACK <ACK <ACK', ['answer', 'answer', 'answer', 'unasked'], 'online', 0],
    ['>HI <OK >MOVE <A <C', ['answer', 'answer', 'answer'], 'online', 0],
    ['>HI <OK >MOVE <A <B', ['answer', 'answer', 'answer'], 'moved', 0],
    ['>HI <OK >MOVE <B', ['answer', 'unasked'], 'online', 1],
    ['>HUSH', [], 'moved', 0],
    ['>HI <OK <NEWS <?', ['answer', 'push', 'unasked'], 'online', 0],
    ['>HI <OK >WHAT <?', ['answer', 'unclear'], 'online', 0],
    ['>HI >SAY <OK <ACK', ['answer', 'answer'], 'online', 0],
    ['>HI >SAY <NO <WHAT', ['answer', 'unclear'], 'fresh', 1],
    ['>HI <OK >MOVE >SAY <A <B <ACK', Array(4).fill('answer'), 'moved', 0],
    ['>HI <OK >SAY >SAY <ACK <ACK <ACK', ['answer', 'answer', 'answer', 'unasked'], 'online', 0],
  ])('%s', (words, heard, state, waiting) => {
    const one = tracker(chat);
    expect(follow(one, words, ['NEWS'])).toEqual(heard);
    expect(one.state).toBe(state);
    expect(one.waiting).toBe(waiting);
  });

  it('follows a crowd of requests that nobody has answered yet, and then their answers', () => {
    const one = tracker(chat);
    const crowd = 200_000;
    for (let count = 0; count < crowd; count += 1) one.asked('PING', undefined);
    expect(one.waiting).toBe(crowd);
    for (let count = 0; count < crowd; count += 1) one.heard('PONG', undefined, false);
    expect(one.waiting).toBe(0);
    expect(one.heard('PONG', undefined, false)).toBe('unasked');
  });

  it('finds the request of an answer by its id, whatever the order', () => {
    const one = tracker({ open: { GET: ['DATA', 'MISS'], PUT: ['DATA'] } }, true);
    expect(follow(one, '>GET:1 >GET:2 <DATA:2 <DATA:2 <DATA:1 <DATA:3')).toEqual([
      'answer',
      'unasked',
      'answer',
      'unasked',
    ]);
    expect(one.waiting).toBe(0);
  });

  it('takes the greeting as the answer to the connection', () => {
    const one = tracker({ new: { connect: ['HELLO -> ready'] }, ready: {} });
    expect(one.awaits('HELLO')).toBe(true);
    expect(follow(one, '<HELLO <HELLO')).toEqual(['answer', 'unasked']);
    expect([...one.visited]).toEqual(['new', 'ready']);
    expect(one.awaits('HELLO')).toBe(false);
  });

  it.each([
    ['', false, []],
    ['>HI', false, []],
    ['>HI <OK', false, ['OK -> online']],
    ['>HI <NO', true, ['NO', 'NO closed']],
    ['>BYE', true, ['closed']],
  ])('after "%s" and an end of the connection (it may: %s), %j came of the table', (words, _, came) => {
    const one = tracker(chat);
    if (words) follow(one, words);
    one.ended();
    expect([...one.walked].map(answerText)).toEqual(came);
  });

  it.each([
    ['', false],
    ['>HI', false],
    ['>HI <OK', false],
    ['>HI <NO', true],
    ['>BYE', true],
    ['>HI <OK >QUIT', false],
    ['>HI <OK >QUIT <OK', true],
    ['>HI <NO >PING <PONG', false],
  ])('after "%s" the target may close: %s', (words, may) => {
    const one = tracker(chat);
    if (words) follow(one, words);
    expect(one.mayClose).toBe(may);
  });

  it('knows which requests its state allows', () => {
    const one = tracker(chat);
    expect(['HI', 'PING', 'SAY'].map((name) => one.allows(name))).toEqual([true, true, false]);
    expect(tracker({}).allows('ANY')).toBe(true);
  });

  it('calls nothing unasked once something deliberately wrong was sent, or without a table', () => {
    const one = tracker(chat);
    one.loosen();
    expect(follow(one, '<OK >HI <OK')).toEqual(['unclear', 'answer']);
    expect(follow(tracker({}), '<OK')).toEqual(['unclear']);
  });
});
