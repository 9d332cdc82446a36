import type { CaseFinished, ExpectedFailure, RunStarted } from '../events/event.ts';
import { matchesGlob } from './select.ts';

/** Expected failures that hold now. Of what was not held in this run nothing is known. */
export function staleEntries(
  { expected = [], cases, rules }: Pick<RunStarted, 'expected' | 'cases' | 'rules'>,
  results: readonly CaseFinished[],
): ExpectedFailure[] {
  const held = results.filter((result) => result.verdict !== 'skip');
  return expected.filter(({ entry }) => {
    const ofCase = results.filter((result) => matchesGlob(result.case, entry));
    if (ofCase.length > 0) return ofCase.every((result) => result.verdict === 'pass');
    if (held.some(({ failures }) => failures.some(({ requirements }) => requirements.includes(entry))))
      return false;
    const proving = new Set(cases.filter(({ proves }) => proves.includes(entry)).map(({ id }) => id));
    const watching = rules.filter(({ proves }) => proves.includes(entry)).map(({ id }) => id);
    return held.some(
      (result) => proving.has(result.case) || watching.some((id) => result.rules?.includes(id)),
    );
  });
}
