import type { EndKind } from '../../../session/link.ts';
import type { Client } from '../client.ts';
import type { Command, Keyword } from '../command.ts';
import { keepsNames, replaces, type Ws2017Defect } from './change.ts';

/** Defects of registering, announcing and removing a name. */
export const nameDefects: readonly Ws2017Defect[] = [
  {
    name: 'srv-no-auth',
    breaks: ['WS-030'],
    what: 'executes commands of clients without a name',
    change: (Plain) =>
      class extends Plain {
        override allows(): boolean {
          return true;
        }

        override maySendAs(client: Client, sender: string): boolean {
          return client.name === undefined || super.maySendAs(client, sender);
        }
      },
  },
  {
    name: 'srv-uname-stays-auth',
    breaks: ['WS-033'],
    what: 'confirms a name and goes on refusing commands',
    change: replaces({ allows: (_client, keyword) => keyword === 'uname' || keyword === 'cquit' }),
  },
  {
    name: 'srv-first-ok-uname',
    breaks: ['WS-034'],
    what: 'confirms the first name like a change',
    change: replaces({
      welcome(name) {
        return this.renamed(name);
      },
    }),
  },
  {
    name: 'srv-lowercases-line',
    breaks: ['WS-035'],
    what: 'turns each line into lower case',
    change: (Plain) =>
      class extends Plain {
        override parse(line: string): Command {
          return super.parse(line.toLowerCase());
        }
      },
  },
  {
    name: 'srv-duplicate-names',
    breaks: ['WS-036'],
    what: 'gives a name to two clients',
    change: replaces({ isTaken: () => false }),
  },
  {
    name: 'srv-taken-text',
    breaks: ['WS-037'],
    what: 'refuses a taken name without a suggestion',
    change: replaces({
      refuseTaken(client) {
        this.respond(client, "-ERR 'name in use'");
      },
    }),
  },
  {
    name: 'srv-suggests-taken',
    breaks: ['WS-038'],
    what: 'suggests the name that is taken',
    change: replaces({ suggest: (name) => name }),
  },
  {
    name: 'srv-taken-advances',
    breaks: ['WS-039'],
    what: 'enters TRANSACTION after refusing a taken name',
    change: (Plain) =>
      class extends Plain {
        readonly #advanced = new WeakSet<Client>();

        override refuseTaken(client: Client, name: string): void {
          super.refuseTaken(client, name);
          this.#advanced.add(client);
        }

        override allows(client: Client, keyword: Keyword): boolean {
          return this.#advanced.has(client) || super.allows(client, keyword);
        }
      },
  },
  {
    name: 'srv-no-join-broadcast',
    breaks: ['WS-040'],
    what: 'announces no new names',
    change: replaces({ announceJoin: () => undefined }),
  },
  {
    name: 'srv-join-with-ok',
    breaks: ['WS-041'],
    what: 'puts +OK before the announcement of a new name',
    change: replaces({ joinLine: (name) => `+OK nuser ${name}` }),
  },
  {
    name: 'srv-nuser-named-only',
    breaks: ['WS-042'],
    what: 'announces to clients with a name only',
    change: (Plain) =>
      class extends Plain {
        override others(client: Client): readonly Client[] {
          return super.others(client).filter((other) => other.name !== undefined);
        }
      },
  },
  {
    name: 'srv-nuser-self',
    breaks: ['WS-043'],
    what: 'announces a new name to its owner, too',
    change: (Plain) =>
      class extends Plain {
        override announceJoin(client: Client, name: string): void {
          super.announceJoin(client, name);
          this.push(client, this.joinLine(name));
        }
      },
  },
  {
    name: 'srv-nuser-twice',
    breaks: ['WS-044'],
    what: 'announces each new name twice',
    change: (Plain) =>
      class extends Plain {
        override announceJoin(client: Client, name: string): void {
          super.announceJoin(client, name);
          super.announceJoin(client, name);
        }
      },
  },
  {
    name: 'srv-nuser-before-check',
    breaks: ['WS-045'],
    what: 'announces a name before it checks whether it is taken',
    change: (Plain) =>
      class extends Plain {
        override refuseTaken(client: Client, name: string): void {
          this.announceJoin(client, name);
          super.refuseTaken(client, name);
        }
      },
  },
  {
    name: 'srv-own-name-taken',
    breaks: ['WS-046'],
    what: 'suggests another name to a client that enters its own',
    change: replaces({
      refuseOwnName(client, name) {
        this.refuseTaken(client, name);
      },
    }),
  },
  {
    name: 'srv-own-name-broadcast',
    breaks: ['WS-047'],
    what: 'announces a change from a name to itself',
    change: (Plain) =>
      class extends Plain {
        override refuseOwnName(client: Client, name: string): void {
          super.refuseOwnName(client, name);
          this.announceChange(client, name, name);
        }
      },
  },
  {
    name: 'srv-name-kept',
    breaks: ['WS-048'],
    what: 'refuses names of sessions that quit',
    change: (Plain) =>
      class extends keepsNames(Plain) {
        override quit(client: Client): void {
          if (client.name !== undefined) this.kept.add(client.name);
          super.quit(client);
        }
      },
  },
  {
    name: 'srv-name-kept-on-abort',
    breaks: ['WS-049'],
    what: 'refuses names of sessions that ended without cquit',
    change: (Plain) =>
      class extends keepsNames(Plain) {
        override ended(client: Client, kind: EndKind): void {
          if (client.name !== undefined && !client.gone) this.kept.add(client.name);
          super.ended(client, kind);
        }
      },
  },
  {
    name: 'srv-ghost-users',
    breaks: ['WS-050'],
    what: 'lists the names of users who left',
    change: (Plain) =>
      class extends Plain {
        readonly #ghosts = new Set<string>();

        override leave(client: Client): void {
          if (client.name !== undefined) this.#ghosts.add(client.name);
          super.leave(client);
        }

        override namesFor(client: Client): readonly string[] {
          return [...new Set([...super.namesFor(client), ...this.#ghosts])];
        }
      },
  },
];
