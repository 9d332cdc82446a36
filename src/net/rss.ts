import { readdir, readFile } from 'node:fs/promises';

const KIB = 1024;

/**
 * The resident memory of a process and its descendants in bytes, from Linux' /proc; undefined where
 * there is none or the process is gone.
 */
export async function rss(pid: number): Promise<number | undefined> {
  const own = /^VmRSS:\s+(\d+) kB$/m.exec(await read(`/proc/${pid}/status`))?.[1];
  if (own === undefined) return undefined;
  const sizes = await Promise.all((await childrenOf(pid)).map(rss));
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), Number(own) * KIB);
}

async function childrenOf(pid: number): Promise<number[]> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(tasks.map((task) => read(`/proc/${pid}/task/${task}/children`)));
  return lists.flatMap((list) => list.split(' ').filter((word) => word !== '')).map(Number);
}

function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
