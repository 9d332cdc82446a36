import { isObject } from './packet.ts';

const STATUSES: readonly unknown[] = ['available', 'away', 'dnd', 'invisible'];

/** How a session shows itself. */
export interface Presence {
  /** `available`, `away`, `dnd` or `invisible`; null once the session has ended. */
  readonly status: string | null;
  readonly mood: string;
}

/** What is said of a session that has ended. */
export const ABSENT: Presence = { status: null, mood: '' };

/** Reads the presence that a client shows. */
export function readPresence(value: unknown): Presence | undefined {
  if (!isObject(value)) return undefined;
  const { status, mood } = value;
  return isStatus(status) && typeof mood === 'string' ? { status, mood } : undefined;
}

function isStatus(value: unknown): value is string {
  return STATUSES.includes(value);
}
