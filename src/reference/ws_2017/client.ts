import type { Link } from '../../session/link.ts';
import type { FrameReader } from '../../wire/framing.ts';

/** A chat message on its way. */
export interface Chat {
  readonly sender: string;
  readonly recipient: string;
  readonly text: string;
}

/** A message without its receipt. */
export interface Unconfirmed {
  /** The names as its recipient saw them. */
  readonly sender: string;
  readonly recipient: string;
  readonly from: Client;
}

/** One connection. */
export interface Client {
  readonly link: Link;
  readonly lines: FrameReader;
  /** Absent in the AUTHORIZATION state. */
  name: string | undefined;
  /** Of the messages that it got, oldest first. */
  readonly unconfirmed: Unconfirmed[];
  stopPinging: (() => void) | undefined;
  stopWaiting: (() => void) | undefined;
  /** After this nothing is read from it or written to it. */
  gone: boolean;
}
