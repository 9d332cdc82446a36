import type { Cause } from '../events/event.ts';

/** Each cause in a few words that fit into a sentence. */
export const causeWords: Readonly<Record<Cause, string>> = {
  mismatch: 'another message came',
  silent: 'nothing came in time',
  closed: 'the target closed the connection',
  reset: 'the target reset the connection',
  'not-closed': 'the target kept the connection open',
  unexpected: 'something came where nothing may come',
  check: 'a comparison does not hold',
  rule: 'a rule of the protocol was broken',
  memory: 'the target takes too much memory',
  output: 'the target printed the report of a crash',
  garbage: 'the octets are no message of the protocol',
  flood: 'more came than spar takes',
  died: "the target's process ended",
  hung: 'the target stopped answering',
  unreachable: 'no connection could be made',
  control: 'the valid form of the same exchange was not accepted',
  'target-dead': 'the target is dead',
  bail: 'the wished number of failures was reached',
  interrupted: 'the run was interrupted',
  'needs-fact': 'needs fact',
  'needs-stimulus': 'needs stimulus',
  'needs-shows': 'needs shows',
  'needs-dialect': 'needs dialect',
  'needs-process': 'needs a process that spar starts',
  harness: "a fault of spar's own",
};

const needs: ReadonlySet<Cause> = new Set(['needs-fact', 'needs-stimulus', 'needs-shows', 'needs-dialect']);

/** Why a case was not held, in words: the cause, and what exactly was missing. */
export function reasonWords(cause: Cause | undefined, reason: string | undefined): string {
  if (!cause) return reason ?? 'no reason given';
  if (reason === undefined) return causeWords[cause];
  return needs.has(cause) ? `${causeWords[cause]} ${reason}` : `${causeWords[cause]}: ${reason}`;
}
