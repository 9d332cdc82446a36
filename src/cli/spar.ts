import yargs from 'yargs';
import { SparError } from '../problem/problem.ts';
import { renderProblem } from '../problem/render.ts';
import { type CommandLoader, loaders } from './commands/loaders.ts';
import { completions } from './completions.ts';
import { version } from './folders.ts';
import { usageError } from './usage-error.ts';

/** The program: what a command line asks for. The result is the exit code. */
export async function spar(words: readonly string[]): Promise<number> {
  const result = { exit: 0 };
  const word = words[0] ?? '';
  const named = Object.hasOwn(loaders, word) ? [word] : Object.keys(loaders);
  const commands = await Promise.all(named.map((name) => (loaders[name] as CommandLoader)(result)));
  // Asked by the script that `spar completion` prints.
  if (words[0] === '--get-yargs-completions') {
    process.stdout.write(`${(await completions(words.slice(1), commands)).join('\n')}\n`);
    return 0;
  }
  // yargs makes up the whole help text behind a handler that returns: so it is left by an error.
  const choosing = commands.map((one) => ({
    ...one,
    handler: (line: Parameters<typeof one.handler>[0]) => {
      throw new Chosen(() => one.handler(line));
    },
  }));
  const parser = yargs(words)
    .scriptName('spar')
    .usage('$0 <command>\n\nA sparring partner for protocol implementations.')
    .command(choosing)
    .completion('completion', 'Print a script that completes commands in your shell')
    .demandCommand(1, 'Say what to do: spar run cpt, for one.')
    .strict()
    .parserConfiguration({ 'camel-case-expansion': false })
    .help()
    .alias('help', 'h')
    .version(await version())
    .wrap(Math.min(110, process.stdout.columns ?? 100))
    .exitProcess(false)
    .epilogue(
      'Exit: 0 all held · 1 something is broken · 2 wrong usage or suite · 3 target not reached · 4 spar failed',
    )
    .fail((message, error) => {
      // Its own complaints are a message, or an Error of this name.
      if (error && error.name !== 'YError') throw error;
      throw new UsageError(message || error.message);
    });
  try {
    const chosen = await choiceOf(() => parser.parseAsync());
    await chosen?.act();
    return result.exit;
  } catch (error) {
    if (!(error instanceof UsageError)) return tellError(error);
    return tellError(await usageError(error.message, words, commands));
  }
}

/** The command that a command line chooses; none where yargs has answered it. */
async function choiceOf(parse: () => PromiseLike<unknown>): Promise<Chosen | undefined> {
  try {
    await parse();
    return undefined;
  } catch (error) {
    if (error instanceof Chosen) return error;
    throw error;
  }
}

/** How a command line leaves yargs. */
class Chosen extends Error {
  override readonly name = 'Chosen';
  readonly act: () => unknown;

  constructor(act: () => unknown) {
    super('a command was chosen');
    this.act = act;
  }
}

/** A command line that yargs does not take. */
class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Problems that are told at once. */
const mostProblems = 20;

/** Prints what went wrong, for a person; the result is the exit code. */
export function tellError(error: unknown): number {
  if (error instanceof SparError) {
    const told = error.problems.slice(0, mostProblems).map(renderProblem);
    const more = error.problems.length - told.length;
    if (more > 0) told.push(`and ${more} more`);
    process.stderr.write(`${told.join('\n\n')}\n`);
    return error.exit;
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`spar itself: this is a fault of spar, not of your target or suite\n${trace}\n`);
  return 4;
}
