import type { Argv, CommandModule } from 'yargs';
import { formatAddress } from '../../net/address.ts';
import { SparError } from '../../problem/problem.ts';
import { didYouMean } from '../../problem/suggest.ts';
import { bundledNames, referenceOf, startReference } from '../../reference/bundled.ts';
import { checkedDefects } from '../checked-defects.ts';
import type { Result } from './result.ts';

/** `spar serve`: the reference server by itself. */
export function serveCommand(result: Result): CommandModule {
  return {
    command: 'serve <protocol>',
    describe: 'Run the bundled reference server of a protocol',
    builder: (yargs: Argv) =>
      yargs
        .positional('protocol', { type: 'string', demandOption: true })
        .option('port', { type: 'number', describe: 'Port to listen on [that of the protocol]' })
        .option('host', { type: 'string', default: '127.0.0.1', describe: 'Address to listen on' })
        .option('defect', {
          type: 'string',
          array: true,
          default: [],
          requiresArg: true,
          describe: 'Deliberate fault; spar explain shows them',
        })
        .option('setting', {
          type: 'string',
          array: true,
          default: [],
          requiresArg: true,
          describe: 'name=value of a setting of the server',
        })
        .option('ca-out', {
          type: 'string',
          describe: 'With TLS: write the certificate authority to this file',
        })
        .example('$0 serve cpt --port 39168', 'until Ctrl-C')
        .example('$0 serve cpt --defect srv-ack-drop', 'with a deliberate fault'),
    handler: async (line) => {
      const name = String(line['protocol']);
      const reference = await referenceOf(name);
      if (!reference) {
        throw new SparError({
          fault: 'user',
          what: `there is no reference server for "${name}"`,
          mend: didYouMean(name, bundledNames),
        });
      }
      const defects = [...checkedDefects(name, line['defect'] as string[], reference.serverDefects)];
      const running = await startReference(reference, {
        host: String(line['host']),
        ...(line['port'] === undefined ? {} : { port: Number(line['port']) }),
        defects: new Set(defects),
        settings: Object.fromEntries((line['setting'] as string[]).map(readSetting)),
      });
      const out = line['ca-out'];
      if (typeof out === 'string' && running.ca !== undefined) {
        const { writeAtomic } = await import('../../net/disk.ts');
        await writeAtomic(out, running.ca);
      }
      process.stdout.write(
        `${name} listens on ${formatAddress(running.listener.address)}${defects.length > 0 ? `, with ${defects.join(', ')}` : ''}\n`,
      );
      await new Promise<void>((resolve) => {
        process.once('SIGINT', () => resolve());
        process.once('SIGTERM', () => resolve());
      });
      await running.stop();
      result.exit = 0;
    },
  };
}

function readSetting(text: string): [string, string | number | boolean] {
  const [name = '', ...rest] = text.split('=');
  const value = rest.join('=');
  if (rest.length === 0)
    throw new SparError({ fault: 'user', what: `--setting takes name=value, not "${text}"` });
  if (value === 'true' || value === 'false') return [name, value === 'true'];
  return [name, /^\d+$/.test(value) ? Number(value) : value];
}
