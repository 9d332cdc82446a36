import type { Argv, CommandModule } from 'yargs';
import type { Case } from '../../suite/case.ts';
import { matchesGlob } from '../../suite/select.ts';
import { bundledProtocols, protocolFolder, readProtocol, readSuite } from '../folders.ts';
import type { Result } from './result.ts';

/** `spar list`: the protocols, or the cases of one. */
export function listCommand(_result: Result): CommandModule {
  return {
    command: 'list [protocol]',
    describe: 'Show the protocols, or the cases of one',
    builder: (yargs: Argv) =>
      yargs
        .positional('protocol', { type: 'string' })
        .option('filter', { type: 'string', describe: 'Only cases whose id fits the glob' })
        .option('json', { type: 'boolean', describe: 'For programs' })
        .example('$0 list', 'the bundled protocols')
        .example('$0 list cpt --filter "*/send/*"', 'some cases'),
    handler: async (line) => {
      const name = line['protocol'];
      if (typeof name !== 'string') {
        await listProtocols();
        return;
      }
      const suite = await readSuite(await protocolFolder(name));
      const filter = line['filter'];
      const cases = suite.cases.filter((one) => typeof filter !== 'string' || matchesGlob(one.id, filter));
      if (line['json'] === true) {
        const data = cases.map(({ id, title, section, role, proves, file, line: at }) => ({
          id,
          title,
          section,
          role,
          proves,
          file,
          line: at,
        }));
        process.stdout.write(`${JSON.stringify(data, null, 2)}\n`);
      } else process.stdout.write(listing(cases));
    },
  };
}

async function listProtocols(): Promise<void> {
  for (const name of await bundledProtocols()) {
    const folder = await protocolFolder(name);
    const [protocol, suite] = await Promise.all([readProtocol(folder), readSuite(folder)]);
    process.stdout.write(
      `${name.padEnd(14)} ${String(suite.cases.length).padStart(4)} cases  ${protocol.title}\n`,
    );
  }
}

function listing(cases: readonly Case[]): string {
  const lines: string[] = [];
  let section = '';
  for (const one of cases) {
    if (one.section !== section) {
      section = one.section;
      lines.push(lines.length > 0 ? `\n${section}` : section);
    }
    lines.push(`  ${one.id}  ${one.proves.join(' ')}`, `      ${one.title}`);
  }
  return `${lines.join('\n')}\n`;
}
