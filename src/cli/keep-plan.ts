import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '../fuzz/plan.ts';
import { writeAtomic } from '../net/disk.ts';

/** Keeps a plan in a folder, under a name made of what is in it. */
export async function keepPlan(folder: string, plan: Plan): Promise<void> {
  const text = JSON.stringify(plan);
  let hash = 5381;
  for (let index = 0; index < text.length; index += 1) hash = (hash * 33 + text.charCodeAt(index)) >>> 0;
  const file = join(folder, `${hash.toString(16).padStart(8, '0')}.json`);
  if (existsSync(file)) return;
  await mkdir(folder, { recursive: true });
  await writeAtomic(file, `${text}\n`);
}
