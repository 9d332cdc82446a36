import { makeClientReference } from '../../client-defect.ts';
import type { ClientReference } from '../../reference.ts';
import { helpOf } from '../../typed-command.ts';
import { CptClient } from './client.ts';
import { commands } from './commands.ts';
import { cptClientDefects } from './defects.ts';

/** The reference client of the Chat protocol for texting. It connects at its start. */
export const cptClient: ClientReference = makeClientReference({
  connecting: { transport: 'tcp', port: 39168 },
  client: CptClient,
  defects: cptClientDefects,
  stimuli: {
    send: '/send {target} {text}',
    sync: '/sync {group} {after}',
    rename: '/name {name}',
    messages: '/messages',
    quit: '/quit',
  },
  shows: {
    message: '^(?:\\[(?P<group>\\S+) (?P<time>\\S+)\\] )?(?:<(?P<from>[^>]*)>|\\*) (?P<text>.*)$',
  },
  help: helpOf(commands),
  facts: { startedWithoutPort: true },
});
