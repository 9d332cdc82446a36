import type { Link } from '../../session/link.ts';
import type { FrameReader } from '../../wire/framing.ts';
import type { Secret } from './credentials.ts';

/** One client's connection. */
export interface Connection {
  readonly link: Link;
  readonly reader: FrameReader;
  /** The accounts whose events it gets. */
  readonly subscriptions: Set<Account>;
  open: boolean;
}

/** What the server keeps of a user. */
export interface Account {
  readonly username: string;
  secret: Secret;
  /** The connections that get this user's events. */
  readonly subscribers: Set<Connection>;
}
