import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Role } from '../events/verdict.ts';
import { ExpressionError } from '../match/expression.ts';
import { freshText } from '../match/fresh-text.ts';
import { compilePattern, type Pattern, PatternError } from '../match/pattern.ts';
import { regex } from '../match/regex.ts';
import { type Problem, SparError } from '../problem/problem.ts';
import type { Path, Source } from '../problem/source.ts';
import { didYouMean } from '../problem/suggest.ts';
import { FRAMING_NAMES, type FramingSpec, framingOf } from '../wire/framing-by-name.ts';
import { parseTemplate, TemplateError, type TemplatePart } from '../wire/line-template.ts';
import type { Encoding } from '../wire/text.ts';
import type {
  Barrier,
  IdentityClass,
  MessageDefinition,
  Preamble,
  PreambleSteps,
  Protocol,
  Stimulus,
  Transport,
} from './definition.ts';
import { applyDialects, chooseDialects, readDialects } from './dialects.ts';
import { protocolSchema } from './protocol.schema.ts';
import type { Rule } from './rules.ts';
import { type Answer, parseAnswer, StateError } from './states.ts';
import { validate } from './validate.ts';

interface RawMessage {
  from: Role | 'both';
  line?: string | string[];
  match?: unknown;
  schema?: object;
  awaited?: boolean;
  push?: boolean;
  about?: string | string[];
  example?: unknown;
}

interface RawRule {
  id: string;
  title?: string;
  proves: string | string[];
  from?: Role;
  on?: string | string[];
  message?: string | string[];
  state?: string | string[];
  when?: unknown;
  must?: unknown;
  distinct?: string;
  dialect?: Record<string, unknown>;
}

interface RawPreamble {
  steps?: unknown[];
  'client-steps'?: unknown[];
  with?: string[] | Record<string, unknown>;
  proves?: string | string[];
  'client-proves'?: string | string[];
}

interface RawBarrier {
  send: unknown;
  until: unknown;
  wrong?: boolean;
  proves?: string | string[];
}

interface RawProtocol {
  protocol: string;
  title: string;
  transport: Transport;
  port?: number;
  path?: string;
  framing: FramingSpec;
  payload?: 'text' | 'json';
  encoding?: Encoding;
  'ignore-case'?: boolean;
  'trailing-blanks'?: 'strip' | 'keep';
  dialects?: Parameters<typeof readDialects>[0];
  identity?: Record<string, string | { pattern: string; per?: 'peer' | 'case' }>;
  facts?: Record<string, object>;
  stimuli?: Record<string, { with?: string[]; ask?: string } | null>;
  shows?: Record<string, string[]>;
  messages: Record<string, RawMessage>;
  correlate?: string;
  start?: string;
  states?: Record<string, Record<string, string | string[] | null> | null>;
  barrier?: Record<string, RawBarrier>;
  'client-barrier'?: Record<string, RawBarrier>;
  automatic?: { on: string; send: unknown; role?: Role }[];
  given?: Record<string, RawPreamble>;
  alive?: Partial<Record<Role, string>>;
  decoys?: { banner?: unknown; refusal?: unknown };
  classes?: Record<string, unknown[] | Record<string, unknown>>;
  rules?: RawRule[];
}

/**
 * Makes a protocol of its file and the chosen dialects. Raises a SparError with every problem of the
 * file, each with its place.
 */
export function loadProtocol(source: Source, chosen: Readonly<Record<string, string>> = {}): Protocol {
  const wrong = validate(source, protocolSchema);
  if (wrong.length > 0) throw new SparError(wrong);
  const written = source.value as RawProtocol;
  const dialects = readDialects(written.dialects);
  const choice = chooseDialects(dialects, chosen);
  if (choice.problems.length > 0) throw new SparError(choice.problems);
  const raw = applyDialects(written, dialects, choice.values);
  const changed = raw === written ? [] : validate({ ...source, value: raw }, protocolSchema);
  if (changed.length > 0) throw new SparError(changed);
  const loader = new Loader(source, raw, choice.values);
  const protocol = loader.protocol(dialects);
  if (loader.problems.length > 0) throw new SparError(loader.problems);
  return protocol;
}

class Loader {
  readonly problems: Problem[] = [];
  readonly #source: Source;
  readonly #raw: RawProtocol;
  readonly #dialect: Readonly<Record<string, string>>;

  constructor(source: Source, raw: RawProtocol, dialect: Readonly<Record<string, string>>) {
    this.#source = source;
    this.#raw = raw;
    this.#dialect = dialect;
  }

  protocol(dialects: Protocol['dialects']): Protocol {
    const raw = this.#raw;
    const messages = this.#messages();
    const states = this.#states(messages);
    this.#checkDialects(dialects);
    this.#checkSchemas();
    this.#checkBarriers('barrier');
    this.#checkBarriers('client-barrier');
    this.#checkReferences(messages);
    const start = raw.start ?? Object.keys(raw.states ?? {})[0] ?? 'open';
    if (raw.start !== undefined && raw.states && !(raw.start in raw.states)) {
      this.#problem(
        ['start'],
        `there is no state "${raw.start}"`,
        didYouMean(raw.start, Object.keys(raw.states)),
      );
    }
    return {
      name: raw.protocol,
      title: raw.title,
      source: this.#source,
      transport: raw.transport,
      ...(raw.port === undefined ? {} : { port: raw.port }),
      ...(raw.path === undefined ? {} : { path: raw.path }),
      framing: this.#framing(),
      payload: raw.payload ?? 'text',
      encoding: raw.encoding ?? 'utf-8',
      ignoreCase: raw['ignore-case'] ?? false,
      keepBlanks: raw['trailing-blanks'] === 'keep',
      dialects,
      dialect: this.#dialect,
      identity: this.#identity(),
      facts: raw.facts ?? {},
      stimuli: new Map(Object.entries(raw.stimuli ?? {}).map(([name, one]) => [name, stimulus(one)])),
      shows: new Map(Object.entries(raw.shows ?? {})),
      messages,
      ...(raw.correlate === undefined ? {} : { correlate: raw.correlate }),
      start,
      states,
      barriers: { server: barriers(raw.barrier), client: barriers(raw['client-barrier']) },
      automatic: (raw.automatic ?? []).map((one) => ({
        on: one.on,
        send: one.send,
        role: one.role ?? 'server',
      })),
      given: new Map(Object.entries(raw.given ?? {}).map(([name, one]) => [name, preamble(name, one)])),
      alive: raw.alive ?? {},
      decoys: raw.decoys ?? {},
      classes: new Map(Object.entries(raw.classes ?? {}).map(([name, one]) => [name, samples(one)])),
      rules: this.#rules(messages),
      checkSchema: schemaChecker(messages),
    };
  }

  #problem(path: Path, what: string, mend?: string, part?: 'key' | 'value'): void {
    this.problems.push(this.#source.problem(path, what, mend, part));
  }

  #checkDialects(dialects: Protocol['dialects']): void {
    for (const dialect of dialects) {
      if (dialect.options.length === 0 || dialect.options.includes(dialect.default)) continue;
      this.#problem(
        ['dialects', dialect.name, 'default'],
        `the dialect "${dialect.name}" has no option "${dialect.default}"`,
        didYouMean(dialect.default, dialect.options),
      );
    }
  }

  #checkSchemas(): void {
    for (const [name, { schema }] of Object.entries(this.#raw.messages)) {
      if (schema === undefined) continue;
      try {
        compileSchema(schema);
      } catch (error) {
        this.#problem(['messages', name, 'schema'], `this is no JSON Schema: ${(error as Error).message}`);
      }
    }
  }

  #checkBarriers(key: 'barrier' | 'client-barrier'): void {
    for (const [state, { until }] of Object.entries(this.#raw[key] ?? {})) {
      this.#checkState(state, [key, state], 'key');
      const path = [key, state, 'until'];
      if (typeof until === 'string' && this.#raw.payload !== 'json') this.#template(until, path);
      else this.#pattern(until, path);
    }
  }

  #checkState(state: string, path: Path, part: 'key' | 'value'): void {
    const states = [...Object.keys(this.#raw.states ?? {}), 'any'];
    if (states.length === 1 || states.includes(state)) return;
    this.#problem(path, `there is no state "${state}"`, didYouMean(state, states), part);
  }

  #checkReferences(messages: ReadonlyMap<string, MessageDefinition>): void {
    for (const [index, { on }] of (this.#raw.automatic ?? []).entries()) {
      if (messages.has(on)) continue;
      const mend = didYouMean(on, messages.keys());
      this.#problem(['automatic', index, 'on'], `there is no message "${on}"`, mend);
    }
    const given = Object.keys(this.#raw.given ?? {});
    for (const [role, name] of Object.entries(this.#raw.alive ?? {})) {
      if (given.includes(name)) continue;
      this.#problem(['alive', role], `there is no preamble "${name}"`, didYouMean(name, given));
    }
  }

  #framing(): Protocol['framing'] {
    const spec = this.#raw.framing;
    const name = typeof spec === 'string' ? spec : spec.lines;
    if (!(FRAMING_NAMES as readonly string[]).includes(name)) {
      this.#problem(['framing'], `there is no framing "${name}"`, didYouMean(name, FRAMING_NAMES));
      return framingOf('lf');
    }
    return framingOf(spec);
  }

  #messages(): Map<string, MessageDefinition> {
    const json = this.#raw.payload === 'json';
    return new Map(
      Object.entries(this.#raw.messages).map(([name, raw]) => {
        const path = ['messages', name];
        if (!json && raw.line === undefined)
          this.#problem(path, `"${name}" lacks its line`, 'Add "line: WORD <place>".');
        if (json && raw.match === undefined)
          this.#problem(path, `"${name}" lacks what tells it apart`, 'Add "match: {cmd: …}".');
        return [
          name,
          {
            name,
            from: raw.from,
            lines: listOf(raw.line).flatMap((line) => this.#template(line, [...path, 'line'])),
            ...(raw.match === undefined ? {} : { match: this.#pattern(raw.match, [...path, 'match']) }),
            ...(raw.schema === undefined ? {} : { schema: raw.schema }),
            awaited: raw.awaited ?? false,
            push: raw.push ?? false,
            about: listOf(raw.about),
            ...(raw.example === undefined ? {} : { example: raw.example }),
          },
        ];
      }),
    );
  }

  #template(line: string, path: Path): (readonly TemplatePart[])[] {
    try {
      return [parseTemplate(line)];
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      this.#problem(path, error.message);
      return [];
    }
  }

  #pattern(raw: unknown, path: Path): Pattern {
    try {
      return compilePattern(raw);
    } catch (error) {
      if (error instanceof PatternError) this.#problem([...path, ...error.path], error.message);
      else if (error instanceof ExpressionError) this.#problem(path, error.message);
      else throw error;
      return compilePattern({ $any: true });
    }
  }

  #states(
    messages: ReadonlyMap<string, MessageDefinition>,
  ): Map<string, ReadonlyMap<string, readonly Answer[]>> {
    const raw = this.#raw.states ?? {};
    const table = new Map<string, ReadonlyMap<string, readonly Answer[]>>();
    for (const [state, row] of Object.entries(raw)) {
      const cells = Object.entries(row ?? {}).map(([request, cell]) => {
        const path = ['states', state, request];
        if (!messages.has(request) && request !== 'connect' && request !== 'unknown') {
          this.#problem(
            path,
            `there is no message "${request}"`,
            didYouMean(request, messages.keys()),
            'key',
          );
        }
        return [
          request,
          listOf(cell ?? 'nothing').flatMap((text, index) => this.#answer(text, [...path, index], messages)),
        ] as const;
      });
      table.set(state, new Map(cells));
    }
    return table;
  }

  #answer(text: string, path: Path, messages: ReadonlyMap<string, MessageDefinition>): Answer[] {
    try {
      const answer = parseAnswer(text);
      for (const item of answer.items) {
        if (!messages.has(item.message)) {
          this.#problem(
            path,
            `there is no message "${item.message}"`,
            didYouMean(item.message, messages.keys()),
          );
        }
      }
      const states = Object.keys(this.#raw.states ?? {});
      if (answer.next !== undefined && !states.includes(answer.next)) {
        this.#problem(path, `there is no state "${answer.next}"`, didYouMean(answer.next, states));
      }
      return [answer];
    } catch (error) {
      if (!(error instanceof StateError)) throw error;
      this.#problem(path, error.message);
      return [];
    }
  }

  #identity(): Map<string, IdentityClass> {
    return new Map(
      Object.entries(this.#raw.identity ?? {}).map(([name, raw]) => {
        const one = typeof raw === 'string' ? { pattern: raw } : raw;
        try {
          regex(one.pattern);
        } catch (error) {
          const what = `/${one.pattern}/ is no regular expression: ${(error as Error).message}`;
          this.#problem(['identity', name], what);
          return [name, { pattern: '[a-z]{10}', per: one.per ?? 'peer' }];
        }
        try {
          freshText(one.pattern, () => 0);
        } catch (error) {
          const mend = 'Use letters, [classes], and {n,m}, ?, * or + behind them.';
          this.#problem(['identity', name], (error as Error).message, mend);
        }
        return [name, { pattern: one.pattern, per: one.per ?? 'peer' }];
      }),
    );
  }

  #rules(messages: ReadonlyMap<string, MessageDefinition>): Rule[] {
    const seen = new Set<string>();
    return (this.#raw.rules ?? []).flatMap((raw, index) => {
      const path: Path = ['rules', index];
      if (seen.has(raw.id))
        this.#problem([...path, 'id'], `there are two rules "${raw.id}"`, 'Give one another id.');
      seen.add(raw.id);
      for (const name of listOf(raw.message)) {
        if (!messages.has(name) && name !== 'unknown') {
          this.#problem(
            [...path, 'message'],
            `there is no message "${name}"`,
            didYouMean(name, messages.keys()),
          );
        }
      }
      for (const state of listOf(raw.state)) this.#checkState(state, [...path, 'state'], 'value');
      for (const name of Object.keys(raw.dialect ?? {})) {
        if (Object.hasOwn(this.#dialect, name)) continue;
        const mend = didYouMean(name, Object.keys(this.#dialect));
        this.#problem([...path, 'dialect', name], `there is no dialect "${name}"`, mend, 'key');
      }
      if (!holdsIn(raw.dialect, this.#dialect)) return [];
      return [
        {
          id: raw.id,
          title: raw.title ?? raw.id.replaceAll('-', ' '),
          proves: listOf(raw.proves),
          from: raw.from ?? 'server',
          on: listOf(raw.on),
          messages: listOf(raw.message),
          states: listOf(raw.state),
          ...(raw.when === undefined ? {} : { when: this.#pattern(raw.when, [...path, 'when']) }),
          ...(raw.must === undefined ? {} : { must: this.#pattern(raw.must, [...path, 'must']) }),
          ...(raw.distinct === undefined ? {} : { distinct: raw.distinct }),
          settled: raw.distinct === undefined && isSettled([raw.when, raw.must]),
        },
      ];
    });
  }
}

/** True if the values of the dialects named are the chosen ones; a list names several that will do. */
export function holdsIn(
  wanted: Readonly<Record<string, unknown>> | undefined,
  dialect: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(wanted ?? {}).every(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map(String).includes(dialect[name] ?? ''),
  );
}

/** True for patterns that say the same whoever asks, and whenever. */
function isSettled(patterns: readonly unknown[]): boolean {
  const text = JSON.stringify(patterns);
  return !text.includes('${') && !text.includes('"$now"');
}

function listOf(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

function stimulus(raw: { with?: string[]; ask?: string } | null): Stimulus {
  return { with: raw?.with ?? [], ...(raw?.ask === undefined ? {} : { ask: raw.ask }) };
}

function barriers(raw: Record<string, RawBarrier> | undefined): ReadonlyMap<string, Barrier> {
  return new Map(
    Object.entries(raw ?? {}).map(([state, { send, until, wrong = false, proves }]) => [
      state,
      { send, until, wrong, ...(proves === undefined ? {} : { proves: listOf(proves) }) },
    ]),
  );
}

function preamble(name: string, raw: RawPreamble): Preamble {
  const given = raw.with ?? [];
  const stepsOf = (
    key: 'steps' | 'client-steps',
    proves: 'proves' | 'client-proves',
  ): PreambleSteps | undefined => {
    const steps = raw[key];
    return steps && { steps, proves: listOf(raw[proves]), path: ['given', name, key] };
  };
  return {
    name,
    steps: { server: stepsOf('steps', 'proves'), client: stepsOf('client-steps', 'client-proves') },
    with: Array.isArray(given) ? Object.fromEntries(given.map((one) => [one, undefined])) : given,
  };
}

function samples(raw: readonly unknown[] | Record<string, unknown>): ReadonlyMap<string, unknown> {
  if (!Array.isArray(raw)) return new Map(Object.entries(raw as Record<string, unknown>));
  return new Map(raw.map((value) => [typeof value === 'string' ? value : JSON.stringify(value), value]));
}

/** ajv tells expressions apart by their texts. */
function schemaRegex(source: string): { test(text: string): boolean; toString(): string } {
  return { test: regex(source).test, toString: () => source };
}

/** Expressions of a schema meet what a target sends: they are RE2 too. */
const schemaOptions = {
  allErrors: true,
  strict: false,
  code: { regExp: Object.assign(schemaRegex, { code: 'schemaRegex' }) },
};

let ajv: Ajv2020 | undefined;

/** One compiler for all protocols: its own schemas take longest to compile. */
function compileSchema(schema: object): ValidateFunction {
  ajv ??= new Ajv2020({ ...schemaOptions, addUsedSchema: false });
  return ajv.compile(schema);
}

function schemaChecker(messages: ReadonlyMap<string, MessageDefinition>): Protocol['checkSchema'] {
  const checks = new Map<string, ValidateFunction>();
  return (name, value) => {
    let check = checks.get(name);
    if (!check) {
      const schema = messages.get(name)?.schema;
      if (!schema) return [];
      check = compileSchema(schema);
      checks.set(name, check);
    }
    if (check(value)) return [];
    return (check.errors ?? []).map((error) => `${error.instancePath || '/'} ${error.message ?? 'is wrong'}`);
  };
}
