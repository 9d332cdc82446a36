import { readdir, readFile } from 'node:fs/promises';

const KIB = 1024;

/**
 * The resident memory of a process and its descendants in bytes, from Linux' /proc; undefined where
 * there is none or the process is gone.
 */
export async function rss(pid: number): Promise<number | undefined> {
  const own = /^VmRSS:\s+(\d+) kB$/m.exec(await readProc(`/proc/${pid}/status`))?.[1];
  if (own === undefined) return undefined;
  const sizes = await Promise.all((await childrenOf(pid)).map(rss));
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), Number(own) * KIB);
}

/** The processes that a process has started and that live. */
export async function childrenOf(pid: number): Promise<number[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(tasks.map((task) => readProc(`/proc/${pid}/task/${task}/children`)));
  return lists.flatMap((list) => list.split(' ').filter((word) => word !== '')).map(Number);
}

/** A file of /proc; empty if its process is gone. */
export function readProc(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
