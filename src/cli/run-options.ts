import { resolve } from 'node:path';
import type { Argv } from 'yargs';
import { type Level, levels, type Role } from '../events/verdict.ts';
import { SparError } from '../problem/problem.ts';
import type { Source } from '../problem/source.ts';
import { didYouMean } from '../problem/suggest.ts';
import type { FormatName } from '../report/format.ts';
import { type Shard, shardOf } from '../suite/shard.ts';

/** The options of `spar run`, from the command line and the settings file together. */
export interface RunOptions {
  readonly protocol?: string;
  readonly target?: string;
  readonly spawn?: string;
  /** What the target is called where several are compared. */
  readonly targetName?: string;
  readonly role: Role;
  /** With `all`: that which was asked for, or both. */
  readonly roles: readonly Role[];
  readonly listen?: string;
  /** Role client: one process serves all cases, one after another. */
  readonly reconnects: boolean;
  /** File in which all that crosses the wire is kept. */
  readonly record?: string;
  /** File of an earlier run that is held again, offline. */
  readonly recording?: string;
  readonly clientLife: 'case' | 'run';
  readonly all: boolean;
  /** Suite files from elsewhere, and folders with such: findings of a campaign. */
  readonly also: readonly string[];
  readonly filter: readonly string[];
  readonly requirement: readonly string[];
  readonly level: readonly Level[];
  /** The part of the chosen cases that this run holds; absent for all. */
  readonly shard?: Shard;
  readonly dialect: Readonly<Record<string, string>>;
  readonly autoDialect: boolean;
  readonly strict: boolean;
  readonly segment: 'as-is' | 'byte' | 'split' | 'coalesce';
  readonly jobs: number;
  readonly deadline?: number;
  readonly quiet: number;
  readonly seed?: number;
  readonly repeat: number;
  readonly bail?: number;
  readonly confirm: number;
  readonly reports: string;
  readonly format: readonly (FormatName | 'none')[];
  readonly verbose: boolean;
  readonly ca?: string;
  readonly insecure: boolean;
  readonly servername?: string;
  readonly readyTimeout: number;
  readonly expectedFailures?: string;
  /** The failures of this run are written into that file. */
  readonly accept: boolean;
  readonly defect: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;
  readonly stimuli: Readonly<Record<string, unknown>>;
  readonly shows: Readonly<Record<string, unknown>>;
  readonly folder: string;
  /** The settings file, if there is one. */
  readonly source?: Source;
}

const formatNames = Object.keys({
  terminal: true,
  tap: true,
  tap14: true,
  junit: true,
  json: true,
  markdown: true,
  html: true,
  badge: true,
  sarif: true,
  none: true,
} satisfies Record<RunOptions['format'][number], true>) as RunOptions['format'];

/** Describes the options of a run to yargs. */
export function runOptions<T>(yargs: Argv<T>): Argv<T> {
  return yargs
    .option('spawn', {
      type: 'string',
      describe: 'Start the target with this command; {host} and {port} are filled in',
      group: 'Target:',
    })
    .option('role', {
      choices: ['server', 'client'] as const,
      describe: 'What the target is [server]',
      group: 'Target:',
    })
    .option('reconnects', {
      type: 'boolean',
      describe: 'Role client: one process serves all cases, since it connects again',
      group: 'Target:',
    })
    .option('listen', {
      type: 'string',
      describe: 'Role client: host:port where a client that you start by hand connects',
      group: 'Target:',
    })
    .option('ready-timeout', {
      type: 'number',
      describe: 'Milliseconds until a spawned server must accept connections [10000]',
      group: 'Target:',
    })
    .option('ca', { type: 'string', describe: 'File with the certificates (PEM) to trust', group: 'Target:' })
    .option('insecure', { type: 'boolean', describe: 'Take any certificate', group: 'Target:' })
    .option('servername', {
      type: 'string',
      describe: 'Name asked for in TLS, if not the host',
      group: 'Target:',
    })
    .option('defect', {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Give the bundled reference this defect',
      group: 'Target:',
    })
    .option('record', {
      type: 'string',
      describe: 'Keep all that crosses the wire in this file',
      group: 'Target:',
    })
    .option('recording', {
      type: 'string',
      describe: 'Instead of a target: hold the run that a file keeps again, offline',
      group: 'Target:',
    })
    .option('also', {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Hold the findings in this file or folder too',
      group: 'Cases:',
    })
    .option('filter', {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Only cases whose id fits the glob',
      group: 'Cases:',
    })
    .option('requirement', {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Only cases that prove this requirement',
      group: 'Cases:',
    })
    .option('level', {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Only requirements of this level: MUST, SHOULD, …',
      group: 'Cases:',
    })
    .option('shard', {
      type: 'string',
      describe: 'i/n: only the ith of n parts of these cases; spar report --merge puts the parts together',
      group: 'Cases:',
    })
    .option('dialect', {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'name=value of a choice that the document leaves open',
      group: 'Cases:',
    })
    .option('segment', {
      choices: ['as-is', 'byte', 'split', 'coalesce'] as const,
      describe: 'How what spar sends is cut into segments [as-is]',
      group: 'Running:',
    })
    .option('jobs', { type: 'number', describe: 'Cases side by side [8]', group: 'Running:' })
    .option('deadline', {
      type: 'number',
      describe: 'Milliseconds for an answer [learned from the answers]',
      group: 'Running:',
    })
    .option('quiet', {
      type: 'number',
      describe: 'Milliseconds of silence where there is no barrier [300]',
      group: 'Running:',
    })
    .option('seed', {
      type: 'number',
      describe: 'Seed of names and samples [fresh; 1 for a shard]',
      group: 'Running:',
    })
    .option('repeat', { type: 'number', describe: 'Hold each case so often [1]', group: 'Running:' })
    .option('confirm', {
      type: 'number',
      describe: 'Hold a failing case so often before it is believed [3]',
      group: 'Running:',
    })
    .option('bail', { type: 'number', describe: 'Stop after so many failing cases', group: 'Running:' })
    .option('strict', { type: 'boolean', describe: 'Warnings fail the run', group: 'Verdict:' })
    .option('expected-failures', {
      type: 'string',
      describe: 'File of failures that are known',
      group: 'Verdict:',
    })
    .option('accept', {
      type: 'string',
      describe: 'Write what fails now into that file, with reasons to fill in [expected-failures.yaml]',
      group: 'Verdict:',
    })
    .option('reports', { type: 'string', describe: 'Folder of the reports [reports]', group: 'Reports:' })
    .option('format', {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Reports to write: html, json, tap, tap14, junit, markdown, sarif, badge [html, json]',
      group: 'Reports:',
    })
    .option('verbose', { type: 'boolean', describe: 'Transcripts of passing cases too', group: 'Reports:' })
    .option('config', { type: 'string', describe: 'Settings file [spar.yaml]' });
}

/** Puts the command line over the settings file, and the defaults under both. Raises a SparError. */
export function toRunOptions(
  line: Readonly<Record<string, unknown>>,
  file: Readonly<Record<string, unknown>>,
  folder: string,
  source?: Source,
): RunOptions {
  const value = (name: string): unknown => line[name] ?? file[name];
  const texts = (name: string): string[] => {
    const one = value(name);
    return one === undefined
      ? []
      : (Array.isArray(one) ? one : [one]).flatMap((text) => String(text).split(','));
  };
  const oneOf = <T extends string>(name: string, known: readonly T[]): T[] =>
    texts(name).map((text) => {
      const fits = known.find((one) => one.toLowerCase() === text.toLowerCase());
      if (fits !== undefined) return fits;
      const what = `there is no ${name} "${text}"`;
      throw new SparError({ fault: 'user', what, mend: didYouMean(text, known) });
    });
  const path = (name: string): Record<string, string> => {
    const inFile = line[name] === undefined && file[name] !== undefined;
    return inFile ? { [camel(name)]: resolve(folder, String(file[name])) } : optional(name);
  };
  const whole = (name: string, otherwise: number, least = 1): number => {
    const number = Number(value(name) ?? otherwise);
    if (Number.isInteger(number) && number >= least) return number;
    throw new SparError({
      fault: 'user',
      what: `--${name} takes a whole number from ${least} on${Number.isNaN(number) ? '' : `, not ${number}`}`,
    });
  };
  const optional = (name: string): Record<string, string> => {
    const text = value(name);
    if (!Array.isArray(text)) return text === undefined ? {} : { [camel(name)]: String(text) };
    throw new SparError({ fault: 'user', what: `--${name} can be given once only` });
  };
  const optionalNumber = (name: string, least: number): Record<string, number> =>
    value(name) === undefined ? {} : { [camel(name)]: whole(name, 0, least) };
  const dialects = readDialectOptions(file['dialect'], texts('dialect'), line['dialect'] !== undefined);
  return {
    ...optional('protocol'),
    ...targetOf(line, optional),
    ...optional('listen'),
    reconnects: value('reconnects') === true,
    ...optional('record'),
    ...optional('recording'),
    ...path('ca'),
    ...optional('servername'),
    ...path('expected-failures'),
    ...acceptedIn(line['accept'], path('expected-failures')['expectedFailures']),
    ...optionalNumber('deadline', 1),
    ...optionalNumber('seed', 0),
    ...optionalNumber('bail', 1),
    role: value('role') === 'client' ? 'client' : 'server',
    roles: value('role') === undefined ? ['server', 'client'] : [value('role') as Role],
    clientLife: value('client-life') === 'run' ? 'run' : 'case',
    all: line['all'] === true,
    also: texts('also').map((one) => (line['also'] === undefined ? resolve(folder, one) : one)),
    filter: texts('filter'),
    requirement: texts('requirement'),
    level: oneOf('level', levels),
    ...shardOption(line['shard']),
    dialect: dialects.values,
    autoDialect: dialects.auto,
    strict: value('strict') === true,
    accept: line['accept'] !== undefined,
    segment: (value('segment') ?? 'as-is') as RunOptions['segment'],
    jobs: whole('jobs', 8),
    quiet: whole('quiet', 300, 0),
    repeat: whole('repeat', 1),
    confirm: whole('confirm', 3),
    reports: path('reports')['reports'] ?? 'reports',
    format: value('format') === undefined ? ['html', 'json'] : oneOf('format', formatNames),
    verbose: value('verbose') === true,
    insecure: value('insecure') === true,
    readyTimeout: whole('ready-timeout', 10_000),
    defect: texts('defect'),
    facts: (file['facts'] ?? {}) as Record<string, unknown>,
    stimuli: (file['stimuli'] ?? {}) as Record<string, unknown>,
    shows: (file['shows'] ?? {}) as Record<string, unknown>,
    folder,
    ...(source ? { source } : {}),
  };
}

/** `--accept` alone means the list that is used, or one of the usual name. */
function acceptedIn(file: unknown, used: string | undefined): { expectedFailures?: string } {
  if (file === undefined) return {};
  const name = String(file);
  if (name === '') return { expectedFailures: used ?? 'expected-failures.yaml' };
  if (/\.(ya?ml|json)$/.test(name)) return { expectedFailures: name };
  throw new SparError({
    fault: 'user',
    what: `--accept takes a file like known.yaml, not "${name}"`,
    mend: 'Write --accept last if you mean expected-failures.yaml.',
  });
}

function shardOption(text: unknown): { shard?: Shard } {
  if (text === undefined) return {};
  const shard = shardOf(String(text));
  if (shard) return { shard };
  throw new SparError({
    fault: 'user',
    what: `--shard takes 1/3, 2/3 or 3/3, for three parts, not "${text}"`,
  });
}

/** Where the target is: what the command line says of it stands above all that the file says. */
function targetOf(
  line: Readonly<Record<string, unknown>>,
  optional: (name: string) => Record<string, string>,
): Record<string, string> {
  const [target, spawn] = [optional('target'), optional('spawn')];
  if (!('target' in target && 'spawn' in spawn)) return { ...target, ...spawn };
  if (line['target'] === undefined) return spawn;
  if (line['spawn'] === undefined) return target;
  throw new SparError({
    fault: 'user',
    what: 'there are two targets: an address, and a command to start one',
    mend: 'Leave out the address if spar is to start the target.',
  });
}

function readDialectOptions(
  file: unknown,
  line: readonly string[],
  fromLine: boolean,
): { values: Record<string, string>; auto: boolean } {
  const values: Record<string, string> = {};
  let auto = file === 'auto';
  if (file !== null && typeof file === 'object')
    for (const [name, value] of Object.entries(file)) values[name] = String(value);
  if (!fromLine) return { values, auto };
  for (const text of line) {
    if (text === 'auto') {
      auto = true;
      continue;
    }
    const [name = '', ...rest] = text.split('=');
    if (rest.length === 0)
      throw new SparError({ fault: 'user', what: `--dialect takes name=value, not "${text}"` });
    values[name] = rest.join('=');
  }
  return { values, auto };
}

function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
