import type { Argv, CommandModule } from 'yargs';
import type { Result } from './result.ts';

/** `spar selftest`: the judge judged. */
export function selftestCommand(result: Result): CommandModule {
  return {
    command: 'selftest [protocol]',
    describe: 'Hold the suites with the references, their defects and null targets',
    builder: (yargs: Argv) =>
      yargs
        .positional('protocol', { type: 'string', describe: 'All bundled ones if absent' })
        .option('role', { choices: ['server', 'client'] as const, describe: 'Only this role' })
        .option('defect', { type: 'string', array: true, requiresArg: true, describe: 'Only these defects' })
        .option('verbose', { type: 'boolean', describe: 'Show by which cases each defect is caught' })
        .example('$0 selftest cpt', 'the score of the CPT suite'),
    handler: async (line) => {
      const { tellSelftest } = await import('../tell-selftest.ts');
      result.exit = await tellSelftest({
        ...(typeof line['protocol'] === 'string' ? { protocol: line['protocol'] } : {}),
        ...(line['role'] === 'server' || line['role'] === 'client' ? { role: line['role'] } : {}),
        defects: (line['defect'] ?? []) as string[],
        verbose: line['verbose'] === true,
      });
    },
  };
}
