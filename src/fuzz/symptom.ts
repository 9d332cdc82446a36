import { crashName } from '../run/crash-reports.ts';
import { type CrashReport, readCrash } from '../run/crash-words.ts';
import type { Symptom } from './finding.ts';

/** A death as a symptom: its bucket is the kind of the fault and the target's own frames, or how it ended. */
export function deathSymptom(who: string, how: string, output: string): Symptom {
  const crash = readCrash(output);
  const identity = crash ? crashName(crash) : how;
  return {
    oracle: 'death',
    bucket: `death: ${identity}`,
    message: crash ? `the ${who} ${how}: ${identity}` : `the ${who} ${how}`,
  };
}

/** The report of a crash from what goes on: a thread, or a handler, has died of what would also end a process. */
export function reportSymptom(who: string, report: CrashReport): Symptom {
  const name = crashName(report);
  return {
    oracle: 'death',
    bucket: `death: ${name}`,
    message: `the ${who} lives on, and prints the report of a crash: ${name}`,
    livesOn: true,
  };
}

/**
 * Something that is no message was answered like one. What is wrong with it is what it has in common with others:
 * where it cannot even be read, whatever message it was made of.
 */
export function acceptedSymptom(
  message: string,
  state: string,
  answer: string,
  faults: readonly string[],
): Symptom {
  const where = faults.every(isOfReading) ? '' : `${state} ${message}: `;
  return {
    oracle: 'accepted',
    bucket: `accepted: ${where}${faults.join(' + ')}`,
    message: `a malformed ${message} (${faults.join(', ')}) in state ${state} is answered by ${answer}`,
    accepted: { faults, state },
  };
}

function isOfReading(fault: string): boolean {
  return /^[a-z0-9-]+$/.test(fault) && fault !== 'unknown-message';
}

export function growthSymptom(message: string): Symptom {
  return { oracle: 'growth', bucket: 'growth: memory', message };
}

/** A target that is not started anew cannot do again what it did not survive. */
export function isLasting({ oracle }: Symptom): boolean {
  return oracle === 'death' || oracle === 'hang' || oracle === 'growth';
}

/** True if a target that shows it may not be what it was. */
export function shakes({ oracle, livesOn = false }: Symptom): boolean {
  return !livesOn && !['breach', 'accepted', 'leak'].includes(oracle);
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
  const both = (holds: (symptom: Symptom) => boolean): boolean => holds(one) && holds(other);
  return isSameOrPart(one, other) || both(({ oracle }) => oracle === 'hang') || both(isCrash);
}

/** True if nothing is wrong with what was taken for well that is not also wrong with another. */
export function isPartOf(one: Symptom, other: Symptom): boolean {
  if (!one.accepted || !other.accepted || head(one) !== head(other)) return false;
  const { faults } = other.accepted;
  return one.accepted.faults.every((fault) => faults.includes(fault));
}

/** True if one tells of the same as another, or of a part of it. */
export function isSameOrPart(one: Symptom, other: Symptom): boolean {
  return one.bucket === other.bucket || isPartOf(one, other);
}

function head({ bucket, accepted }: Symptom): string {
  return bucket.slice(0, bucket.length - (accepted?.faults.join(' + ').length ?? 0));
}

/** The signal that ends a program whose memory is spoilt depends on how much of it is. */
function isCrash({ bucket }: Symptom): boolean {
  return /^death: was ended by SIG(?:SEGV|BUS|ABRT|ILL|FPE|TRAP)$/.test(bucket);
}
