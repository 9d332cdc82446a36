import type { Role } from '../events/verdict.ts';
import type { MessageDefinition, Protocol } from '../protocol/definition.ts';
import { identifyLine, identifyObject } from '../protocol/message.ts';
import type { Suite } from '../suite/load-suite.ts';
import type { Move, Plan, SendMove } from './plan.ts';

/** Valid sends and whole conversations, taken from the suite's own preambles and cases. */
export interface Seeds {
  /** For each message of the client the fields of valid packets. */
  readonly samples: ReadonlyMap<string, readonly unknown[]>;
  /** Valid conversations. */
  readonly plans: readonly Plan[];
}

/** Reads a suite for what a fuzzer can build upon. Steps that need what only a case knows are passed over. */
export function seedsOf(suite: Suite): Seeds {
  const { protocol } = suite;
  const samples = new Map<string, unknown[]>();
  const harvest = new Harvest(protocol, samples);
  const plans: Plan[] = [];
  for (const raw of casesOf(suite)) {
    const moves = harvest.moves(raw);
    if (moves.length > 0 && moves.length <= 60) plans.push({ plan: 1, moves });
  }
  for (const definition of protocol.messages.values()) {
    if (definition.from === 'server') continue;
    for (const example of examplesOf(definition)) harvest.sample(definition, example);
    if (!samples.has(definition.name)) samples.set(definition.name, [plainSample(protocol, definition)]);
  }
  return { samples, plans };
}

interface RawConversation {
  readonly given: readonly unknown[];
  readonly steps: readonly unknown[];
}

function casesOf(suite: Suite): RawConversation[] {
  const { protocol } = suite;
  const files = new Set(suite.rawCases);
  const preambles = [...protocol.given.keys()].map((name) => ({ given: [`p1 ${name}`], steps: [] }));
  return [
    ...preambles,
    ...[...files].filter((one) => one.role !== 'client').map(({ given, steps }) => ({ given, steps })),
  ];
}

function examplesOf(definition: MessageDefinition): unknown[] {
  if (definition.example === undefined) return [];
  return Array.isArray(definition.example) ? definition.example : [definition.example];
}

function plainSample(protocol: Protocol, definition: MessageDefinition): unknown {
  if (protocol.payload === 'json') return definition.example ?? {};
  const [template = []] = definition.lines;
  return Object.fromEntries(
    template.flatMap((part) =>
      part.kind === 'place' ? [[part.name, placeSample(protocol, part.name)]] : [],
    ),
  );
}

function placeSample(protocol: Protocol, name: string): string {
  const identity = protocol.identity.get(name);
  if (identity) return identity.per === 'peer' ? `\${self.${name}}` : `\${${name}}`;
  return '1';
}

class Harvest {
  readonly #protocol: Protocol;
  readonly #samples: Map<string, unknown[]>;

  constructor(protocol: Protocol, samples: Map<string, unknown[]>) {
    this.#protocol = protocol;
    this.#samples = samples;
  }

  /** Keeps the fields of a valid message. */
  sample(definition: MessageDefinition, fields: unknown): void {
    const list = this.#samples.get(definition.name) ?? [];
    const text = JSON.stringify(fields);
    if (list.length < 40 && !list.some((one) => JSON.stringify(one) === text)) list.push(fields);
    this.#samples.set(definition.name, list);
  }

  moves(raw: RawConversation): Move[] {
    const peers = new Map<string, string>();
    const captures = new Map<string, string>();
    const moves = [...raw.given, ...raw.steps].flatMap((step) =>
      this.#step(step, new Map(), peers, captures, 0),
    );
    const open = new Set<string>();
    return moves.filter((move) => {
      if (move.do === 'open') open.add(move.peer);
      return open.has(move.peer);
    });
  }

  #step(
    step: unknown,
    aliases: ReadonlyMap<string, string>,
    peers: Map<string, string>,
    captures: Map<string, string>,
    depth: number,
  ): Move[] {
    if (depth > 4) return [];
    const [key, value] =
      typeof step === 'string'
        ? [step, undefined]
        : (Object.entries((step ?? {}) as object)[0] ?? ['', undefined]);
    const [, name = '', words = ''] = /^(\S+)\s+(.*)$/s.exec(key) ?? [];
    const role: Role = 'server';
    const preamble = this.#protocol.given.get(words)?.steps[role];
    if (preamble) {
      const inner = new Map([...aliases, ['self', this.#peer(name, aliases, peers)]]);
      return preamble.steps.flatMap((one) => this.#step(one, inner, peers, captures, depth + 1));
    }
    if (words === '') return [];
    const peer = this.#peer(name, aliases, peers);
    if (words === 'connects') return [{ do: 'open', peer }];
    if (words === 'closes') return [{ do: 'close', peer }];
    if (words === 'resets') return [{ do: 'reset', peer }];
    if (words === 'half-closes') return [{ do: 'half-close', peer }];
    if (words.startsWith('<')) {
      noteCaptures(value, captures);
      return [];
    }
    if (words !== '>' && words !== '>!') return [];
    const send = this.#send(peer, value, aliases, peers, captures);
    return send ? [send] : [];
  }

  #peer(name: string, aliases: ReadonlyMap<string, string>, peers: Map<string, string>): string {
    const real = aliases.get(name) ?? name;
    if (/^p\d+$/.test(real)) return real;
    const known = peers.get(real);
    if (known) return known;
    const made = `p${peers.size + 1}`;
    peers.set(real, made);
    return made;
  }

  #send(
    peer: string,
    value: unknown,
    aliases: ReadonlyMap<string, string>,
    peers: Map<string, string>,
    captures: ReadonlyMap<string, string>,
  ): SendMove | undefined {
    const renamed = renameReferences(value, (head, rest) =>
      this.#reference(peer, head, rest, aliases, peers, captures),
    );
    if (renamed === undefined) return undefined;
    const found = this.#identify(renamed);
    if (!found) return undefined;
    const generic = renameReferences(found.fields, (head, rest) =>
      head === peer ? ['self', ...rest].join('.') : [head, ...rest].join('.'),
    );
    if (JSON.stringify(generic).includes('${p'))
      return { do: 'send', peer, message: found.name, fields: found.fields, mutations: [] };
    const definition = this.#protocol.messages.get(found.name);
    if (definition) this.sample(definition, generic);
    return { do: 'send', peer, message: found.name, fields: found.fields, mutations: [] };
  }

  #reference(
    peer: string,
    head: string,
    rest: readonly string[],
    aliases: ReadonlyMap<string, string>,
    peers: Map<string, string>,
    captures: ReadonlyMap<string, string>,
  ): string | undefined {
    if (head === 'self' || aliases.has(head) || peers.has(head)) {
      const who = head === 'self' && !aliases.has('self') ? peer : this.#peer(head, aliases, peers);
      const said = captures.get(rest[0] ?? '');
      return said === undefined ? [who, ...rest].join('.') : `${who}.said.${said}`;
    }
    const said = captures.get(head);
    if (said !== undefined) return `${peer}.said.${said}`;
    if (this.#protocol.identity.has(head.replace(/\d+$/, '')) || always.has(head))
      return [head, ...rest].join('.');
    return undefined;
  }

  #identify(value: unknown): { name: string; fields: unknown } | undefined {
    if (this.#protocol.payload === 'json') {
      const definition = identifyObject(this.#protocol, 'client', value, () => true);
      return definition && { name: definition.name, fields: value };
    }
    // A reference may hold blanks (`${'x' * 3}`); it stands for one token here.
    const slots: string[] = [];
    const line = String(value).replace(/\$\{[^}]*\}/g, (slot) => `\uE001${slots.push(slot) - 1}\uE001`);
    const found = identifyLine(this.#protocol, 'client', line, () => true);
    if (!found) return undefined;
    const fields = Object.fromEntries(
      Object.entries(found.fields).map(([name, text]) => [
        name,
        JSON.parse(
          JSON.stringify(text).replace(/\uE001(\d+)\uE001/g, (_, index) =>
            JSON.stringify(slots[Number(index)] ?? '').slice(1, -1),
          ),
        ),
      ]),
    );
    return { name: found.definition.name, fields };
  }
}

/** Names that have a value in every conversation. */
export const always: ReadonlySet<string> = new Set(['nowhere', 'nonce', 'uuid', 'now', 'dialect']);

/** Where what a pattern captures stands in a message: `token` ← `session`. */
function noteCaptures(pattern: unknown, captures: Map<string, string>, path: readonly string[] = []): void {
  if (typeof pattern === 'string') {
    for (const [, name = ''] of pattern.matchAll(/<([A-Za-z][\w-]*)/g)) captures.set(name, name);
    return;
  }
  if (pattern === null || typeof pattern !== 'object') return;
  for (const [key, value] of Object.entries(pattern)) {
    if (key === '$as' && typeof value === 'string')
      captures.set(value.split('.').at(-1) ?? value, path.join('.'));
    else noteCaptures(value, captures, key.startsWith('$') ? path : [...path, key]);
  }
}

/** A value with the heads of its references replaced; undefined where one cannot be. */
function renameReferences(
  value: unknown,
  rename: (head: string, rest: readonly string[]) => string | undefined,
): unknown {
  let lost = false;
  const visit = (one: unknown): unknown => {
    if (typeof one === 'string') {
      return one.replace(/\$\{([^}]*)\}/g, (whole, inner: string) => {
        const path = /^\s*([A-Za-z][\w-]*(?:\.[\w-]+)*)\s*$/.exec(inner)?.[1]?.split('.');
        if (!path) {
          if (/[A-Za-z]/.test(inner.replace(/'[^']*'/g, ''))) lost = true;
          return whole;
        }
        const made = rename(path[0] as string, path.slice(1));
        if (made === undefined) lost = true;
        return `\${${made}}`;
      });
    }
    if (Array.isArray(one)) return one.map(visit);
    if (one !== null && typeof one === 'object')
      return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, visit(inner)]));
    return one;
  };
  const made = visit(value);
  return lost ? undefined : made;
}
