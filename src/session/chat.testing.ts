import type { Protocol } from '../protocol/definition.ts';
import { protocolOf } from '../protocol/protocol.testing.ts';
import type { Other, Script } from './scripted-server.testing.ts';

/** A small chat in lines: greetings, messages to others as pushes, pings that both sides answer. */
export const chatFile: Readonly<Record<string, unknown>> = {
  identity: { user: '[a-z]{8}', room: { pattern: 'r[a-z]{8}', per: 'case' } },
  messages: {
    HI: { from: 'client', line: 'HI <user>' },
    SAY: { from: 'client', line: 'SAY <whom> <text...>' },
    LIST: { from: 'client', line: 'LIST' },
    BYE: { from: 'client', line: 'BYE' },
    PING: { from: 'client', line: 'PING <n>' },
    HERE: { from: 'client', line: 'HERE' },
    OK: { from: 'server', line: 'OK[ <what...>]' },
    NO: { from: 'server', line: 'NO <why...>' },
    ITEM: { from: 'server', line: 'ITEM <name>' },
    END: { from: 'server', line: 'END' },
    PONG: { from: 'server', line: 'PONG <n>' },
    NEWS: { from: 'server', line: 'NEWS <whom> <text...>', push: true, about: 'whom' },
    THERE: { from: 'server', line: 'THERE', push: true },
  },
  states: {
    fresh: { HI: ['OK -> on', 'NO'], BYE: ['closed'] },
    on: { HI: ['NO'], SAY: ['OK', 'NO'], LIST: ['ITEM* END'], BYE: ['OK closed', 'closed'] },
    any: { PING: ['PONG'], HERE: ['nothing'], unknown: ['NO', 'NO closed'] },
  },
  barrier: { any: { send: 'PING ${nonce}', until: 'PONG ${nonce}', proves: 'R-BARRIER' } },
  automatic: [{ on: 'THERE', send: 'HERE' }],
  given: {
    online: {
      proves: 'R-ONLINE',
      steps: ['self connects', { 'self >': 'HI ${self.name}' }, { 'self <': 'OK' }],
    },
    tells: {
      with: { whom: 'bob', text: 'hello' },
      steps: [
        { 'self >': 'SAY ${whom.name} ${text}' },
        { 'self <': 'OK' },
        { 'whom <': 'NEWS ${whom.name} ${text}' },
      ],
    },
  },
  alive: { server: 'online' },
  classes: { words: ['one', 'two'] },
  rules: [
    {
      id: 'capitals',
      title: 'Messages begin with a capital',
      proves: 'R-CAPITALS',
      must: { line: { $match: '^[A-Z]' } },
    },
    { id: 'asked', title: 'Answers are asked for', proves: 'R-ASKED', on: ['unasked', 'unknown-message'] },
    { id: 'whole', title: 'Messages are whole', proves: 'R-WHOLE', on: ['unfinished', 'bad-frame'] },
    {
      id: 'mine',
      title: 'News are for their reader',
      proves: 'R-MINE',
      message: 'NEWS',
      must: { whom: '${self.name}' },
      distinct: 'text',
    },
  ],
};

export const requirementsOfChat: Readonly<Record<string, object>> = Object.fromEntries(
  ['R1', 'R2', 'R-ONLINE', 'R-BARRIER', 'R-CAPITALS', 'R-ASKED', 'R-WHOLE', 'R-MINE', 'R-WARN'].map((id) => [
    id,
    {
      section: 'Chat',
      level: id === 'R-WARN' ? 'SHOULD' : 'MUST',
      binds: 'both',
      text: `What ${id} says.`,
    },
  ]),
);

export function chat(changes: Readonly<Record<string, unknown>> = {}): Protocol {
  return protocolOf({ ...chatFile, ...changes });
}

/** A chat server that does all of it right. */
export function chatServer(): Script {
  const online = new Map<string, Other>();
  return (line, other) => {
    const [word, first = '', ...more] = (line ?? '').split(' ');
    if (word === 'HI' && online.has(first)) other.say('NO taken');
    else if (word === 'HI') {
      online.set(first, other);
      other.say('OK');
    } else if (word === 'SAY') {
      online.get(first)?.say(`NEWS ${first} ${more.join(' ')}`);
      other.say(online.has(first) ? 'OK' : 'NO nobody');
    } else if (word === 'LIST') other.say(...[...online.keys()].map((name) => `ITEM ${name}`), 'END');
    else if (word === 'PING') other.say(`PONG ${first}`);
    else if (word === 'BYE') other.link.close();
    else if (line !== undefined && word !== 'HERE') other.say('NO what');
  };
}

/** The right server with something changed: a script that says whether it took the line. */
export function chatServerBut(change: (line: string | undefined, other: Other) => boolean): Script {
  const right = chatServer();
  return (line, other) => {
    if (!change(line, other)) right(line, other);
  };
}
