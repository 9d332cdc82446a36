import type { Role } from '../events/verdict.ts';
import { type MatchContext, type Mismatch, nothing, type Pattern } from '../match/pattern.ts';
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

/** Holds a rule against a message. `unasked` says that nothing asked for it. */
export function applyRule(
  rule: Rule,
  message: Message,
  state: string,
  unasked: boolean,
  context: MatchContext,
): RuleResult {
  if (rule.messages.length > 0 && !rule.messages.includes(message.definition?.name ?? 'unknown'))
    return silent;
  if (rule.states.length > 0 && !rule.states.includes(state)) return silent;
  const broken = oddityOf(rule, message, unasked);
  // Most messages are as they should be: what speaks of odd ones alone need not look closer.
  if (broken === undefined && rule.when && rule.on.length > 0 && !rule.must) return silent;
  const view = viewOf(message);
  if (rule.when && rule.when.match(view, context).length > 0) return silent;
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
