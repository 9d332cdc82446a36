import { escapedJson } from './escaped-json.ts';
import { reportSchemaId } from './report.schema.ts';
import type { Summary } from './summary.ts';

/** The report as JSON, as `report.schema.ts` describes it. */
export function json(summary: Summary): string {
  return `${escapedJson({ $schema: reportSchemaId, ...summary }, 2)}\n`;
}
