import type { Argv, CommandModule } from 'yargs';
import { freshSeed } from '../../net/random.ts';
import type { Seen } from '../../run/probe.ts';
import { asAddressed } from '../as-addressed.ts';
import { protocolFolder, readSuite } from '../folders.ts';
import { serverTarget } from '../make-target.ts';
import { probeTarget } from '../probing.ts';
import { runOptions, toRunOptions } from '../run-options.ts';
import { readSettings } from '../settings.ts';
import type { Result } from './result.ts';

/** `spar probe`: which dialects a server speaks. */
export function probeCommand(result: Result): CommandModule {
  return {
    command: 'probe <protocol> [target]',
    describe: 'Find the dialects that a server speaks, by harmless questions',
    builder: (yargs: Argv) =>
      runOptions(yargs)
        .positional('protocol', { type: 'string', demandOption: true })
        .positional('target', {
          type: 'string',
          describe: 'Address of a server that is up; the bundled reference if absent',
        })
        .example('$0 probe ws_2017 tcp://127.0.0.1:1030', ''),
    handler: async (line) => {
      const settings = await readSettings(line['config'] as string | undefined);
      const told = toRunOptions(line, settings.values, settings.folder, settings.source);
      const folder = await protocolFolder(told.protocol ?? 'cpt');
      const options = await asAddressed(folder, told);
      const suite = await readSuite(folder, options.dialect);
      const live = await serverTarget(suite.protocol, options, freshSeed(), () => undefined);
      try {
        const seen = await probeTarget(folder, live.target, live.facts, options.dialect);
        const width = Math.max(...seen.map(({ dialect }) => dialect.length));
        for (const one of seen) process.stdout.write(`${one.dialect.padEnd(width)}  ${seenAs(one)}\n`);
        const usual = suite.protocol.dialects;
        const news = seen.filter(
          (one) =>
            one.option !== undefined &&
            one.option !== usual.find(({ name }) => name === one.dialect)?.default,
        );
        process.stdout.write(
          news.length === 0
            ? '\nNothing differs from the defaults: no option is needed.\n'
            : `\nUse: ${news.map((one) => `--dialect ${one.dialect}=${one.option}`).join(' ')}\n`,
        );
        result.exit = seen.some((one) => one.dialect === 'framing' && one.option === undefined) ? 3 : 0;
      } finally {
        await live.stop();
      }
    },
  };
}

function seenAs({ option, why = '', hidden }: Seen): string {
  return option ?? `${hidden === true ? 'cannot be seen from outside' : 'not seen'}: ${why}`;
}
