const ids = { type: ['string', 'array'], items: { type: 'string' } };
const steps = { type: 'array', items: { type: ['string', 'object'] } };

/** JSON Schema of a suite file. Steps have a grammar of their own (README, "Steps"). */
export const suiteSchema: object = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:spar:suite:1',
  title: 'A suite of cases for spar',
  type: 'object',
  additionalProperties: false,
  required: ['section', 'cases'],
  properties: {
    protocol: { type: 'string', description: 'The protocol of a file that stands outside of its folder.' },
    section: { type: 'string', description: 'The heading of the document that the file is about.' },
    about: { type: 'string', description: 'What a reader should know before the cases.' },
    cases: {
      type: 'array',
      description: 'The cases: each a scripted conversation of its own.',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'title', 'steps'],
        properties: {
          id: {
            type: 'string',
            pattern: '^[a-z0-9][a-z0-9-]*$',
            description: 'Never changes; unique in the file.',
          },
          title: { type: 'string', description: 'What holds, in one sentence.' },
          proves: { ...ids, description: 'Ids of requirements.' },
          role: {
            enum: ['server', 'client', 'both'],
            description: 'What the target is, where the folder does not say it.',
          },
          dialect: {
            type: 'object',
            description: 'The dialects under which the case holds: a value, or a list of them.',
          },
          alone: { type: 'boolean', description: 'No other case may run at the same time.' },
          memory: {
            type: ['string', 'object'],
            pattern: '^steady$',
            additionalProperties: false,
            required: ['below'],
            properties: {
              below: { type: 'number', exclusiveMinimum: 0, description: 'At the end, in MiB.' },
            },
            description:
              'What the process of a target that spar starts may take. "steady", for servers: the conversation is held some hundred times and must leave nothing behind; {below: 300}: less than 300 MiB at its end.',
          },
          output: {
            enum: ['clean'],
            description:
              'What the process of a target that spar starts may print. clean: no report of a crash (sanitizer, panic, stack trace) while the case is held, though the process may go on.',
          },
          'passes-on': {
            type: 'array',
            items: { enum: ['silent', 'hangs-up', 'echo', 'banner', 'refuses', 'floods', 'never-connects'] },
            description: 'Null targets on which the case passes rightly, being about just that.',
          },
          control: {
            type: 'string',
            description: 'The case that shows that the valid form is accepted: id, or section/id.',
          },
          peers: {
            type: ['array', 'object'],
            items: { type: 'string' },
            additionalProperties: { type: ['integer', 'null'] },
            description: 'Peers that no given names; {crowd: 20} makes a crowd.',
          },
          given: {
            type: 'array',
            items: { type: ['string', 'object'] },
            description: 'Preambles: alice online.',
          },
          for: { type: 'object', description: 'Runs once for each value: {text: texts}, a class or a list.' },
          examples: {
            type: 'array',
            items: { type: 'object' },
            description: 'Rows of a table; the case runs once for each.',
          },
          steps: { ...steps, description: 'What happens, a line each: "alice >: SAY hi".' },
        },
      },
    },
  },
};
