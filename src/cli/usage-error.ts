import yargs, { type Argv, type CommandModule } from 'yargs';
import { SparError } from '../problem/problem.ts';
import { didYouMean, nearest } from '../problem/suggest.ts';

const help = 'spar --help shows the commands, spar COMMAND --help the options.';

/** What the parser of command lines says, told as spar tells problems: with what was probably meant. */
export async function usageError(
  message: string,
  words: readonly string[],
  commands: readonly CommandModule[],
): Promise<SparError> {
  const choice = /Argument: ([\w-]+), Given: "(.*)", Choices: (.*)/.exec(message);
  if (choice) {
    const [, name, given = '', choices = ''] = choice;
    const known = [...choices.matchAll(/"([^"]*)"/g)].map((found) => found[1] ?? '');
    return wrong(`${asWritten(String(name), words)} cannot be "${given}"`, didYouMean(given, known));
  }
  const called = commands.find((one) => nameOf(one) === words[0]);
  const empty = /^Not enough arguments following: (.*)$/.exec(message)?.[1];
  if (empty !== undefined) return wrong(`${asWritten(empty, words)} needs a value`, help);
  if (called && message.startsWith('Not enough non-option')) {
    return wrong(`spar ${nameOf(called)} needs more: spar ${called.command}`, help);
  }
  const unknown = /^Unknown (?:argument|command)s?: (.*)$/.exec(message)?.[1]?.split(', ')[0];
  if (unknown === undefined) return wrong(sentence(message), help);
  if (!called) return wrong(`there is no command "${unknown}"`, suggestion(unknown, commands.map(nameOf)));
  const written = asWritten(unknown, words);
  if (!written.startsWith('-')) return wrong(`"${unknown}" is one word too many`, help);
  const near = suggestion(unknown, await optionsOf(called), '--');
  return wrong(`spar ${nameOf(called)} has no option ${written}`, near);
}

function wrong(what: string, mend: string): SparError {
  return new SparError({ fault: 'user', what, mend });
}

function suggestion(word: string, known: readonly string[], dashes = ''): string {
  const near = nearest(word, known);
  return near === undefined ? help : `Did you mean ${dashes}${near}?`;
}

/** An option with its dashes, where it stands so on the command line. */
function asWritten(name: string, words: readonly string[]): string {
  const dashed = new RegExp(`^--?${name.replace(/[^\w-]/g, '.')}(=|$)`);
  return words.find((word) => dashed.test(word))?.replace(/=.*$/s, '') ?? name;
}

/** The word that calls a command. */
export function nameOf(command: CommandModule): string {
  return String(command.command).split(' ')[0] ?? '';
}

/** The options of a command, without their dashes. */
export async function optionsOf(command: CommandModule): Promise<string[]> {
  const { builder } = command;
  if (typeof builder !== 'function') return [];
  const text = await (await (builder(yargs([])) as Argv | PromiseLike<Argv>)).getHelp();
  return [...text.matchAll(/^\s+--([\w-]+)/gm)].map((found) => found[1] ?? '');
}

function sentence(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1).replace(/\s*\n\s*/g, '; ');
}
