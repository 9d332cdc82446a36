import type { EndKind, Link, LinkSink } from '../../session/link.ts';
import type { Framing } from '../../wire/framing.ts';
import { encodeJson } from '../../wire/json.ts';
import type { ReferenceServer, ServerOptions } from '../reference.ts';
import { bareId, type GurgleId, isTerminal, parseId } from './id.ts';
import {
  type AttachedFile,
  decodedLength,
  type Message,
  readSubmissions,
  type Submission,
} from './message.ts';
import {
  type Answer,
  isPacketId,
  isStrings,
  type Packet,
  type PacketId,
  type PacketRead,
  type Request,
  readPacket,
} from './packet.ts';
import { ABSENT, type Presence, readPresence } from './presence.ts';
import { type RoasterChange, readChanges } from './roaster.ts';
import type { Attachment, Delivery, Identity, Session, User } from './session.ts';
import { framingSetting } from './settings.ts';
import { Users } from './users.ts';

/** Octets of one frame; who sends a longer one is killed. */
const LONGEST_FRAME = 2 ** 24;
/** Octets that may wait for a client that does not read; then it is cut off. */
const MOST_QUEUED = 2 ** 26;
/** Characters of all messages that are kept; then messages to users who are away fail. */
const MOST_STORED = 2 ** 27;

/** Why a login is refused. */
export type LoginError = 'password' | 'user_disable';

const LOGIN_REASONS: Readonly<Record<LoginError, string>> = {
  password: 'Incorrect username or password.',
  user_disable: 'Your account has been disabled or deactivated.',
};

/** Why a connection is given up. What came is not repeated: a password may be in it. */
const unreadable = {
  framing: 'What came is no packet, or one that is too long.',
  malformed: 'A packet is one JSON object, each name once, each number as it is.',
};

/** The reference server of Gurgle. It knows the accounts of account.ts and has no upgrades. */
export class GurgleServer implements ReferenceServer {
  readonly framing: Framing;
  readonly version: unknown = '0.1';
  readonly users: Users = new Users();
  #stored = 0;
  #terminals = 0;
  #attachments = 0;

  constructor(options: ServerOptions) {
    this.framing = framingSetting(options.settings);
  }

  accept(link: Link): LinkSink {
    const session = this.open(link);
    return {
      data: (chunk) => this.receive(session, chunk),
      ended: (kind) => this.ended(session, kind),
    };
  }

  open(link: Link): Session {
    return {
      link,
      frames: this.framing.reader({ frame: LONGEST_FRAME }),
      identity: undefined,
      presence: undefined,
      pushes: 0,
      unconfirmed: new Map(),
      gone: false,
    };
  }

  close(): void {
    this.users.clear();
    this.#stored = 0;
  }

  receive(session: Session, chunk: Uint8Array): void {
    if (!session.gone) session.frames.push(chunk);
    while (!session.gone) {
      const read = session.frames.next();
      if (read.kind === 'need') return;
      if (read.kind === 'breach') this.abandon(session, 'framing', unreadable.framing);
      else this.take(session, this.read(read.frame.payload));
    }
  }

  read(payload: Uint8Array): PacketRead {
    return readPacket(payload);
  }

  take(session: Session, read: PacketRead): void {
    if (!read.ok) this.abandon(session, 'malformed', unreadable.malformed);
    else if (isPacketId(read.packet.id)) this.perform(session, { ...read.packet, id: read.packet.id });
    else this.send(session, { id: null, ...refusal('malformed', 'An id is a string or a number.') });
  }

  perform(session: Session, request: Request): void {
    const answer = this.answer(session, request);
    if (answer) this.reply(session, request, answer);
    this.follow(session, request);
  }

  /** Does what is asked for; gives what is said to it. */
  answer(session: Session, request: Request): Answer | undefined {
    switch (request.cmd) {
      case 'upgrade':
        return this.upgrade(request);
      case 'query':
        return this.query(request);
      case 'auth':
        return this.authenticate(session, request);
      case 'ping':
        return this.pong(request);
      case 'presence':
      case 'get_roaster':
      case 'update_roaster':
      case 'message':
        return this.answerUser(this.identityOf(session), session, request);
      case 'quit':
        return { cmd: 'bye' };
      case 'kill':
        return undefined;
      default:
        return this.answerOther(session, request);
    }
  }

  answerUser(identity: Identity | undefined, session: Session, request: Request): Answer {
    if (!identity) return refusal('unauthenticated', 'This needs a login.');
    switch (request.cmd) {
      case 'presence':
        return this.show(identity, session, request);
      case 'get_roaster':
        return this.fetchRoaster(identity, request);
      case 'update_roaster':
        return this.updateRoaster(identity, session, request);
      default:
        return this.takeMessages(identity, request);
    }
  }

  /** Takes any packet that means nothing else for the receipt of a push, if it has the id of one. */
  answerOther(session: Session, request: Request): Answer | undefined {
    const { id, cmd, version } = request;
    if (cmd === undefined && version !== undefined) return this.declareVersion(request);
    const isPush = typeof id === 'number' && id < 0 && id >= -session.pushes;
    if (cmd !== 'sent' && !isPush) return refusal('unknown', 'There is no such command.');
    this.confirm(session, id);
    return undefined;
  }

  /** Does what comes after the answer. */
  follow(session: Session, request: Request): void {
    if (request.cmd === 'presence' && session.presence) this.pushStored(session);
    if (request.cmd === 'quit' || request.cmd === 'kill') this.finish(session);
  }

  identityOf(session: Session): Identity | undefined {
    return session.identity;
  }

  declareVersion({ version }: Request): Answer {
    if (typeof version !== 'string') return refusal('malformed', 'A version is a string.');
    return { version: this.version };
  }

  pong({ data }: Request): Answer {
    return data === undefined ? refusal('malformed', 'A ping has data.') : { cmd: 'pong', data };
  }

  upgrade({ features }: Request): Answer {
    if (!isStrings(features)) return refusal('malformed', 'Features are an array of strings.');
    if (features.length === 0) return { cmd: 'upgraded', features, error: null };
    return { cmd: 'upgraded', features: [], ...refusal('unsupported', 'This server has none of these.') };
  }

  query(request: Request): Answer {
    return request.query === 'auth' ? { answer: ['plain'] } : refusal('unknown', 'Only auth can be queried.');
  }

  authenticate(session: Session, request: Request): Answer {
    if (session.identity) return refusal('authenticated', 'There was a login already.');
    if (request.method !== 'plain') return refusal('method', 'The only method is plain.');
    const claimed = parseId(request.from);
    const user = this.judgeLogin(claimed && this.users.find(bareId(claimed)), request.password);
    if (typeof user === 'string') return this.denyLogin(session, claimed, user);
    const { id } = this.logIn(session, user, this.terminalFor(user, claimed?.terminal));
    return { to: id, error: null };
  }

  /** The user, if the login is in order. */
  judgeLogin(user: User | undefined, password: unknown): User | LoginError {
    if (!user || password !== user.account.password) return 'password';
    return user.account.disabled ? 'user_disable' : user;
  }

  /** Says no, and nothing of the user that the client did not say: the terminal is not looked up. */
  denyLogin(_session: Session, claimed: GurgleId | undefined, error: LoginError): Answer {
    const asked = claimed?.terminal;
    const terminal = isTerminal(asked) ? asked : this.freshTerminal();
    return { to: claimed ? `${bareId(claimed)}/${terminal}` : '', ...refusal(error, LOGIN_REASONS[error]) };
  }

  logIn(session: Session, user: User, terminal: string): Identity {
    const identity = { user, terminal, id: `${user.account.id}/${terminal}` };
    session.identity = identity;
    user.sessions.add(session);
    return identity;
  }

  /** The terminal that was asked for, or another one if that is not valid or in use. */
  terminalFor(user: User, asked: string | undefined): string {
    const taken = new Set(Array.from(user.sessions, (session) => session.identity?.terminal));
    let terminal = asked;
    while (!isTerminal(terminal) || taken.has(terminal)) terminal = this.freshTerminal();
    return terminal;
  }

  freshTerminal(): string {
    this.#terminals++;
    return `t${this.#terminals}`;
  }

  show(identity: Identity, session: Session, request: Request): Answer {
    const presence = this.readPresence(request.presence);
    if (!presence) return refusal('malformed', 'There is no such presence.');
    session.presence = presence;
    this.announce(identity, presence);
    return presenceOf(identity, presence);
  }

  readPresence(value: unknown): Presence | undefined {
    return readPresence(value);
  }

  /** Tells how a user shows itself now. */
  announce(identity: Identity, presence: Presence): void {
    for (const session of this.audience(identity.user)) {
      this.push(session, { id: null, ...presenceOf(identity, presence) });
    }
  }

  /** The sessions that hear of a user's presence. */
  audience({ account }: User): readonly Session[] {
    return account.contacts.flatMap((contact) => this.shownSessions(contact));
  }

  /** The sessions of a user that have shown their presence: pushes come to these. */
  shownSessions(id: string): readonly Session[] {
    const sessions = this.users.find(id)?.sessions ?? [];
    return [...sessions].filter((session) => session.presence !== undefined);
  }

  fetchRoaster({ user }: Identity, request: Request): Answer {
    const { etag } = user.roaster;
    if (this.isCurrent(user, request.etag)) return { cmd: 'keep_roaster', etag };
    return { cmd: 'flush_roaster', etag, roaster: this.listRoaster(user) };
  }

  isCurrent(user: User, etag: unknown): boolean {
    return etag === user.roaster.etag;
  }

  updateRoaster({ user }: Identity, session: Session, request: Request): Answer {
    const changes = readChanges(request.roaster, user.roaster);
    if (!changes) return refusal('malformed', 'There is no such contact, or no such change.');
    for (const change of changes) this.changeRoaster(user, change);
    this.renewTag(user);
    const update = { cmd: 'update_roaster', etag: user.roaster.etag, roaster: this.listRoaster(user) };
    this.pushRoaster(user, session, update);
    return update;
  }

  changeRoaster({ roaster }: User, change: RoasterChange): void {
    if (change.delete) roaster.aliases.delete(change.from);
    else roaster.aliases.set(change.from, change.alias);
  }

  renewTag(user: User): void {
    user.roaster.renewTag();
  }

  /** Tells the user's other sessions. */
  pushRoaster(user: User, changer: Session, update: Answer): void {
    for (const session of user.sessions) if (session !== changer) this.push(session, { id: null, ...update });
  }

  listRoaster(user: User): readonly Answer[] {
    return Array.from(user.roaster.aliases, ([contact, alias]) => this.describeContact(contact, alias));
  }

  describeContact(contact: string, alias: string): Answer {
    const shown = this.shownSessions(contact);
    return {
      from: contact,
      name: this.users.find(contact)?.account.nickname,
      bio: '',
      alias,
      type: 'peer',
      subscription: 'both',
      presence: Object.fromEntries(shown.map(({ identity, presence }) => [identity?.terminal, presence])),
    };
  }

  takeMessages(sender: Identity, request: Request): Answer {
    const submissions = this.readSubmissions(request.messages);
    if (!submissions) return refusal('malformed', 'Messages are an array, and each has an id of its own.');
    const accepted = new Set(this.deliverAll(sender, submissions));
    const ids = submissions.map(({ id }) => id);
    const success = ids.filter((id) => accepted.has(id));
    const failure = ids.filter((id) => !accepted.has(id));
    const undeliverable = refusal('undeliverable', 'Some messages are faulty or for nobody.');
    return { cmd: 'sent', success, failure, ...(failure.length === 0 ? { error: null } : undeliverable) };
  }

  readSubmissions(value: unknown): readonly Submission[] | undefined {
    return readSubmissions(value);
  }

  /** Gives the ids of those that were accepted. */
  deliverAll(sender: Identity, submissions: readonly Submission[]): readonly PacketId[] {
    const accepted = submissions.filter(({ message }) => message && this.deliver(sender, message));
    return accepted.map(({ id }) => id);
  }

  /** Hands a message to the sessions that it is for, or stores it. False if it can be neither. */
  deliver(sender: Identity, message: Message): boolean {
    const recipient = this.recipientOf(message);
    if (!recipient) return false;
    const delivery = this.deliveryOf(sender, message);
    const sessions = this.destinations(recipient, parseId(message.to)?.terminal);
    for (const session of sessions) this.hand(session, delivery);
    return sessions.length > 0 || this.store(recipient, delivery);
  }

  recipientOf(message: Message): User | undefined {
    const to = parseId(message.to);
    const user = to && this.users.find(bareId(to));
    return user?.account.disabled ? undefined : user;
  }

  /** The sessions that a message reaches now: the one at the terminal, or all if none is named. */
  destinations({ account }: User, terminal: string | undefined): readonly Session[] {
    const shown = this.shownSessions(account.id);
    return terminal === undefined ? shown : shown.filter(({ identity }) => identity?.terminal === terminal);
  }

  deliveryOf(sender: Identity, message: Message): Delivery {
    const { id, timestamp, text, html } = message;
    const attachments = message.attachments.map((file) => this.attach(file));
    return { id, timestamp, from: sender.id, text, html, attachments };
  }

  /** Gives a file its id and token. The content is not kept: no packet asks for it. */
  attach({ name, type, blob }: AttachedFile): Attachment {
    this.#attachments++;
    const id = `a${this.#attachments}`;
    return { id, name, type, size: decodedLength(blob), token: `token-of-${id}` };
  }

  hand(session: Session, delivery: Delivery): void {
    this.pushMessage(session, delivery);
  }

  /** Gives the id of the push. */
  pushMessage(session: Session, delivery: Delivery): PacketId {
    session.pushes++;
    const id = -session.pushes;
    this.push(session, { id, cmd: 'message', messages: [delivery] });
    return id;
  }

  store(recipient: User, delivery: Delivery): boolean {
    if (this.#stored > MOST_STORED) return false;
    recipient.mailbox.add(delivery);
    this.#stored += sizeOf(delivery);
    return true;
  }

  forget(user: User, delivery: Delivery): void {
    if (user.mailbox.delete(delivery)) this.#stored -= sizeOf(delivery);
  }

  /** Pushes what is stored for a user and was not pushed in this session before. */
  pushStored(session: Session): void {
    const pushed = new Set(session.unconfirmed.values());
    for (const delivery of session.identity?.user.mailbox ?? []) {
      if (!pushed.has(delivery)) session.unconfirmed.set(this.pushMessage(session, delivery), delivery);
    }
  }

  confirm(session: Session, push: PacketId): void {
    const delivery = session.unconfirmed.get(push);
    session.unconfirmed.delete(push);
    if (session.identity && delivery) this.forget(session.identity.user, delivery);
  }

  /** Ends the session of a client that does not speak the protocol. */
  abandon(session: Session, error: string, reason: string): void {
    this.send(session, { id: null, cmd: 'kill', error, reason });
    this.finish(session);
  }

  reply(session: Session, request: Request, answer: Answer): void {
    this.send(session, { id: request.id, ...answer });
  }

  push(session: Session, packet: Packet): void {
    this.send(session, packet);
  }

  send(session: Session, packet: Packet): void {
    if (session.link.queued > MOST_QUEUED) this.cutOff(session);
    else session.link.write(this.framing.encode(this.render(packet)));
  }

  render(packet: Packet): Uint8Array {
    return encodeJson(packet);
  }

  ended(session: Session, kind: EndKind): void {
    this.leave(session);
    if (kind === 'fin') session.link.close();
  }

  finish(session: Session): void {
    this.leave(session);
    session.link.close();
  }

  cutOff(session: Session): void {
    this.leave(session);
    session.link.reset();
  }

  leave(session: Session): void {
    if (session.gone) return;
    session.gone = true;
    if (!session.identity) return;
    session.identity.user.sessions.delete(session);
    if (session.presence) this.announce(session.identity, ABSENT);
  }
}

function refusal(error: string, reason: string): Answer {
  return { error, reason };
}

function presenceOf(identity: Identity, { status, mood }: Presence): Answer {
  return { cmd: 'presence', presences: [{ from: identity.id, status, mood, error: null }] };
}

function sizeOf(delivery: Delivery): number {
  return JSON.stringify(delivery).length;
}
