import { resolve } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { SparError } from '../../problem/problem.ts';
import { didYouMean } from '../../problem/suggest.ts';
import { clientReferenceOf, referenceOf } from '../../reference/bundled.ts';
import { gist } from '../../report/case-lines.ts';
import { requirementWords } from '../../report/counts-words.ts';
import { shown as printable } from '../../report/shown.ts';
import { bundledProtocols, protocolFolder, readRequirements, readSuite, shown } from '../folders.ts';
import { lastVerdict } from '../last-verdict.ts';
import { readSettings } from '../settings.ts';
import type { Result } from './result.ts';

/** `spar explain`: one requirement, what proves it and what breaks it, and what became of it last. */
export function explainCommand(_result: Result): CommandModule {
  return {
    command: 'explain <requirement> [protocol]',
    describe: 'Show a requirement, its cases, its defects and its last verdict',
    builder: (yargs: Argv) =>
      yargs
        .positional('requirement', { type: 'string', demandOption: true })
        .positional('protocol', { type: 'string', describe: 'Where it stands, if it is not bundled' })
        .option('reports', { type: 'string', describe: 'Folder of the reports [reports]' })
        .option('config', { type: 'string', describe: 'Settings file [spar.yaml]' })
        .example('$0 explain CPT-044', 'of a bundled protocol')
        .example(
          '$0 explain ECHO-2 ./echo --reports ci/reports',
          'of your own, with the last run in a folder',
        ),
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
          process.stdout.write(await lastWords(await reportsFolder(line), folder, id));
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
  const references = await Promise.all([
    referenceOf(suite.protocol.name).then((reference) => reference?.serverDefects),
    clientReferenceOf(suite.protocol.name).then((reference) => reference?.clientDefects),
  ]);
  const known = references.flatMap((some) => some ?? []);
  const cases = suite.cases.filter((one) => one.proves.includes(id));
  const rules = suite.protocol.rules.filter((rule) => rule.proves.includes(id));
  const defects = requirement.defects.map((name) => {
    const what = known.find((defect) => defect.name === name)?.what;
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

async function reportsFolder(line: Readonly<Record<string, unknown>>): Promise<string> {
  if (line['reports'] !== undefined) return resolve(String(line['reports']));
  const settings = await readSettings(line['config'] as string | undefined);
  const named = settings.values['reports'];
  return named === undefined ? resolve('reports') : resolve(settings.folder, String(named));
}

/** What the newest run says: when, of which target, and where it is broken. */
async function lastWords(reports: string, folder: string, id: string): Promise<string> {
  const { protocol } = await readSuite(folder);
  const last = await lastVerdict(reports, protocol.name, id);
  if (!last) return `\nLast verdict:\n  none: there is no run of ${protocol.name} in ${shown(reports)}\n`;
  const { run, requirement, breaking } = last;
  const target = [run.target.name, run.target.label].filter(Boolean).map(String).map(printable).join(', ');
  const lines = [
    '',
    'Last verdict:',
    `  ${requirementWords(requirement)}${requirement.expected ? ', as expected' : ''}`,
    `  ${run.time.slice(0, 19).replace('T', ' ')} UTC, ${run.role} ${target}`,
    ...breaking.map((one) => `  ${printable(one.id)}\n      ${gist(one)}`),
    `  ${shown(last.folder)}`,
  ];
  return `${lines.join('\n')}\n`;
}
