import { readdir } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { childrenOf, readProc } from './rss.ts';

/** Milliseconds between two looks. */
const between = 5;

/**
 * Waits until no thread of a process and its descendants runs: what they had to do is done then. Returns
 * at once where there is no /proc, and for a process that never rests after `most` ms.
 */
export async function atRest(pid: number, most = 200): Promise<void> {
  for (let waited = 0; waited < most && (await runs(pid)); waited += between) await pause(between);
}

async function runs(pid: number): Promise<boolean> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const states = await Promise.all(tasks.map((task) => readProc(`/proc/${pid}/task/${task}/stat`)));
  if (states.some((stat) => /^.*\) [RD] /s.test(stat))) return true;
  return (await Promise.all((await childrenOf(pid)).map(runs))).some(Boolean);
}
