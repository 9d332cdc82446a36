import type { Role } from '../events/verdict.ts';
import { fits, type MatchContext, type Mismatch, nothing, type Pattern } from '../match/pattern.ts';
import type { Message } from './message.ts';

/** What holds for every message of a side, in every conversation. */
export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly proves: readonly string[];
  /** Whose messages it speaks of. */
  readonly from: Role;
  /** Oddities that break it. */
  readonly on: readonly string[];
  /** Names of messages; empty for all. */
  readonly messages: readonly string[];
  readonly states: readonly string[];
  readonly when?: Pattern;
  readonly must?: Pattern;
  /** Field whose values differ over all such messages of a connection. */
  readonly distinct?: string;
  /** What it says hangs on nothing but the message. */
  readonly settled: boolean;
}

/** What a rule says of a message. */
export interface RuleResult {
  /** True if the rule speaks of this message. */
  readonly applies: boolean;
  /** Why it is broken; absent if it holds. */
  readonly broken?: string;
}

/** What a rule says of a message of which it speaks. */
export interface Told {
  readonly rule: Rule;
  readonly broken?: string;
}

/** What rules say of a message; those that are open have to be asked. */
interface Reading {
  readonly told: readonly Told[];
  readonly open: readonly Rule[];
}

/** Characters of a line that is worth to be remembered, and how many are. */
const short = 64;
const most = 1000;

/** The rules of one side. What is settled by a short line alone is remembered: servers say the same again and again. */
export class RuleBook {
  readonly #rules: readonly Rule[];
  readonly #byName = new Map<string, readonly Rule[]>();
  readonly #readings = new Map<string, Reading>();

  constructor(rules: readonly Rule[], from: Role) {
    this.#rules = rules.filter((rule) => rule.from === from);
  }

  /** What is settled of a message, and the rules that may have something to say of it besides. */
  read(message: Message, state: string, unasked: boolean): Reading {
    const name = message.definition?.name ?? 'unknown';
    const isOdd = unasked || message.oddities.length > 0;
    const { payload } = message;
    if (isOdd || typeof payload !== 'string' || payload.length > short)
      return { told: [], open: this.#on(name, isOdd) };
    const key = `${name} ${state} ${payload}`;
    const before = this.#readings.get(key);
    if (before) return before;
    if (this.#readings.size >= most) this.#readings.clear();
    const now = settle(this.#on(name, false), message, state);
    this.#readings.set(key, now);
    return now;
  }

  #on(name: string, isOdd: boolean): readonly Rule[] {
    const key = `${name} ${isOdd}`;
    const before = this.#byName.get(key);
    if (before) return before;
    const made = this.#rules.filter(({ messages }) => messages.length === 0 || messages.includes(name));
    const plain = isOdd ? made : made.filter((rule) => !isOnOddOnes(rule));
    this.#byName.set(key, plain);
    return plain;
  }
}

const nobody: MatchContext = { scope: { get: () => undefined }, wall: () => 0, captures: [] };

function settle(rules: readonly Rule[], message: Message, state: string): Reading {
  const told: Told[] = [];
  const open: Rule[] = [];
  for (const rule of rules) {
    if (!rule.settled) {
      open.push(rule);
      continue;
    }
    const { applies, broken } = applyRule(rule, message, state, false, nobody);
    if (applies) told.push(broken === undefined ? { rule } : { rule, broken });
  }
  return { told, open };
}

const books = new WeakMap<readonly Rule[], Partial<Record<Role, RuleBook>>>();

/** The rules on what a side sends. */
export function ruleBook(rules: readonly Rule[], from: Role): RuleBook {
  const known = books.get(rules) ?? {};
  books.set(rules, known);
  known[from] ??= new RuleBook(rules, from);
  return known[from];
}

/** Most messages are as they should be: a rule that speaks of odd ones alone need not look at them. */
function isOnOddOnes({ when, must, on }: Rule): boolean {
  return when !== undefined && must === undefined && on.length > 0;
}

/** Holds a rule on messages of its name against a message. `unasked` says that nothing asked for it. */
export function applyRule(
  rule: Rule,
  message: Message,
  state: string,
  unasked: boolean,
  context: MatchContext,
): RuleResult {
  if (rule.states.length > 0 && !rule.states.includes(state)) return silent;
  const broken = oddityOf(rule, message, unasked);
  if (broken === undefined && isOnOddOnes(rule)) return silent;
  const view = viewOf(message);
  if (rule.when && !fits(rule.when, view, context.scope, context.wall)) return silent;
  if (broken !== undefined) return { applies: true, broken };
  const differences = rule.must ? rule.must.match(view, context) : nothing;
  const [first] = differences;
  return first ? { applies: true, broken: sentence(first) } : holds;
}

/** What of a message a rule is on. */
function oddityOf({ on }: Rule, { oddities }: Message, unasked: boolean): string | undefined {
  for (const subject of on) {
    if (subject === 'unasked' && unasked) return 'nothing asked for it';
    const oddity = oddities.find((one) => one === subject || one.startsWith(`${subject}:`));
    if (oddity !== undefined) return oddity;
  }
  return undefined;
}

const silent: RuleResult = { applies: false };
const holds: RuleResult = { applies: true };

/** What rules and patterns see of a message: the fields of a line and the line, or the JSON value. */
export function viewOf(message: Message): unknown {
  if (typeof message.payload === 'string' && message.fields['line'] !== undefined) return message.fields;
  return message.payload;
}

function sentence(mismatch: Mismatch): string {
  return `${mismatch.path ? `${mismatch.path}: ` : ''}expected ${mismatch.expected}, got ${mismatch.actual}`;
}
