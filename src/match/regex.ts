import { RE2JS } from 're2js';

/**
 * A regular expression in the syntax of RE2: linear in the length of the text, whatever it is, so
 * that no suite can freeze the harness. No back references and no look-around.
 */
export interface Regex {
  readonly source: string;
  /** True if the expression is found anywhere in the text. */
  test(text: string): boolean;
  /** True if the whole text matches. */
  full(text: string): boolean;
}

const known = new Map<string, Regex>();

/** Compiles an expression. Raises an Error that says what is wrong with it. */
export function regex(source: string): Regex {
  const before = known.get(source);
  if (before) return before;
  const compiled = RE2JS.compile(source, RE2JS.DOTALL);
  const made: Regex = {
    source,
    test: (text) => compiled.matcher(text).find(),
    full: (text) => compiled.matches(text),
  };
  known.set(source, made);
  return made;
}
