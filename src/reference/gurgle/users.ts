import { accountOf } from './account.ts';
import { Roaster } from './roaster.ts';
import type { User } from './session.ts';

/** Users that are remembered; then those who are away and have no messages are forgotten. */
const MOST_USERS = 10_000;

/** The users who were heard of. */
export class Users {
  readonly #users = new Map<string, User>();

  /** The user with a bare ID, if there is such an account. */
  find(id: string): User | undefined {
    const known = this.#users.get(id);
    const account = known ? undefined : accountOf(id);
    if (!account) return known;
    if (this.#users.size >= MOST_USERS) this.#forgetOldest();
    const user: User = { account, roaster: new Roaster(account), sessions: new Set(), mailbox: new Set() };
    this.#users.set(id, user);
    return user;
  }

  all(): readonly User[] {
    return [...this.#users.values()];
  }

  clear(): void {
    this.#users.clear();
  }

  #forgetOldest(): void {
    for (const [id, { sessions, mailbox }] of this.#users) {
      if (sessions.size === 0 && mailbox.size === 0) {
        this.#users.delete(id);
        return;
      }
    }
  }
}
