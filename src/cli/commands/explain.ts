import type { Argv, CommandModule } from 'yargs';
import { SparError } from '../../problem/problem.ts';
import { didYouMean } from '../../problem/suggest.ts';
import { referenceOf } from '../../reference/bundled.ts';
import { bundledProtocols, protocolFolder, readRequirements, readSuite } from '../folders.ts';
import type { Result } from './result.ts';

/** `spar explain`: one requirement, what proves it and what breaks it. */
export function explainCommand(_result: Result): CommandModule {
  return {
    command: 'explain <requirement> [protocol]',
    describe: 'Show a requirement, its cases and its defects',
    builder: (yargs: Argv) =>
      yargs
        .positional('requirement', { type: 'string', demandOption: true })
        .positional('protocol', { type: 'string', describe: 'Where it stands, if it is not bundled' })
        .example('$0 explain CPT-044', ''),
    handler: async (line) => {
      const id = String(line['requirement']).toUpperCase();
      const names = typeof line['protocol'] === 'string' ? [line['protocol']] : await bundledProtocols();
      const known: string[] = [];
      for (const name of names) {
        const folder = await protocolFolder(name);
        const requirements = await readRequirements(folder);
        known.push(...requirements.byId.keys());
        if (requirements.byId.has(id)) {
          process.stdout.write(await explanation(folder, id));
          return;
        }
      }
      throw new SparError({
        fault: 'user',
        what: `there is no requirement "${id}"`,
        mend: didYouMean(id, known),
      });
    },
  };
}

async function explanation(folder: string, id: string): Promise<string> {
  const suite = await readSuite(folder);
  const requirement = suite.requirements.byId.get(id);
  if (!requirement) return '';
  const reference = await referenceOf(suite.protocol.name);
  const cases = suite.cases.filter((one) => one.proves.includes(id));
  const rules = suite.protocol.rules.filter((rule) => rule.proves.includes(id));
  const defects = requirement.defects.map((name) => {
    const what = reference?.serverDefects.find((defect) => defect.name === name)?.what;
    return `  ${name}${what === undefined ? '' : `  ${what}`}`;
  });
  const lines = [
    `${id}  ${requirement.level}${requirement.warn ? ', a breach warns' : ''}, binds ${requirement.binds === 'both' ? 'both sides' : `the ${requirement.binds}`}`,
    `${suite.requirements.document}: ${requirement.section}`,
    '',
    requirement.text,
    ...(requirement.untestable === undefined ? [] : ['', `Cannot be tested: ${requirement.untestable}`]),
    ...(requirement.partly === undefined ? [] : ['', `Tested in part; the rest takes ${requirement.partly}`]),
    '',
    'Proved by:',
    ...(cases.length + rules.length === 0 ? ['  nothing'] : []),
    ...cases.map((one) => `  ${one.id}\n      ${one.title}  (${one.file}:${one.line})`),
    ...rules.map((rule) => `  rule ${rule.id}\n      ${rule.title}`),
    ...(defects.length === 0 ? [] : ['', 'Broken by the defects:', ...defects]),
  ];
  return `${lines.join('\n')}\n`;
}
