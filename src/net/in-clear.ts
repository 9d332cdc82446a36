import type { LinkSink } from '../session/link.ts';

/** What TLS records begin with: change of cipher, alert, handshake, data. */
const RECORDS: readonly (number | undefined)[] = [0x14, 0x15, 0x16, 0x17];

/**
 * The sink of a connection without TLS to a port where TLS is spoken: an alert, by which the other
 * side says so, is not heard.
 */
export function inClear(sink: LinkSink): LinkSink {
  let isTls: boolean | undefined;
  return {
    data(chunk) {
      isTls ??= RECORDS.includes(chunk[0]);
      if (!isTls) sink.data(chunk);
    },
    ended: (kind, detail) => sink.ended(kind, detail),
  };
}
