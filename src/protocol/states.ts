/** One way in which a request may be answered. */
export interface Answer {
  /** Messages in order; `many` stands for none or more. */
  readonly items: readonly { readonly message: string; readonly many: boolean }[];
  /** The state afterwards; absent if it stays. */
  readonly next?: string;
  /** The target ends the connection (after the items). */
  readonly closes: boolean;
}

/** State → request → the ways in which it may be answered. `connect` stands for the connection itself. */
export type StateTable = ReadonlyMap<string, ReadonlyMap<string, readonly Answer[]>>;

/** An answer as the table writes it. */
export function answerText({ items, next, closes }: Answer): string {
  const words = items.map(({ message, many }) => `${message}${many ? '*' : ''}`);
  if (closes) words.push('closed');
  return `${words.join(' ') || 'nothing'}${next === undefined ? '' : ` -> ${next}`}`;
}

/** A cell of the state table that cannot be read. */
export class StateError extends Error {
  override readonly name = 'StateError';
}

/**
 * Reads one answer: `ACK`, `MSG* ENDSYNC`, `ACCEPT -> online`, `closed`, `nothing -> gone`.
 * Raises a StateError.
 */
export function parseAnswer(text: string): Answer {
  const [left = '', next, ...more] = text.split('->').map((part) => part.trim());
  if (more.length > 0 || left === '' || next === '')
    throw new StateError(`"${text}" is no answer: write MSG* ENDSYNC -> state`);
  const words = left.split(/\s+/);
  const closes = words.at(-1) === 'closed';
  if (closes) words.pop();
  const items = words
    .filter((word) => word !== 'nothing')
    .map((word) => {
      const many = word.endsWith('*');
      const message = many ? word.slice(0, -1) : word;
      if (!/^[A-Za-z+-][\w.+-]*$/.test(message)) throw new StateError(`"${word}" is no name of a message`);
      return { message, many };
    });
  return { items, closes, ...(next === undefined ? {} : { next }) };
}

/** What became of a message that the target sent. */
export type Heard = 'answer' | 'push' | 'unasked' | 'unclear';

interface Pending {
  readonly id: unknown;
  alive: { readonly answer: Answer; at: number }[];
}

/**
 * Follows one connection along the state table. Plain data: the code does not know which role it
 * plays or what carries the messages.
 */
export class Tracker {
  state: string;
  readonly visited: Set<string> = new Set();
  /** The answers of the table that came. */
  readonly walked: Set<Answer> = new Set();
  readonly #table: StateTable;
  readonly #byId: boolean;
  /** Requests in their order; those before `#first` are answered. */
  #pending: Pending[] = [];
  #first = 0;
  /** Other states in which the target may be when it reads what is sent now: where unanswered requests may lead. */
  readonly #ahead = new Set<string>();
  #unclear = false;
  /** Answers after which the target may end the connection, the last of which came just now. */
  #closers: readonly Answer[] = [];

  constructor(table: StateTable, start: string, byId: boolean) {
    this.#table = table;
    this.#byId = byId;
    this.state = start;
    this.visited.add(start);
    this.asked('connect', undefined);
  }

  /** How many requests wait for an answer. */
  get waiting(): number {
    return this.#pending.length - this.#first;
  }

  /** True if the target may end the connection now: by its last answer, or instead of the one that is due. */
  get mayClose(): boolean {
    return this.#closers.length > 0 || this.#overdue().length > 0;
  }

  /** The target ended the connection: an answer of its own, if the table has it so. */
  ended(): void {
    for (const answer of this.#closers.length > 0 ? this.#closers : this.#overdue()) this.walked.add(answer);
  }

  /** Answers that are due and whose last part is the end of the connection. */
  #overdue(): Answer[] {
    return this.#pending
      .slice(this.#first)
      .flatMap(({ alive }) => ended(alive).filter(({ closes }) => closes));
  }

  /** True if the table has this request in the present state. */
  allows(request: string): boolean {
    return (
      this.#table.size === 0 ||
      this.#table.get(this.state)?.has(request) === true ||
      this.#table.get('any')?.has(request) === true
    );
  }

  /** A request was sent. One that the table does not know makes what follows unclear. */
  asked(request: string, id: unknown): void {
    const rows = [this.state, ...this.#ahead].map(
      (state) => this.#table.get(state)?.get(request) ?? this.#table.get('any')?.get(request),
    );
    const known = rows.filter((row) => row !== undefined);
    if (known.length < rows.length && request !== 'connect' && this.#table.size > 0) this.#unclear = true;
    if (known.length === 0) return;
    const answers = known.length === 1 ? (known[0] ?? []) : [...new Set(known.flat())];
    const silent = answers.find((answer) => answer.items.length === 0);
    if (silent && answers.length === 1) {
      this.#closers = silent.closes ? [silent] : [];
      if (!silent.closes) this.walked.add(silent);
      this.#go(silent.next);
      return;
    }
    this.#pending.push({ id, alive: answers.map((answer) => ({ answer, at: 0 })) });
    for (const { next } of answers) if (next !== undefined) this.#ahead.add(next);
  }

  /** True if one of the waiting requests may be answered by this message now. */
  awaits(message: string): boolean {
    return this.#place((pending) => goesOn(pending, message)) >= 0;
  }

  /** A message came. `push` says that it may also come unasked. */
  heard(message: string | undefined, id: unknown, push: boolean): Heard {
    if (message !== undefined) {
      const index = this.#find(message, id);
      if (index >= 0) {
        this.#step(index, message);
        return 'answer';
      }
    }
    if (push) return 'push';
    return this.#unclear || this.#table.size === 0 ? 'unclear' : 'unasked';
  }

  /** True once something was sent that the table does not know. */
  get isUnclear(): boolean {
    return this.#unclear;
  }

  /** What is sent from now on is not followed any more: it is deliberately wrong. */
  loosen(): void {
    this.#unclear = true;
  }

  #find(message: string, id: unknown): number {
    const own = this.#byId ? JSON.stringify(id) : undefined;
    const isOwn = (pending: Pending): boolean =>
      !this.#byId || pending.id === undefined || JSON.stringify(pending.id) === own;
    return this.#place((pending) => isOwn(pending) && goesOn(pending, message));
  }

  /** Where the oldest waiting request stands of which something holds; -1 if it holds of none. */
  #place(holds: (pending: Pending) => boolean): number {
    for (let index = this.#first; index < this.#pending.length; index += 1)
      if (holds(this.#pending[index] as Pending)) return index;
    return -1;
  }

  #step(index: number, message: string): void {
    const pending = this.#pending[index] as Pending;
    pending.alive = advance(pending, message);
    const [done, ...others] = ended(pending.alive);
    if (!done) return;
    this.#closers = [done, ...others].filter(({ closes }) => closes);
    this.#remove(index);
    if (this.#pending.length === 0) this.#ahead.clear();
    this.walked.add(done);
    this.#go(done.next);
  }

  /** Most are answered in their order: to move all others each time would cost the square of their number. */
  #remove(index: number): void {
    if (index > this.#first) this.#pending.splice(index, 1);
    else this.#first += 1;
    if (2 * this.#first < this.#pending.length) return;
    this.#pending = this.#pending.slice(this.#first);
    this.#first = 0;
  }

  #go(next: string | undefined): void {
    if (next === undefined) return;
    this.state = next;
    this.#ahead.delete(next);
    this.visited.add(next);
  }
}

/** Answers all of whose messages came. */
function ended(alive: Pending['alive']): Answer[] {
  return alive.filter(({ answer, at }) => at >= answer.items.length).map(({ answer }) => answer);
}

/** The item of an answer, not before `at`, that a message is; -1 if it is none. */
function placeOf({ items }: Answer, at: number, message: string): number {
  let index = at;
  while (items[index]?.many && items[index]?.message !== message) index += 1;
  return items[index]?.message === message ? index : -1;
}

function goesOn(pending: Pending, message: string): boolean {
  return pending.alive.some(({ answer, at }) => placeOf(answer, at, message) >= 0);
}

function advance(pending: Pending, message: string): Pending['alive'] {
  const alive: Pending['alive'] = [];
  for (const { answer, at } of pending.alive) {
    const index = placeOf(answer, at, message);
    if (index >= 0) alive.push({ answer, at: answer.items[index]?.many ? index : index + 1 });
  }
  return alive;
}
