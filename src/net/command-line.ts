import { distance } from 'fastest-levenshtein';
import { SparError } from '../problem/problem.ts';

/**
 * Splits a command line into words as a POSIX shell does: blanks part, '…' keeps everything, "…" keeps
 * all but \" and \\, a backslash keeps the next character. Nothing is expanded and no shell is run.
 * Throws a `SparError` (fault: user).
 */
export function splitCommand(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let index = 0; index < line.length; index += 1) {
    const character = line.charAt(index);
    const next = line.charAt(index + 1);
    if (character === '\\' && quote !== "'") {
      if (next === '') throw wrong(`the command ends in a backslash: ${line}`, 'Write \\\\ for a backslash.');
      const kept = quote === '' || next === '"' || next === '\\';
      word = (word ?? '') + (kept ? next : character + next);
      index += 1;
    } else if (character === quote) {
      quote = '';
    } else if (quote === '' && (character === '"' || character === "'")) {
      quote = character;
      word ??= '';
    } else if (quote === '' && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + character;
    }
  }
  if (quote !== '') throw wrong(`the command leaves a ${quote} open: ${line}`, `Add the closing ${quote}.`);
  if (word !== undefined) words.push(word);
  return words;
}

/**
 * Replaces `{name}` in each word. Other braces stay as they are, unless they look like a misspelt
 * placeholder: then it throws a `SparError` (fault: user).
 */
export function fillPlaceholders(
  words: readonly string[],
  values: Readonly<Record<string, string | number>>,
): string[] {
  const names = Object.keys(values);
  return words.map((word) =>
    word.replace(/\{([a-z][\w-]*)\}/gi, (whole, name: string) => {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value !== undefined) return String(value);
      const near = names.find((known) => distance(known, name.toLowerCase()) <= 2);
      if (near === undefined) return whole;
      throw wrong(`the command has the unknown placeholder ${whole}`, `Did you mean {${near}}?`);
    }),
  );
}

function wrong(what: string, mend: string): SparError {
  return new SparError({ fault: 'user', what, mend });
}
