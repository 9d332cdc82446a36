import { setFlagsFromString } from 'node:v8';

/** Octets in all after which a target is taken for one that may flood. */
const much = 1 << 20;

let taken = 0;

/** Lets the heap grow slowly: for some percent of speed the memory stays under 150 MB whatever comes. */
export function spareMemory(): void {
  taken = much;
  setFlagsFromString('--optimize-for-size');
}

/** Leaves the heap to itself, whatever comes in: a fifth faster, and some hundred MB larger. */
export function spendMemory(): void {
  taken = Number.NEGATIVE_INFINITY;
}

/** Counts what comes in, and spares memory once much has come. */
export function takenIn(octets: number): void {
  if (taken >= much) return;
  taken += octets;
  if (taken >= much) spareMemory();
}
