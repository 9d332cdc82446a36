import type { Role } from '../events/verdict.ts';
import { asWritten } from '../match/as-written.ts';
import { ExpressionError } from '../match/expression.ts';
import { compileText, compileValue, type Filled } from '../match/interpolate.ts';
import { compileLine } from '../match/line-pattern.ts';
import { compilePattern, type Pattern, PatternError } from '../match/pattern.ts';
import type { Problem } from '../problem/problem.ts';
import type { Path, Source } from '../problem/source.ts';
import { didYouMean } from '../problem/suggest.ts';
import type { Protocol } from '../protocol/definition.ts';
import type { Message } from '../protocol/message.ts';
import { viewOf } from '../protocol/rules.ts';
import { TemplateError } from '../wire/line-template.ts';
import { checkProves, type Requirements } from './requirements.ts';
import type { Action, Bytes, EndWish, Option, Piece, Step } from './step.ts';

/** What the reader of steps has to know of the case or preamble around them. */
export interface StepContext {
  readonly protocol: Protocol;
  /** What steps may blame; anything if absent. */
  readonly requirements?: Requirements;
  /** What the target is. */
  readonly role: Role;
  readonly source: Source;
  /** Names of single peers, and of crowds with their members. */
  readonly peers: ReadonlyMap<string, readonly string[]>;
  readonly problems: Problem[];
}

type Verb = (context: StepContext, peer: string, value: unknown, path: Path) => Action | undefined;

/** Reads the steps at a path of a file; what is wrong goes to the problems. */
export function readSteps(context: StepContext, raw: unknown, path: Path): Step[] {
  if (!Array.isArray(raw)) {
    problem(context, path, 'steps are a list', 'Begin each step with "- ".');
    return [];
  }
  return raw.flatMap((step, index) => readStep(context, step, [...path, index]));
}

function readStep(context: StepContext, raw: unknown, path: Path): Step[] {
  const place = context.source.place(path);
  const base = { file: place.file, line: place.line };
  if (typeof raw === 'string') return sentence(context, raw, path, { ...base, text: raw });
  if (raw === null || typeof raw !== 'object' || Array.isArray(raw)) {
    problem(context, path, 'a step is a text, or a mapping such as "alice >: …"');
    return [];
  }
  const { proves, within, ...rest } = raw as Record<string, unknown>;
  if (context.requirements) {
    const ids = proves as string | readonly string[] | undefined;
    checkProves(context.requirements, context.source, ids, [...path, 'proves'], context.problems);
  }
  const extra = {
    ...(proves === undefined ? {} : { proves: (Array.isArray(proves) ? proves : [proves]).map(String) }),
    ...(within === undefined ? {} : { within: fill(context, within, [...path, 'within']) }),
  };
  const keys = Object.keys(rest);
  const control = keys.find((key) => Object.hasOwn(controls, key));
  if (control !== undefined) {
    checkKeys(context, rest, control === 'that' ? ['that', 'is'] : [control], path);
    const action = (controls[control] as Control)(context, rest, path);
    return action ? [{ ...base, ...extra, ...action, text: oneLine(control, rest[control]) }] : [];
  }
  const [key, ...others] = keys;
  if (key === undefined || others.length > 0) {
    const what =
      key === undefined
        ? 'the step is empty'
        : `a step has one key, this has ${keys.map((one) => `"${one}"`).join(', ')}`;
    problem(context, path, what, 'Put each step behind a "- " of its own.');
    return [];
  }
  return peerStep(context, key, rest[key], [...path, key], {
    ...base,
    ...extra,
    text: oneLine(key, rest[key]),
  });
}

type Head = Omit<Step, keyof Action> & { text: string; line: number; file: string };

function sentence(context: StepContext, raw: string, path: Path, head: Head): Step[] {
  return peerStep(context, raw, undefined, path, head);
}

function peerStep(context: StepContext, key: string, value: unknown, path: Path, head: Head): Step[] {
  const [, peer = '', words = ''] = /^(\S+)\s+(.*)$/s.exec(key.trim()) ?? [];
  const members = context.peers.get(peer);
  if (!members) {
    const known = [...context.peers.keys()];
    problem(
      context,
      path,
      peer === '' ? `"${key}" is no step` : `there is no peer "${peer}" in this case`,
      peerHint(peer, known),
      'key',
    );
    return [];
  }
  const crowd = members.length !== 1 || members[0] !== peer;
  const action = readVerb(context, crowd ? 'self' : peer, words.trim(), value, path);
  if (!action) return [];
  const step: Step = { ...head, ...action };
  return crowd ? [{ ...head, do: 'crowd', peers: members, steps: [step] }] : [step];
}

function peerHint(peer: string, known: readonly string[]): string {
  if (known.length === 0)
    return `Add "given: [${peer || 'alice'} online]" or "peers: [${peer || 'alice'}]" to the case.`;
  return `${didYouMean(peer, known)} A peer is named in "given" or "peers".`;
}

function readVerb(
  context: StepContext,
  peer: string,
  words: string,
  value: unknown,
  path: Path,
): Action | undefined {
  const verb = Object.hasOwn(verbs, words) ? verbs[words] : undefined;
  if (verb) return verb(context, peer, value, path);
  const [, never, kind] = /^(never )?shows (.+)$/.exec(words) ?? [];
  if (kind !== undefined) return readShown(context, peer, kind, never !== undefined, value, path);
  const preamble = context.protocol.given.get(words);
  if (preamble && !preamble.steps[context.role]) {
    problem(context, path, `"${words}" is no preamble for a ${context.role}`, 'Add "client-steps" to it.');
  }
  if (preamble) return readGiven(context, peer, words, value, path);
  const known = [...Object.keys(verbs), ...context.protocol.given.keys()];
  problem(context, path, `a peer cannot "${words}"`, didYouMean(words, known), 'key');
  return undefined;
}

/** How a server is connected to. For a client any name will do: it is a place of its command line. */
function connectOptions(context: StepContext, value: unknown, path: Path): Record<string, unknown> {
  if (value !== undefined && value !== null && (typeof value !== 'object' || Array.isArray(value)))
    problem(context, path, '"connects" takes a mapping', 'For one: alice connects: {max-tls: "1.2"}');
  const options = mapping(value);
  if (context.role === 'client') return options;
  checkKeys(context, options, ['fails', 'plain', 'min-tls', 'max-tls', 'port'], path);
  for (const key of ['min-tls', 'max-tls']) {
    const version = options[key];
    if (version === undefined || tlsVersions.includes(String(version))) continue;
    const mend = `It is one of ${tlsVersions.map((one) => `"${one}"`).join(', ')}.`;
    problem(context, [...path, key], `there is no TLS ${String(version)}`, mend);
  }
  return options;
}

const tlsVersions = ['1.0', '1.1', '1.2', '1.3'];

function readGiven(context: StepContext, peer: string, name: string, value: unknown, path: Path): Action {
  const wanted = context.protocol.given.get(name)?.with ?? {};
  const given = (value ?? {}) as Record<string, unknown>;
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(wanted, key))
      problem(context, [...path, key], `"${name}" takes no "${key}"`, didYouMean(key, Object.keys(wanted)));
  }
  for (const [key, otherwise] of Object.entries(wanted)) {
    if (otherwise === undefined && given[key] === undefined)
      problem(context, path, `"${name}" needs "${key}"`);
  }
  const filled = Object.entries({ ...wanted, ...given }).flatMap(([key, one]) =>
    one === undefined ? [] : [[key, fill(context, one, path)] as const],
  );
  return { do: 'given', peer, preamble: name, with: Object.fromEntries(filled) };
}

const bare =
  (action: (peer: string) => Action): Verb =>
  (context, peer, value, path) => {
    if (value !== undefined && value !== null) problem(context, path, 'nothing may follow here');
    return action(peer);
  };

const verbs: Record<string, Verb> = {
  connects: (context, peer, value, path) => ({
    do: 'connect',
    peer,
    options: connectOptions(context, value, path),
  }),
  'may connect': (context, peer, value, path) => {
    const { then, ...options } = mapping(value);
    const steps = readSteps(context, then ?? [], [...path, 'then']);
    return { do: 'connect', peer, options: connectOptions(context, options, path), steps };
  },
  '>': (context, peer, value, path) => send(context, peer, value, path, false),
  '>!': (context, peer, value, path) => send(context, peer, value, path, true),
  sends: (context, peer, value, path) => ({ do: 'send-bytes', peer, bytes: readBytes(context, value, path) }),
  '<': (context, peer, value, path) => ({
    do: 'expect',
    peer,
    pattern: pattern(context, value, path),
    maybe: false,
  }),
  '<?': (context, peer, value, path) => ({
    do: 'expect',
    peer,
    pattern: pattern(context, value, path),
    maybe: true,
  }),
  '< either': (context, peer, value, path) => ({
    do: 'either',
    peer,
    options: readOptions(context, value, path),
  }),
  '< any order': (context, peer, value, path) => ({
    do: 'any-order',
    peer,
    patterns: patterns(context, value, path),
  }),
  '< all': readCollect,
  'hears nothing': bare((peer) => ({ do: 'silence', peer })),
  'hears no': (context, peer, value, path) => ({
    do: 'hears-no',
    peer,
    patterns: patterns(context, value, path),
  }),
  'never hears': (context, peer, value, path) => ({
    do: 'never',
    peer,
    patterns: patterns(context, value, path),
  }),
  'is connected': bare((peer) => ({ do: 'connected', peer })),
  'comes to rest': bare((peer) => ({ do: 'rest', peer })),
  'is closed': readClosed,
  closes: bare((peer) => ({ do: 'close', peer })),
  'half-closes': bare((peer) => ({ do: 'half-close', peer })),
  resets: bare((peer) => ({ do: 'reset', peer })),
  'stops reading': bare((peer) => ({ do: 'deaf', peer })),
  'does not answer': (context, peer, value, path) => {
    const messages = (Array.isArray(value) ? value : [value]).map(String);
    for (const name of messages) {
      if (!context.protocol.messages.has(name)) {
        problem(
          context,
          path,
          `there is no message "${name}"`,
          didYouMean(name, context.protocol.messages.keys()),
        );
      }
    }
    return { do: 'not-automatic', peer, messages };
  },
  does: readStimulus,
  shows: (context, peer, value, path) => ({
    do: 'shows',
    peer,
    pattern: outputPattern(context, value, path),
    never: false,
  }),
  'never shows': (context, peer, value, path) => ({
    do: 'shows',
    peer,
    pattern: outputPattern(context, value, path),
    never: true,
  }),
};

type Control = (context: StepContext, raw: Record<string, unknown>, path: Path) => Action | undefined;

const controls: Record<string, Control> = {
  repeat: (context, raw, path) => {
    const { times, as, steps } = known(context, raw['repeat'], ['times', 'as', 'steps'], [...path, 'repeat']);
    return {
      do: 'repeat',
      times: fill(context, times ?? 1, [...path, 'repeat', 'times']),
      as: String(as ?? 'i'),
      steps: readSteps(context, steps, [...path, 'repeat', 'steps']),
    };
  },
  each: (context, raw, path) => {
    const { in: list, as, steps } = known(context, raw['each'], ['in', 'as', 'steps'], [...path, 'each']);
    const klass = typeof list === 'string' ? context.protocol.classes.get(list) : undefined;
    return {
      do: 'each',
      in: klass ? () => [...klass.values()] : fill(context, list, [...path, 'each', 'in']),
      as: String(as ?? 'it'),
      steps: readSteps(context, steps, [...path, 'each', 'steps']),
    };
  },
  until: (context, raw, path) => {
    const keys = ['that', 'is', 'steps', 'pause'];
    const { that, is, steps, pause } = known(context, raw['until'], keys, [...path, 'until']);
    return {
      do: 'until',
      that: fill(context, that, [...path, 'until', 'that']),
      is: dataPattern(context, is, [...path, 'until', 'is']),
      steps: readSteps(context, steps, [...path, 'until', 'steps']),
      pause: Number(pause ?? 20),
    };
  },
  together: (context, raw, path) => ({
    do: 'together',
    steps: readSteps(context, raw['together'], [...path, 'together']),
  }),
  that: (context, raw, path) => ({
    do: 'that',
    that: fill(context, raw['that'], [...path, 'that']),
    is: dataPattern(context, raw['is'], [...path, 'is']),
  }),
  set: (context, raw, path) => ({
    do: 'set',
    values: Object.entries(mapping(raw['set'])).map(
      ([name, value]) => [name, fill(context, value, [...path, 'set', name])] as const,
    ),
  }),
  wait: (context, raw, path) => ({ do: 'wait', ms: fill(context, raw['wait'], [...path, 'wait']) }),
  note: (context, raw, path) => ({ do: 'note', note: fill(context, raw['note'], [...path, 'note']) }),
};

function send(
  context: StepContext,
  peer: string,
  value: unknown,
  path: Path,
  wrong: boolean,
): Action | undefined {
  if (context.protocol.payload === 'text' && typeof value !== 'string') {
    problem(
      context,
      path,
      `a message of ${context.protocol.name} is a line of text`,
      'Put it into quotation marks if YAML takes it for something else.',
    );
    return undefined;
  }
  return { do: 'send', peer, payload: fill(context, value, path), wrong };
}

function readBytes(context: StepContext, value: unknown, path: Path): Bytes {
  if (typeof value === 'string')
    return { pieces: [{ kind: 'raw', text: fill(context, value, path) }], cuts: [] };
  if (Array.isArray(value)) {
    const parts = value.map((one, index) => readBytes(context, one, [...path, index]));
    return { pieces: parts.flatMap(({ pieces }) => pieces), cuts: parts.flatMap(({ cuts }) => cuts) };
  }
  const { cut, ...rest } = mapping(value);
  const pieces: Piece[] = [];
  for (const [key, one] of Object.entries(rest)) {
    if (key === 'messages') {
      for (const item of Array.isArray(one) ? one : [])
        pieces.push({ kind: 'message', payload: fill(context, item, path) });
    } else if (key === 'message') pieces.push({ kind: 'message', payload: fill(context, one, path) });
    else if (key === 'raw') pieces.push({ kind: 'raw', text: fill(context, one, path) });
    else if (key === 'payload') pieces.push({ kind: 'payload', text: fill(context, one, path) });
    else if (key === 'hex') pieces.push({ kind: 'hex', bytes: fromHex(context, String(one), path) });
    else
      problem(
        context,
        [...path, key],
        `"${key}" is not known here`,
        didYouMean(key, ['raw', 'hex', 'message', 'messages', 'payload', 'cut']),
        'key',
      );
  }
  return { pieces, cuts: (Array.isArray(cut) ? cut : cut === undefined ? [] : [cut]).map(Number) };
}

function fromHex(context: StepContext, text: string, path: Path): Uint8Array {
  const digits = text.replace(/\s+/g, '');
  if (!/^([0-9a-fA-F]{2})*$/.test(digits)) problem(context, path, `"${text}" are no hexadecimal octets`);
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

function readCollect(context: StepContext, peer: string, value: unknown, path: Path): Action {
  const { each, until, as } = known(context, value, ['each', 'until', 'as'], path);
  if (until === undefined) problem(context, path, '"< all" lacks "until", the message that ends the run');
  return {
    do: 'collect',
    peer,
    each: pattern(context, each, [...path, 'each']),
    until: pattern(context, until, [...path, 'until']),
    ...(as === undefined ? {} : { as: String(as) }),
  };
}

function readOptions(context: StepContext, value: unknown, path: Path): Option[] {
  if (!Array.isArray(value)) {
    problem(context, path, '"< either" takes a list of messages');
    return [];
  }
  return value.map((item, index) => {
    const at = [...path, index];
    const raw = item as Record<string, unknown> | null;
    const long = raw !== null && typeof raw === 'object' && ('closed' in raw || '<' in raw);
    if (!long) return { text: asWritten(item), pattern: pattern(context, item, at), steps: [] };
    checkKeys(context, raw, ['<' in raw ? '<' : 'closed', 'then', 'note'], at);
    return {
      ...('<' in raw
        ? { text: asWritten(raw['<']), pattern: pattern(context, raw['<'], [...at, '<']) }
        : {
            text: oneLine('closed', raw['closed']),
            closed: endWish(context, raw['closed'], [...at, 'closed']),
          }),
      steps: raw['then'] === undefined ? [] : readSteps(context, raw['then'], [...at, 'then']),
      ...(raw['note'] === undefined ? {} : { note: String(raw['note']) }),
    };
  });
}

function readClosed(context: StepContext, peer: string, value: unknown, path: Path): Action {
  return { do: 'closed', peer, how: endWish(context, value, path) };
}

function endWish(context: StepContext, value: unknown, path: Path): EndWish {
  if (value === 'fin' || value === 'reset') return value;
  if (value !== undefined && value !== null && value !== 'any') {
    const mend = didYouMean(String(value), ['any', 'fin', 'reset']);
    problem(context, path, `a connection cannot be closed by "${value}"`, mend);
  }
  return 'any';
}

/** A kind of what a client shows, and the pattern for its parts. */
function readShown(
  context: StepContext,
  peer: string,
  kind: string,
  never: boolean,
  value: unknown,
  path: Path,
): Action {
  const { shows } = context.protocol;
  const parts = shows.get(kind);
  if (!parts) problem(context, path, `no client shows "${kind}"`, didYouMean(kind, shows.keys()), 'key');
  else checkKeys(context, mapping(value), parts, path);
  return { do: 'shows', peer, kind, never, pattern: dataPattern(context, value ?? {}, path) };
}

function readStimulus(context: StepContext, peer: string, value: unknown, path: Path): Action | undefined {
  const [name, args] =
    typeof value === 'string' ? [value, {}] : (Object.entries(mapping(value))[0] ?? ['', {}]);
  const known = context.protocol.stimuli.get(name);
  if (!known) {
    problem(
      context,
      path,
      `there is no stimulus "${name}"`,
      didYouMean(name, context.protocol.stimuli.keys()),
    );
    return undefined;
  }
  for (const wanted of known.with) {
    if (!Object.hasOwn(mapping(args), wanted)) problem(context, path, `"${name}" needs "${wanted}"`);
  }
  return { do: 'stimulate', peer, stimulus: name, with: fill(context, args ?? {}, path) };
}

function pattern(context: StepContext, value: unknown, path: Path): Pattern {
  if (context.protocol.payload !== 'text' || typeof value !== 'string') {
    return onMessage(dataPattern(context, value, path), viewOf);
  }
  const { ignoreCase } = context.protocol;
  return onMessage(
    guarded(context, path, () => compileLine(value, { ignoreCase })),
    payloadOf,
  );
}

/** A pattern that is held against a message instead of a value. */
function onMessage(inner: Pattern, view: (message: Message) => unknown): Pattern {
  return {
    match: (message, scope, path) => inner.match(view(message as Message), scope, path),
    print: (scope) => inner.print(scope),
  };
}

function payloadOf(message: Message): unknown {
  return message.payload;
}

function dataPattern(context: StepContext, value: unknown, path: Path): Pattern {
  if (value === undefined) problem(context, path, 'what is expected is missing');
  return guarded(context, path, () => compilePattern(value));
}

/** A text is looked for anywhere in what a client shows; any other pattern is for all of it. */
function outputPattern(context: StepContext, value: unknown, path: Path): Pattern {
  if (typeof value !== 'string') return dataPattern(context, value, path);
  const text = fill(context, value, path);
  const print: Pattern['print'] = (scope) => `"${text(scope)}"`;
  return {
    match: (shown, { scope }, at = '') =>
      String(shown).includes(String(text(scope)))
        ? []
        : [{ path: at, expected: print(scope), actual: String(shown) }],
    print,
  };
}

function patterns(context: StepContext, value: unknown, path: Path): Pattern[] {
  if (!Array.isArray(value)) return [pattern(context, value, path)];
  return value.map((item, index) => pattern(context, item, [...path, index]));
}

function guarded(context: StepContext, path: Path, make: () => Pattern): Pattern {
  try {
    return make();
  } catch (error) {
    if (error instanceof PatternError) problem(context, [...path, ...error.path], error.message);
    else if (error instanceof TemplateError || error instanceof ExpressionError)
      problem(context, path, error.message);
    else if (error instanceof Error) problem(context, path, `a pattern is wrong: ${error.message}`);
    return compilePattern({ $any: true });
  }
}

function fill(context: StepContext, value: unknown, path: Path): Filled {
  if (value === undefined) {
    problem(context, path, 'a value is missing');
    return () => undefined;
  }
  try {
    return typeof value === 'string' ? compileText(value) : compileValue(value);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    problem(context, path, error.message);
    return () => value;
  }
}

/** A mapping that takes these keys only: a misspelt one would be passed over in silence. */
function known(
  context: StepContext,
  value: unknown,
  keys: readonly string[],
  path: Path,
): Record<string, unknown> {
  const raw = mapping(value);
  checkKeys(context, raw, keys, path);
  return raw;
}

function checkKeys(context: StepContext, raw: object, keys: readonly string[], path: Path): void {
  for (const key of Object.keys(raw)) {
    if (!keys.includes(key))
      problem(context, [...path, key], `"${key}" is not known here`, didYouMean(key, keys), 'key');
  }
}

function mapping(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function problem(
  context: StepContext,
  path: Path,
  what: string,
  mend?: string,
  part?: 'key' | 'value',
): void {
  context.problems.push(context.source.problem(path, what, mend, part));
}

function oneLine(key: string, value: unknown): string {
  return value === undefined || value === null ? key : `${key}: ${asWritten(value)}`;
}
