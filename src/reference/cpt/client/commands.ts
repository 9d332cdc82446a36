import type { TypedCommands } from '../../typed-command.ts';

/** The words of what may be typed. */
export type Word = 'send' | 'sync' | 'name' | 'messages' | 'quit' | 'help';

/** What may be typed. */
export const commands: TypedCommands<Word> = {
  send: {
    usage: '/send TARGET TEXT',
    does: 'sends a text to a group or a user; a line without / goes to the same target again',
    args: /^ (\S+) (.*\S.*)$/su,
  },
  sync: {
    usage: '/sync GROUP [AFTER]',
    does: 'fetches the messages of a group, those after a time (epoch seconds) if one is given',
    args: /^ (\S+)(?: (\d+))?$/u,
  },
  name: { usage: '/name NEW', does: 'connects anew under another name', args: /^ (\S+)$/u },
  messages: { usage: '/messages', does: 'shows the messages that have come', args: /^$/ },
  quit: {
    usage: '/quit',
    does: 'leaves as soon as everything is answered; the second time at once',
    args: /^$/,
  },
  help: { usage: '/help', does: 'shows this', args: /^$/ },
};
