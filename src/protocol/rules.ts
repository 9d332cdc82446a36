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
}

/** What a rule says of a message. */
export interface RuleResult {
  /** True if the rule speaks of this message. */
  readonly applies: boolean;
  /** Why it is broken; absent if it holds. */
  readonly broken?: string;
}

const rulesOf = new WeakMap<readonly Rule[], Map<string, readonly Rule[]>>();

/** The rules that may speak of a message that a side sent. */
export function rulesOn(
  rules: readonly Rule[],
  from: Role,
  { definition, oddities }: Message,
  unasked: boolean,
): readonly Rule[] {
  const known = rulesOf.get(rules) ?? new Map<string, readonly Rule[]>();
  rulesOf.set(rules, known);
  const name = definition?.name ?? 'unknown';
  const isOdd = unasked || oddities.length > 0;
  const key = `${from} ${isOdd} ${name}`;
  const before = known.get(key);
  if (before) return before;
  const made = rules.filter(
    (rule) =>
      rule.from === from &&
      (rule.messages.length === 0 || rule.messages.includes(name)) &&
      (isOdd || !isOnOddOnes(rule)),
  );
  known.set(key, made);
  return made;
}

/** Most messages are as they should be: a rule that speaks of odd ones alone need not look at them. */
function isOnOddOnes({ when, must, on }: Rule): boolean {
  return when !== undefined && must === undefined && on.length > 0;
}

/** Holds a rule of `rulesOn` against a message. `unasked` says that nothing asked for it. */
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
