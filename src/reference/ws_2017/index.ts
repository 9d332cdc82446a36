import { makeReference } from '../defect.ts';
import type { Reference } from '../reference.ts';
import { chatDefects } from './defects/chat.ts';
import { connectionDefects } from './defects/connection.ts';
import { nameDefects } from './defects/name.ts';
import { pingDefects } from './defects/ping.ts';
import { quitDefects } from './defects/quit.ts';
import { renameDefects } from './defects/rename.ts';
import { responseDefects } from './defects/response.ts';
import { usersDefects } from './defects/users.ts';
import { Ws2017Server } from './server.ts';
import { type Ws2017Settings, ws2017Settings } from './settings.ts';

/** Pings often enough to be waited for. */
const quick: Ws2017Settings = { pingInterval: 400, pingTimeout: 1500 };

/** The reference implementation of WS_2017. */
export const ws2017: Reference = {
  ...makeReference({
    protocol: 'ws_2017',
    listening: { transport: 'tcp', port: 1030 },
    server: Ws2017Server,
    defects: [
      ...connectionDefects,
      ...responseDefects,
      ...nameDefects,
      ...renameDefects,
      ...pingDefects,
      ...usersDefects,
      ...chatDefects,
      ...quitDefects,
    ],
    facts: { ...ws2017Settings },
  }),
  brisk: { settings: { ...quick }, facts: { ...quick } },
};
