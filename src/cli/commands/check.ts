import type { Argv, CommandModule } from 'yargs';
import { renderProblem } from '../../problem/render.ts';
import { checkSuite } from '../../suite/check.ts';
import { protocolFolder, readSuite } from '../folders.ts';
import type { Result } from './result.ts';

/** `spar check`: reads a protocol and its suites and tells everything that is wrong or useless in them. */
export function checkCommand(result: Result): CommandModule {
  return {
    command: 'check <protocol>',
    describe: 'Look for mistakes in a protocol and its suites, without a target',
    builder: (yargs: Argv) =>
      yargs
        .positional('protocol', {
          type: 'string',
          demandOption: true,
          describe: 'A name, or the path of a folder',
        })
        .example('$0 check ./my-protocol', ''),
    handler: async (line) => {
      const suite = await readSuite(await protocolFolder(String(line['protocol'])));
      const problems = checkSuite(suite);
      for (const problem of problems) process.stdout.write(`${renderProblem(problem)}\n\n`);
      const { protocol, cases, requirements } = suite;
      process.stdout.write(
        `${protocol.name}: ${protocol.messages.size} messages, ${protocol.states.size} states, ${protocol.rules.length} rules, ${requirements.byId.size} requirements, ${cases.length} cases; ${problems.length === 0 ? 'nothing is wrong' : `${problems.length} to mend`}\n`,
      );
      result.exit = problems.length > 0 ? 2 : 0;
    },
  };
}
