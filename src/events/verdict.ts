/** What became of a case or a requirement. */
export type Verdict = 'pass' | 'fail' | 'warn' | 'skip' | 'error';

/** The levels of requirements: the words of RFC 2119, and two for documents without them. */
export type Level = 'MUST' | 'MUST NOT' | 'SHOULD' | 'SHOULD NOT' | 'MAY' | 'STATED' | 'IMPLIED';

export type Role = 'server' | 'client';
