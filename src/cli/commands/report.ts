import { join } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import type { RunEvent } from '../../events/event.ts';
import { readText } from '../../net/disk.ts';
import { type Problem, SparError } from '../../problem/problem.ts';
import { renderProblem } from '../../problem/render.ts';
import { didYouMean } from '../../problem/suggest.ts';
import { formats } from '../../report/format.ts';
import { summarise } from '../../report/summary.ts';
import type { Result } from './result.ts';

/** `spar report`: makes a report of a run that has ended. */
export function reportCommand(result: Result): CommandModule {
  return {
    command: 'report <run>',
    describe: 'Make a report of an earlier run',
    builder: (yargs: Argv) =>
      yargs
        .positional('run', {
          type: 'string',
          demandOption: true,
          describe: 'The folder of the run, or its events.ndjson',
        })
        .option('format', {
          type: 'string',
          default: 'terminal',
          describe: `One of ${Object.keys(formats).join(', ')}`,
        })
        .example('$0 report reports/cpt-server-20260101-120000-000 --format junit', 'on standard output'),
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
      const events = await readEvents(String(line['run']), problems);
      process.stdout.write(format.render(summarise(events)));
      for (const problem of problems) process.stderr.write(`${renderProblem(problem)}\n`);
      result.exit = 0;
    },
  };
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
