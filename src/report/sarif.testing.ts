import { Ajv2020 } from 'ajv/dist/2020.js';

const text = { type: 'string', minLength: 1 };
const words = { type: 'object', required: ['text'], properties: { text } };
const level = { enum: ['none', 'note', 'warning', 'error'] };

/** What SARIF 2.1.0 and GitHub's code scanning ask of a log, in our words. */
const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['$schema', 'version', 'runs'],
  properties: {
    $schema: { const: 'https://json.schemastore.org/sarif-2.1.0.json' },
    version: { const: '2.1.0' },
    runs: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['tool', 'results'],
        properties: {
          columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
          tool: {
            type: 'object',
            required: ['driver'],
            properties: {
              driver: {
                type: 'object',
                additionalProperties: false,
                required: ['name', 'semanticVersion', 'rules'],
                properties: {
                  name: text,
                  semanticVersion: { type: 'string', pattern: '^\\d+\\.\\d+\\.\\d+' },
                  rules: {
                    type: 'array',
                    uniqueItems: true,
                    items: {
                      type: 'object',
                      additionalProperties: false,
                      required: ['id', 'shortDescription', 'fullDescription', 'help'],
                      properties: {
                        id: text,
                        shortDescription: words,
                        fullDescription: words,
                        help: words,
                        defaultConfiguration: { type: 'object', properties: { level } },
                      },
                    },
                  },
                },
              },
            },
          },
          results: {
            type: 'array',
            maxItems: 25_000,
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['ruleId', 'ruleIndex', 'level', 'message', 'locations', 'partialFingerprints'],
              properties: {
                ruleId: text,
                ruleIndex: { type: 'integer', minimum: 0 },
                level,
                message: words,
                locations: {
                  type: 'array',
                  minItems: 1,
                  items: {
                    type: 'object',
                    required: ['physicalLocation'],
                    properties: {
                      physicalLocation: {
                        type: 'object',
                        required: ['artifactLocation', 'region'],
                        properties: {
                          artifactLocation: {
                            type: 'object',
                            // Relative, with forward slashes, and a URI reference.
                            properties: {
                              uri: { type: 'string', pattern: '^[\\w.~!$&\'()*+,;=@%-][^ \\\\<>"{}]*$' },
                            },
                          },
                          region: {
                            type: 'object',
                            properties: { startLine: { type: 'integer', minimum: 1 } },
                          },
                        },
                      },
                    },
                  },
                },
                partialFingerprints: {
                  type: 'object',
                  required: ['primaryLocationLineHash'],
                  additionalProperties: text,
                },
              },
            },
          },
        },
      },
    },
  },
};

interface Log {
  readonly runs: readonly {
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly partialFingerprints: Readonly<Record<string, string>>;
    }[];
  }[];
}

/** What is wrong with a SARIF log; nothing if it is well. Also each result names the rule at its index. */
export function wrongInSarif(log: string): readonly string[] {
  const check = new Ajv2020({ allErrors: true, strict: false }).compile(schema);
  const value = JSON.parse(log) as Log;
  if (!check(value)) return (check.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
  return value.runs.flatMap(({ tool, results }) =>
    results
      .filter(({ ruleId, ruleIndex }) => tool.driver.rules[ruleIndex]?.id !== ruleId)
      .map(({ ruleId }) => `${ruleId} is not the rule at its index`),
  );
}

/** The results of a log. */
export function sarifResults(log: string): Log['runs'][number]['results'] {
  return (JSON.parse(log) as Log).runs.flatMap(({ results }) => results);
}
