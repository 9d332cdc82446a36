/** The words that a server says. */
export type ReplyWord = 'ACCEPT' | 'DECLINE' | 'ACK' | 'MSG' | 'ENDSYNC';

/** One line of the server. */
export interface Reply {
  readonly word: string;
  readonly parameters: readonly string[];
}

/** Builds a reply. */
export function say(word: ReplyWord, ...parameters: string[]): Reply {
  return { word, parameters };
}
