import { makeClientReference } from '../../client-defect.ts';
import type { ClientReference } from '../../reference.ts';
import { helpOf } from '../../typed-command.ts';
import { Ws2017Client } from './client.ts';
import { commands } from './commands.ts';
import { ws2017ClientDefects } from './defects.ts';

/**
 * The reference client of WS_2017. It connects at its start and enters `name`, its one setting, which
 * is required.
 */
export const ws2017Client: ClientReference = makeClientReference({
  connecting: { transport: 'tcp', port: 1030 },
  client: Ws2017Client,
  defects: ws2017ClientDefects,
  stimuli: {
    send: '/send {to} {text}',
    users: '/users',
    rename: '/name {name}',
    inbox: '/inbox',
    quit: '/quit',
  },
  help: helpOf(commands),
});
