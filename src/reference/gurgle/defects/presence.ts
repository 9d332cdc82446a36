import type { Answer } from '../packet.ts';
import { isObject } from '../packet.ts';
import { type Presence, readPresence } from '../presence.ts';
import type { Identity, Session, User } from '../session.ts';
import { everySession, type GurgleDefect, granting, pushing, without } from './change.ts';

/** Defects of presence. */
export const presenceDefects: readonly GurgleDefect[] = [
  {
    name: 'srv-presence-singular',
    breaks: ['GUR-075'],
    what: 'answers with one presence in place of an array',
    change: granting('presence', (answer) => {
      const [presence] = entries(answer);
      return { ...without(answer, 'presences'), presence };
    }),
  },
  {
    name: 'srv-presence-from-bare',
    breaks: ['GUR-076'],
    what: 'answers under the bare id',
    change: granting('presence', (answer) =>
      entriesWith(answer, ({ from }) => ({ from: String(from).replace(/\/.*/, '') })),
    ),
  },
  {
    name: 'srv-mood-dropped',
    breaks: ['GUR-077'],
    what: 'answers without the mood',
    change: granting('presence', (answer) => entriesWith(answer, () => ({ mood: '' }))),
  },
  {
    name: 'srv-status-unchecked',
    breaks: ['GUR-078'],
    what: 'takes any status',
    change: (Plain) =>
      class extends Plain {
        override readPresence(value: unknown): Presence | undefined {
          if (!isObject(value) || typeof value['status'] !== 'string') return readPresence(value);
          return { status: value['status'], mood: String(value['mood'] ?? '') };
        }
      },
  },
  {
    name: 'srv-no-presence-push',
    breaks: ['GUR-079'],
    what: 'tells nobody of a presence that is shown',
    change: (Plain) =>
      class extends Plain {
        override announce(identity: Identity, presence: Presence): void {
          if (presence.status === null) super.announce(identity, presence);
        }
      },
  },
  {
    name: 'srv-push-id-zero',
    breaks: ['GUR-080'],
    what: 'pushes presences under the id 0',
    change: pushing('presence', (packet) => ({ ...packet, id: 0 })),
  },
  {
    name: 'srv-push-wrong-status',
    breaks: ['GUR-081'],
    what: 'tells of every status as available',
    change: (Plain) =>
      class extends Plain {
        override announce(identity: Identity, presence: Presence): void {
          const status = presence.status === null ? null : 'available';
          super.announce(identity, { ...presence, status });
        }
      },
  },
  {
    name: 'srv-offline-silent',
    breaks: ['GUR-082'],
    what: 'tells nobody that a session has ended',
    change: (Plain) =>
      class extends Plain {
        override announce(identity: Identity, presence: Presence): void {
          if (presence.status !== null) super.announce(identity, presence);
        }
      },
  },
  {
    name: 'srv-presence-broadcast',
    breaks: ['GUR-084'],
    what: 'tells everybody of a presence',
    change: (Plain) =>
      class extends Plain {
        override audience(user: User): readonly Session[] {
          return everySession(this).filter(
            ({ identity, presence }) => presence !== undefined && identity?.user !== user,
          );
        }
      },
  },
];

function entries(answer: Answer): readonly Answer[] {
  return Array.isArray(answer['presences']) ? answer['presences'].filter(isObject) : [];
}

function entriesWith(answer: Answer, other: (entry: Answer) => Answer): Answer {
  return { ...answer, presences: entries(answer).map((entry) => ({ ...entry, ...other(entry) })) };
}
