import type { Scope } from '../match/expression.ts';
import { freshText } from '../match/fresh-text.ts';
import { compileValue, type Filled } from '../match/interpolate.ts';
import type { World } from './world.ts';

/** The names and values of one conversation, shared by all its scopes. */
export class Names {
  /** Captures and settings of the case. */
  readonly values: Map<string, unknown> = new Map();
  /** Every name that belongs to this conversation: a push that speaks of none of them is somebody else's. */
  readonly own: Set<unknown> = new Set();
  readonly #world: World;
  readonly #random: () => number;
  /** The values of the case's row of a table, filled in when they are first used. */
  readonly #row: ReadonlyMap<string, Filled>;
  readonly #ofPeers = new Map<string, Map<string, unknown>>();
  readonly #crowds = new Map<string, string[]>();

  constructor(
    world: World,
    random: () => number,
    row: Readonly<Record<string, unknown>>,
    peers: readonly string[],
  ) {
    this.#world = world;
    this.#random = random;
    this.#row = compiledRow(row);
    for (const peer of peers) {
      this.#ofPeers.set(peer, new Map());
      const crowd = /^(.+)-\d+$/.exec(peer)?.[1];
      if (crowd) this.#crowds.set(crowd, [...(this.#crowds.get(crowd) ?? []), peer]);
    }
  }

  /** A value of a peer: its fresh names, `name` for the first of them, or what was captured for it. */
  ofPeer(peer: string, key: string): unknown {
    const values = this.#ofPeers.get(peer);
    if (!values) return undefined;
    if (values.has(key)) return values.get(key);
    for (const [name, identity] of this.#world.protocol.identity) {
      if (identity.per !== 'peer' || (key !== 'name' && key !== name)) continue;
      const made = values.get(name) ?? this.#fresh(identity.pattern);
      values.set(name, made);
      if (!values.has('name')) values.set('name', made);
      return made;
    }
    return undefined;
  }

  isPeer(name: string): boolean {
    return this.#ofPeers.has(name);
  }

  setOfPeer(peer: string, key: string, value: unknown): void {
    this.#ofPeers.get(peer)?.set(key, value);
    this.own.add(value);
  }

  /** Keeps the fields of a message that a peer received, the latest value of each: `alice.said.token`. */
  heard(peer: string, fields: Readonly<Record<string, unknown>>): void {
    const values = this.#ofPeers.get(peer);
    if (!values) return;
    // Without a prototype, a field called __proto__ is a field like any other.
    const said = values.get('said') ?? Object.create(null);
    values.set('said', Object.assign(said, fields));
  }

  namesOfCrowd(crowd: string): unknown[] | undefined {
    return this.#crowds.get(crowd)?.map((peer) => this.ofPeer(peer, 'name'));
  }

  /** A value of the case's row; it stays what it was when it was first used. */
  ofRow(key: string, scope: Scope): unknown {
    const made = this.#row.get(key)?.(scope);
    if (made === undefined) return undefined;
    this.values.set(key, made);
    this.own.add(made);
    return made;
  }

  /** A name of the case, e.g. `group`; a digit behind it (`group2`) makes another one. */
  ofCase(key: string): unknown {
    const identity =
      this.#world.protocol.identity.get(key) ?? this.#world.protocol.identity.get(key.replace(/\d+$/, ''));
    if (!identity) return undefined;
    const made = this.#fresh(identity.pattern);
    this.values.set(key, made);
    return made;
  }

  /** A text that nothing else is called by. */
  nowhere(): string {
    const [first] = this.#world.protocol.identity.values();
    return this.#fresh(first?.pattern ?? '[a-z]{12}');
  }

  nonce(): number {
    return Math.floor(this.#random() * 2 ** 31);
  }

  uuid(): string {
    const digits = freshText('[0-9a-f]{32}', this.#random);
    const parts = [
      digits.slice(0, 8),
      digits.slice(8, 12),
      `4${digits.slice(13, 16)}`,
      `a${digits.slice(17, 20)}`,
      digits.slice(20),
    ];
    return parts.join('-');
  }

  #fresh(pattern: string): string {
    const made = freshText(pattern, this.#random);
    this.own.add(made);
    return made;
  }
}

const rows = new WeakMap<object, ReadonlyMap<string, Filled>>();

/** The values of a row, read once for all the times that its case is held. */
function compiledRow(row: Readonly<Record<string, unknown>>): ReadonlyMap<string, Filled> {
  const before = rows.get(row);
  if (before) return before;
  const made = new Map(Object.entries(row).map(([name, value]) => [name, compileValue(value)]));
  rows.set(row, made);
  return made;
}

/** What `${…}` sees at one place of a case: the conversation's names, under the aliases in force there. */
export class CaseScope implements Scope {
  readonly names: Names;
  readonly #world: World;
  readonly #aliases: ReadonlyMap<string, string>;
  readonly #values: ReadonlyMap<string, unknown>;

  constructor(
    world: World,
    names: Names,
    aliases: ReadonlyMap<string, string> = empty,
    values: ReadonlyMap<string, unknown> = empty,
  ) {
    this.#world = world;
    this.names = names;
    this.#aliases = aliases;
    this.#values = values;
  }

  /** A scope inside this one: other names for peers (`self`), more values. */
  within(
    aliases: readonly (readonly [string, string])[],
    values: readonly (readonly [string, unknown])[] = [],
  ): CaseScope {
    return new CaseScope(
      this.#world,
      this.names,
      joined(this.#aliases, aliases),
      joined(this.#values, values),
    );
  }

  /** The peer that a name stands for here. */
  peer(name: string): string {
    return this.#aliases.get(name) ?? name;
  }

  get(path: readonly string[]): unknown {
    const [head = '', key] = path;
    if (this.#values.has(head)) return walk(this.#values.get(head), path.slice(1));
    const peer = this.peer(head);
    if (this.names.isPeer(peer)) {
      if (key === undefined) return head === 'self' ? peer : undefined;
      return walk(this.names.ofPeer(peer, key), path.slice(2));
    }
    if (this.names.values.has(head)) return walk(this.names.values.get(head), path.slice(1));
    const ofRow = this.names.ofRow(head, this);
    if (ofRow !== undefined) return walk(ofRow, path.slice(1));
    if (key === 'names') {
      const crowd = this.names.namesOfCrowd(head);
      if (crowd) return crowd;
    }
    if (head === 'dialect') return key === undefined ? undefined : this.#world.protocol.dialect[key];
    if (head === 'facts') return walk(this.#world.facts, path.slice(1));
    if (head === 'nowhere') return this.names.nowhere();
    if (head === 'nonce') return this.names.nonce();
    if (head === 'uuid') return this.names.uuid();
    if (head === 'now') return Math.floor(this.#world.clock.wall() / 1000);
    if (head === 'seed') return this.#world.seed;
    return this.names.ofCase(head);
  }

  /** Keeps a capture: `self.token` for a peer, anything else for the case. */
  capture(name: string, value: unknown): void {
    const [head = '', key] = name.split('.');
    const peer = this.peer(head);
    if (key !== undefined && this.names.isPeer(peer)) this.names.setOfPeer(peer, key, value);
    else this.names.values.set(name, value);
  }
}

const empty: ReadonlyMap<string, never> = new Map<string, never>();

function joined<T>(
  before: ReadonlyMap<string, T>,
  more: readonly (readonly [string, T])[],
): ReadonlyMap<string, T> {
  if (more.length === 0) return before;
  const all = new Map(before);
  for (const [name, value] of more) all.set(name, value);
  return all;
}

function walk(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    if (found === null || typeof found !== 'object' || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}
