import { makeReference } from '../defect.ts';
import type { Reference } from '../reference.ts';
import { gurgleFacts } from './account.ts';
import { connectionDefects } from './defects/connection.ts';
import { loginDefects } from './defects/login.ts';
import { messageDefects } from './defects/message.ts';
import { packetDefects } from './defects/packet.ts';
import { presenceDefects } from './defects/presence.ts';
import { roasterDefects } from './defects/roaster.ts';
import { GurgleServer } from './server.ts';

/** The reference implementation of Gurgle. */
export const gurgle: Reference = makeReference({
  protocol: 'gurgle',
  listening: { transport: 'tls', port: 40097 },
  server: GurgleServer,
  defects: [
    ...connectionDefects,
    ...loginDefects,
    ...packetDefects,
    ...presenceDefects,
    ...roasterDefects,
    ...messageDefects,
  ],
  facts: gurgleFacts,
});
