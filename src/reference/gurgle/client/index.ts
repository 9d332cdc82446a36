import { makeClientReference } from '../../client-defect.ts';
import type { ClientReference } from '../../reference.ts';
import { helpOf } from '../../typed-command.ts';
import { GurgleClient } from './client.ts';
import { commands } from './commands.ts';
import { answerDefects } from './defects/answers.ts';
import { loginDefects } from './defects/login.ts';
import { packetDefects } from './defects/packet.ts';
import { requestDefects } from './defects/requests.ts';
import { setUpDefects } from './defects/set-up.ts';

/** The reference client of Gurgle. */
export const gurgleClient: ClientReference = makeClientReference({
  connecting: { transport: 'tls', port: 40097 },
  client: GurgleClient,
  defects: [...setUpDefects, ...loginDefects, ...requestDefects, ...answerDefects, ...packetDefects],
  stimuli: {
    login: '/login',
    send: '/send {to} {text}',
    attach: '/attach {to} {name} {content}',
    presence: '/presence {status} {mood}',
    alias: '/alias {contact} {alias}',
    delete: '/delete {contact}',
    contacts: '/contacts',
    inbox: '/inbox',
    ping: '/ping',
    quit: '/quit',
  },
  help: helpOf(commands),
  facts: { pong: 'pong' },
});
