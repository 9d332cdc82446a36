/** How words are set off, by what they mean. */
export interface Paint {
  strong(text: string): string;
  faint(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  odd(text: string): string;
}

const same = (text: string): string => text;

/** No colour. */
export const plain: Paint = { strong: same, faint: same, good: same, bad: same, odd: same };

/** The eight colours of every terminal (ECMA-48, SGR). */
export const ansi: Paint = {
  strong: (text) => sgr(1, 22, text),
  faint: (text) => sgr(2, 22, text),
  good: (text) => sgr(32, 39, text),
  bad: (text) => sgr(31, 39, text),
  odd: (text) => sgr(33, 39, text),
};

function sgr(on: number, off: number, text: string): string {
  return `\u001B[${on}m${text}\u001B[${off}m`;
}
