/** A message as the server describes it. */
export interface Message {
  readonly group: string;
  readonly sender: string;
  /** Epoch seconds in decimal digits, however many. */
  readonly timestamp: string;
  readonly text: string;
}

/** What one line of the server says. */
export type ServerLine =
  | { readonly word: 'ACCEPT' | 'ACK' | 'ENDSYNC' }
  /** `reason` may be empty, though the document wants one. */
  | { readonly word: 'DECLINE'; readonly reason: string }
  | { readonly word: 'MSG'; readonly message: Message }
  | { readonly word: 'unknown' };

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a line; `undefined` for what is not UTF-8. */
export function decodeLine(octets: Uint8Array): string | undefined {
  try {
    return utf8.decode(octets);
  } catch {
    return undefined;
  }
}

/** Reads a line of the server; blanks at its end are formatting. */
export function parseServerLine(line: string): ServerLine {
  const bare = /^(ACCEPT|ACK|ENDSYNC) *$/.exec(line);
  if (bare) return { word: bare[1] as 'ACCEPT' | 'ACK' | 'ENDSYNC' };
  const decline = /^DECLINE(?: (.*))?$/su.exec(line);
  if (decline) return { word: 'DECLINE', reason: (decline[1] ?? '').trim() };
  const [, group, sender, timestamp, text] = /^MSG (\S+) (\S+) (\d+) (.*)$/su.exec(line) ?? [];
  if (group && sender && timestamp && text !== undefined) {
    return { word: 'MSG', message: { group, sender, timestamp, text: text.trimEnd() } };
  }
  return { word: 'unknown' };
}
