/** A command that a user can type to a reference client. */
export interface TypedCommand {
  /** E.g. `/send TARGET TEXT`. */
  readonly usage: string;
  /** What it does, in a few words. */
  readonly does: string;
  /** What may follow the word; the groups are the arguments. */
  readonly args: RegExp;
}

/** The commands of one client, by their words. */
export type TypedCommands<Word extends string> = Readonly<Record<Word, TypedCommand>>;

/** What a line that was typed says. */
export type Typed<Word extends string> =
  | { readonly kind: 'command'; readonly word: Word; readonly args: readonly string[] }
  | { readonly kind: 'text'; readonly text: string }
  /** Nothing can be done with it; `why` tells the user. */
  | { readonly kind: 'wrong'; readonly why: string };

/** Reads a line that was typed: `/word` and arguments, or a text. */
export function readTyped<Word extends string>(line: string, commands: TypedCommands<Word>): Typed<Word> {
  if (/[^\P{Cc}\t]/u.test(line)) return { kind: 'wrong', why: 'control characters cannot be sent' };
  if (!line.startsWith('/')) return { kind: 'text', text: line };
  const [word = ''] = line.slice(1).split(' ', 1);
  if (!isWord(word, commands)) {
    return { kind: 'wrong', why: `there is no /${word}; /help shows what there is` };
  }
  const { args, usage } = commands[word];
  const found = args.exec(line.slice(1 + word.length));
  if (!found) return { kind: 'wrong', why: `usage: ${usage}` };
  return { kind: 'command', word, args: found.slice(1).map((arg) => arg ?? '') };
}

/** A line of help for each command. */
export function helpOf(commands: TypedCommands<string>): readonly string[] {
  const width = Math.max(...Object.values(commands).map(({ usage }) => usage.length));
  return Object.values(commands).map(({ usage, does }) => `${usage.padEnd(width)}  ${does}`);
}

function isWord<Word extends string>(word: string, commands: TypedCommands<Word>): word is Word {
  return Object.hasOwn(commands, word);
}
