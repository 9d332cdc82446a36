import { distance } from 'fastest-levenshtein';

/** The known word that was probably meant, if one is near enough. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  const swapped = new Set(swaps(word.toLowerCase()));
  for (const candidate of known) {
    const lower = candidate.toLowerCase();
    const far = swapped.has(lower) ? 1 : distance(word.toLowerCase(), lower);
    if (far < bestDistance) {
      best = candidate;
      bestDistance = far;
    }
  }
  return best;
}

/** The word with two neighbours swapped, for each pair. */
function swaps(word: string): string[] {
  return Array.from(
    { length: Math.max(0, word.length - 1) },
    (_, at) => word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2),
  );
}

/** `Did you mean "x"?`, or the words that are known, or nothing where there are none. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const words = [...known];
  const near = nearest(word, words);
  if (near !== undefined) return `Did you mean "${near}"?`;
  if (words.length === 0) return '';
  const shown = words.slice(0, 12).join(', ');
  return `Known: ${shown}${words.length > 12 ? ', …' : ''}.`;
}
