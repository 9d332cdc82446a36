import { RE2JS } from 're2js';
import { plainRegex, plainText, repeatsNothing } from './plain-regex.ts';

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
  /** The named groups of the first place where it is found; absent where it is not. */
  groups(text: string): Readonly<Record<string, string>> | undefined;
  /** The names of its groups. */
  readonly names: readonly string[];
}

const known = new Map<string, Regex>();

/** Compiles an expression. Raises an Error that says what is wrong with it. */
export function regex(source: string): Regex {
  const before = known.get(source);
  if (before) return before;
  const made = plain(source) ?? linear(source);
  known.set(source, made);
  return made;
}

/** Raises an Error that says what is wrong with the expression. */
function linear(source: string): Regex {
  const compiled = RE2JS.compile(source, RE2JS.DOTALL);
  const names = Object.keys(compiled.namedGroups());
  return {
    source,
    test: remembering((text) => compiled.matcher(text).find()),
    full: remembering((text) => compiled.matches(text)),
    groups: (text) => {
      const matcher = compiled.matcher(text);
      if (!matcher.find()) return undefined;
      return Object.fromEntries(names.map((name) => [name, matcher.group(name) ?? '']));
    },
    names,
  };
}

/** Most expressions are so plain that the platform may look for them in a short text, or in any. */
function plain(source: string): Regex | undefined {
  const found = plainRegex(source);
  if (!found) return undefined;
  const longest = repeatsNothing(source) ? Number.POSITIVE_INFINITY : plainText;
  const whole = new RegExp(`^(?:${found.source})$`, found.flags);
  let made: Regex | undefined;
  const slow = (): Regex => {
    made ??= linear(source);
    return made;
  };
  return {
    source,
    test: (text) => (text.length <= longest ? found.test(text) : slow().test(text)),
    full: (text) => (text.length <= longest ? whole.test(text) : slow().full(text)),
    groups: (text) => slow().groups(text),
    names: [],
  };
}

/** Characters of a text that is worth to be remembered, and how many are. */
const short = 24;
const most = 500;

/** Servers say the same few words again and again: what was found of them is looked up. */
function remembering(find: (text: string) => boolean): (text: string) => boolean {
  const found = new Map<string, boolean>();
  return (text) => {
    if (text.length > short) return find(text);
    const before = found.get(text);
    if (before !== undefined) return before;
    if (found.size >= most) found.clear();
    const now = find(text);
    found.set(text, now);
    return now;
  };
}
