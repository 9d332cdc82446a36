import type { Client } from '../client.ts';
import { keepsNames, replaces, type Ws2017Defect } from './change.ts';

/** Defects of changing a name. */
export const renameDefects: readonly Ws2017Defect[] = [
  {
    name: 'srv-uname-once',
    breaks: ['WS-051'],
    what: 'refuses a second uname',
    change: replaces({
      rename(client) {
        this.refuse(client, 'uname', 'you have a name');
      },
    }),
  },
  {
    name: 'srv-change-you-are',
    breaks: ['WS-052'],
    what: 'confirms a change like the first name',
    change: replaces({
      renamed(name) {
        return this.welcome(name);
      },
    }),
  },
  {
    name: 'srv-change-silent',
    breaks: ['WS-053'],
    what: 'announces no changes',
    change: replaces({ announceChange: () => undefined }),
  },
  {
    name: 'srv-change-new-old',
    breaks: ['WS-054'],
    what: 'announces a change with the new name first',
    change: replaces({ changeLine: (old, name) => `+OK nuser ${name} ${old}` }),
  },
  {
    name: 'srv-change-to-self',
    breaks: ['WS-055'],
    what: 'announces a change to the client that made it, too',
    change: (Plain) =>
      class extends Plain {
        override announceChange(client: Client, old: string, name: string): void {
          super.announceChange(client, old, name);
          this.push(client, this.changeLine(old, name));
        }
      },
  },
  {
    name: 'srv-change-cosmetic',
    breaks: ['WS-056'],
    what: 'confirms and announces a change without making it',
    change: replaces({
      rename(client, old, name) {
        this.respond(client, this.renamed(name));
        this.announceChange(client, old, name);
      },
    }),
  },
  {
    name: 'srv-keeps-old-name',
    breaks: ['WS-057'],
    what: 'refuses the names that were given up by a change',
    change: (Plain) =>
      class extends keepsNames(Plain) {
        override rename(client: Client, old: string, name: string): void {
          super.rename(client, old, name);
          this.kept.add(old);
        }
      },
  },
  {
    name: 'srv-change-takes-over',
    breaks: ['WS-058'],
    what: 'gives a taken name to the client that changes to it',
    change: (Plain) =>
      class extends Plain {
        override refuseTaken(client: Client, name: string): void {
          if (client.name === undefined) super.refuseTaken(client, name);
          else this.rename(client, client.name, name);
        }
      },
  },
];
