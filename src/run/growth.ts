/** Octets. */
export const mebibyte: number = 1 << 20;
/** Conversations between two looks at the memory, looks that make a piece, pieces. */
const pieces = { small: 20, large: 3, count: 4 };
/** Pieces of work, and the octets that stay of them, after which growth is beyond doubt. */
const plainly = { pieces: 4, octets: 64 * mebibyte };

/**
 * The octets by which the same conversations over and over make a target grow, told as soon as it is plain;
 * undefined if they leave nothing behind. `after` holds so many more of them, and tells the memory then.
 */
export async function growthBy(
  after: (conversations: number) => Promise<number>,
): Promise<number | undefined> {
  const measured: number[] = [];
  for (;;) {
    measured.push(await after(pieces.small));
    if (growsPlainly(measured.slice(1))) return risen(measured);
    const each = measured.filter((_, index) => index % pieces.large === pieces.large - 1);
    if (each.length > 1 && !climbs(each)) return undefined;
    if (each.length > pieces.count) return grows(each) ? risen(each) : undefined;
  }
}

/** True if memory measured after equal pieces of work grows with each of them. */
export function grows(measured: readonly number[]): boolean {
  return measured.length > 1 && risen(measured) >= 24 * mebibyte && climbs(measured);
}

/** True if it grows by so much with each piece of work that no more of them are needed. */
function growsPlainly(measured: readonly number[]): boolean {
  const last = measured.slice(-plainly.pieces - 1);
  return last.length > plainly.pieces && risen(last) >= plainly.octets && climbs(last);
}

/** True if each piece of work left memory behind. */
function climbs(measured: readonly number[]): boolean {
  return measured.every((octets, index) => octets - (measured[index - 1] ?? 0) >= 4 * mebibyte);
}

function risen(measured: readonly number[]): number {
  return (measured.at(-1) ?? 0) - (measured[0] ?? 0);
}

/** Octets as whole MiB. */
export function mib(octets: number): number {
  return Math.round(octets / mebibyte);
}
