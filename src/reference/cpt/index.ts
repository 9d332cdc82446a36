import { makeReference } from '../defect.ts';
import type { Reference } from '../reference.ts';
import { connectDefects } from './defects/connect.ts';
import { declineDefects } from './defects/decline.ts';
import { sendDefects } from './defects/send.ts';
import { syncDefects } from './defects/sync.ts';
import { transportDefects } from './defects/transport.ts';
import { CptServer } from './server.ts';
import { cptFacts } from './settings.ts';

/** The reference implementation of the Chat protocol for texting. */
export const cpt: Reference = {
  ...makeReference({
    protocol: 'cpt',
    listening: { transport: 'tcp', port: 39168 },
    server: CptServer,
    defects: [...transportDefects, ...connectDefects, ...declineDefects, ...sendDefects, ...syncDefects],
    facts: cptFacts,
  }),
  // A timestamp that must be later than another one waits for the next second.
  brisk: { settings: { secondBegins: 300 }, facts: {} },
};
