/** What became of a case or a requirement. */
export type Verdict = 'pass' | 'fail' | 'warn' | 'skip' | 'error';

/** The levels of requirements: the words of RFC 2119, and two for documents without them. */
export const levels = ['MUST', 'MUST NOT', 'SHOULD', 'SHOULD NOT', 'MAY', 'STATED', 'IMPLIED'] as const;
export type Level = (typeof levels)[number];

export type Role = 'server' | 'client';
