import { createInterface } from 'node:readline';
import type { Argv, CommandModule } from 'yargs';
import { parseAddress } from '../../net/address.ts';
import { readText } from '../../net/disk.ts';
import { systemClock } from '../../net/system-clock.ts';
import { SparError } from '../../problem/problem.ts';
import { didYouMean } from '../../problem/suggest.ts';
import { bundledNames, clientReferenceOf } from '../../reference/bundled.ts';
import { openerOf } from '../../reference/reference-clients.ts';
import { checkedDefects } from '../checked-defects.ts';
import type { Result } from './result.ts';

/** `spar client`: the reference client at a terminal. */
export function clientCommand(result: Result): CommandModule {
  return {
    command: 'client <protocol> [address]',
    describe: 'Run the bundled reference client of a protocol',
    builder: (yargs: Argv) =>
      yargs
        .positional('protocol', { type: 'string', demandOption: true })
        .positional('address', {
          type: 'string',
          describe: 'Where the server listens [the port of the protocol on this machine]',
        })
        .option('name', { type: 'string', describe: 'Name of the user' })
        .option('set', {
          type: 'string',
          array: true,
          default: [],
          requiresArg: true,
          describe: 'name=value of a setting of the client',
        })
        .option('ca', {
          type: 'string',
          describe: 'File with the certificates (PEM) to trust; any if absent',
        })
        .option('defect', {
          type: 'string',
          array: true,
          default: [],
          requiresArg: true,
          describe: 'Deliberate fault',
        })
        .example('$0 client cpt tcp://127.0.0.1:39168 --name ada', '/help shows what can be typed'),
    handler: async (line) => {
      const name = String(line['protocol']);
      const reference = await clientReferenceOf(name);
      if (!reference) {
        throw new SparError({
          fault: 'user',
          what: `there is no reference client for "${name}"`,
          mend: didYouMean(name, bundledNames),
        });
      }
      const defects = checkedDefects(name, line['defect'] as string[], reference.clientDefects);
      const { port } = reference.connecting(new Set());
      const address =
        typeof line['address'] === 'string' ? parseAddress(withScheme(line['address']), port) : undefined;
      if (address?.kind === 'unix')
        throw new SparError({ fault: 'user', what: 'the reference clients use no unix sockets' });
      const ca = typeof line['ca'] === 'string' ? await readText(line['ca']) : undefined;
      const settings = Object.fromEntries((line['set'] as string[]).map((text) => readSetting(text)));
      if (typeof line['name'] === 'string') settings['name'] = line['name'];
      const terminal = createInterface({ input: process.stdin, terminal: false });
      const code = await new Promise<number>((resolve) => {
        const where = address ?? { host: '127.0.0.1' };
        const client = reference.createClient({
          clock: systemClock,
          defects,
          settings,
          connect: openerOf(reference, defects, where, ca),
          show: (text) => process.stdout.write(`${text}\n`),
          exit: resolve,
        });
        let last = '';
        terminal.on('line', (text) => {
          last = text.trim();
          client.typed(text);
        });
        terminal.on('close', () => {
          if (last !== '/quit') client.typed('/quit');
        });
        process.once('SIGINT', () => client.close());
        process.once('SIGTERM', () => client.close());
        client.start();
      });
      terminal.close();
      process.stdin.unref?.();
      result.exit = code;
    },
  };
}

function withScheme(text: string): string {
  return text.includes('://') ? text : `tcp://${text}`;
}

function readSetting(text: string): [string, string] {
  const [name = '', ...rest] = text.split('=');
  if (rest.length === 0)
    throw new SparError({ fault: 'user', what: `--set takes name=value, not "${text}"` });
  return [name, rest.join('=')];
}
