import type { Role } from '../events/verdict.ts';
import { references } from '../match/interpolate.ts';
import { type Problem, SparError } from '../problem/problem.ts';
import type { Path, Source } from '../problem/source.ts';
import { didYouMean } from '../problem/suggest.ts';
import type { PreambleSteps, Protocol } from '../protocol/definition.ts';
import { validate } from '../protocol/validate.ts';
import { stepsForRole } from './both-roles.ts';
import type { Case, CaseMemory } from './case.ts';
import { readSteps, type StepContext } from './read-steps.ts';
import { checkProves, type Requirements } from './requirements.ts';
import type { Step } from './step.ts';
import { suiteSchema } from './suite.schema.ts';

/** A suite file and what its place in the folder says of it. */
export interface SuiteFile {
  readonly source: Source;
  /** `server/send` for `suites/cpt/server/send.yaml`. */
  readonly name: string;
  readonly role: Role | 'both';
}

/** A case as its author wrote it. */
export interface RawConversation {
  readonly role: Role | 'both';
  /** Names of single peers; a crowd with its size. */
  readonly peers: Readonly<Record<string, number | null>>;
  readonly given: readonly unknown[];
  readonly steps: readonly unknown[];
  /** The rows of its table; an empty one if it has none. */
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** Everything that is held with a target of one protocol. */
export interface Suite {
  readonly protocol: Protocol;
  readonly requirements: Requirements;
  readonly cases: readonly Case[];
  /** The conversations as they are written, for those who build upon them. */
  readonly rawCases: readonly RawConversation[];
  /** For each role of the target the steps of each preamble. */
  readonly preambles: Readonly<Record<Role, ReadonlyMap<string, readonly Step[]>>>;
}

interface RawCase {
  id: string;
  title: string;
  proves?: string | string[];
  role?: Role | 'both';
  dialect?: Record<string, unknown>;
  alone?: boolean;
  memory?: CaseMemory;
  output?: 'clean';
  control?: string;
  'passes-on'?: string[];
  peers?: string[] | Record<string, number | null>;
  given?: (string | Record<string, unknown>)[];
  for?: Record<string, unknown>;
  examples?: Record<string, unknown>[];
  steps: unknown[];
}

/** Reads all suite files of a protocol. Raises a SparError with the problems of all of them. */
export function loadSuite(
  protocol: Protocol,
  requirements: Requirements,
  files: readonly SuiteFile[],
): Suite {
  const problems: Problem[] = [];
  const preambles = {
    server: readPreambles(protocol, requirements, 'server', problems),
    client: readPreambles(protocol, requirements, 'client', problems),
  };
  const controls: ControlUse[] = [];
  const cases = files.flatMap((file) => {
    const wrong = validate(file.source, suiteSchema);
    problems.push(...wrong);
    return wrong.length > 0 ? [] : readFile(protocol, requirements, file, problems, controls);
  });
  checkControls(cases, controls, problems);
  checkBlame(protocol, requirements, problems);
  if (problems.length > 0) throw new SparError(problems);
  return {
    protocol,
    requirements,
    cases,
    preambles,
    rawCases: files.flatMap((file) => rawConversations(protocol, file)),
  };
}

function rawConversations(protocol: Protocol, file: SuiteFile): RawConversation[] {
  const { cases } = file.source.value as { cases: RawCase[] };
  return cases.map((raw) => ({
    role: raw.role ?? file.role,
    peers: Object.fromEntries(declaredPeers(raw)),
    given: raw.given ?? [],
    steps: raw.steps,
    rows: rows(protocol, file.source, [], raw, []).map(({ row }) => row),
  }));
}

function readPreambles(
  protocol: Protocol,
  requirements: Requirements,
  role: Role,
  problems: Problem[],
): Map<string, readonly Step[]> {
  const read = new Map<string, readonly Step[]>();
  const captures = [...protocol.given.values()].flatMap((preamble) => captured(preamble.steps[role]?.steps));
  for (const preamble of protocol.given.values()) {
    const own = preamble.steps[role];
    if (!own) continue;
    const names = ['self', ...Object.keys(preamble.with)];
    const peers = new Map(names.map((name) => [name, [name]]));
    const context = { protocol, requirements, role, source: protocol.source, peers, problems };
    read.set(preamble.name, readSteps(context, own.steps, own.path));
    const known = new Set([...always, ...names, ...captures]);
    checkReferences({ source: protocol.source, protocol, known, problems }, own.steps, own.path);
  }
  return read;
}

function readFile(
  protocol: Protocol,
  requirements: Requirements,
  file: SuiteFile,
  problems: Problem[],
  controls: ControlUse[],
): Case[] {
  const { section, cases } = file.source.value as { section: string; cases: RawCase[] };
  const seen = new Set<string>();
  return cases.flatMap((raw, index) => {
    const path: Path = ['cases', index];
    if (seen.has(raw.id)) {
      problems.push(
        file.source.problem(
          [...path, 'id'],
          `there are two cases "${raw.id}" in this file`,
          'Give one another id.',
        ),
      );
    }
    seen.add(raw.id);
    const proves = listOf(raw.proves);
    checkProves(requirements, file.source, raw.proves, [...path, 'proves'], problems);
    for (const name of Object.keys(raw.dialect ?? {})) {
      if (name in protocol.dialect) continue;
      problems.push(
        file.source.problem(
          [...path, 'dialect', name],
          `there is no dialect "${name}"`,
          didYouMean(name, Object.keys(protocol.dialect)),
          'key',
        ),
      );
    }
    const written = raw.role ?? file.role;
    const roles: readonly Role[] = written === 'both' ? ['server', 'client'] : [written];
    return roles.flatMap((role) => {
      const own = written === 'both' ? { ...raw, steps: [...stepsForRole(raw.steps, role)] } : raw;
      return readCase(
        protocol,
        requirements,
        file,
        { section, raw: own, path, role, proves },
        problems,
        controls,
      );
    });
  });
}

interface OneCase {
  readonly section: string;
  readonly raw: RawCase;
  readonly path: Path;
  readonly role: Role;
  readonly proves: readonly string[];
}

function readCase(
  protocol: Protocol,
  requirements: Requirements,
  file: SuiteFile,
  one: OneCase,
  problems: Problem[],
  controls: ControlUse[],
): Case[] {
  const { section, raw, path, role, proves } = one;
  const used = usedPreambles(protocol, raw, role);
  const peers = readPeers(file.source, path, raw, problems);
  const context: StepContext = { protocol, requirements, role, source: file.source, peers, problems };
  const given = readSteps(context, raw.given ?? [], [...path, 'given']);
  const steps = [...given, ...readSteps(context, raw.steps, [...path, 'steps'])];
  checkNames(file.source, path, raw, protocol, used, peers, problems);
  const refers = [
    ...references(raw.given ?? []),
    ...references(raw.steps),
    ...used.flatMap((preamble) => namesIn(preamble).refers),
  ];
  if (raw.memory === 'steady' && role === 'client')
    problems.push(
      file.source.problem(
        [...path, 'memory'],
        'a client is started anew for each conversation, so that nothing it leaves behind is seen',
        'Write what it may take: memory: {below: 300}, in MiB.',
      ),
    );
  const control = raw.control === undefined ? undefined : controlId(protocol.name, file.name, raw.control);
  const id = `${protocol.name}/${file.name}/${raw.id}`;
  if (control !== undefined)
    controls.push({ of: id, id: control, source: file.source, path: [...path, 'control'] });
  const base = {
    title: raw.title,
    section,
    role,
    file: file.source.file,
    line: file.source.place([...path, 'id'], 'key').line,
    proves: proves.filter((id) => binds(requirements, id, role)),
    dialect: raw.dialect ?? {},
    alone: raw.alone ?? (raw.memory !== undefined || raw.output !== undefined),
    ...(raw.memory === undefined ? {} : { memory: raw.memory }),
    ...(raw.output === undefined ? {} : { output: raw.output }),
    passesOn: raw['passes-on'] ?? [],
    ...(control === undefined ? {} : { control }),
    facts: unique(refers.flatMap(([head, name]) => (head === 'facts' && name ? [name] : []))),
    stimuli: unique([raw, ...used].flatMap((part) => stimuliOf(part))),
    shows: unique([raw, ...used].flatMap((part) => shownOf(part.steps))),
    peers: unique([...peers.values()].flat()),
    steps,
  };
  return rows(protocol, file.source, path, raw, problems).map(({ name, row }) => ({
    ...base,
    id: id + name,
    row,
  }));
}

/** A conversation that asks a server something, in no suite: it proves nothing. What is wrong goes to the problems. */
export function readQuestion(
  protocol: Protocol,
  name: string,
  path: Path,
  raw: {
    readonly given?: readonly (string | Record<string, unknown>)[];
    readonly steps?: readonly unknown[];
  },
  problems: Problem[],
): Case {
  const file: SuiteFile = { source: protocol.source, name: 'probe', role: 'server' };
  const whole = { id: name, title: name, given: [...(raw.given ?? [])], steps: [...(raw.steps ?? [])] };
  const one: OneCase = { section: 'probe', raw: whole, path, role: 'server', proves: [] };
  const nothing: Requirements = { document: '', byId: new Map() };
  const [read] = readCase(protocol, nothing, file, one, problems, []);
  if (!read) throw new Error(`the question ${name} has no rows`);
  return read;
}

function binds(requirements: Requirements, id: string, role: Role): boolean {
  const side = requirements.byId.get(id)?.binds;
  return side === undefined || side === 'both' || side === role;
}

function controlId(protocol: string, file: string, control: string): string {
  const folder = file.split('/').slice(0, -1).join('/');
  if (!control.includes('/')) return `${protocol}/${file}/${control}`;
  return control.split('/').length > 2
    ? `${protocol}/${control}`
    : `${protocol}/${folder ? `${folder}/` : ''}${control}`;
}

interface ControlUse {
  readonly of: string;
  readonly id: string;
  readonly source: Source;
  readonly path: Path;
}

function checkControls(cases: readonly Case[], uses: readonly ControlUse[], problems: Problem[]): void {
  const ids = new Set(cases.map((one) => one.id.replace(/\[.*$/, '')));
  const controlOf = new Map(uses.map((use) => [use.of, use.id]));
  for (const { of, id, source, path } of uses) {
    if (!ids.has(id)) problems.push(source.problem(path, `there is no case "${id}"`, didYouMean(id, ids)));
    let at: string | undefined = id;
    for (let left = uses.length; at !== undefined && at !== of && left > 0; left -= 1) at = controlOf.get(at);
    if (at === of) problems.push(source.problem(path, 'a case cannot be the control of itself'));
  }
}

/** Rules, preambles and barriers blame requirements that there are. */
function checkBlame(protocol: Protocol, requirements: Requirements, problems: Problem[]): void {
  const { source } = protocol;
  const raw = source.value as Record<string, Record<string, Record<string, string | string[]>> | undefined>;
  for (const part of ['rules', 'given', 'barrier', 'client-barrier']) {
    for (const [name, one] of Object.entries(raw[part] ?? {})) {
      const key = part === 'rules' ? Number(name) : name;
      for (const blamed of ['proves', 'client-proves'])
        checkProves(requirements, source, one[blamed], [part, key, blamed], problems);
    }
  }
}

function declaredPeers({ peers }: RawCase): (readonly [string, number | null])[] {
  return Array.isArray(peers) ? peers.map((name) => [name, null] as const) : Object.entries(peers ?? {});
}

function readPeers(
  source: Source,
  path: Path,
  raw: RawCase,
  problems: Problem[],
): Map<string, readonly string[]> {
  const peers = new Map<string, readonly string[]>();
  for (const [name, count] of declaredPeers(raw)) {
    peers.set(
      name,
      count === null ? [name] : Array.from({ length: count }, (_, index) => `${name}-${index + 1}`),
    );
    if (count !== null && count < 1)
      problems.push(source.problem([...path, 'peers', name], 'a crowd has one member or more'));
    for (const member of peers.get(name) ?? []) peers.set(member, [member]);
  }
  for (const one of raw.given ?? []) {
    const text = typeof one === 'string' ? one : (Object.keys(one)[0] ?? '');
    const name = text.split(' ')[0] ?? '';
    if (name !== '' && !peers.has(name)) peers.set(name, [name]);
  }
  for (const step of raw.steps) {
    const key = typeof step === 'string' ? step : Object.keys((step ?? {}) as object)[0];
    const name = /^(\S+) connects$/.exec(key ?? '')?.[1];
    if (name && !peers.has(name)) peers.set(name, [name]);
  }
  for (const name of peers.keys()) {
    if (/^[a-z][a-z0-9-]*$/.test(name)) continue;
    problems.push(
      source.problem(
        [...path, 'peers'],
        `"${name}" is no name for a peer`,
        'Use small letters, digits and "-".',
      ),
    );
  }
  return peers;
}

const always = ['case', 'dialect', 'facts', 'nowhere', 'nonce', 'now', 'uuid', 'run', 'self', 'row', 'seed'];

function checkNames(
  source: Source,
  path: Path,
  raw: RawCase,
  protocol: Protocol,
  used: readonly PreambleSteps[],
  peers: ReadonlyMap<string, readonly string[]>,
  problems: Problem[],
): void {
  const known = new Set([
    ...always,
    ...peers.keys(),
    ...Object.keys(raw.for ?? {}),
    ...(raw.examples ?? []).flatMap((row) => Object.keys(row)),
    ...captured([raw.given ?? [], raw.steps]),
    ...used.flatMap((preamble) => namesIn(preamble).captures),
  ]);
  const names = { source, protocol, known, problems };
  checkReferences(names, raw.given ?? [], [...path, 'given']);
  checkReferences(names, raw.steps, [...path, 'steps']);
  const named = new Set(references(raw.steps).map(([head]) => head));
  const own = new Set([
    ...always,
    ...peers.keys(),
    ...Object.keys(raw.for ?? {}),
    ...(raw.examples ?? []).flatMap((row) => Object.keys(row)),
    ...[...protocol.identity].flatMap(([name, { per }]) => (per === 'case' && named.has(name) ? [name] : [])),
  ]);
  checkCaptures({ source, protocol, known: own, problems }, raw.steps, [...path, 'steps']);
}

/** Tells what a pattern would write over: the case's own names, which its other steps go by. */
function checkCaptures({ source, protocol, known, problems }: KnownNames, steps: unknown, at: Path): void {
  const overwritten = (name: string, path: Path): void => {
    if (!known.has(name)) return;
    const what = `"${name}" is taken from what comes, and is a name of the case before that`;
    problems.push(
      source.problem(path, what, `Call it something else, or expect the one there is: $\{${name}}.`),
    );
  };
  const visit = (value: unknown, path: Path, expected: boolean): void => {
    if (typeof value === 'string' && expected && protocol.payload === 'text') {
      for (const [, name = ''] of value.matchAll(/(?<!\\)<([A-Za-z][\w-]*)/g)) overwritten(name, path);
    }
    if (value === null || typeof value !== 'object') return;
    for (const [key, inner] of Object.entries(value)) {
      const inside = [...path, Array.isArray(value) ? Number(key) : key];
      if (key === '$as' && typeof inner === 'string') overwritten(inner, inside);
      else
        visit(
          inner,
          inside,
          (expected && (Array.isArray(value) || key === '<')) || /(^| )<( |\?|$)/.test(key),
        );
    }
  };
  visit(steps, at, false);
}

interface KnownNames {
  readonly source: Source;
  readonly protocol: Protocol;
  readonly known: ReadonlySet<string>;
  readonly problems: Problem[];
}

/** Tells the names inside `${…}` that nothing gives a value. */
function checkReferences(names: KnownNames, value: unknown, at: Path): void {
  const { source, protocol, known, problems } = names;
  if (value !== null && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value))
      checkReferences(names, inner, [...at, Array.isArray(value) ? Number(key) : key]);
    return;
  }
  if (typeof value !== 'string') return;
  for (const [head = ''] of references(value)) {
    if (known.has(head) || protocol.identity.has(head.replace(/\d+$/, ''))) continue;
    const mend = didYouMean(head, [...known, ...protocol.identity.keys()]);
    problems.push(source.problem(at, `nothing is called "${head}" here`, mend));
  }
}

/** The names that the steps capture or set. */
function captured(value: unknown): string[] {
  if (typeof value === 'string' && !value.includes('<')) return [];
  if (typeof value === 'string')
    return [...value.matchAll(/<([A-Za-z][\w-]*)/g)].map((found) => found[1] as string);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if ((key === '$as' || key === 'as') && typeof inner === 'string') return [inner.split('.')[0] as string];
    if (key === 'set') return [...Object.keys(inner as object), ...captured(inner)];
    if (key === 'repeat') return ['i', ...captured(inner)];
    if (key === 'each') return ['it', ...captured(inner)];
    return captured(inner);
  });
}

const namesOfPreambles = new WeakMap<PreambleSteps, NamesIn>();

interface NamesIn {
  readonly refers: readonly (readonly string[])[];
  readonly captures: readonly string[];
}

/** The names of a preamble: many cases use it. */
function namesIn(preamble: PreambleSteps): NamesIn {
  const before = namesOfPreambles.get(preamble);
  if (before) return before;
  const names = { refers: references(preamble.steps), captures: captured(preamble.steps) };
  namesOfPreambles.set(preamble, names);
  return names;
}

/** The preambles that a case uses, and those that they use. */
function usedPreambles(protocol: Protocol, raw: RawCase, role: Role): PreambleSteps[] {
  const found = new Map<string, PreambleSteps>();
  const visit = (value: unknown): void => {
    if (typeof value === 'string') add(value);
    else if (Array.isArray(value)) value.forEach(visit);
    else if (value !== null && typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) {
        add(key);
        if (typeof inner === 'object') visit(inner);
      }
    }
  };
  const add = (text: string): void => {
    const words = /^\S+ (.+)$/s.exec(text)?.[1];
    const preamble = words === undefined ? undefined : protocol.given.get(words)?.steps[role];
    if (!preamble || words === undefined || found.has(words)) return;
    found.set(words, preamble);
    visit(preamble.steps);
  };
  visit([raw.given ?? [], raw.steps]);
  return [...found.values()];
}

/** The kinds of what a client shows that steps read. */
function shownOf(steps: unknown): string[] {
  if (steps === null || typeof steps !== 'object') return [];
  return Object.entries(steps).flatMap(([key, inner]) => {
    const kind = /^\S+ (?:never )?shows (.+)$/.exec(key)?.[1];
    return kind === undefined ? shownOf(inner) : [kind];
  });
}

function stimuliOf(raw: { readonly given?: unknown; readonly steps: readonly unknown[] }): string[] {
  const visit = (value: unknown): string[] => {
    if (value === null || typeof value !== 'object') return [];
    if (Array.isArray(value)) return value.flatMap(visit);
    return Object.entries(value).flatMap(([key, inner]) => {
      if (!/^\S+ does$/.test(key)) return visit(inner);
      return [typeof inner === 'string' ? inner : (Object.keys((inner ?? {}) as object)[0] ?? '')];
    });
  };
  return visit(raw.steps);
}

interface Row {
  readonly name: string;
  readonly row: Readonly<Record<string, unknown>>;
}

/** The rows of a case's table; one without a name if it has none. */
function rows(protocol: Protocol, source: Source, path: Path, raw: RawCase, problems: Problem[]): Row[] {
  let list: Row[] = [{ name: '', row: {} }];
  for (const [variable, what] of Object.entries(raw.for ?? {})) {
    const values = valuesOf(protocol, what);
    if (!values) {
      problems.push(
        source.problem(
          [...path, 'for', variable],
          `there is no value class "${what}"`,
          didYouMean(String(what), protocol.classes.keys()),
        ),
      );
      continue;
    }
    list = list.flatMap(({ name, row }) =>
      [...values].map(([label, value]) => ({
        name: `${name}[${label}]`,
        row: { ...row, [variable]: value },
      })),
    );
  }
  if (raw.examples) {
    const examples = raw.examples;
    list = list.flatMap(({ name, row }) =>
      examples.map((example, index) => {
        const { name: label, ...values } = example as Record<string, unknown>;
        return { name: `${name}[${label ?? index + 1}]`, row: { ...row, ...values } };
      }),
    );
  }
  const where = [...path, raw.examples ? 'examples' : 'for'];
  const twice = list.find(({ name }, index) => list.findIndex((other) => other.name === name) < index);
  if (twice) problems.push(source.problem(where, `there are two rows "${twice.name}" in this case`));
  if (list.length === 0) problems.push(source.problem(where, 'the table has no row, so nothing is held'));
  return list;
}

function valuesOf(protocol: Protocol, what: unknown): Iterable<readonly [string, unknown]> | undefined {
  if (typeof what === 'string') return protocol.classes.get(what);
  if (Array.isArray(what))
    return what.map((value) => [typeof value === 'string' ? value : JSON.stringify(value), value] as const);
  return Object.entries((what ?? {}) as Record<string, unknown>);
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}
