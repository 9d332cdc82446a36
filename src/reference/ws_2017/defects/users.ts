import type { Client } from '../client.ts';
import { replaces, type Ws2017Defect } from './change.ts';

/** Defects of the list of users. */
export const usersDefects: readonly Ws2017Defect[] = [
  {
    name: 'srv-cgetu-lines',
    breaks: ['WS-072'],
    what: 'separates the names by commas',
    change: replaces({ userList: (names) => `+OK cgetu ${names.join(',')}`.trimEnd() }),
  },
  {
    name: 'srv-cgetu-limit',
    breaks: ['WS-073'],
    what: 'lists the first ten names only',
    change: (Plain) =>
      class extends Plain {
        override namesFor(client: Client): readonly string[] {
          return super.namesFor(client).slice(0, 10);
        }
      },
  },
  {
    name: 'srv-cgetu-null',
    breaks: ['WS-074'],
    what: 'lists clients without a name as null',
    change: replaces({
      namesFor(client) {
        return this.others(client).map((other) => other.name ?? 'null');
      },
    }),
  },
  {
    name: 'srv-cgetu-empty-error',
    breaks: ['WS-075'],
    what: 'refuses cgetu when there is no other user',
    change: (Plain) =>
      class extends Plain {
        override listUsers(client: Client): void {
          if (this.namesFor(client).length > 0) super.listUsers(client);
          else this.refuse(client, 'cgetu', 'there are no other users');
        }
      },
  },
];
