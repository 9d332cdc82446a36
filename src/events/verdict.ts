/** What became of a case or a requirement. */
export type Verdict = 'pass' | 'fail' | 'warn' | 'skip' | 'error';

/** True where there is something, and all of it was skipped: nothing was tested. */
export function areSkipped(results: readonly { readonly verdict: Verdict }[]): boolean {
  return results.length > 0 && results.every(({ verdict }) => verdict === 'skip');
}

/** The levels of requirements: the words of RFC 2119, and two for documents without them. */
export const levels = ['MUST', 'MUST NOT', 'SHOULD', 'SHOULD NOT', 'MAY', 'STATED', 'IMPLIED'] as const;
export type Level = (typeof levels)[number];

export type Role = 'server' | 'client';
