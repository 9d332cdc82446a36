import { makeReference } from '../defect.ts';
import type { Reference } from '../reference.ts';
import { eventDefects } from './defects/events.ts';
import { everyObjectDefects } from './defects/every-object.ts';
import { identificationDefects } from './defects/identification.ts';
import { signInDefects } from './defects/sign-in.ts';
import { signUpDefects } from './defects/sign-up.ts';
import { standardsDefects } from './defects/standards.ts';
import { subscribeDefects } from './defects/subscribe.ts';
import { ChatServer } from './server.ts';

/** The reference implementation of chat-network. */
export const chatNetwork: Reference = makeReference({
  protocol: 'chat-network',
  listening: { transport: 'ws', port: 6969 },
  server: ChatServer,
  defects: [
    ...everyObjectDefects,
    ...identificationDefects,
    ...standardsDefects,
    ...signUpDefects,
    ...signInDefects,
    ...subscribeDefects,
    ...eventDefects,
  ],
  facts: {},
});
