import type { Argv, CommandModule } from 'yargs';
import { protocolSchema } from '../../protocol/protocol.schema.ts';
import { comparisonSchema } from '../../report/compare/comparison.schema.ts';
import { reportSchema } from '../../report/report.schema.ts';
import { expectedFailuresSchema } from '../../run/expected-failures.ts';
import { requirementsSchema } from '../../suite/requirements.ts';
import { suiteSchema } from '../../suite/suite.schema.ts';
import { settingsSchema } from '../settings.ts';
import type { Result } from './result.ts';

/** The JSON Schemas that spar ships, by the name of their file in `suites/schemas`. */
export const schemas: Readonly<Record<string, object>> = {
  protocol: protocolSchema,
  suite: suiteSchema,
  requirements: requirementsSchema,
  'expected-failures': expectedFailuresSchema,
  spar: settingsSchema,
  report: reportSchema,
  comparison: comparisonSchema,
};

/** `spar schema`: prints the JSON Schema of a kind of file. */
export function schemaCommand(_result: Result): CommandModule {
  return {
    command: 'schema <kind>',
    describe: 'Print the JSON Schema of a kind of file',
    builder: (yargs: Argv) =>
      yargs
        .positional('kind', { choices: Object.keys(schemas), demandOption: true })
        .example('$0 schema suite > suite.json', 'for the completion of an editor'),
    handler: (line) => {
      process.stdout.write(`${JSON.stringify(schemas[String(line['kind'])], null, 2)}\n`);
    },
  };
}
