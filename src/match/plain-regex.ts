/** Characters of a text up to which a plain expression is left to the platform: no order of growth hurts there. */
export const plainText = 256;

const blank = '\\t\\n\\f\\r ';
const atom =
  /^(?:[^\\.+*?()|[\]{}^$]|\\[\\.+*?()|[\]{}^$/]|\\[tnrdD]|\\x[0-9A-Fa-f]{2}|\\[sS]|\.|\[\^?(?:[^\\[\]^]|\\[\\.+*?()|[\]{}^$/-]|\\[tnr]|\\x[0-9A-Fa-f]{2})+\])/u;
const quantifier = /^(?:[*+?]|\{\d{1,2}(?:,(?:\d{1,2})?)?\})/;
const structure = /^(?:\((?:\?:)?|\||\^|\$|\))/;

/**
 * An expression in the syntax of RE2 as one of the platform's own that finds the same, where it is so plain
 * that both read it alike and that it cannot be slow on a short text: no group is repeated, and no more than
 * two atoms are.
 */
export function plainRegex(source: string): RegExp | undefined {
  const ignoresCase = source.startsWith('(?i)');
  let rest = ignoresCase ? source.slice(4) : source;
  let written = '';
  let repeated = 0;
  while (rest !== '') {
    const part = structure.exec(rest)?.[0];
    if (part !== undefined) {
      rest = rest.slice(part.length);
      written += part;
      if (quantifier.test(rest)) return undefined;
      continue;
    }
    const one = atom.exec(rest)?.[0];
    if (one === undefined) return undefined;
    rest = rest.slice(one.length);
    written += one === '\\s' ? `[${blank}]` : one === '\\S' ? `[^${blank}]` : one;
    const times = quantifier.exec(rest)?.[0];
    if (times === undefined) continue;
    rest = rest.slice(times.length);
    if (/^[?+*{]/.test(rest)) return undefined;
    written += times;
    if (!/^\{\d+\}$/.test(times)) repeated += 1;
    if (repeated > 2) return undefined;
  }
  try {
    return new RegExp(written, ignoresCase ? 'isu' : 'su');
  } catch {
    return undefined;
  }
}

/** True if a plain expression repeats nothing: the platform is quick with it on a text of any length. */
export function repeatsNothing(source: string): boolean {
  const bare = source
    .replace(/\\./gs, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\(\?(?::|i\))/g, '');
  return !/[*+?{]/.test(bare);
}
