/** The keywords of a client. */
export type Keyword = 'uname' | 'cgetu' | 'chatm' | 'chatr' | 'cquit';

/** What one line of a client says. */
export type Command =
  | { readonly kind: 'command'; readonly keyword: Keyword; readonly args: readonly string[] }
  /** The answer to a ping. */
  | { readonly kind: 'pong' }
  /** A keyword whose arguments do not fit; `word` is the keyword as entered. */
  | { readonly kind: 'malformed'; readonly word: string }
  | { readonly kind: 'unknown' };

/** Characters of a name at the most. */
export const LONGEST_NAME = 64;

const NAME = `([!-&(-~]{1,${LONGEST_NAME}})`;
const QUOTED_NAME = "'([ -&(-~]*)'";

/** What follows a keyword: ASCII only, single spaces, and a message ends at the last mark of the line. */
const ARGUMENTS: Readonly<Record<Keyword, RegExp>> = {
  uname: new RegExp(`^ ${NAME}$`),
  cgetu: /^$/,
  chatm: new RegExp(`^ ${QUOTED_NAME} ${QUOTED_NAME} '([ -~]*)'$`),
  chatr: new RegExp(`^ ${NAME} ${NAME}$`),
  cquit: /^$/,
};

/** Reads a line: the keyword in any case, the arguments as entered. */
export function parseCommand(line: string): Command {
  if (/^\+ok cpong$/i.test(line)) return { kind: 'pong' };
  const [word = ''] = line.split(' ', 1);
  const keyword = word.toLowerCase();
  if (!isKeyword(keyword)) return { kind: 'unknown' };
  const args = ARGUMENTS[keyword].exec(line.slice(word.length));
  return args ? { kind: 'command', keyword, args: args.slice(1) } : { kind: 'malformed', word };
}

function isKeyword(word: string): word is Keyword {
  return Object.hasOwn(ARGUMENTS, word);
}
