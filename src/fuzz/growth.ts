import { mebibyte, mib } from '../run/growth.ts';

/** Octets by which a target may grow over a campaign before that is a symptom. */
const allowed = 200 * mebibyte;
/** Samples on a line before it counts, their octets from first to last, and how straight the line must be. */
const steady = { samples: 12, octets: 100 * mebibyte, straight: 0.9 };

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
