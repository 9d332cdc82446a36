const name = { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_.-]*$' };
const ids = { type: ['string', 'array'], items: { type: 'string' } };
const pattern = {
  description: 'A pattern: a text with places, or data with $operators (README, "Patterns").',
};
const role = { enum: ['server', 'client'] };
const steps = { type: 'array', items: { type: ['string', 'object'] } };

/** The parts of the file that an option of a dialect may change. */
const changeable = [
  'transport',
  'port',
  'path',
  'framing',
  'payload',
  'encoding',
  'ignore-case',
  'trailing-blanks',
  'identity',
  'facts',
  'stimuli',
  'shows',
  'messages',
  'correlate',
  'start',
  'states',
  'barrier',
  'client-barrier',
  'automatic',
  'given',
  'alive',
  'decoys',
  'classes',
  'rules',
];

const barriers = {
  type: 'object',
  additionalProperties: {
    type: 'object',
    additionalProperties: false,
    required: ['send', 'until'],
    properties: {
      send: { description: 'The message that must be answered: "SAY barrier".' },
      until: { description: 'A pattern of the answer, after which nothing earlier can come.' },
      wrong: { type: 'boolean', description: 'What is sent is wrong on purpose, so it need not be valid.' },
      proves: { ...ids, description: 'Blamed when the answer does not come.' },
    },
  },
};

/** JSON Schema of `protocol.yaml`. */
export const protocolSchema: object = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:spar:protocol:1',
  title: 'A protocol for spar',
  type: 'object',
  additionalProperties: false,
  required: ['protocol', 'title', 'transport', 'framing', 'messages'],
  properties: {
    protocol: { ...name, description: 'The name by which the protocol is called on the command line.' },
    title: { type: 'string', description: 'The title of its document.' },
    document: { type: 'string', description: 'Where the document is to be found.' },
    transport: {
      enum: ['tcp', 'tls', 'ws', 'wss', 'unix', 'stdio'],
      description: 'What carries the octets.',
    },
    port: { type: 'integer', minimum: 0, maximum: 65535, description: 'The port if none is given.' },
    path: { type: 'string', description: 'The path of the URL, for ws and wss.' },
    framing: {
      type: ['string', 'object'],
      description:
        'How messages are told apart: lf, crlf, nul, len16be, len32be, json-stream, message, … or {lines: crlf, accept: tolerant}.',
    },
    payload: { enum: ['text', 'json'], default: 'text', description: 'What a message is made of.' },
    encoding: { enum: ['utf-8', 'ascii', 'latin-1'], default: 'utf-8', description: 'Of text payloads.' },
    'ignore-case': {
      type: 'boolean',
      description: 'The literal words of lines are compared without regard to case.',
    },
    'trailing-blanks': {
      enum: ['strip', 'keep'],
      default: 'strip',
      description: 'Blanks at the end of a line of the target.',
    },
    dialects: {
      type: 'object',
      description: 'Named choices where the document leaves several readings.',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['default'],
        properties: {
          default: {
            type: ['string', 'number', 'boolean'],
            description: 'The choice if none is made.',
          },
          options: {
            type: ['array', 'object'],
            description: 'The choices; as a mapping each may change parts of this file.',
            additionalProperties: {
              type: ['object', 'null'],
              additionalProperties: false,
              properties: Object.fromEntries(
                changeable.map((part) => [part, { description: 'Laid over that of the file.' }]),
              ),
            },
          },
          about: { type: 'string', description: 'What is left open and why this default.' },
          'probe-not': { type: 'string', description: 'Why a question to the target cannot tell.' },
          probe: {
            description:
              'For some options a harmless conversation that holds only where it is spoken; the first one that holds decides. An empty one is for what is left.',
            type: 'object',
            additionalProperties: {
              type: ['object', 'null'],
              additionalProperties: false,
              properties: {
                given: {
                  type: 'array',
                  items: { type: ['string', 'object'] },
                  description: 'Preambles of the question.',
                },
                steps: { ...steps, description: 'The steps of the question.' },
              },
            },
          },
        },
      },
    },
    identity: {
      type: 'object',
      description: 'Fresh names: a regular expression, made anew for each peer, or {pattern, per: case}.',
      additionalProperties: {
        type: ['string', 'object'],
        additionalProperties: false,
        properties: {
          pattern: { type: 'string', description: 'The regular expression of the name: "[a-z]{8}".' },
          per: { enum: ['peer', 'case'], description: 'Whether each peer has its own, or a case has one.' },
        },
      },
    },
    facts: {
      type: 'object',
      description: 'What a target must be told of: a JSON Schema for each fact.',
      additionalProperties: { type: 'object' },
    },
    stimuli: {
      type: 'object',
      description: 'What a client under test can be made to do, with the names of its arguments.',
      additionalProperties: {
        type: ['object', 'null'],
        additionalProperties: false,
        properties: {
          with: { type: 'array', items: name, description: 'Names of its arguments: [target, text].' },
          ask: { type: 'string', description: 'What a person is asked to do where nothing is bound.' },
        },
      },
    },
    shows: {
      type: 'object',
      description: 'What a client under test shows its user: each kind with the names of its parts.',
      additionalProperties: { type: 'array', items: { type: 'string', pattern: '^[A-Za-z]\\w*$' } },
    },
    messages: {
      type: 'object',
      description: 'Every message by its name: SAY: {from: client, line: "SAY <text...>"}.',
      minProperties: 1,
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['from'],
        properties: {
          from: { enum: ['server', 'client', 'both'], description: 'Who sends it.' },
          line: {
            ...ids,
            description:
              'The line, with places: <name> a token, <name...> the rest, <names*> tokens, <name:regex>, [optional].',
          },
          match: { description: 'JSON: the pattern that tells the message from others.' },
          schema: { type: 'object', description: 'JSON Schema of the message.' },
          awaited: { type: 'boolean', description: 'Recognised only where the state table waits for it.' },
          push: { type: 'boolean', description: 'The target may send it at any time, unasked.' },
          about: {
            ...ids,
            description: 'Fields with names: a push about names of nobody in the case is passed over.',
          },
          example: { description: 'A valid message, for the fuzzer and for documents.' },
        },
      },
    },
    correlate: { type: 'string', description: 'JSON: the member by which an answer belongs to its request.' },
    start: { ...name, description: 'The state of a fresh connection; the first of states if absent.' },
    states: {
      type: 'object',
      description:
        'For each state what may be sent and what answers it: SEND: [ACK, DECLINE -> closed], SYNC: [MSG* ENDSYNC], QUIT: closed, NOTE: nothing.',
      additionalProperties: {
        type: ['object', 'null'],
        additionalProperties: { type: ['string', 'array', 'null'], items: { type: 'string' } },
      },
    },
    barrier: {
      ...barriers,
      description: 'For each state something harmless that must be answered, and the answer.',
    },
    'client-barrier': {
      ...barriers,
      description: 'The same for clients under test: what spar sends and a client must answer.',
    },
    automatic: {
      type: 'array',
      description: 'What every peer answers by itself, unless a case says `does not answer …`.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['on', 'send'],
        properties: {
          on: { ...name, description: 'The message that is answered.' },
          send: { description: 'The answer: a text, or an object; it may use what was captured.' },
          role: { ...role, description: 'Only where the target has this role.' },
        },
      },
    },
    given: {
      type: 'object',
      description: 'Preambles: steps that bring a peer, called self, into a state.',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        minProperties: 1,
        properties: {
          steps: { ...steps, description: 'The steps; the peer is called self.' },
          'client-steps': {
            ...steps,
            description: 'The same where the target is a client and spar the server.',
          },
          with: {
            type: ['array', 'object'],
            items: name,
            description: 'Names of its arguments, or their defaults.',
          },
          proves: { ...ids, description: 'Blamed when the preamble does not hold.' },
          'client-proves': { ...ids, description: 'Blamed when client-steps do not hold.' },
        },
      },
    },
    alive: {
      type: 'object',
      additionalProperties: false,
      description: 'For each role the preamble that shows that a target lives.',
      properties: {
        server: { type: 'string', description: 'For servers.' },
        client: { type: 'string', description: 'For clients.' },
      },
    },
    decoys: {
      type: 'object',
      additionalProperties: false,
      description:
        'What the null targets of the self-test say: a banner, and a refusal of everything (${request.…}).',
      properties: {
        banner: { description: 'What is said at once, and nothing after it.' },
        refusal: { description: 'What answers everything.' },
      },
    },
    classes: {
      type: 'object',
      description: 'Value classes: named samples; a case runs once for each.',
      additionalProperties: { type: ['object', 'array'] },
    },
    rules: {
      type: 'array',
      description: 'What holds for every message in every case.',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['id', 'proves'],
        properties: {
          id: { type: 'string', pattern: '^[a-z0-9][a-z0-9-]*$', description: 'Never changes.' },
          title: { type: 'string', description: 'What holds, in one sentence.' },
          proves: { ...ids, description: 'Ids of the requirements that a breach breaks.' },
          from: { ...role, description: 'Whose messages are watched; those of the server if absent.' },
          on: {
            ...ids,
            description:
              'What went wrong: unknown-message, bad-frame, bad-encoding, bad-json, schema, unasked, unfinished, or the name of a note.',
          },
          message: { ...ids, description: 'The messages that it speaks of; all if absent.' },
          state: { ...ids, description: 'The states in which it holds; all if absent.' },
          when: pattern,
          must: pattern,
          distinct: {
            type: 'string',
            description: 'Field whose values differ over all such messages of a connection.',
          },
          dialect: { type: 'object', description: 'The dialects under which the rule holds.' },
        },
      },
    },
  },
};
