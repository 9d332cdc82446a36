import { randomBytes, randomUUID } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { WebSocket } from 'ws';

/** Somebody else on a server: talks all the time, as its protocol has it, and hears what it hears. */
export interface Stranger {
  leave(): void;
}

interface Line {
  say(text: string): void;
  end(): void;
}

/** What one visit is: what is said at first, what again and again, and what is made of what comes. */
interface Visit {
  begin(say: (text: string) => void): void;
  go(say: (text: string) => void, turn: number): void;
  heard?(text: string, say: (text: string) => void): void;
}

/** Milliseconds between two things that a stranger says. */
const pace = 10;
/** What a stranger says before it leaves and comes back as somebody else. */
const turns = 25;

/** Comes, talks, leaves, comes back under another name, until it is told to leave for good. */
export function stranger(protocol: string, port: number): Stranger {
  let left = false;
  let line: Line | undefined;
  let timer: NodeJS.Timeout | undefined;
  const visit = (): void => {
    const one = (visits[protocol] as () => Visit)();
    let turn = 0;
    const say = (text: string): void => line?.say(text);
    line = open(
      protocol,
      port,
      (text) => one.heard?.(text, say),
      () => {
        one.begin(say);
        const act = (): void => {
          turn += 1;
          if (turn > turns) {
            line?.end();
            if (!left) visit();
            return;
          }
          one.go(say, turn);
          timer = setTimeout(act, pace);
        };
        timer = setTimeout(act, pace);
      },
    );
  };
  visit();
  return {
    leave: () => {
      left = true;
      clearTimeout(timer);
      line?.end();
    },
  };
}

function open(protocol: string, port: number, heard: (text: string) => void, ready: () => void): Line {
  if (protocol === 'chat-network') {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
    socket
      .on('open', ready)
      .on('message', (data) => heard(String(data)))
      .on('error', () => undefined);
    return { say: (text) => socket.send(text), end: () => socket.close() };
  }
  const secure = protocol === 'gurgle';
  const socket: Socket = secure
    ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }, ready)
    : connectTcp(port, '127.0.0.1', ready);
  socket.on('data', () => undefined).on('error', () => undefined);
  return { say: (text) => socket.write(frame(protocol, text)), end: () => socket.end() };
}

function frame(protocol: string, text: string): Buffer {
  if (protocol !== 'gurgle') return Buffer.from(`${text}${protocol === 'cpt' ? '\n' : '\r\n'}`);
  const payload = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(payload.length);
  return Buffer.concat([length, payload]);
}

const fresh = (): string => `zz${randomBytes(5).toString('hex')}`;

const visits: Readonly<Record<string, () => Visit>> = {
  cpt: () => {
    const name = fresh();
    const group = fresh();
    return {
      begin: (say) => say(`CONNECT ${name}`),
      go: (say, turn) => {
        say(`SEND ${turn % 2 ? group : 'lobby'} hello ${turn}`);
        if (turn % 5 === 0) say(`SYNC ${group} 0`);
      },
    };
  },
  ws_2017: () => {
    let name = fresh();
    return {
      begin: (say) => say(`uname ${name}`),
      go: (say, turn) => {
        if (turn % 3 === 0) {
          name = fresh();
          say(`uname ${name}`);
        } else if (turn % 3 === 1) say(`chatm '${name}' '${name}' 'note ${turn} to myself'`);
        else say('cgetu');
      },
    };
  },
  'chat-network': () => {
    const username = fresh();
    let session = '';
    const action = (type: string, more: object = {}): string =>
      JSON.stringify({ type, session, source: username, dest: username, ...more });
    return {
      begin: (say) => {
        say(JSON.stringify({ type: 'identification', version: '1.0.0', client: 'somebody' }));
        say(JSON.stringify({ type: 'signup', username, password: 'secret', hash: 'sha256' }));
      },
      heard: (text, say) => {
        const reply = JSON.parse(text) as { type?: string; session?: string };
        if (reply.type !== 'signup' || !reply.session) return;
        session = reply.session;
        say(JSON.stringify({ type: 'subscribe', session }));
      },
      go: (say, turn) => {
        if (session === '') return;
        if (turn % 3 === 0) say(action('invite.request'));
        else if (turn % 3 === 1) say(action('invite.accept'));
        else say(action('message', { nonce: randomUUID(), message: `note ${turn}` }));
      },
    };
  },
  gurgle: () => {
    const token = fresh();
    const [user, friend] = Math.random() < 0.5 ? ['alice', 'bob'] : ['bob', 'alice'];
    const presence = (id: number, status: string): string =>
      JSON.stringify({ id, cmd: 'presence', presence: { status, mood: 'elsewhere' } });
    return {
      begin: (say) => {
        say(JSON.stringify({ id: 1, version: '0.1' }));
        const from = `${user}-${token}@gurgle.example`;
        say(JSON.stringify({ id: 2, cmd: 'auth', from, method: 'plain', password: `pw-${user}-${token}` }));
        say(presence(3, 'available'));
      },
      go: (say, turn) => {
        const message = { id: `m${turn}`, timestamp: turn, text: 'hello', html: '', attachments: [] };
        const messages = [{ ...message, to: `${friend}-${token}@gurgle.example` }];
        if (turn % 2) say(JSON.stringify({ id: 10 + turn, cmd: 'message', messages }));
        else say(presence(10 + turn, turn % 4 ? 'away' : 'invisible'));
      },
    };
  },
};
