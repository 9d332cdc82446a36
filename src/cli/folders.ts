import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listFiles, readText } from '../net/disk.ts';
import { SparError } from '../problem/problem.ts';
import { readSource, type Source } from '../problem/source.ts';
import { didYouMean } from '../problem/suggest.ts';
import type { Protocol } from '../protocol/definition.ts';
import { loadProtocol } from '../protocol/load.ts';
import { loadSuite, type Suite, type SuiteFile } from '../suite/load-suite.ts';
import { loadRequirements, type Requirements } from '../suite/requirements.ts';

const home = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const suites = join(home, 'suites');

/** The version of spar, from its package file. */
export async function version(): Promise<string> {
  const text = await readFile(join(home, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** The names of the protocols in the suites folder. */
export async function bundledProtocols(): Promise<string[]> {
  const files = await listFiles(suites, 'protocol.yaml');
  return files.map((file) => basename(dirname(file))).sort();
}

/** The folder of a bundled protocol, or that which a path names. Raises a SparError where there is none. */
export async function protocolFolder(name: string): Promise<string> {
  const bundled = join(suites, name);
  if (/^[\w-]+$/.test(name) && existsSync(join(bundled, 'protocol.yaml'))) return bundled;
  const folder = resolve(name.endsWith('protocol.yaml') ? dirname(name) : name);
  if (existsSync(join(folder, 'protocol.yaml'))) return folder;
  const own = 'A protocol of your own is the path of a folder with a protocol.yaml.';
  if (existsSync(folder)) {
    throw new SparError({ fault: 'user', what: `${name} holds no protocol.yaml`, mend: own });
  }
  const near = didYouMean(name, await bundledProtocols());
  throw new SparError({ fault: 'user', what: `there is no protocol "${name}"`, mend: `${near} ${own}` });
}

/** Reads a protocol with the chosen dialects. */
export async function readProtocol(
  folder: string,
  dialects: Readonly<Record<string, string>> = {},
): Promise<Protocol> {
  return loadProtocol(await readProtocolSource(folder), dialects);
}

/** Reads the file of a protocol. */
export async function readProtocolSource(folder: string): Promise<Source> {
  const file = join(folder, 'protocol.yaml');
  return readSource(shown(file), await readText(file));
}

/** Reads a file of a protocol; those that come with spar are held against their schemas by its tests. */
async function sourceOf(file: string): Promise<Source> {
  return readSource(shown(file), await readText(file), file.startsWith(suites + sep));
}

/** Reads the requirements of a protocol; none if it has no such file. */
export async function readRequirements(folder: string): Promise<Requirements> {
  const file = join(folder, 'requirements.yaml');
  if (!existsSync(file)) return { document: basename(folder), byId: new Map() };
  return loadRequirements(await sourceOf(file));
}

const suitesRead = new Map<string, Promise<Suite>>();

/**
 * Reads a protocol, its requirements and all its suite files, once until they are forgotten; `more` are
 * suite files from elsewhere (findings of a campaign), and folders with such.
 */
export function readSuite(
  folder: string,
  dialects: Readonly<Record<string, string>> = {},
  more: readonly string[] = [],
): Promise<Suite> {
  const key = JSON.stringify([folder, dialects, more]);
  const read = suitesRead.get(key) ?? readSuiteFiles(folder, dialects, more);
  suitesRead.set(key, read);
  return read;
}

/** Lets suites be read anew: their files may have changed. */
export function forgetSuites(): void {
  suitesRead.clear();
}

async function readSuiteFiles(
  folder: string,
  dialects: Readonly<Record<string, string>>,
  more: readonly string[],
): Promise<Suite> {
  const [protocol, requirements] = await Promise.all([
    readProtocol(folder, dialects),
    readRequirements(folder),
  ]);
  const paths = await filesOfProtocol(folder);
  const own = paths.filter(
    (path) => !['protocol.yaml', 'requirements.yaml', 'spar.yaml'].includes(relative(folder, path)),
  );
  const files: SuiteFile[] = await Promise.all(
    own.map(async (path) => ({
      source: await sourceOf(path),
      name: relative(folder, path)
        .replace(/\.yaml$/, '')
        .replaceAll('\\', '/'),
      role: roleOf(relative(folder, path)),
    })),
  );
  const added = (await Promise.all(more.map((path) => filesBeside(protocol, resolve(path))))).flat();
  return loadSuite(protocol, requirements, [...files, ...namedApart(added)]);
}

/** The YAML files in the folder of a protocol, without those in reports that were written below it. */
export async function filesOfProtocol(folder: string): Promise<string[]> {
  const known = new Map<string, boolean>([[resolve(folder), true]]);
  const isOwn = (below: string): boolean => {
    const own =
      known.get(below) ??
      (!/^(?:\.|node_modules$)/.test(basename(below)) && !isReport(below) && isOwn(dirname(below)));
    known.set(below, own);
    return own;
  };
  return (await listFiles(folder, '.yaml')).filter((path) => isOwn(dirname(resolve(path))));
}

function isReport(folder: string): boolean {
  return ['events.ndjson', 'campaign.ndjson'].some((name) => existsSync(join(folder, name)));
}

/** The suite file at a path, or those in a folder that are of this protocol. */
async function filesBeside(protocol: Protocol, path: string): Promise<SuiteFile[]> {
  const folder = existsSync(path) && statSync(path).isDirectory();
  const paths = folder ? await listFiles(path, '.yaml') : [path];
  const files = await Promise.all(
    paths.map(async (one): Promise<SuiteFile> => {
      const source = readSource(shown(one), await readText(one));
      const name = `findings/${basename(one).replace(/\.yaml$/, '')}`;
      return { source, name, role: 'server' };
    }),
  );
  return files.filter(({ source }) => {
    const { protocol: of, cases } = (source.value ?? {}) as { protocol?: unknown; cases?: unknown };
    if (of === protocol.name || (of === undefined && cases !== undefined)) return true;
    if (folder) return false;
    throw new SparError({
      fault: 'user',
      what: `${source.file} is no suite file of ${protocol.name}`,
      mend: 'Give a finding of this protocol, or a folder with findings.',
    });
  });
}

/** Files that are called alike, as the first findings of two campaigns are, with a number behind. */
function namedApart(files: readonly SuiteFile[]): SuiteFile[] {
  const known = new Map<string, number>();
  return files.map((file) => {
    const count = (known.get(file.name) ?? 0) + 1;
    known.set(file.name, count);
    return count === 1 ? file : { ...file, name: `${file.name}-${count}` };
  });
}

/** The role that the folder of a suite file says: client, both, or server. */
function roleOf(path: string): SuiteFile['role'] {
  if (path.startsWith('client')) return 'client';
  return path.startsWith('both') ? 'both' : 'server';
}

/** A path as a person at this folder would write it. */
export function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short !== '' && !short.startsWith('../..') ? short : path;
}
