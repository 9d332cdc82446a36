/** The octets that framings and JSON look for, by their names in ASCII. */
export const LF = 10;
export const CR = 13;
export const QUOTE = 34;
export const COMMA = 44;
export const COLON = 58;
export const OPEN_BRACKET = 91;
export const BACKSLASH = 92;
export const CLOSE_BRACKET = 93;
export const OPEN_BRACE = 123;
export const CLOSE_BRACE = 125;

/** White space of JSON (RFC 8259, section 2). */
export function isWhiteSpace(octet: number): boolean {
  return octet === 32 || octet === LF || octet === CR || octet === 9;
}

/** What begins or ends an array or object. */
export function isBracket(octet: number): boolean {
  return octet === OPEN_BRACE || octet === CLOSE_BRACE || octet === OPEN_BRACKET || octet === CLOSE_BRACKET;
}

/** What cannot be part of a number, of `true`, or of another bare word. */
export function endsWord(octet: number): boolean {
  return isWhiteSpace(octet) || octet === QUOTE || octet === COMMA || octet === COLON || isBracket(octet);
}
