import { makeClientReference } from '../../client-defect.ts';
import type { ClientReference } from '../../reference.ts';
import { helpOf } from '../../typed-command.ts';
import { ChatClient } from './client.ts';
import { commands } from './commands.ts';
import { actionDefects } from './defects/actions.ts';
import { everyObjectDefects } from './defects/every-object.ts';
import { introductionDefects } from './defects/introduction.ts';
import { sessionDefects } from './defects/session.ts';

/** The reference client of chat-network. */
export const chatNetworkClient: ClientReference = makeClientReference({
  connecting: { transport: 'ws', port: 6969 },
  client: ChatClient,
  defects: [...everyObjectDefects, ...introductionDefects, ...sessionDefects, ...actionDefects],
  stimuli: {
    signup: '/signup "{user}" "{password}"',
    signin: '/signin "{user}" "{password}"',
    invite: '/invite "{user}"',
    accept: '/accept "{user}"',
    reject: '/reject "{user}"',
    send: '/send "{user}" {text}',
    inbox: '/inbox',
    quit: '/quit',
  },
  shows: {
    event:
      '^(?P<from>.+?)(?:: | \\(not readable\\): | invites you: | accepts your invite$| rejects your invite$)',
  },
  help: helpOf(commands),
});
