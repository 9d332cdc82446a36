import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RunStarted } from '../events/event.ts';
import { SparError } from '../problem/problem.ts';
import type { CaseSummary } from '../report/case-summary.ts';
import type { RequirementSummary } from '../report/ledger.ts';
import { type RunSummary, summarise } from '../report/summary.ts';
import { readEvents } from './commands/report.ts';
import { isRunStart } from './run-start.ts';

/** What a run found of a requirement. */
export interface LastVerdict {
  /** The folder of the run. */
  readonly folder: string;
  readonly run: RunSummary;
  readonly requirement: RequirementSummary;
  /** The cases whose failures name it. */
  readonly breaking: readonly CaseSummary[];
}

/**
 * What the newest run of a protocol, under a folder of reports, says of a requirement; a run that did not
 * come to the requirement counts only if no other did.
 */
export async function lastVerdict(
  reports: string,
  protocol: string,
  id: string,
): Promise<LastVerdict | undefined> {
  let fallback: LastVerdict | undefined;
  for (const folder of await runsOf(reports, protocol)) {
    const verdict = await verdictIn(folder, id);
    if (verdict && verdict.requirement.status !== 'not-run') return verdict;
    fallback ??= verdict;
  }
  return fallback;
}

/** The folders of the runs of a protocol, newest first. */
async function runsOf(reports: string, protocol: string): Promise<string[]> {
  const names = await readdir(reports).catch(() => []);
  const runs = await Promise.all(
    names.map(async (name) => {
      const folder = join(reports, name);
      const start = await startOf(join(folder, 'events.ndjson'));
      return start?.protocol.name === protocol ? [{ folder, time: start.time }] : [];
    }),
  );
  return runs
    .flat()
    .sort((a, b) => (a.time < b.time ? 1 : -1))
    .map(({ folder }) => folder);
}

/** The first event of a file; nothing where there is none that can be read. */
async function startOf(file: string): Promise<RunStarted | undefined> {
  const stream = createReadStream(file, 'utf8');
  try {
    for await (const line of createInterface({ input: stream })) {
      const event: unknown = JSON.parse(line);
      return isRunStart(event) ? event : undefined;
    }
  } catch {
    // A folder without a run, or a file that somebody else put there.
  } finally {
    stream.destroy();
  }
  return undefined;
}

async function verdictIn(folder: string, id: string): Promise<LastVerdict | undefined> {
  const events = await readEvents(folder, []).catch((error: unknown) => {
    // A file with a hole in its middle tells nothing; an older run may.
    if (error instanceof SparError) return undefined;
    throw error;
  });
  if (!events) return undefined;
  const { run, requirements, cases } = summarise(events);
  const requirement = requirements.find((one) => one.id === id);
  if (!requirement) return undefined;
  return { folder, run, requirement, breaking: cases.filter((one) => requirement.brokenBy.includes(one.id)) };
}
