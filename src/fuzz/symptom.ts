import { readCrash } from '../run/crash-words.ts';
import type { Symptom } from './finding.ts';

/** A death as a symptom: its bucket is the kind of the fault and the target's own frames, or how it ended. */
export function deathSymptom(who: string, how: string, output: string): Symptom {
  const crash = readCrash(output);
  const identity = crash ? `${crash.kind} in ${crash.frames.join(' < ') || '?'}` : how;
  return {
    oracle: 'death',
    bucket: `death: ${identity}`,
    message: crash ? `the ${who} ${how}: ${identity}` : `the ${who} ${how}`,
  };
}

/** Something that is no message was answered like one: what is wrong with it is what it has in common with others. */
export function acceptedSymptom(
  message: string,
  state: string,
  answer: string,
  faults: readonly string[],
): Symptom {
  return {
    oracle: 'accepted',
    bucket: `accepted: ${state} ${message}: ${faults.join(' + ')}`,
    message: `a malformed ${message} (${faults.join(', ')}) in state ${state} is answered by ${answer}`,
    faults,
  };
}

export function growthSymptom(message: string): Symptom {
  return { oracle: 'growth', bucket: 'growth: memory', message };
}

/** A target that is not started anew cannot do again what it did not survive. */
export function isLasting({ oracle }: Symptom): boolean {
  return oracle === 'death' || oracle === 'hang' || oracle === 'growth';
}

/** What shows by nothing that comes. */
export function isSilence({ oracle }: Symptom): boolean {
  return oracle === 'hang' || oracle === 'deaf';
}

export function isHungUp({ bucket }: Symptom): boolean {
  return bucket === 'neighbour: hung up on';
}

/** Shrinking may change how a fault shows, but not what it is: deaths without a report are alike. */
export function sameFault(one: Symptom, other: Symptom): boolean {
  if (isPartOf(one, other)) return true;
  const both = (holds: (symptom: Symptom) => boolean): boolean => holds(one) && holds(other);
  return one.bucket === other.bucket || both(({ oracle }) => oracle === 'hang') || both(isCrash);
}

/** True if nothing is wrong with what was taken for well that is not also wrong with another. */
export function isPartOf(one: Symptom, other: Symptom): boolean {
  const { faults } = other;
  if (!one.faults || !faults || head(one) !== head(other)) return false;
  return one.faults.every((fault) => faults.includes(fault));
}

function head({ bucket, faults = [] }: Symptom): string {
  return bucket.slice(0, bucket.length - faults.join(' + ').length);
}

/** The signal that ends a program whose memory is spoilt depends on how much of it is. */
function isCrash({ bucket }: Symptom): boolean {
  return /^death: was ended by SIG(?:SEGV|BUS|ABRT|ILL|FPE|TRAP)$/.test(bucket);
}
