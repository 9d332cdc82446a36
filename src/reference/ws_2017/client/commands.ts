import type { TypedCommands } from '../../typed-command.ts';

/** The words of what may be typed. */
export type Word = 'send' | 'users' | 'name' | 'inbox' | 'quit' | 'help';

const NAME = '([!-&(-~]+)';

/** What may be typed. All of it is ASCII, and a name holds no quotation mark. */
export const commands: TypedCommands<Word> = {
  send: {
    usage: '/send USER TEXT',
    does: 'sends a text (ASCII only); a line without / goes to the same user again',
    args: new RegExp(`^ ${NAME} ([ -~]*[!-~][ -~]*)$`),
  },
  users: { usage: '/users', does: 'asks who is there', args: /^$/ },
  name: { usage: '/name NEW', does: 'takes another name', args: new RegExp(`^ ${NAME}$`) },
  inbox: {
    usage: '/inbox',
    does: 'shows the messages that have come, and the names that are known',
    args: /^$/,
  },
  quit: {
    usage: '/quit',
    does: 'leaves as soon as everything is answered; the second time at once',
    args: /^$/,
  },
  help: { usage: '/help', does: 'shows this', args: /^$/ },
};
