import { escapedJson } from '../escaped-json.ts';
import type { Comparison } from './compare.ts';
import { comparisonSchemaId } from './comparison.schema.ts';

/** A comparison as JSON, as `comparison.schema.ts` describes it. */
export function comparisonJson(comparison: Comparison): string {
  return `${escapedJson({ $schema: comparisonSchemaId, ...comparison }, 2)}\n`;
}
