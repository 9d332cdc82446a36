import { join } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import type { RunEvent } from '../../events/event.ts';
import { readText } from '../../net/disk.ts';
import { type Problem, SparError } from '../../problem/problem.ts';
import { renderProblem } from '../../problem/render.ts';
import { didYouMean } from '../../problem/suggest.ts';
import { formats } from '../../report/format.ts';
import { mergeRuns } from '../../report/merge.ts';
import { summarise } from '../../report/summary.ts';
import { campaignPage, isCampaign } from '../campaigns.ts';
import type { Result } from './result.ts';

/** `spar report`: makes a report of a run that has ended. */
export function reportCommand(result: Result): CommandModule {
  return {
    command: 'report <runs..>',
    describe: 'Make a report of an earlier run, or of the shards of one',
    builder: (yargs: Argv) =>
      yargs
        .positional('runs', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'The folder of the run, or its events.ndjson; or the folder of a campaign of spar fuzz',
        })
        .option('merge', {
          type: 'boolean',
          describe: 'The runs are the shards of one: report on the whole, and exit as it would have',
        })
        .option('format', {
          type: 'string',
          default: 'terminal',
          describe: `One of ${Object.keys(formats).join(', ')}`,
        })
        .example('$0 report reports/cpt-server-20260101-120000-000 --format junit', 'on standard output')
        .example(
          '$0 report reports/fuzz-cpt-20260101-120000 --format html > found.html',
          'the findings of spar fuzz',
        )
        .example('$0 report --merge shard-1/* shard-2/* --format junit', 'of a run held with --shard'),
    handler: async (line) => {
      const name = String(line['format']);
      const format = Object.hasOwn(formats, name) ? formats[name as keyof typeof formats] : undefined;
      if (!format)
        throw new SparError({
          fault: 'user',
          what: `there is no format "${name}"`,
          mend: didYouMean(name, Object.keys(formats)),
        });
      const problems: Problem[] = [];
      const names = (line['runs'] as readonly unknown[]).map(String);
      const merge = line['merge'] === true;
      if (names.length > 1 && !merge)
        throw new SparError({
          fault: 'user',
          what: 'a report is made of one run',
          mend: '--merge if these are the shards of one.',
        });
      const [only = ''] = names;
      if (isCampaign(only)) {
        if (name !== 'html') throw campaignIsPage(only);
        process.stdout.write(await campaignPage(only));
        result.exit = 0;
        return;
      }
      const runs = await Promise.all(names.map((run) => readEvents(run, problems)));
      const summary = summarise(merge ? mergeRuns(runs) : runs.flat());
      process.stdout.write(await format.render(summary));
      for (const problem of problems) process.stderr.write(`${renderProblem(problem)}\n`);
      result.exit = merge ? (summary.run.exit ?? 1) : 0;
    },
  };
}

function campaignIsPage(folder: string): SparError {
  const what = `${folder} is a hostile campaign: of its findings there is a page only`;
  return new SparError({ fault: 'user', what, mend: '--format html' });
}

/** Reads the events of a run; a last line that was cut off is told and passed over. */
export async function readEvents(run: string, problems: Problem[]): Promise<RunEvent[]> {
  const file = run.endsWith('.ndjson') ? run : join(run, 'events.ndjson');
  const lines = (await readText(file)).split('\n');
  return lines.flatMap((text, index) => {
    if (text === '') return [];
    try {
      return [JSON.parse(text) as RunEvent];
    } catch {
      const last = index >= lines.length - 2;
      const what = last
        ? 'the last event is cut off: the run was ended in the middle of writing'
        : `line ${index + 1} is no event`;
      const problem: Problem = { fault: 'user', what, where: { file, line: index + 1, column: 1 } };
      if (!last) throw new SparError(problem);
      problems.push(problem);
      return [];
    }
  });
}
