import type { TypedCommands } from '../../typed-command.ts';

/** The words of what may be typed. */
export type Word = 'signup' | 'signin' | 'invite' | 'accept' | 'reject' | 'send' | 'inbox' | 'quit' | 'help';

/**
 * What may be typed. A user name or password with blanks stands in double quotes: `"john doe"`. A
 * quote inside needs no mark, for only one before a blank or the end of the line ends it.
 */
export const commands: TypedCommands<Word> = {
  signup: {
    usage: '/signup USER PASSWORD',
    does: 'makes an account and signs in; who has a blank is written "john doe"',
    args: /^ (".*?"|\S+) (".*?"|\S+)$/su,
  },
  signin: {
    usage: '/signin USER PASSWORD',
    does: 'signs in with an account',
    args: /^ (".*?"|\S+) (".*?"|\S+)$/su,
  },
  invite: { usage: '/invite USER', does: 'invites a user', args: /^ (".*?"|\S+)$/su },
  accept: { usage: '/accept USER', does: 'accepts the invite of a user', args: /^ (".*?"|\S+)$/su },
  reject: { usage: '/reject USER', does: 'rejects the invite of a user', args: /^ (".*?"|\S+)$/su },
  send: {
    usage: '/send USER TEXT',
    does: 'sends a text to a user; a line without / goes to the same user again',
    args: /^ (".*?"|\S+) (.*)$/su,
  },
  inbox: { usage: '/inbox', does: 'shows the events that have come', args: /^$/ },
  quit: {
    usage: '/quit',
    does: 'leaves as soon as everything is answered; the second time at once',
    args: /^$/,
  },
  help: { usage: '/help', does: 'shows this', args: /^$/ },
};

/** A word as it was meant: without the quotes around it. */
export function unquoted(word: string): string {
  return /^"(.*)"$/u.exec(word)?.[1] ?? word;
}
