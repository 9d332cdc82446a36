import type { ExpectedFailure } from '../events/event.ts';
import { type Problem, SparError } from '../problem/problem.ts';
import type { Source } from '../problem/source.ts';
import { didYouMean } from '../problem/suggest.ts';
import { validate } from '../protocol/validate.ts';
import { matchesGlob } from '../suite/select.ts';

/** JSON Schema of `expected-failures.yaml`. */
export const expectedFailuresSchema: object = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:spar:expected-failures:1',
  title: 'Failures that are known to spar',
  type: 'object',
  description: 'Case (id or glob) or requirement, and the reason why it fails.',
  additionalProperties: { type: 'string', minLength: 1 },
};

/** Reads the list of known failures. Raises a SparError, also for an entry that is nothing. */
export function loadExpectedFailures(
  source: Source,
  cases: readonly string[],
  requirements: ReadonlySet<string>,
): ExpectedFailure[] {
  const problems: Problem[] = validate(source, expectedFailuresSchema);
  if (problems.length > 0) throw new SparError(problems);
  const entries = Object.entries(source.value as Record<string, string>);
  for (const [entry] of entries) {
    if (requirements.has(entry) || cases.some((id) => matchesGlob(id, entry))) continue;
    const mend = didYouMean(entry, [...requirements, ...cases]);
    problems.push(source.problem([entry], `"${entry}" is no case and no requirement`, mend, 'key'));
  }
  if (problems.length > 0) throw new SparError(problems);
  return entries.map(([entry, reason]) => ({ entry, reason }));
}

/** The reason why this failing case was to be expected, if it was. */
export function expectedReason(
  known: readonly ExpectedFailure[],
  id: string,
  broken: readonly string[],
): string | undefined {
  const ofCase = known.find(({ entry }) => matchesGlob(id, entry));
  if (ofCase) return ofCase.reason;
  const reasons = broken.map((requirement) => known.find(({ entry }) => entry === requirement)?.reason);
  return reasons.length > 0 && reasons.every((reason) => reason !== undefined) ? reasons[0] : undefined;
}
