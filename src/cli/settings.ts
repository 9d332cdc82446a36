import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readText } from '../net/disk.ts';
import { SparError } from '../problem/problem.ts';
import { readSource, type Source } from '../problem/source.ts';
import { validate } from '../protocol/validate.ts';
import { shown } from './folders.ts';

const texts = { type: ['string', 'array'], items: { type: 'string' } };

/** JSON Schema of `spar.yaml`: every option of `spar run`, and what only a file can say. */
export const settingsSchema: object = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:spar:settings:1',
  title: 'Settings of spar',
  type: 'object',
  additionalProperties: false,
  properties: {
    protocol: {
      type: 'string',
      description: 'A bundled protocol, or the path of a folder with a protocol.yaml.',
    },
    target: {
      type: 'string',
      description: 'The address of a target that is already up: tcp://127.0.0.1:5000',
    },
    spawn: {
      type: 'string',
      description: 'The command that starts the target; {host} and {port} are filled in.',
    },
    role: { enum: ['server', 'client'], description: 'What the target is; server if absent.' },
    reconnects: {
      type: 'boolean',
      description:
        'Role client: one process serves all cases, since it connects again when its connection ends.',
    },
    listen: {
      type: 'string',
      description: 'Role client: where spar listens for a client that is started by hand.',
    },
    'client-life': {
      enum: ['case', 'run'],
      description:
        'Role client: one process for each case, or one for the run, that connects again and again.',
    },
    also: { ...texts, description: 'More suite files, or folders with such: findings of a campaign.' },
    filter: { ...texts, description: 'Only cases whose id fits one of the globs: "*/send/*".' },
    requirement: { ...texts, description: 'Only cases that prove one of these.' },
    level: { ...texts, description: 'Only requirements of these levels: MUST, SHOULD, …' },
    dialect: { type: ['object', 'string'], description: 'Values of dialects, or auto.' },
    strict: { type: 'boolean', description: 'Warnings fail the run.' },
    segment: {
      enum: ['as-is', 'byte', 'split', 'coalesce'],
      description: 'How what spar sends is cut into segments.',
    },
    jobs: { type: 'integer', minimum: 1, description: 'Cases side by side.' },
    deadline: { type: 'integer', minimum: 1, description: 'Milliseconds for an answer; learned if absent.' },
    quiet: {
      type: 'integer',
      minimum: 0,
      description: 'Milliseconds of silence where there is no barrier.',
    },
    seed: { type: 'integer', description: 'Of names and samples; fresh if absent.' },
    repeat: { type: 'integer', minimum: 1, description: 'How often each case is held.' },
    bail: { type: 'integer', minimum: 1, description: 'Stops after so many failing cases.' },
    confirm: {
      type: 'integer',
      minimum: 1,
      description: 'How often a failing case is held before it is believed.',
    },
    reports: { type: 'string', description: 'The folder of the reports.' },
    format: { ...texts, description: 'The reports to write: [html, junit].' },
    verbose: { type: 'boolean', description: 'Keeps the transcripts of passing cases too.' },
    ca: { type: 'string', description: 'A file with the certificates (PEM) that are trusted.' },
    insecure: { type: 'boolean', description: 'Takes any certificate.' },
    servername: { type: 'string', description: 'The name that is asked for in TLS, if not the host.' },
    'ready-timeout': {
      type: 'integer',
      minimum: 1,
      description: 'Milliseconds until a server that spar starts must accept connections.',
    },
    'expected-failures': { type: 'string', description: 'A file with failures that are known.' },
    facts: {
      type: 'object',
      description: 'What the target is like: accounts, locked names … (see the protocol).',
    },
    stimuli: {
      type: 'object',
      description:
        'What makes a client do something: a line on its standard input, a fresh start, a signal, a request.',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        properties: {
          stdin: { type: 'string', description: 'A line on its standard input: "/send {target} {text}".' },
          start: { type: 'string', description: 'More arguments for a fresh start.' },
          signal: { type: 'string', description: 'A signal: SIGHUP.' },
          http: {
            type: 'object',
            description: 'A request: {url: "http://127.0.0.1:8080/send?to={target}"}.',
            additionalProperties: false,
            required: ['url'],
            properties: {
              method: { type: 'string', description: 'POST if absent.' },
              url: { type: 'string', description: 'Where the request goes.' },
              body: { description: 'A text, or data that is sent as JSON.' },
              headers: { type: 'object', description: 'Headers of the request.' },
            },
          },
        },
      },
    },
    shows: {
      type: 'object',
      description: 'How the output of a client is read: names and patterns with {places}.',
    },
  },
};

/** What a settings file says, and where it stands: paths in it are relative to its folder. */
export interface Settings {
  readonly folder: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** The file, for problems with their place. */
  readonly source?: Source;
}

/** Reads the settings: the file that was named, or `spar.yaml` here if there is one. Raises a SparError. */
export async function readSettings(named: string | undefined): Promise<Settings> {
  const file = resolve(named ?? 'spar.yaml');
  if (!existsSync(file)) {
    if (named === undefined) return { folder: process.cwd(), values: {} };
    throw new SparError({
      fault: 'user',
      what: `there is no file ${named}`,
      mend: '--config names a file like spar.yaml.',
    });
  }
  const source = readSource(shown(file), await readText(file));
  if (source.value === null || source.value === undefined) return { folder: dirname(file), values: {} };
  const problems = validate(source, settingsSchema);
  if (problems.length > 0) throw new SparError(problems);
  return { folder: dirname(file), values: source.value as Record<string, unknown>, source };
}
