import type { Account } from './account.ts';
import { isObject } from './packet.ts';

/** What a client wants changed about one contact. */
export interface RoasterChange {
  /** Bare ID. */
  readonly from: string;
  readonly alias: string;
  readonly delete: boolean;
}

/** The contacts of a user, as the user orders them. */
export class Roaster {
  /** What the user calls each contact, by bare ID. */
  readonly aliases: Map<string, string>;
  readonly #owner: string;
  #revision = 0;

  constructor(account: Account) {
    this.#owner = account.id;
    this.aliases = new Map(account.contacts.map((contact) => [contact, '']));
  }

  /** The tag of the list as it stands, of this user only. */
  get etag(): string {
    return `${this.#owner}:${this.#revision}`;
  }

  renewTag(): void {
    this.#revision++;
  }
}

/** Reads the changes of contacts in a roaster, each contact at most once. All must be in order, or none is taken. */
export function readChanges(value: unknown, roaster: Roaster): readonly RoasterChange[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const changes: RoasterChange[] = [];
  const left = new Set(roaster.aliases.keys());
  for (const item of value) {
    const change = readChange(item);
    if (!change || !left.delete(change.from)) return undefined;
    changes.push(change);
  }
  return changes;
}

function readChange(value: unknown): RoasterChange | undefined {
  if (!isObject(value)) return undefined;
  const { from, alias, delete: remove } = value;
  if (typeof from !== 'string' || typeof alias !== 'string' || typeof remove !== 'boolean') return undefined;
  return { from, alias, delete: remove };
}
