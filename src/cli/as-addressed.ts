import { readSuite } from './folders.ts';
import type { RunOptions } from './run-options.ts';

/**
 * The options, with the dialect that the transport of the target's address stands for: a server at `tcp://`
 * speaks without the TLS that the protocol has otherwise.
 */
export async function asAddressed(folder: string, options: RunOptions): Promise<RunOptions> {
  const [, transport] = /^([a-z]+):\//.exec(options.target ?? '') ?? [];
  if (transport === undefined) return options;
  const { dialects, transport: usual } = (await readSuite(folder, options.dialect, options.also)).protocol;
  if (transport === usual) return options;
  const meant = dialects.flatMap(({ name, options: choices, changes }) =>
    choices
      .filter((choice) => (changes[choice] as { transport?: string } | undefined)?.transport === transport)
      .map((choice) => [name, choice] as const),
  );
  const [only] = meant;
  if (!only || meant.length > 1 || only[0] in options.dialect) return options;
  return { ...options, dialect: { ...options.dialect, [only[0]]: only[1] } };
}
