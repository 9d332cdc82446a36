import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunEvent } from '../events/event.ts';
import type { Role } from '../events/verdict.ts';
import { loadSuite, runSuite } from '../index.ts';
import { sparArgs, timed } from './children.ts';
import { type Row, row } from './row.ts';

const jobs = [1, 8, 32] as const;
const segments = ['as-is', 'byte', 'split', 'coalesce'] as const;

/**
 * Holds a suite with the bundled reference under so many seeds, each with another number of jobs and
 * segmentation in turn, and counts the runs whose verdicts are not those of the first.
 */
export async function seeds(protocol: string, role: Role, count: number, atOnce: number): Promise<Row> {
  const differing: string[] = [];
  let first: string | undefined;
  let next = 1;
  const worker = async (): Promise<void> => {
    for (let seed = next; seed <= count; seed = next) {
      next += 1;
      const how = ['--seed', `${seed}`, '--jobs', `${at(jobs, seed)}`, '--segment', at(segments, seed)];
      const verdicts = await verdictsOf(['run', protocol, '--role', role, ...how]);
      first ??= verdicts;
      if (verdicts !== first) differing.push(how.join(' '));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return row({
    name: `${protocol} ${role}: runs of ${count} whose verdicts differ`,
    unit: 'runs',
    spar: [differing.length],
    ratio: 1,
    wanted: '0',
    note: [`seeds 1 to ${count}, jobs ${jobs.join('/')}, ${segments.join(', ')}`, ...differing].join('; '),
  });
}

/**
 * Holds a suite with the bundled reference server under so many seeds, each with 1 and 8 jobs and each
 * segmentation, and counts the runs whose verdicts are not those of the first.
 */
export async function everySeed(protocol: string, count: number): Promise<Row> {
  const suite = await loadSuite(protocol);
  const differing: string[] = [];
  let first: string | undefined;
  let runs = 0;
  for (let seed = 1; seed <= count; seed += 1) {
    for (const jobs of [1, 8]) {
      for (const segment of segments) {
        const events: RunEvent[] = [];
        for await (const event of runSuite({ suite, seed, jobs, segment })) events.push(event);
        const verdicts = verdictsIn(events);
        first ??= verdicts;
        runs += 1;
        if (verdicts !== first) differing.push(`seed ${seed}, jobs ${jobs}, ${segment}`);
      }
    }
  }
  return row({
    name: `${protocol} server: of ${runs} runs, those whose verdicts differ`,
    unit: 'runs',
    spar: [differing.length],
    ratio: 1,
    wanted: '0',
    note: [`seeds 1 to ${count}, each with jobs 1 and 8 and ${segments.join(', ')}`, ...differing].join('; '),
  });
}

function at<T>(list: readonly T[], index: number): T {
  return list[index % list.length] as T;
}

async function verdictsOf(words: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'spar-bench-'));
  try {
    await timed(sparArgs(...words, '--reports', folder, '--format', 'none'));
    const [run = ''] = await readdir(folder);
    const lines = (await readFile(join(folder, run, 'events.ndjson'), 'utf8')).trim().split('\n');
    return verdictsIn(lines.map((line) => JSON.parse(line) as RunEvent));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Each case with its verdict, and whether it was flaky. */
function verdictsIn(events: readonly RunEvent[]): string {
  return events
    .flatMap((one) =>
      one.event === 'case-finished' ? [`${one.case} ${one.verdict} ${one.attempts.length}`] : [],
    )
    .sort()
    .join('\n');
}
