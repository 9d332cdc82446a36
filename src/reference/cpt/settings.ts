/** What a run against the reference server has to know of it, as it is by default. */
export const cptFacts = {
  /** An account that an administrator has locked. */
  lockedName: 'locked-user',
  /** An account whose address range is never the client's. */
  ipBoundName: 'ip-bound-user',
  /** A group that takes no messages. */
  closedGroup: 'closed-group',
} as const;

/** The settings of the reference server. */
export type CptSettings = Readonly<Record<keyof typeof cptFacts, unknown>> & {
  /**
   * Milliseconds after the start at which its clock begins a second: it is set ahead for that, by less
   * than one. 0 leaves it alone.
   */
  readonly secondBegins: number;
};

/** What stands where nothing else is set. */
export const cptSettings: CptSettings = { ...cptFacts, secondBegins: 0 };
