/** What a client asks for, as read from one line. */
export type Command =
  | { readonly word: 'CONNECT'; readonly username: string }
  | { readonly word: 'SEND'; readonly target: string; readonly text: string }
  /** Without a group the own mailbox is meant, from its beginning. `after` is in epoch seconds. */
  | { readonly word: 'SYNC'; readonly group: string | undefined; readonly after: number }
  /** An unknown word, or parameters that do not fit; `line` is empty when it is no text at all. */
  | { readonly word: 'invalid'; readonly line: string };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a line: UTF-8 without control characters, except TAB. Anything else is no text. */
export function decodeLine(octets: Uint8Array): string | undefined {
  try {
    const line = utf8.decode(octets);
    return /[^\P{Cc}\t]/u.test(line) ? undefined : line;
  } catch {
    return undefined;
  }
}

/**
 * Reads a line by the syntax blocks of the document: one space between parameters, the last one of
 * SEND takes the rest of the line, and a bare SYNC (as the diagram has it) asks for the own mailbox.
 */
export function parseCommand(line: string): Command {
  const connect = /^CONNECT (\S+)$/u.exec(line);
  if (connect?.[1]) return { word: 'CONNECT', username: connect[1] };
  const send = /^SEND (\S+) (.*\S.*)$/su.exec(line);
  if (send?.[1] && send[2]) return { word: 'SEND', target: send[1], text: send[2] };
  const sync = /^SYNC (\S+) (\d+)$/u.exec(line);
  if (sync) return { word: 'SYNC', group: sync[1], after: Number(sync[2]) };
  if (line === 'SYNC') return { word: 'SYNC', group: undefined, after: 0 };
  return { word: 'invalid', line };
}
