import type { Link } from '../../session/link.ts';
import type { FrameReader } from '../../wire/framing.ts';
import type { Account } from './account.ts';
import type { PacketId } from './packet.ts';
import type { Presence } from './presence.ts';
import type { Roaster } from './roaster.ts';

/** One connection. */
export interface Session {
  readonly link: Link;
  readonly frames: FrameReader;
  /** Who it is, once logged in. */
  identity: Identity | undefined;
  /** As it was last shown; only then messages come. */
  presence: Presence | undefined;
  /** How many messages were pushed: their ids are -1, -2 …, which no counting client takes for its own. */
  pushes: number;
  /** Stored messages that were pushed and not confirmed, by the id of the push. */
  readonly unconfirmed: Map<PacketId, Delivery>;
  gone: boolean;
}

/** A user at a terminal. */
export interface Identity {
  readonly user: User;
  readonly terminal: string;
  /** Full ID. */
  readonly id: string;
}

/** A user and what the server keeps for it. */
export interface User {
  readonly account: Account;
  readonly roaster: Roaster;
  /** Those that are logged in. */
  readonly sessions: Set<Session>;
  /** Messages that wait, in the order of their arrival. */
  readonly mailbox: Set<Delivery>;
}

/** A file as its recipient hears of it. */
export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** Octets of the content. */
  readonly size: number;
  readonly token: string;
}

/** A message as it comes to its recipient. */
export interface Delivery {
  readonly id: PacketId;
  readonly timestamp: number;
  /** Full ID. */
  readonly from: string;
  readonly text: string;
  readonly html: string;
  readonly attachments: readonly Attachment[];
}
