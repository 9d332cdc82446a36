import { reportSchemaId } from './report.schema.ts';
import type { Summary } from './summary.ts';

/**
 * The report as JSON, as `report.schema.ts` describes it. ASCII controls, C1 controls, and characters that
 * turn or hide text are written as escapes, and `</` as `<\/`, so that the file is harmless in a terminal
 * and in a page; a reader of JSON gets exactly what was there.
 */
export function json(summary: Summary): string {
  const text = JSON.stringify({ $schema: reportSchemaId, ...summary }, undefined, 2);
  return `${text.replaceAll('</', '<\\/').replace(/[\x7F-\x9F]|\p{Cf}|\p{Zl}|\p{Zp}|\p{Cn}/gu, escaped)}\n`;
}

/** As UTF-16 units, which is how JSON escapes characters. */
function escaped(char: string): string {
  return Array.from({ length: char.length }, (_, index) => {
    const unit = char.charCodeAt(index).toString(16);
    return `\\u${unit.padStart(4, '0')}`;
  }).join('');
}
