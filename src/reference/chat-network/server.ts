import type { Link, LinkSink } from '../../session/link.ts';
import type { Framing } from '../../wire/framing.ts';
import { type FramingSpec, framingOf } from '../../wire/framing-by-name.ts';
import type { ReferenceServer, ServerOptions } from '../reference.ts';
import {
  BAD_TOKEN,
  HASH_NOT_AVAILABLE,
  INVALID_PASSWORD,
  SUCCESS,
  USER_IN_USE,
  USER_NOT_IN_USE,
} from './codes.ts';
import type { Account, Connection } from './connection.ts';
import { fits, HASHES, type Hash, seal } from './credentials.ts';
import { Recent } from './recent.ts';
import { decodeRequest, type Request } from './request.ts';

/** The members of a reply besides its type. */
export type Reply = Readonly<Record<string, unknown>>;

const CIPHERS = ['xchacha-poly1305', 'aes256-gcm'];
const IDENTITY = { version: '1.0.0', server: 'spar reference', invitations: true, resp_code: SUCCESS };

/** Octets of one object; who sends a longer one is closed. */
const LONGEST_OBJECT = 2 ** 20;
/** Octets that may wait for a client that does not read; then it is cut off. */
const MOST_QUEUED = 2 ** 24;
/** Accounts, tokens and invites, of each; then the oldest is forgotten. */
const MOST_REMEMBERED = 20_000;
/** Characters of a user name; who signs up with a longer or an empty one is closed. */
const LONGEST_NAME = 1024;

const utf8 = new TextEncoder();

/**
 * A server of chat-network. Setting: `framing`, the name of a framing; `message` if absent.
 *
 * What is no request ends the connection; a request of an unknown type is passed over. Actions
 * (invites and messages) are answered only when they are refused. A user without a subscribed
 * connection misses events.
 */
export class ChatServer implements ReferenceServer {
  readonly accounts: Map<string, Account> = new Recent(MOST_REMEMBERED);
  /** The account of each token. */
  readonly tokens: Map<string, Account> = new Recent(MOST_REMEMBERED);
  /** The invites that wait for an answer, by `pair`. */
  readonly invites: Map<string, true> = new Recent(MOST_REMEMBERED);
  readonly #framing: Framing;

  constructor({ settings }: ServerOptions) {
    this.#framing = framingOf((settings?.['framing'] ?? 'message') as FramingSpec);
  }

  accept(link: Link): LinkSink {
    const connection = this.open(link);
    return {
      data: (chunk) => this.receive(connection, chunk),
      ended: () => this.drop(connection),
    };
  }

  close(): void {
    this.accounts.clear();
    this.tokens.clear();
    this.invites.clear();
  }

  open(link: Link): Connection {
    const reader = this.#framing.reader({ frame: LONGEST_OBJECT });
    return { link, reader, subscriptions: new Set(), open: true };
  }

  receive(connection: Connection, chunk: Uint8Array): void {
    connection.reader.push(chunk);
    while (connection.open) {
      const read = connection.reader.next();
      if (read.kind === 'need') return;
      const request = read.kind === 'frame' ? this.decode(read.frame.payload) : undefined;
      if (request) this.handle(connection, request);
      else this.drop(connection);
    }
  }

  decode(payload: Uint8Array): Request | undefined {
    return decodeRequest(payload);
  }

  handle(connection: Connection, request: Request): void {
    switch (request.type) {
      case 'identification':
        this.identify(connection, request);
        break;
      case 'protocol.standard':
        this.standard(connection, request);
        break;
      case 'signup':
        this.signup(connection, request);
        break;
      case 'signin':
        this.signin(connection, request);
        break;
      case 'subscribe':
        this.subscribe(connection, request);
        break;
      case 'invite.request':
      case 'invite.accept':
      case 'invite.reject':
      case 'message':
        if (this.authorises(request)) this.act(request);
        else this.reply(connection, request, { resp_code: BAD_TOKEN });
    }
  }

  identify(connection: Connection, request: Request): void {
    this.reply(connection, request, IDENTITY);
  }

  standard(connection: Connection, request: Request): void {
    const wanted = new Set(request.standards.split(','));
    this.reply(connection, request, {
      ...(wanted.has('ciphers') && { ciphers: CIPHERS }),
      ...(wanted.has('hashes') && { hashes: HASHES }),
      resp_code: SUCCESS,
    });
  }

  signup(connection: Connection, request: Request): void {
    const { username, password, hash } = request;
    if (username === '' || username.length > LONGEST_NAME) {
      this.drop(connection);
      return;
    }
    const code = this.judgeSignup(request);
    if (code === SUCCESS) this.register(username, password, hash as Hash);
    this.admit(connection, request, code);
  }

  judgeSignup({ username, hash }: Request): number {
    if (this.accounts.has(username)) return USER_IN_USE;
    return isHash(hash) ? SUCCESS : HASH_NOT_AVAILABLE;
  }

  register(username: string, password: string, hash: Hash): void {
    const secret = seal(hash, password);
    this.accounts.set(username, { username, secret, subscribers: new Set() });
  }

  signin(connection: Connection, request: Request): void {
    this.admit(connection, request, this.judgeSignin(request));
  }

  judgeSignin({ username, password }: Request): number {
    const account = this.accounts.get(username);
    if (!account) return USER_NOT_IN_USE;
    return fits(account.secret, password) ? SUCCESS : INVALID_PASSWORD;
  }

  /** Answers a signup or signin. */
  admit(connection: Connection, request: Request, code: number): void {
    const session = code === SUCCESS ? this.issue(request) : '';
    this.reply(connection, request, { resp_code: code, session });
  }

  issue({ username }: Request): string {
    const token = this.newToken();
    const account = this.accounts.get(username);
    if (account) this.tokens.set(token, account);
    return token;
  }

  newToken(): string {
    return crypto.randomUUID();
  }

  subscribe(connection: Connection, request: Request): void {
    const account = this.tokens.get(request.session);
    if (account) this.join(connection, account);
    this.reply(connection, request, { resp_code: account ? SUCCESS : BAD_TOKEN });
    if (!account) this.drop(connection);
  }

  join(connection: Connection, account: Account): void {
    account.subscribers.add(connection);
    connection.subscriptions.add(account);
  }

  /** The token decides who acts; nobody acts in another's name. */
  authorises({ session, source }: Request): boolean {
    return this.tokens.get(session)?.username === source;
  }

  act(request: Request): void {
    if (request.type === 'message') this.deliver(request);
    else if (request.type === 'invite.request') this.invite(request);
    else this.decide(request);
  }

  invite(request: Request): void {
    if (!this.accounts.has(request.dest)) return;
    this.invites.set(pair(request.source, request.dest), true);
    this.deliver(request);
  }

  /** Accepts or rejects an invite, which is settled then. */
  decide(request: Request): void {
    if (this.invites.delete(pair(request.dest, request.source))) this.deliver(request);
  }

  deliver(request: Request): void {
    const event = this.eventOf(request);
    for (const connection of this.subscribers(request.dest)) this.send(connection, event);
  }

  /** What `dest` is told: the request without the sender's token. */
  eventOf({ type, source, dest, nonce, message }: Request): object {
    return type === 'message' ? { type, source, dest, nonce, message } : { type, source, dest };
  }

  subscribers(username: string): Iterable<Connection> {
    return this.accounts.get(username)?.subscribers ?? [];
  }

  reply(connection: Connection, request: Request, reply: Reply): void {
    this.send(connection, { type: request.type, ...reply });
  }

  send(connection: Connection, object: object): void {
    const { link } = connection;
    link.write(this.#framing.encode(utf8.encode(this.encode(object))));
    if (link.queued <= MOST_QUEUED) return;
    link.reset();
    this.drop(connection);
  }

  encode(object: object): string {
    return JSON.stringify(object);
  }

  /** Ends a connection and what it was subscribed to. */
  drop(connection: Connection): void {
    connection.open = false;
    for (const account of connection.subscriptions) account.subscribers.delete(connection);
    connection.link.close();
  }
}

function isHash(name: string): name is Hash {
  return (HASHES as readonly string[]).includes(name);
}

/** One name for two users, whatever characters theirs have. */
export function pair(inviter: string, invited: string): string {
  return JSON.stringify([inviter, invited]);
}
