import type {
  Attempt,
  CaseFinished,
  CaseInfo,
  Cause,
  Choice,
  Failure,
  TranscriptEntry,
} from '../events/event.ts';
import type { Verdict } from '../events/verdict.ts';
import { reasonWords } from './cause-words.ts';

/**
 * What became of a case: its verdict, or that it failed as expected, that it began and did not end, or
 * that the run did not come to it.
 */
export type Outcome = Verdict | 'expected' | 'unfinished' | 'not-held';

/** A case and what became of it. */
export interface CaseSummary extends CaseInfo {
  readonly outcome: Outcome;
  readonly cause?: Cause;
  /** Why it was not held, or not to its end. */
  readonly why?: string;
  readonly ms: number;
  readonly attempts: readonly Attempt[];
  readonly failures: readonly Failure[];
  readonly notes: readonly string[];
  /** Ways taken where steps allow several. */
  readonly choices?: readonly Choice[];
  readonly transcript?: readonly TranscriptEntry[];
  readonly repeat?: string;
  /** The reason why its failure is expected. */
  readonly expected?: string;
}

/** From best to worst; a case that is held several times has the worst. */
const ranks: readonly Outcome[] = [
  'not-held',
  'unfinished',
  'skip',
  'pass',
  'expected',
  'warn',
  'fail',
  'error',
];

/** The worse of two outcomes of one case; the second if both are as bad. */
export function worse(a: CaseSummary, b: CaseSummary): CaseSummary {
  return ranks.indexOf(a.outcome) > ranks.indexOf(b.outcome) ? a : b;
}

/** What a case became that did not end. */
export function openCase(info: CaseInfo, outcome: 'unfinished' | 'not-held', why: string): CaseSummary {
  return { ...info, outcome, why, ms: 0, attempts: [], failures: [], notes: [] };
}

/** What a case became that ended. The transcript of a case that passed is kept only if wished. */
export function endedCase(info: CaseInfo, event: CaseFinished, allTranscripts: boolean): CaseSummary {
  const outcome = outcomeOf(event);
  const { cause, ms, attempts, failures, notes, choices, transcript, repeat, expected } = event;
  const why = outcome === 'skip' || outcome === 'not-held' || outcome === 'unfinished';
  return {
    ...info,
    outcome,
    ...(cause && { cause }),
    ...(why && { why: reasonWords(cause, event.reason) }),
    ms,
    attempts,
    failures,
    notes,
    ...(choices && { choices }),
    ...(transcript && (allTranscripts || outcome !== 'pass') && { transcript }),
    ...(repeat !== undefined && { repeat }),
    ...(expected !== undefined && { expected }),
  };
}

function outcomeOf({ verdict, cause, expected }: CaseFinished): Outcome {
  if (cause === 'interrupted') return 'unfinished';
  if (verdict === 'skip' && (cause === 'target-dead' || cause === 'bail')) return 'not-held';
  if (expected !== undefined && (verdict === 'fail' || verdict === 'warn')) return 'expected';
  return verdict;
}

/** How many of its tries failed, for a case of which a try failed. */
function triesOf(one: Pick<CaseSummary, 'attempts'>): {
  readonly failed: number;
  readonly of: number;
} {
  const failed = one.attempts.filter(({ verdict }) => verdict !== 'pass').length;
  return { failed, of: one.attempts.length };
}

/** True if some of its tries failed and some passed. */
export function isFlaky(one: Pick<CaseSummary, 'attempts'>): boolean {
  const { failed, of } = triesOf(one);
  return failed > 0 && failed < of;
}

/** `FLAKY 1 of 3` or `fails 3 of 3`; nothing for a case that was tried once. */
export function triesWords(one: Pick<CaseSummary, 'attempts'>): string | undefined {
  const { failed, of } = triesOf(one);
  if (of < 2) return undefined;
  return `${isFlaky(one) ? 'FLAKY' : 'fails'} ${failed} of ${of}`;
}
