/** A JSON Schema, or a part of one. */
export type Schema = { readonly [key: string]: unknown };

export const text = { type: 'string' } as const;
export const count = { type: 'integer', minimum: 0 } as const;
export const flag = { type: 'boolean' } as const;
export const role = { enum: ['server', 'client'] } as const;
export const texts: Schema = list(text);

/** What became of a case. */
export const outcome = {
  enum: ['pass', 'fail', 'warn', 'skip', 'error', 'expected', 'unfinished', 'not-held'],
} as const;

/** Members that must be there, and such that may. Nothing else may stand in the object. */
export function object(description: string, required: Schema, optional: Schema = {}): Schema {
  return {
    type: 'object',
    description,
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  };
}

/** Any number of these. */
export function list(items: Schema): Schema {
  return { type: 'array', items };
}

/** The same, with words for who reads the schema. */
export function described(schema: Schema, description: string): Schema {
  return { ...schema, description };
}
