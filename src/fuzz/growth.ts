const mebibyte = 1 << 20;
/** Octets by which a target may grow over a campaign before that is a symptom. */
const allowed = 200 * mebibyte;
/** Samples on a line before it counts, their octets from first to last, and how straight the line must be. */
const steady = { samples: 12, octets: 100 * mebibyte, straight: 0.9 };

/** Pieces of work, and the octets that stay of them, after which growth is beyond doubt. */
const plainly = { pieces: 4, octets: 64 * mebibyte };

/** The memory of a target over its conversations. Says when it grows without end. */
export class Growth {
  #samples: { readonly at: number; readonly octets: number }[] = [];

  /** The target was started anew. */
  restarted(): void {
    this.#samples = [];
  }

  /** Memory after so many conversations; in words how it grows, if it does. */
  add(at: number, octets: number): string | undefined {
    this.#samples = [...this.#samples.slice(-200), { at, octets }];
    const grown = octets - (this.#samples[0]?.octets ?? octets);
    const each = slope(this.#samples);
    const line = each.straight >= steady.straight && this.#samples.length >= steady.samples;
    if (grown < allowed && !(line && grown >= steady.octets)) return undefined;
    this.#samples = [];
    return `the memory of the target grew by ${mib(grown)} MiB, about ${Math.max(1, Math.round(each.each / 1024))} KiB a conversation`;
  }
}

/** True if memory measured after equal pieces of work grows with each of them. */
export function grows(measured: readonly number[]): boolean {
  return measured.length > 1 && risen(measured) >= 24 * mebibyte && climbs(measured);
}

/** True if it grows by so much with each piece of work that no more of them are needed. */
export function growsPlainly(measured: readonly number[]): boolean {
  const last = measured.slice(-plainly.pieces - 1);
  return last.length > plainly.pieces && risen(last) >= plainly.octets && climbs(last);
}

/** True if each piece of work left memory behind. */
export function climbs(measured: readonly number[]): boolean {
  return measured.every((octets, index) => octets - (measured[index - 1] ?? 0) >= 4 * mebibyte);
}

function risen(measured: readonly number[]): number {
  return (measured.at(-1) ?? 0) - (measured[0] ?? 0);
}

function mib(octets: number): number {
  return Math.round(octets / mebibyte);
}

/** The straight line through the samples by least squares: octets each, and the share that it explains. */
function slope(samples: readonly { readonly at: number; readonly octets: number }[]): {
  each: number;
  straight: number;
} {
  const count = Math.max(1, samples.length);
  const [midAt, midOctets] = [
    samples.reduce((sum, { at }) => sum + at, 0) / count,
    samples.reduce((sum, { octets }) => sum + octets, 0) / count,
  ];
  let [across, along, off] = [0, 0, 0];
  for (const { at, octets } of samples) {
    across += (at - midAt) * (octets - midOctets);
    along += (at - midAt) ** 2;
    off += (octets - midOctets) ** 2;
  }
  if (along === 0 || off === 0) return { each: 0, straight: 0 };
  return { each: across / along, straight: across <= 0 ? 0 : across ** 2 / (along * off) };
}
