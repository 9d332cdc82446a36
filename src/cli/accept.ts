import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readText, writeAtomic } from '../net/disk.ts';
import { SparError } from '../problem/problem.ts';
import { gist } from '../report/case-lines.ts';
import { shownTo } from '../report/shown.ts';
import { reasonWhy, type Summary } from '../report/summary.ts';
import { many } from '../report/words.ts';
import { shown } from './folders.ts';

/**
 * Writes the failures of a run into the list of those that are expected, and takes out what is stale. Returns
 * what was done, in a line. Raises a SparError for a run that did not come to its end: it knows too little.
 */
export async function acceptRun(file: string, { run, cases, stale }: Summary): Promise<string> {
  if (run.stopped !== undefined) {
    throw new SparError({
      fault: 'user',
      what: `${shown(resolve(file))} stays as it is, since ${reasonWhy(run)}`,
      mend: 'Accept the failures of a run that came to its end.',
    });
  }
  const failing = cases.filter(({ outcome }) => outcome === 'fail' || (outcome === 'warn' && run.strict));
  const name = shown(resolve(file));
  if (failing.length + stale.length === 0) return `${name} stays as it is: nothing new fails.`;
  const more = failing.map((one) => ({ entry: one.id, reason: `TODO say why: ${shownTo(160, gist(one))}` }));
  const text = existsSync(file) ? await readText(file) : '';
  const { acceptFailures } = await import('../run/accept-failures.ts');
  await writeAtomic(file, acceptFailures(text, more, stale));
  const done = [
    ...(more.length > 0 ? [`${many(more.length, 'failure')} accepted`] : []),
    ...(stale.length > 0 ? [`${many(stale.length, 'stale entry', 'stale entries')} taken out`] : []),
  ];
  const next = more.length > 0 ? ` Say in it why; --expected-failures ${name} makes a run know of them.` : '';
  return `${name}: ${done.join(', ')}.${next}`;
}
