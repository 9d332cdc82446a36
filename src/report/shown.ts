/** Controls, formats that turn or hide text, lone surrogates, and what is no character at all. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/gu;

const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** One line of printable text, whatever came: what cannot be printed is written as an escape. */
export function shown(text: string): string {
  return text.replace(unprintable, (char) => named[char] ?? escaped(char));
}

function escaped(char: string): string {
  const code = char.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  return code < 0x100 ? `\\x${digits.padStart(2, '0')}` : `\\u{${digits}}`;
}

/** At most `most` characters of a printable line; what was cut is counted. */
export function shownTo(most: number, text: string): string {
  if (text.length <= most) return shown(text);
  return `${shown(text.slice(0, most))}… (${text.length} characters)`;
}
