import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { writeAtomic } from '../../net/disk.ts';
import { SparError } from '../../problem/problem.ts';
import { bundledProtocols, protocolFolder, readProtocol, shown } from '../folders.ts';
import { newProtocol } from '../templates/new-protocol.ts';
import { settingsTemplate } from '../templates/settings-template.ts';
import type { Result } from './result.ts';

/** `spar init`: a settings file for a protocol that is there, or a new protocol that runs at once. */
export function initCommand(_result: Result): CommandModule {
  return {
    command: 'init <protocol>',
    describe: 'Write a spar.yaml for a bundled protocol, or a folder for a protocol of your own',
    builder: (yargs: Argv) =>
      yargs
        .positional('protocol', {
          type: 'string',
          demandOption: true,
          describe: 'A bundled name, or a new folder',
        })
        .option('force', { type: 'boolean', describe: 'Write over what is there' })
        .example('$0 init cpt', 'a commented spar.yaml with its dialects, facts and stimuli')
        .example('$0 init ./echo', 'a new protocol with an example server, that runs at once'),
    handler: async (line) => {
      const name = String(line['protocol']);
      const force = line['force'] === true;
      if ((await bundledProtocols()).includes(name)) {
        const protocol = await readProtocol(await protocolFolder(name));
        await write('spar.yaml', settingsTemplate(protocol), force);
        process.stdout.write(`spar.yaml is written: say in it what your target is, then: npx spar run\n`);
        return;
      }
      if (!/[./\\]/.test(name)) {
        throw new SparError({
          fault: 'user',
          what: `there is no bundled protocol "${name}"`,
          mend: `For a protocol of your own name a folder: spar init ./${name}`,
        });
      }
      const folder = resolve(name);
      for (const [file, text] of Object.entries(newProtocol)) await write(join(folder, file), text, force);
      const short = shown(folder);
      process.stdout.write(
        `${short} is written. Try it:\n\n  npx spar check ${short}\n  npx spar run ${short} --spawn "node ${join(short, 'server.mjs')} {port}"\n`,
      );
    },
  };
}

async function write(file: string, text: string, force: boolean): Promise<void> {
  if (existsSync(file) && !force) {
    throw new SparError({
      fault: 'user',
      what: `${shown(resolve(file))} is there already`,
      mend: '--force writes over it.',
    });
  }
  await writeAtomic(file, text);
}
