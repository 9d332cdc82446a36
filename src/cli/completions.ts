import type { CommandModule } from 'yargs';
import { bundledProtocols, protocolFolder, readRequirements, readSuite } from './folders.ts';
import { nameOf, optionsOf } from './usage-error.ts';

/** Commands whose first word is a protocol. */
const ofProtocol = ['run', 'fuzz', 'serve', 'client', 'probe', 'init', 'list', 'check'];

/**
 * What may stand where the last of these words is being typed; the first one is the program. Files are left to
 * the shell.
 */
export async function completions(
  words: readonly string[],
  commands: readonly CommandModule[],
): Promise<readonly string[]> {
  const [, name = '', ...more] = words;
  const typed = more.at(-1) ?? '';
  const command = commands.find((one) => nameOf(one) === name);
  if (!command) return words.length <= 2 ? [...commands.map(nameOf), 'completion'] : [];
  if (typed.startsWith('-')) return (await optionsOf(command)).map((option) => `--${option}`);
  const protocols = await bundledProtocols();
  const chosen = more.find((word) => protocols.includes(word));
  const before = more.at(-2);
  if (before === '--filter') return casesOf(chosen);
  if (before === '--requirement' || (name === 'explain' && more.length <= 1))
    return requirementsOf(chosen, protocols);
  if (more.length <= 1 && ofProtocol.includes(name)) return protocols;
  return [];
}

async function casesOf(protocol: string | undefined): Promise<string[]> {
  if (protocol === undefined) return [];
  return (await readSuite(await protocolFolder(protocol))).cases.map(({ id }) => id);
}

async function requirementsOf(chosen: string | undefined, protocols: readonly string[]): Promise<string[]> {
  const names = chosen === undefined ? protocols : [chosen];
  const all = await Promise.all(names.map(async (name) => readRequirements(await protocolFolder(name))));
  return all.flatMap(({ byId }) => [...byId.keys()]);
}
