/** How long a fresh name is made where its pattern leaves that open: long enough never to meet another. */
const wished = 10;

interface Part {
  readonly characters: string;
  readonly least: number;
  readonly most: number;
}

/**
 * A fresh text of a pattern such as `[a-z][a-z0-9]{2,15}`: literals, classes and `{n}`, `{n,m}`, `?`,
 * `*`, `+` behind them. Raises an Error for anything else.
 */
export function freshText(pattern: string, random: () => number): string {
  const parts = partsOf(pattern);
  const least = parts.reduce((sum, part) => sum + part.least, 0);
  let spare = Math.max(0, wished - least);
  let text = '';
  for (const part of parts) {
    const more = Math.min(spare, part.most - part.least);
    spare -= more;
    for (let count = part.least + more; count > 0; count -= 1) {
      text += part.characters[Math.floor(random() * part.characters.length)];
    }
  }
  return text;
}

const known = new Map<string, readonly Part[]>();

function partsOf(pattern: string): readonly Part[] {
  const before = known.get(pattern);
  if (before) return before;
  const parts: Part[] = [];
  const inner = pattern.replace(/^\^/, '').replace(/(?<!\\)\$$/, '');
  const token = /\[((?:\\.|[^\]\\])+)\]|\\(.)|([^[\](){}*+?|\\^$])/gsy;
  while (token.lastIndex < inner.length) {
    const at = token.lastIndex;
    const found = token.exec(inner);
    if (!found || found[1]?.startsWith('^'))
      throw new Error(`/${pattern}/ is too much for fresh names: at "${inner.slice(at)}"`);
    const characters = found[3] ?? classOf(found[1] ?? `\\${found[2]}`);
    const rest = /^(?:\{(\d+)(?:,(\d*))?\}|([?*+]))/.exec(inner.slice(token.lastIndex));
    if (rest) token.lastIndex += rest[0].length;
    parts.push({ characters, ...amount(rest) });
  }
  known.set(pattern, parts);
  return parts;
}

function amount(rest: RegExpExecArray | null): { least: number; most: number } {
  if (!rest) return { least: 1, most: 1 };
  if (rest[3] === '?') return { least: 0, most: 1 };
  if (rest[3] !== undefined) return { least: rest[3] === '+' ? 1 : 0, most: 2 * wished };
  const least = Number(rest[1]);
  if (rest[2] === undefined) return { least, most: least };
  return { least, most: rest[2] === '' ? Math.max(least, 2 * wished) : Number(rest[2]) };
}

function classOf(source: string): string {
  const plain = source.replaceAll('\\d', '0-9').replaceAll('\\w', 'A-Za-z0-9_');
  let characters = '';
  for (let at = 0; at < plain.length; at += 1) {
    const from = plain[at] as string;
    const to = plain[at + 2];
    if (plain[at + 1] === '-' && to !== undefined) {
      for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code += 1)
        characters += String.fromCharCode(code);
      at += 2;
    } else if (from === '\\') {
      at += 1;
      characters += plain[at] ?? '';
    } else characters += from;
  }
  return characters;
}
