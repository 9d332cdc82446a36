/** How the other side ended: an orderly end, a reset, or an error of the transport. */
export type EndKind = 'fin' | 'reset' | 'error';

/** Where the octets of a link go. Called in order, never after `ended('reset' | 'error')`. */
export interface LinkSink {
  /**
   * Octets came. On a message transport (WebSocket) each call is one message.
   * The chunk may be kept.
   */
  data(chunk: Uint8Array): void;
  /** The other side ends its half (`fin`) or the link is gone (`reset`, `error`). Called once. */
  ended(kind: EndKind, detail?: string): void;
}

/** One open connection, whatever carries it. All calls are accepted after the end and do nothing then. */
export interface Link {
  /** Writes octets in order; on a message transport one message. */
  write(bytes: Uint8Array): void;
  /** Ends this half after what was written; the other half stays open where the transport can. */
  end(): void;
  /** Lets everything written go out, then closes both halves. */
  close(): void;
  /** Closes at once with a reset where the transport has one. */
  reset(): void;
  /** Stops and resumes reading (back pressure). */
  pause(): void;
  resume(): void;
  /** Octets written that have not left yet. */
  readonly queued: number;
}

/** Takes an accepted connection and says where its octets go. */
export type Accept = (link: Link) => LinkSink;

/** True for what whoever opens links raises where there is no connection to be had. */
export function isNoConnection(error: unknown): error is Error {
  return error instanceof Error && ['ConnectError', 'NoClientError'].includes(error.name);
}
