import { levels } from '../../events/verdict.ts';
import { statuses } from '../ledger.ts';
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
} from '../schema-parts.ts';

/** The name of the schema, which every JSON comparison carries. */
export const comparisonSchemaId = 'urn:spar:comparison:1';

function orNull(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] };
}

const ids = object('Ids.', { requirements: texts, cases: texts });

/** The JSON Schema (2020-12) of the JSON that `spar compare` writes. */
export const comparisonSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: comparisonSchemaId,
  title: 'Runs of spar and of other harnesses, side by side',
  ...object(
    'Lists with an entry for each run have them in the order of runs.',
    {
      $schema: { const: comparisonSchemaId },
      baseline: described(count, 'Index of the run that the others are held against.'),
      runs: list(
        object(
          'A run.',
          {
            label: text,
            from: described(text, 'The file that it was read from.'),
            source: { enum: ['spar', 'tap', 'junit'] },
            dialects: { type: 'object', additionalProperties: text },
            strict: described(flag, 'True if warnings count as failures.'),
            held: described(count, 'How many requirements hold.'),
            testable: described(count, 'How many requirements it knows that can be tested.'),
            cases: described(count, 'How many cases or tests it has.'),
          },
          {
            protocol: object('The protocol.', { name: text, title: text }),
            role,
            time: described(text, 'When it began: ISO 8601.'),
            spar: described(text, 'The version of spar.'),
            stopped: described(text, 'Why it ended before its time.'),
          },
        ),
      ),
      requirements: list(
        object('A requirement in each run.', {
          id: text,
          section: text,
          level: { enum: levels },
          text,
          results: list(
            orNull(
              object('What the run knows of it; null if nothing.', {
                status: { enum: statuses },
                expected: described(flag, 'True if every failure that names it is expected.'),
                brokenBy: texts,
              }),
            ),
          ),
        }),
      ),
      cases: list(
        object('A case of spar, or a test of another harness, in each run.', {
          id: text,
          title: text,
          requirements: texts,
          outcomes: list(orNull(outcome)),
        }),
      ),
      alternatives: list(
        object('A step that allows several ways.', {
          step: text,
          file: text,
          cases: texts,
          requirements: described(texts, 'What these cases prove; none for a step of a preamble.'),
          took: described(list(orNull(texts)), 'The ways that each run took; null if it did not come to it.'),
        }),
      ),
      news: list(
        object('How a run differs from the baseline.', {
          run: described(count, 'Index of the run.'),
          failing: described(ids, 'What fails, and did not fail in the baseline.'),
          holding: described(ids, 'What holds, and did not hold in the baseline.'),
          warning: described(ids, 'What only warns, and neither warned nor failed in the baseline.'),
          lost: described(ids, 'What held in the baseline, and now neither holds nor fails nor warns.'),
          added: described(texts, 'Cases that the baseline has not.'),
          removed: described(texts, 'Cases that only the baseline has.'),
        }),
      ),
      exit: described({ enum: [0, 1] }, '1 if something newly fails.'),
    },
    { protocol: object('The protocol.', { name: text, title: text }), role },
  ),
};
