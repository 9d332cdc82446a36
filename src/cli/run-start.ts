import type { RunStarted } from '../events/event.ts';

/** True if a value has the members of a run-started event that reports are made of. */
export function isRunStart(value: unknown): value is RunStarted {
  if (value === null || typeof value !== 'object') return false;
  const { event, time, protocol, cases, requirements, rules } = value as Partial<RunStarted>;
  const named = typeof protocol?.name === 'string' && typeof time === 'string';
  return event === 'run-started' && named && [cases, requirements, rules].every(Array.isArray);
}
