import type { Chat } from '../client.ts';

/** The commands of a client that are answered. */
export type Keyword = 'uname' | 'cgetu' | 'chatm' | 'chatr' | 'cquit';

/** What one line of the server says. */
export type ServerLine =
  | {
      readonly kind: 'response';
      readonly ok: boolean;
      /** The command that it names, if it names one or is printed for one in the document. */
      readonly about: Keyword | undefined;
      /** What follows `+OK` or `-ERR`. */
      readonly text: string;
    }
  | { readonly kind: 'ping' }
  | { readonly kind: 'joined'; readonly name: string }
  | { readonly kind: 'renamed'; readonly old: string; readonly name: string }
  | { readonly kind: 'chat'; readonly chat: Chat }
  | { readonly kind: 'receipt'; readonly recipient: string }
  | { readonly kind: 'unknown' };

const NAME = '([!-&(-~]+)';
const JOINED = new RegExp(`^nuser ${NAME}$`, 'i');
const RENAMED = new RegExp(`^\\+ok nuser ${NAME} ${NAME}$`, 'i');
const CHAT = new RegExp(`^chatm ${NAME} ${NAME} '(.*)'$`, 'is');
const RECEIPT = new RegExp(`^chatr ${NAME} ${NAME}$`, 'i');
const RESPONSE = /^(\+ok|-err)(?: (.*))?$/is;

/** Texts that the document prints without the command that they answer. */
const PRINTED: readonly (readonly [start: string, Keyword])[] = [
  ["'you are'", 'uname'],
  ["'same username entered'", 'uname'],
  ["'message relayed'", 'chatm'],
  ["'terminating tasks and disconnecting'", 'cquit'],
];

/** Reads a line of the server: keywords in any case; told apart by keyword, not by when they come. */
export function parseServerLine(line: string): ServerLine {
  if (/^cping$/i.test(line)) return { kind: 'ping' };
  const [, joined] = JOINED.exec(line) ?? [];
  if (joined) return { kind: 'joined', name: joined };
  const [, old, name] = RENAMED.exec(line) ?? [];
  if (old && name) return { kind: 'renamed', old, name };
  const [, sender, recipient, text] = CHAT.exec(line) ?? [];
  if (sender && recipient && text !== undefined) return { kind: 'chat', chat: { sender, recipient, text } };
  const receipt = RECEIPT.exec(line);
  if (receipt?.[2]) return { kind: 'receipt', recipient: receipt[2] };
  return parseResponse(line);
}

function parseResponse(line: string): ServerLine {
  const [, status, text = ''] = RESPONSE.exec(line) ?? [];
  if (!status) return { kind: 'unknown' };
  return { kind: 'response', ok: status.startsWith('+'), about: aboutOf(text.toLowerCase()), text };
}

function aboutOf(text: string): Keyword | undefined {
  const named = /^'?(uname|cgetu|chatm|chatr|cquit)\b/.exec(text);
  if (named) return named[1] as Keyword;
  return PRINTED.find(([start]) => text.startsWith(start))?.[1];
}
