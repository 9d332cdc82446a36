import { levels } from '../events/verdict.ts';
import { causeWords } from './cause-words.ts';
import { statuses } from './ledger.ts';
import {
  count,
  described,
  flag,
  list,
  object,
  outcome,
  role,
  type Schema,
  text,
  texts,
} from './schema-parts.ts';

/** The name of the schema, which every JSON report carries. */
export const reportSchemaId = 'urn:spar:report:1';

const number = { type: 'number' } as const;
const verdict = { enum: ['pass', 'fail', 'warn', 'skip', 'error'] } as const;

function ref(name: string): Schema {
  return { $ref: `#/$defs/${name}` };
}

const cause = {
  description: 'Why a case has the verdict it has.',
  enum: Object.keys(causeWords),
};

const run = object(
  'The run as a whole.',
  {
    id: text,
    time: described(text, 'When it began: ISO 8601.'),
    ms: described(number, 'Its length in milliseconds.'),
    spar: described(text, 'The version of spar.'),
    protocol: object('The protocol.', { name: text, title: text, path: text }),
    role: described(role, 'What the target is.'),
    target: object(
      'What was tested.',
      { kind: { enum: ['reference', 'address', 'spawn'] }, label: text },
      { name: described(text, 'What its tester calls it, where several are compared.') },
    ),
    seed: number,
    dialects: { type: 'object', additionalProperties: text },
    options: { type: 'object' },
    strict: described(flag, 'True if warnings fail the run.'),
  },
  {
    stopped: {
      description: 'Why it ended before all cases were held; cut-off: its events end in the middle.',
      enum: ['target-dead', 'bail', 'interrupted', 'harness', 'cut-off'],
    },
    message: text,
    exit: described(count, 'The exit code; absent if the run was cut off.'),
  },
);

const requirement = object(
  'A requirement and what is known of it.',
  {
    id: text,
    section: described(text, 'The heading of the document.'),
    level: { enum: levels },
    binds: { enum: ['server', 'client', 'both'] },
    text,
    warn: described(flag, 'True if a breach only warns, whatever the level.'),
    status: { enum: statuses },
    why: described(texts, 'Why it is neither held nor broken.'),
    cases: described(texts, 'Ids of the cases of this run that prove it.'),
    rules: described(texts, 'Ids of the rules that prove it.'),
    brokenBy: described(texts, 'Ids of the cases whose failures name it.'),
  },
  {
    untestable: described(text, 'Why it cannot be tested over the wire.'),
    proofs: described(count, 'How many cases and rules of the whole suite prove it.'),
    expected: described(texts, 'Reasons, if every failure that names it is expected.'),
  },
);

const step = object('Where a step stands.', { text, file: text, line: count }, { index: count });

const failure = object(
  'One comparison that does not hold.',
  { cause: ref('cause'), message: text, requirements: texts },
  {
    rule: text,
    step,
    peer: text,
    expected: text,
    actual: text,
    differsAt: described(count, 'Index of the first octet of actual that differs from expected.'),
    details: texts,
  },
);

const entry = object(
  'One thing that happened on a wire.',
  {
    at: described(number, 'Milliseconds since the case began.'),
    peer: text,
    what: { enum: ['connect', 'send', 'receive', 'end', 'reset', 'close', 'note'] },
    text,
  },
  { size: count, hex: text, message: text, step: count },
);

const states = object('The state table of the protocol, and what of it was seen.', {
  start: text,
  names: texts,
  answers: list(
    object(
      'What may answer a request in a state.',
      {
        state: described(text, 'The state, or any.'),
        request: text,
        answer: text,
        seen: described(count, 'In how many cases it came.'),
      },
      { next: described(text, 'The state afterwards; absent if it stays.') },
    ),
  ),
});

const oneCase = object(
  'A case and what became of it.',
  {
    id: text,
    title: text,
    section: text,
    file: text,
    line: count,
    proves: texts,
    outcome,
    ms: number,
    attempts: list(object('One try.', { verdict, ms: number }, { message: text })),
    failures: list(ref('failure')),
    notes: texts,
  },
  {
    cause: ref('cause'),
    why: described(text, 'Why it was not held, or not to its end.'),
    choices: list(object('Which of several ways that a step allows the target took.', { step, took: text })),
    transcript: list(ref('entry')),
    repeat: described(text, 'A command that holds exactly this case again.'),
    expected: described(text, 'Why its failure is expected.'),
  },
);

/** The JSON Schema (2020-12) of the JSON report. */
export const reportSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: reportSchemaId,
  title: 'Report of a run of spar',
  ...object(
    'The ledger of requirements, the cases, and how the run went.',
    {
      $schema: { const: reportSchemaId },
      run,
      counts: object('How many cases there are, and what became of them.', {
        total: count,
        ...Object.fromEntries(outcome.enum.map((name) => [name, count])),
        flaky: count,
      }),
      requirements: list(requirement),
      sections: list(
        object('How the requirements of a heading stand.', {
          section: text,
          ...Object.fromEntries(statuses.map((status) => [status, count])),
        }),
      ),
      rules: list(
        object('A rule watched in every conversation.', {
          id: text,
          proves: texts,
          seen: count,
          brokenBy: texts,
        }),
      ),
      cases: list(oneCase),
      stale: list(object('An expected failure that holds now.', { entry: text, reason: text })),
      target: object("What became of the target's process.", {
        exits: count,
        restarts: count,
        last: list(
          object(
            'Something heard of it.',
            {
              at: number,
              what: { enum: ['spawned', 'ready', 'exited', 'restarted', 'output', 'note'] },
              text,
            },
            { code: { type: 'integer' }, signal: text },
          ),
        ),
      }),
    },
    { states },
  ),
  $defs: { cause, failure, entry },
};
