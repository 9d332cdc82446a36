import { schemas } from './commands/schema.ts';

interface Schema {
  readonly title?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
}

const files: readonly (readonly [kind: string, file: string])[] = [
  ['protocol', 'protocol.yaml'],
  ['requirements', 'requirements.yaml'],
  ['suite', 'server/*.yaml, client/*.yaml, both/*.yaml'],
  ['spar', 'spar.yaml'],
  ['expected-failures', 'expected-failures.yaml'],
];

/** The reference of all files that a user writes, made of their JSON Schemas. */
export function languagePage(): string {
  const parts = files.map(([kind, file]) => {
    const schema = schemas[kind] as Schema;
    const about = [schema.title, schema.description].filter(Boolean).join('. ');
    return [`## ${file}`, '', `${about}.`.replace(/\.\.$/, '.'), '', ...table(schema)].join('\n');
  });
  return `${head}\n${parts.map((part) => part.trimEnd()).join('\n\n')}\n`;
}

const head = `# The files of a suite, key by key

Written from the JSON Schemas by \`npm run docs\`; steps and patterns have chapters of their own in the
[README](../README.md#steps). \`*\` in a key stands for a name of yours, \`[]\` for each item of a list, **bold** for
a key that must be there. \`spar schema KIND\` prints the schemas themselves.
`;

function table(schema: Schema): string[] {
  const rows = rowsOf(schema, '');
  return rows.length === 0 ? [] : ['| key | value | what it says |', '|---|---|---|', ...rows];
}

function rowsOf(schema: Schema, path: string): string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, one]) => {
    const name = path === '' ? key : `${path}.${key}`;
    const told = schema.required?.includes(key) ? `**\`${name}\`**` : `\`${name}\``;
    return [`| ${told} | ${cell(kindOf(one))} | ${cell(one.description ?? '')} |`, ...rowsOf(one, name)];
  });
  const more = schema.additionalProperties;
  const named = typeof more === 'object' ? rowsOf(more, path === '' ? '*' : `${path}.*`) : [];
  const items = schema.items ? rowsOf(schema.items, `${path}[]`) : [];
  return [...own, ...named, ...items];
}

function kindOf({ type, enum: values, default: usual }: Schema): string {
  const kinds = values
    ? values.map((one) => `\`${String(one)}\``)
    : (typeof type === 'string' ? [type] : (type ?? ['anything'])).map(
        (one) => ({ object: 'mapping', array: 'list', string: 'text', null: 'nothing' })[one] ?? one,
      );
  return `${kinds.join(', ')}${usual === undefined ? '' : `; \`${String(usual)}\` if absent`}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
}

/** Keys of the files that a user writes which no sentence explains. */
export function unexplained(): string[] {
  return files.flatMap(([kind]) =>
    rowsOf(schemas[kind] as Schema, '')
      .filter((row) => row.endsWith('|  |'))
      .map((row) => `${kind}: ${row}`),
  );
}
