import type { Argv, CommandModule } from 'yargs';
import { type RunOptions, runOptions, toRunOptions } from '../run-options.ts';
import { readSettings } from '../settings.ts';
import { targetLines } from '../several-targets.ts';
import type { Result } from './result.ts';

/** `spar run`: holds a suite with a target. */
export function runCommand(result: Result): CommandModule {
  return {
    command: 'run [protocol] [target]',
    describe: 'Hold the suite of a protocol with a target',
    builder: (yargs: Argv) =>
      runOptions(yargs)
        .positional('protocol', {
          type: 'string',
          describe: 'A bundled protocol, or a folder with a protocol.yaml',
        })
        .positional('target', {
          type: 'string',
          describe: 'Address of a target that is up; the bundled reference if absent; --target for several',
        })
        .option('all', { type: 'boolean', describe: 'Every bundled suite against the bundled references' })
        .option('watch', {
          type: 'boolean',
          describe: 'Again when the suite, the settings or the program changes',
        })
        .example('$0 run cpt', 'the bundled reference server')
        .example('$0 run cpt tcp://127.0.0.1:39168', 'a server that is already up')
        .example('$0 run cpt --spawn "java -jar chat.jar -p {port}"', 'started, watched and stopped by spar')
        .example('$0 run cpt --filter "*/send/*" --verbose', 'some cases, with their transcripts')
        .example(
          '$0 run cpt --shard 2/4',
          'the second quarter of the cases; spar report --merge joins the quarters',
        )
        .example('$0 run cpt tcp://127.0.0.1:39168 --accept known.yaml', 'write down what is known to fail')
        .example('$0 run ./my-protocol --spawn "./server {port}" --watch', 'again after each change')
        .example('$0 run ./my-protocol tcp://127.0.0.1:5000', 'a protocol of your own')
        .example('$0 run cpt --target tcp://127.0.0.1:7001 --target tcp://127.0.0.1:7002', 'side by side')
        .example('$0 run cpt --spawn old="./v1 {port}" --spawn new="./v2 {port}"', 'what is new since old'),
    handler: async (line) => {
      const { tellRun, tellRuns } = await import('../tell-run.ts');
      const readTargets = async (): Promise<RunOptions[]> => {
        const settings = await readSettings(line['config'] as string | undefined);
        return targetLines(line).map((one) => ({
          ...toRunOptions(one.line, settings.values, settings.folder, settings.source),
          ...(one.name === undefined ? {} : { targetName: one.name }),
        }));
      };
      const targets = await readTargets();
      const [options] = targets;
      if (!options) return;
      if (line['watch'] === true) {
        const { tellWatch } = await import('../watch.ts');
        result.exit = await tellWatch(readTargets);
      } else if (targets.length > 1) {
        result.exit = await (await import('../tell-targets.ts')).tellTargets(targets);
      } else result.exit = options.all ? await tellRuns(options) : await tellRun(options);
    },
  };
}
