/** The settings of the reference server, with their defaults: what a run against it has to know. */
export const cptSettings = {
  /** An account that an administrator has locked. */
  lockedName: 'locked-user',
  /** An account whose address range is never the client's. */
  ipBoundName: 'ip-bound-user',
  /** A group that takes no messages. */
  closedGroup: 'closed-group',
} as const;
