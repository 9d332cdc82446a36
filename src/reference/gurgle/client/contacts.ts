import { bareId, parseId } from '../id.ts';
import { isObject } from '../packet.ts';

/** Contacts that are kept, and terminals of each; further ones are passed over. */
const MOST_CONTACTS = 10_000;
const MOST_TERMINALS = 100;

/** A contact as the server lists it, and how it is at each of its terminals. */
interface Contact {
  readonly alias: string;
  readonly name: string;
  readonly terminals: Map<string, string>;
}

/** The contact list of the user. */
export class Contacts {
  readonly #contacts = new Map<string, Contact>();

  clear(): void {
    this.#contacts.clear();
  }

  delete(id: string): void {
    this.#contacts.delete(id);
  }

  aliasOf(id: string): string {
    return this.#contacts.get(id)?.alias ?? '';
  }

  /** Takes the items of a roaster: new ones, and those that replace a contact; one without subscription is gone. */
  merge(roaster: unknown): void {
    if (!Array.isArray(roaster)) return;
    for (const item of roaster.filter(isObject)) this.#take(item);
  }

  /** Takes how somebody is at a terminal; null means gone from there. False if that is no contact. */
  setPresence(from: string, status: string | null, mood: string): boolean {
    const id = parseId(from);
    const terminals = id && this.#contacts.get(bareId(id))?.terminals;
    if (!terminals) return false;
    if (status === null) terminals.delete(from);
    else if (terminals.size < MOST_TERMINALS || terminals.has(from))
      terminals.set(from, `${status} ${mood}`.trim());
    return true;
  }

  /** A line for each contact. */
  lines(): readonly string[] {
    return Array.from(this.#contacts, ([id, { alias, name, terminals }]) => {
      const how = [...new Set(terminals.values())].join(', ');
      return `${id} (${alias || name}): ${how || 'offline'}`;
    });
  }

  #take(item: Readonly<Record<string, unknown>>): void {
    const { from, alias, name, subscription, presence } = item;
    if (typeof from !== 'string') return;
    if (subscription === null) this.#contacts.delete(from);
    else if (this.#contacts.size < MOST_CONTACTS || this.#contacts.has(from)) {
      const terminals = this.#contacts.get(from)?.terminals ?? new Map();
      this.#contacts.set(from, { alias: text(alias), name: text(name), terminals });
      for (const [terminal, how] of presences(presence)) {
        if (isObject(how) && typeof how['status'] === 'string') {
          this.setPresence(`${from}/${terminal}`, how['status'], text(how['mood']));
        }
      }
    }
  }
}

/** The document prints the presence of a contact as a list of members: taken as an object, or a list of such. */
function presences(value: unknown): readonly [string, unknown][] {
  const objects = Array.isArray(value) ? value : [value];
  return objects.filter(isObject).flatMap((one) => Object.entries(one));
}

/** The empty string for what is no text. */
function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
