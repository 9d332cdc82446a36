import { SparError } from '../problem/problem.ts';
import { didYouMean } from '../problem/suggest.ts';
import type { Defect } from '../reference/reference.ts';

/** The defects that were asked for. Raises a SparError for one that the reference does not have. */
export function checkedDefects(
  protocol: string,
  wanted: readonly string[],
  of: readonly Defect[],
): ReadonlySet<string> {
  const known = of.map((defect) => defect.name);
  for (const defect of wanted) {
    if (known.includes(defect)) continue;
    throw new SparError({
      fault: 'user',
      what: `${protocol} has no defect "${defect}"`,
      mend: didYouMean(defect, known),
    });
  }
  return new Set(wanted);
}
