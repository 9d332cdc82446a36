import type { TypedCommands } from '../../typed-command.ts';

/** The words of what may be typed. */
export type Word =
  | 'login'
  | 'send'
  | 'attach'
  | 'presence'
  | 'alias'
  | 'delete'
  | 'contacts'
  | 'inbox'
  | 'ping'
  | 'quit'
  | 'help';

/** What may be typed. TO and CONTACT are Gurgle IDs, which have no blanks. */
export const commands: TypedCommands<Word> = {
  login: { usage: '/login', does: 'logs in anew, on a new connection', args: /^$/ },
  send: {
    usage: '/send TO TEXT',
    does: 'sends a text; a line without / goes to the same user again',
    args: /^ (\S+) (.*)$/su,
  },
  attach: {
    usage: '/attach TO FILE-NAME CONTENT',
    does: 'sends a file of one line; its name has no blanks',
    args: /^ (\S+) (\S+) (.*)$/su,
  },
  presence: {
    usage: '/presence available|away|dnd|invisible [MOOD]',
    does: 'tells the contacts how you are',
    args: /^ (available|away|dnd|invisible)(?: (.*))?$/su,
  },
  alias: { usage: '/alias CONTACT NAME', does: 'calls a contact by a name', args: /^ (\S+) (.*)$/su },
  delete: { usage: '/delete CONTACT', does: 'deletes a contact', args: /^ (\S+)$/u },
  contacts: { usage: '/contacts', does: 'shows the contacts and how they are', args: /^$/ },
  inbox: { usage: '/inbox', does: 'shows the messages that have come', args: /^$/ },
  ping: { usage: '/ping', does: 'asks whether the server is there', args: /^$/ },
  quit: { usage: '/quit', does: 'takes leave of the server; the second time leaves at once', args: /^$/ },
  help: { usage: '/help', does: 'shows this', args: /^$/ },
};
