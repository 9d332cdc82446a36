/**
 * JSON in which ASCII controls, C1 controls, and characters that turn or hide text are written as
 * escapes, and `</` as `<\/`: harmless in a terminal and in a page; a reader of JSON gets exactly what
 * was there.
 */
export function escapedJson(value: unknown, indent?: number): string {
  const text = JSON.stringify(value, undefined, indent);
  return text.replaceAll('</', '<\\/').replace(/[\x7F-\x9F]|\p{Cf}|\p{Zl}|\p{Zp}|\p{Cn}/gu, escaped);
}

/** As UTF-16 units, which is how JSON escapes characters. */
function escaped(char: string): string {
  return Array.from({ length: char.length }, (_, index) => {
    const unit = char.charCodeAt(index).toString(16);
    return `\\u${unit.padStart(4, '0')}`;
  }).join('');
}
