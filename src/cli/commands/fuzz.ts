import type { Argv, CommandModule } from 'yargs';
import { runOptions, toRunOptions } from '../run-options.ts';
import { readSettings } from '../settings.ts';
import type { Result } from './result.ts';

/** `spar fuzz`: a hostile campaign. */
export function fuzzCommand(result: Result): CommandModule {
  return {
    command: 'fuzz <protocol> [target]',
    describe: 'Look for what makes a server or a client crash, hang or lie',
    builder: (yargs: Argv) =>
      runOptions(yargs)
        .positional('protocol', { type: 'string', demandOption: true })
        .positional('target', {
          type: 'string',
          describe: 'Address of a server that is up; the bundled reference if absent',
        })
        .option('time', { type: 'string', describe: 'How long, e.g. 60s, 10m, 2h', group: 'Campaign:' })
        .option('executions', {
          type: 'number',
          describe: 'How many conversations [20000, if no time is given]',
          group: 'Campaign:',
        })
        .option('findings', { type: 'number', describe: 'Stop after so many findings', group: 'Campaign:' })
        .option('mode', {
          choices: ['persistent', 'fresh'] as const,
          default: 'persistent',
          describe: 'One process for all, or a fresh one for each conversation',
          group: 'Campaign:',
        })
        .option('corpus', {
          type: 'string',
          describe: 'Folder of plans to begin with and to keep new ones in',
          group: 'Campaign:',
        })
        .option('coverage', {
          type: 'string',
          describe: 'What code was run through: /dev/shm/NAME (a map as of AFL), or v8 for a target of Node',
          group: 'Campaign:',
        })
        .option('dictionary', {
          type: 'string',
          describe: 'File of words in the format of AFL',
          group: 'Campaign:',
        })
        .option('oracle', {
          type: 'string',
          array: true,
          requiresArg: true,
          describe: 'Only these: death, hang, deaf, breach, accepted, neighbour, leak, growth',
          group: 'Campaign:',
        })
        .option('minimise', {
          type: 'string',
          describe: 'Executions for making a finding small, or off [400]',
          group: 'Campaign:',
        })
        .option('hang', {
          type: 'number',
          default: 2000,
          describe: 'Milliseconds without an answer after which it hangs',
          group: 'Campaign:',
        })
        .example('$0 fuzz cpt --spawn "./server {port}" --time 60s --seed 7', '')
        .example('$0 fuzz ws_2017 tcp://127.0.0.1:1030 --executions 20000', 'a server that is already up')
        .example('$0 fuzz cpt --role client --spawn "./client {host} {port}"', 'a client: spar is the server')
        .example('$0 fuzz cpt --spawn "node chat.js {port}" --coverage v8', 'keeps what reaches new code'),
    handler: async (line) => {
      const { tellFuzz } = await import('../tell-fuzz.ts');
      const settings = await readSettings(line['config'] as string | undefined);
      result.exit = await tellFuzz(
        toRunOptions(line, settings.values, settings.folder, settings.source),
        line,
      );
    },
  };
}
