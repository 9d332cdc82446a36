import type { Answer } from '../packet.ts';
import type { RoasterChange } from '../roaster.ts';
import type { Session, User } from '../session.ts';
import { answering, describing, everySession, type GurgleDefect, granting, without } from './change.ts';

/** Defects of the roaster. */
export const roasterDefects: readonly GurgleDefect[] = [
  {
    name: 'srv-keep-without-etag',
    breaks: ['GUR-087'],
    what: 'says to keep the roaster to who has no tag',
    change: (Plain) =>
      class extends Plain {
        override isCurrent(user: User, etag: unknown): boolean {
          return etag === undefined || super.isCurrent(user, etag);
        }
      },
  },
  {
    name: 'srv-flush-without-etag',
    breaks: ['GUR-088'],
    what: 'sends the list without a tag',
    change: answering('get_roaster', (answer) =>
      answer['cmd'] === 'flush_roaster' ? without(answer, 'etag') : answer,
    ),
  },
  {
    name: 'srv-always-flush',
    breaks: ['GUR-089'],
    what: 'sends the list whatever the tag',
    change: (Plain) =>
      class extends Plain {
        override isCurrent(): boolean {
          return false;
        }
      },
  },
  {
    name: 'srv-keep-new-etag',
    breaks: ['GUR-090'],
    what: 'says to keep the roaster under another tag',
    change: answering('get_roaster', (answer) =>
      answer['cmd'] === 'keep_roaster' ? { ...answer, etag: `${answer['etag']}:kept` } : answer,
    ),
  },
  {
    name: 'srv-keeps-stale',
    breaks: ['GUR-091'],
    what: 'says to keep the roaster whatever the tag',
    change: (Plain) =>
      class extends Plain {
        override isCurrent(_user: User, etag: unknown): boolean {
          return etag !== undefined;
        }
      },
  },
  {
    name: 'srv-roaster-full-id',
    breaks: ['GUR-092'],
    what: 'lists contacts under full ids',
    change: describing((item) => ({ ...item, from: `${item['from']}/home` })),
  },
  {
    name: 'srv-roaster-missing-bio',
    breaks: ['GUR-093'],
    what: 'leaves out what is empty',
    change: describing((item) =>
      Object.fromEntries(Object.entries(item).filter(([, value]) => value !== '')),
    ),
  },
  {
    name: 'srv-type-user',
    breaks: ['GUR-094'],
    what: 'calls a contact a user',
    change: describing((item) => ({ ...item, type: 'user' })),
  },
  {
    name: 'srv-subscription-none',
    breaks: ['GUR-095'],
    what: 'calls a subscription none',
    change: describing((item) => ({ ...item, subscription: 'none' })),
  },
  {
    name: 'srv-roaster-presence-empty',
    breaks: ['GUR-096'],
    what: 'lists contacts without their presence',
    change: describing((item) => ({ ...item, presence: {} })),
  },
  {
    name: 'srv-roaster-item-per-terminal',
    breaks: ['GUR-097'],
    what: 'lists a contact once for each terminal',
    change: (Plain) =>
      class extends Plain {
        override listRoaster(user: User): readonly Answer[] {
          return super.listRoaster(user).flatMap((item) => {
            const terminals = Object.entries(item['presence'] as object);
            if (terminals.length === 0) return [item];
            return terminals.map((terminal) => ({ ...item, presence: Object.fromEntries([terminal]) }));
          });
        }
      },
  },
  {
    name: 'srv-update-silent',
    breaks: ['GUR-100'],
    what: 'changes the roaster without an answer',
    change: granting('update_roaster', () => undefined),
  },
  {
    name: 'srv-alias-lost',
    breaks: ['GUR-101'],
    what: 'does not store aliases',
    change: (Plain) =>
      class extends Plain {
        override changeRoaster(user: User, change: RoasterChange): void {
          const alias = user.roaster.aliases.get(change.from) ?? '';
          super.changeRoaster(user, { ...change, alias });
        }
      },
  },
  {
    name: 'srv-delete-ignored',
    breaks: ['GUR-102'],
    what: 'deletes no contact',
    change: (Plain) =>
      class extends Plain {
        override changeRoaster(user: User, change: RoasterChange): void {
          super.changeRoaster(user, { ...change, delete: false });
        }
      },
  },
  {
    name: 'srv-delete-any',
    breaks: ['GUR-103'],
    what: 'deletes where delete is said at all, be it false',
    change: (Plain) =>
      class extends Plain {
        override changeRoaster(user: User, change: RoasterChange): void {
          super.changeRoaster(user, { ...change, delete: change.delete !== undefined });
        }
      },
  },
  {
    name: 'srv-etag-static',
    breaks: ['GUR-104'],
    what: 'keeps one tag for ever',
    change: (Plain) =>
      class extends Plain {
        override renewTag(): void {}
      },
  },
  {
    name: 'srv-no-roaster-push',
    breaks: ['GUR-105'],
    what: 'tells other sessions nothing of a change',
    change: (Plain) =>
      class extends Plain {
        override pushRoaster(): void {}
      },
  },
  {
    name: 'srv-push-old-etag',
    breaks: ['GUR-106'],
    what: 'tells other sessions the tag from before the change',
    change: (Plain) =>
      class extends Plain {
        #before = '';

        override renewTag(user: User): void {
          this.#before = user.roaster.etag;
          super.renewTag(user);
        }

        override pushRoaster(user: User, changer: Session, update: Answer): void {
          super.pushRoaster(user, changer, { ...update, etag: this.#before });
        }
      },
  },
  {
    name: 'srv-roaster-broadcast',
    breaks: ['GUR-107'],
    what: 'tells everybody of a change',
    change: (Plain) =>
      class extends Plain {
        override pushRoaster(_user: User, changer: Session, update: Answer): void {
          for (const session of everySession(this)) {
            if (session !== changer) this.push(session, { id: null, ...update });
          }
        }
      },
  },
];
