import type { Argv, CommandModule } from 'yargs';
import { type Problem, SparError } from '../../problem/problem.ts';
import { renderProblem } from '../../problem/render.ts';
import { didYouMean } from '../../problem/suggest.ts';
import type { Known } from '../../report/compare/foreign-run.ts';
import { protocolFolder, readSuite } from '../folders.ts';
import type { Result } from './result.ts';

const formatNames = ['terminal', 'markdown', 'json', 'html'] as const;

/** `spar compare`: lays runs side by side. */
export function compareCommand(result: Result): CommandModule {
  return {
    command: 'compare <runs..>',
    describe: 'Lay runs of several targets, or versions of one, side by side',
    builder: (yargs: Argv) =>
      yargs
        .positional('runs', {
          type: 'string',
          array: true,
          demandOption: true,
          describe: 'Folder of a run, events.ndjson, report.json, TAP or JUnit; name=RUN to name it',
        })
        .option('baseline', {
          type: 'string',
          requiresArg: true,
          describe: 'The run that the others are held against [the first]',
        })
        .option('format', {
          type: 'string',
          default: 'terminal',
          describe: `One of ${formatNames.join(', ')}`,
        })
        .option('all', { type: 'boolean', describe: 'Also what is alike in all runs' })
        .option('protocol', {
          type: 'string',
          describe: 'Whose requirements the tests name, where no run is of spar',
        })
        .example(
          '$0 compare old=reports/cpt-server-20260101-120000-000 new=reports/cpt-server-…',
          'two versions',
        )
        .example('$0 compare reports/cpt-server-… other-harness.tap theirs.xml', 'beside other harnesses')
        .example('$0 compare new.tap --baseline old.tap --protocol cpt', 'without a run of spar')
        .epilogue(
          'Exit: 0 nothing newly fails against the baseline · 1 something does · 2 wrong usage or files',
        ),
    handler: async (line) => {
      const format = String(line['format']);
      if (!formatNames.some((name) => name === format))
        throw new SparError({
          fault: 'user',
          what: `there is no format "${format}"`,
          mend: didYouMean(format, formatNames),
        });
      const { readRuns } = await import('../laid-runs.ts');
      const { compareRuns } = await import('../../report/compare/compare.ts');
      const { tellComparison } = await import('../tell-comparison.ts');
      const words = (line['runs'] as readonly unknown[]).map(String);
      const baseline = baselineIn(words, line['baseline']);
      const problems: Problem[] = [];
      const known = line['protocol'] === undefined ? undefined : await knownOf(String(line['protocol']));
      const runs = await readRuns(words, known, problems);
      const comparison = compareRuns(runs, baseline);
      process.stdout.write(await tellComparison(comparison, format, line['all'] === true));
      for (const problem of problems) process.stderr.write(`${renderProblem(problem)}\n`);
      result.exit = comparison.exit;
    },
  };
}

/** The place of the baseline among the runs; one that is not among them is put before them. */
function baselineIn(words: string[], baseline: unknown): number {
  if (baseline !== undefined) {
    const word = String(baseline);
    const index = words.findIndex((one) => one === word || one.startsWith(`${word}=`));
    if (index >= 0) return mustBeSeveral(words, index);
    words.unshift(word);
  }
  return mustBeSeveral(words, 0);
}

function mustBeSeveral(words: readonly string[], baseline: number): number {
  if (words.length > 1) return baseline;
  throw new SparError({
    fault: 'user',
    what: 'one run alone is nothing to compare',
    mend: 'Name two or more: spar compare OLD NEW. spar report shows one.',
  });
}

async function knownOf(protocol: string): Promise<Known> {
  const suite = await readSuite(await protocolFolder(protocol));
  return {
    requirements: suite.requirements.byId,
    cases: new Map(
      suite.cases.map(({ id, title, proves, file }) => [id, { id, title, requirements: proves, file }]),
    ),
  };
}
