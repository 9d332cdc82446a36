import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { schemas } from './commands/schema.ts';

describe('the JSON Schemas that editors read', () => {
  it.each(Object.keys(schemas))('suites/schemas/%s.json says what the program validates', async (name) => {
    await expect(`${JSON.stringify(schemas[name], null, 2)}\n`).toMatchFileSnapshot(
      `../../suites/schemas/${name}.json`,
    );
  });

  it.each(Object.keys(schemas))('%s is a JSON Schema', (name) => {
    const ajv = new Ajv2020({ strict: false });
    expect(ajv.validateSchema(schemas[name] as object)).toBe(true);
  });
});
