import { readdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { childrenOf, readProc } from './rss.ts';

/** Milliseconds between two looks. */
const between = 5;

/**
 * Waits until no thread of a process and its descendants runs: what they had to do is done then. True at once
 * where there is no /proc; false for a process that does not come to rest within `most` ms.
 */
export async function atRest(pid: number, most: number): Promise<boolean> {
  for (const due = performance.now() + most; await runs(pid); await pause(between))
    if (performance.now() >= due) return false;
  return true;
}

async function runs(pid: number): Promise<boolean> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const states = await Promise.all(tasks.map((task) => readProc(`/proc/${pid}/task/${task}/stat`)));
  if (states.some((stat) => /^.*\) [RD] /s.test(stat))) return true;
  return (await Promise.all((await childrenOf(pid)).map(runs))).some(Boolean);
}
