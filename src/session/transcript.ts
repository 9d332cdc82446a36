import type { TranscriptEntry } from '../events/event.ts';
import { hex, printable } from '../wire/printable.ts';

interface Entry {
  readonly at: number;
  readonly peer: string;
  readonly what: TranscriptEntry['what'];
  readonly bytes?: Uint8Array;
  /** Octets that there were; `bytes` are the first of them. */
  readonly size?: number;
  readonly text?: string;
  readonly message?: string;
  readonly step: number;
}

/** Entries kept from the beginning and from the end of a conversation. */
const keptAtBothEnds = 200;
const shownOctets = 512;
const keptOctets = 8 * shownOctets;

/** What crossed the wire. Cheap while it is written, turned into text only when somebody wants to read it. */
export class Transcript {
  readonly #head: Entry[] = [];
  #tail: Entry[] = [];
  #leftOut = 0;

  add(added: Entry): void {
    const entry = shortened(added);
    if (this.#head.length < keptAtBothEnds) {
      this.#head.push(entry);
      return;
    }
    this.#tail.push(entry);
    if (this.#tail.length >= 2 * keptAtBothEnds) {
      this.#leftOut += keptAtBothEnds;
      this.#tail = this.#tail.slice(keptAtBothEnds);
    }
  }

  entries(): TranscriptEntry[] {
    const tail = this.#tail.slice(-keptAtBothEnds);
    const leftOut = this.#leftOut + this.#tail.length - tail.length;
    const gap: Entry[] =
      leftOut > 0
        ? [
            {
              at: tail[0]?.at ?? 0,
              peer: '',
              what: 'note',
              text: `… ${leftOut} entries are left out …`,
              step: -1,
            },
          ]
        : [];
    return [...this.#head, ...gap, ...tail].map(toText);
  }
}

/** Long octets are cut, in a copy, so that nobody holds on to the rest of them. */
function shortened(entry: Entry): Entry {
  const { bytes } = entry;
  if (!bytes || bytes.length <= keptOctets) return entry;
  return { ...entry, bytes: bytes.slice(0, keptOctets), size: bytes.length };
}

function toText(entry: Entry): TranscriptEntry {
  const { bytes } = entry;
  const text = entry.text ?? (bytes ? printable(bytes) : '');
  const unclear = bytes !== undefined && /[\\…]/.test(text.replace(/(\\r)?\\n$/, ''));
  return {
    at: Math.round(entry.at * 100) / 100,
    peer: entry.peer,
    what: entry.what,
    text,
    ...(bytes ? { size: entry.size ?? bytes.length } : {}),
    ...(unclear ? { hex: hex(bytes.subarray(0, shownOctets)) } : {}),
    ...(entry.message === undefined ? {} : { message: entry.message }),
    ...(entry.step < 0 ? {} : { step: entry.step }),
  };
}
