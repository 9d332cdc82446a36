import type { Argv, CommandModule } from 'yargs';
import { runOptions, toRunOptions } from '../run-options.ts';
import { readSettings } from '../settings.ts';
import type { Result } from './result.ts';

/** `spar replay`: holds one finding again. */
export function replayCommand(result: Result): CommandModule {
  return {
    command: 'replay <finding> [target]',
    describe: 'Hold a finding of the fuzzer again; exit 1 while it still happens',
    builder: (yargs: Argv) =>
      runOptions(yargs)
        .positional('finding', {
          type: 'string',
          demandOption: true,
          describe: 'Its file, e.g. reports/…/findings/F1.yaml',
        })
        .positional('target', {
          type: 'string',
          describe: 'Address of a server that is up; the bundled reference if absent',
        })
        .option('times', { type: 'number', default: 3, describe: 'How often' })
        .example('$0 replay reports/fuzz-cpt/findings/F1.yaml --spawn "./server {port}"', ''),
    handler: async (line) => {
      const { tellReplay } = await import('../tell-fuzz.ts');
      const settings = await readSettings(line['config'] as string | undefined);
      const { finding, ...rest } = line;
      const options = toRunOptions(
        { ...rest, confirm: 1, jobs: 1 },
        settings.values,
        settings.folder,
        settings.source,
      );
      result.exit = await tellReplay(String(finding), options, Number(line['times']));
    },
  };
}
