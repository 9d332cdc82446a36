import type { Role } from '../events/verdict.ts';
import type { Protocol } from '../protocol/definition.ts';
import { identifyLine, identifyObject } from '../protocol/message.ts';
import type { RawConversation } from '../suite/load-suite.ts';
import { inlined, inside, lost, type Resolve } from './inline.ts';
import type { Move, Mutation, SendMove } from './plan.ts';
import { isValid } from './valid-fields.ts';

/** What a suite's conversations are read with. */
export interface HarvestOptions {
  readonly protocol: Protocol;
  /** What the target is. */
  readonly role: Role;
  /** Names of facts that have a value. */
  readonly facts: ReadonlySet<string>;
  /** Takes a message that a peer sends and that is meant to be valid. */
  valid(move: SendMove): void;
}

/** Names that have a value in every conversation. */
export const always: ReadonlySet<string> = new Set(['nowhere', 'nonce', 'uuid', 'now', 'dialect', 'seed']);

/** Members of a crowd, and turns of a loop, that a plan needs to show what happens. */
const enough = 3;

/**
 * The moves of a conversation of a suite, for one row of its table. What only a running case knows is
 * told by where the target said it: `${p1.said.token}`. A step that needs more is passed over.
 */
export function movesOf(
  options: HarvestOptions,
  raw: RawConversation,
  row: Readonly<Record<string, unknown>>,
): Move[] {
  const moves = new Harvest(options, raw, row).moves();
  const open = new Set<string>();
  return moves.filter((move) => {
    if (move.do === 'open') open.add(move.peer);
    return open.has(move.peer);
  });
}

/** What names stand for inside a preamble or loop. */
interface Frame {
  readonly aliases: ReadonlyMap<string, string>;
  readonly values: ReadonlyMap<string, unknown>;
  readonly depth: number;
}

class Harvest {
  readonly #options: HarvestOptions;
  readonly #protocol: Protocol;
  readonly #raw: RawConversation;
  readonly #row: Readonly<Record<string, unknown>>;
  /** Peers of the case, their names in the plan. */
  readonly #peers = new Map<string, string>();
  readonly #crowds = new Map<string, readonly string[]>();
  /** What was captured or set: `token`, or `alice.token` of a peer. */
  readonly #captures = new Map<string, unknown>();

  constructor(options: HarvestOptions, raw: RawConversation, row: Readonly<Record<string, unknown>>) {
    this.#options = options;
    this.#protocol = options.protocol;
    this.#raw = raw;
    this.#row = row;
  }

  moves(): Move[] {
    const { peers, given, steps } = this.#raw;
    for (const [name, size] of Object.entries(peers)) {
      const members = Array.from(
        { length: Math.min(size ?? 0, enough) },
        (_, index) => `${name}-${index + 1}`,
      );
      if (size !== null) this.#crowds.set(name, members);
      for (const one of size === null ? [name] : members) this.#known(one);
    }
    for (const step of [...given, ...steps]) {
      const [key] = keyOf(step);
      const [, name = '', words = ''] = /^(\S+)\s+(.*)$/s.exec(key) ?? [];
      if ((given.includes(step) || words === 'connects') && !this.#crowds.has(name)) this.#known(name);
    }
    return this.#steps([...given, ...steps], { aliases: new Map(), values: new Map(), depth: 0 });
  }

  #known(name: string): void {
    if (name !== '' && !this.#peers.has(name)) this.#peers.set(name, `p${this.#peers.size + 1}`);
  }

  #steps(steps: unknown, frame: Frame): Move[] {
    if (!Array.isArray(steps) || frame.depth > 8) return [];
    return steps.flatMap((step) => this.#step(step, { ...frame, depth: frame.depth + 1 }));
  }

  #step(step: unknown, frame: Frame): Move[] {
    const [key, value] = keyOf(step);
    const control = Object.hasOwn(controls, key) ? controls[key] : undefined;
    if (control) {
      if (key === 'that') return this.#that(step as object, frame);
      if (key === 'set') return this.#set(value, frame);
      return this.#loop(control, value, frame);
    }
    const [, name = '', words = ''] = /^(\S+)\s+(.*)$/s.exec(key.trim()) ?? [];
    const crowd = this.#crowds.get(name);
    if (crowd) return crowd.flatMap((member) => this.#act(member, words, value, aliased(frame, member)));
    const peer = frame.aliases.get(name) ?? name;
    return this.#peers.has(peer) ? this.#act(peer, words, value, frame) : [];
  }

  #act(name: string, words: string, value: unknown, frame: Frame): Move[] {
    const peer = this.#peers.get(name) as string;
    const preamble = this.#protocol.given.get(words);
    const own = preamble?.steps[this.#options.role];
    if (preamble && own) return this.#steps(own.steps, this.#argued(name, preamble.with, value, frame));
    switch (words) {
      case 'connects':
        return [this.#open(name, value, frame)];
      case 'may connect':
        return [
          this.#open(name, value, frame),
          ...this.#steps((value as { then?: unknown } | null)?.then, frame),
        ];
      case 'does':
        return this.#stimulate(name, value, frame);
      case 'closes':
        return [{ do: 'close', peer }];
      case 'resets':
        return [{ do: 'reset', peer }];
      case 'half-closes':
        return [{ do: 'half-close', peer }];
      case 'stops reading':
        return [{ do: 'stop-reading', peer }];
      case '>':
      case '>!':
        return this.#send(name, value, words === '>', frame);
      case 'sends':
        return this.#sendBytes(name, value, frame);
      case '<':
      case '<?':
        this.#heard(name, value, frame);
        return this.#hears(peer);
      case '< any order':
        for (const one of Array.isArray(value) ? value : []) this.#heard(name, one, frame);
        return Array.isArray(value) ? value.flatMap(() => this.#hears(peer)) : [];
      case '< all':
        this.#lose((value as { as?: unknown } | null)?.as, frame);
        return this.#hears(peer);
      case '< either':
        return [...this.#hears(peer), ...this.#either(name, value, frame)];
      default:
        return [];
    }
  }

  /** Servers are waited for by what they are asked; the messages of a client stand where they come. */
  #hears(peer: string): Move[] {
    return this.#options.role === 'client' ? [{ do: 'hear', peer }] : [];
  }

  #open(name: string, value: unknown, frame: Frame): Move {
    const peer = this.#peers.get(name) as string;
    const {
      steps: _steps,
      then: _then,
      fails: _fails,
      from,
      ...rest
    } = (value ?? {}) as Record<string, unknown>;
    const filled = this.#fill(rest, frame, name);
    const before = typeof from === 'string' ? this.#peers.get(frame.aliases.get(from) ?? from) : undefined;
    const options = { ...(filled === lost ? {} : (filled as object)), ...(before ? { from: before } : {}) };
    return this.#options.role === 'client' && Object.keys(options).length > 0
      ? { do: 'open', peer, with: options }
      : { do: 'open', peer };
  }

  #stimulate(name: string, value: unknown, frame: Frame): Move[] {
    const [stimulus, given] = keyOf(value);
    const filled = this.#fill(given ?? {}, frame, name);
    if (this.#options.role !== 'client' || stimulus === '' || filled === lost) return [];
    const peer = this.#peers.get(name) as string;
    return [{ do: 'stimulate', peer, stimulus, with: filled as Record<string, unknown> }];
  }

  /** The frame inside a preamble: an argument that names a peer is another name for it. */
  #argued(name: string, wanted: Readonly<Record<string, unknown>>, given: unknown, frame: Frame): Frame {
    const aliases = new Map([...frame.aliases, ['self', name]]);
    const values = new Map(frame.values);
    for (const [key, value] of Object.entries({ ...wanted, ...((given ?? {}) as object) })) {
      const filled = this.#fill(value, frame, name);
      const whom = typeof filled === 'string' ? (frame.aliases.get(filled) ?? filled) : '';
      if (this.#peers.has(whom)) aliases.set(key, whom);
      else values.set(key, filled);
    }
    return { ...frame, aliases, values };
  }

  // Structure

  #loop(control: 'loop' | 'list', value: unknown, frame: Frame): Move[] {
    if (control === 'list') return this.#steps(value, frame);
    const { steps, times, as, in: list } = (value ?? {}) as Record<string, unknown>;
    if (list !== undefined) {
      const klass = typeof list === 'string' ? this.#protocol.classes.get(list) : undefined;
      const items = klass ? [...klass.values()] : this.#fill(list, frame);
      return (items !== null && typeof items === 'object' ? Object.values(items) : [])
        .slice(0, enough)
        .flatMap((item) => this.#steps(steps, bound(frame, String(as ?? 'it'), this.#fill(item, frame))));
    }
    const turns = Math.min(typeof times === 'number' ? times : 1, enough);
    return Array.from({ length: turns }, (_, index) =>
      this.#steps(steps, bound(frame, String(as ?? 'i'), index + 1)),
    ).flat();
  }

  #either(name: string, value: unknown, frame: Frame): Move[] {
    for (const option of Array.isArray(value) ? value : []) {
      const {
        '<': pattern,
        then,
        closed,
      } = (typeof option === 'object' ? (option ?? {}) : {}) as Record<string, unknown>;
      if (closed !== undefined) continue;
      this.#heard(name, pattern ?? option, frame);
      return this.#steps(then ?? [], frame);
    }
    return [];
  }

  // Values

  #set(value: unknown, frame: Frame): Move[] {
    for (const [name, one] of Object.entries((value ?? {}) as object))
      this.#capture(name, this.#fill(one, frame), frame);
    return [];
  }

  #that(step: object, frame: Frame): Move[] {
    const { that, is } = step as { readonly that?: unknown; readonly is?: unknown };
    const value = this.#fill(that, frame);
    for (const [name, path] of capturesIn(is)) this.#capture(name, inside(value, path), frame);
    return [];
  }

  #lose(name: unknown, frame: Frame): void {
    if (typeof name === 'string') this.#capture(name, lost, frame);
  }

  /** What a pattern captures is what its peer was told: there, under that name. */
  #heard(name: string, pattern: unknown, frame: Frame): void {
    const said = `\${${this.#peers.get(name)}.said}`;
    if (typeof pattern !== 'string') {
      for (const [capture, path] of capturesIn(pattern))
        this.#capture(capture, this.#isKind(path) ? lost : inside(said, path), frame);
      return;
    }
    const from: Role = this.#options.role;
    const places: string[] = [];
    const line = pattern
      .replace(/\$\{[^}]*\}/g, 'x')
      .replace(
        /<([A-Za-z][\w.-]*)(?:\.\.\.|\*|\+)?(?::[^>]*)?>/g,
        (_, place: string) => `\uE002${places.push(place) - 1}\uE002`,
      );
    const fields = identifyLine(this.#protocol, from, line, () => true)?.fields ?? {};
    for (const [index, place] of places.entries()) {
      const field = Object.entries(fields).find(([, text]) => text === `\uE002${index}\uE002`)?.[0];
      this.#capture(place, inside(said, [field ?? place]), frame);
    }
  }

  /** What a line is called is not in it. */
  #isKind([first]: readonly string[]): boolean {
    return this.#protocol.payload === 'text' && first === 'is';
  }

  #capture(name: string, value: unknown, frame: Frame): void {
    const [head = '', key] = name.split('.');
    const peer = frame.aliases.get(head) ?? head;
    this.#captures.set(key !== undefined && this.#peers.has(peer) ? `${peer}.${key}` : name, value);
  }

  #fill(value: unknown, frame: Frame, self?: string): unknown {
    return inlined(value, this.#resolver(frame, self));
  }

  #resolver(frame: Frame, self?: string): Resolve {
    return (path) => {
      const [head = '', key, ...rest] = path;
      if (frame.values.has(head)) return inside(frame.values.get(head), path.slice(1));
      const peer = head === 'self' && self !== undefined ? self : (frame.aliases.get(head) ?? head);
      const plain = this.#peers.get(peer);
      if (plain !== undefined) {
        if (key === undefined) return head === 'self' ? peer : lost;
        const captured = `${peer}.${key}`;
        if (this.#captures.has(captured)) return inside(this.#captures.get(captured), rest);
        return this.#isOfPeer(key) ? `\${${[plain, key, ...rest].join('.')}}` : lost;
      }
      if (this.#captures.has(head)) return inside(this.#captures.get(head), path.slice(1));
      if (Object.hasOwn(this.#row, head))
        return inside(this.#fill(this.#row[head], outermost), path.slice(1));
      const known =
        always.has(head) ||
        this.#protocol.identity.has(head.replace(/\d+$/, '')) ||
        (head === 'facts' && key !== undefined && this.#options.facts.has(key));
      return known ? `\${${path.join('.')}}` : lost;
    };
  }

  #isOfPeer(key: string): boolean {
    return key === 'name' || key === 'said' || this.#protocol.identity.get(key)?.per === 'peer';
  }

  // Sending

  #send(name: string, value: unknown, valid: boolean, frame: Frame): Move[] {
    const filled = this.#fill(value, frame, name);
    const found = filled === lost ? undefined : this.#identify(filled);
    if (!found) return [];
    const move: SendMove = {
      do: 'send',
      peer: this.#peers.get(name) as string,
      message: found.name,
      fields: found.fields,
      mutations: [],
    };
    const definition = this.#protocol.messages.get(found.name);
    if (!valid && definition && !isValid(this.#protocol, definition, found.fields)) return [];
    if (valid) this.#options.valid(move);
    return [move];
  }

  /** Octets written as they are: messages that are joined or cut, and what is no message. */
  #sendBytes(name: string, value: unknown, frame: Frame): Move[] {
    if (Array.isArray(value)) return value.flatMap((one) => this.#sendBytes(name, one, frame));
    const peer = this.#peers.get(name) as string;
    const parts = typeof value === 'string' ? { raw: value } : ((value ?? {}) as Record<string, unknown>);
    const { message, messages, raw, hex, payload, cut } = parts as Record<string, unknown>;
    if (typeof hex === 'string' && hex !== '')
      return [{ do: 'octets', peer, hex: hex.replaceAll(/\s/g, '') }];
    const written = raw ?? payload;
    if (typeof written === 'string') {
      const filled = this.#fill(written, frame, name);
      if (typeof filled !== 'string' || filled === '' || filled.includes('${')) return [];
      const octets = new TextEncoder().encode(filled);
      const framed = raw === undefined ? this.#protocol.framing.encode(octets) : octets;
      return [{ do: 'octets', peer, hex: hexOf(framed) }];
    }
    const all = Array.isArray(messages) ? messages : message === undefined ? [] : [message];
    const moves = all.flatMap((one) => this.#send(name, one, false, frame));
    const cuts: Mutation[] = (Array.isArray(cut) ? cut : [])
      .filter((offset) => typeof offset === 'number')
      .map((offset) => ({ kind: 'split', offset }));
    return moves.map((move, index) => {
      if (move.do !== 'send') return move;
      const last = index === moves.length - 1;
      return { ...move, mutations: moves.length === 1 ? cuts : [], ...(last ? {} : { pipelined: true }) };
    });
  }

  #identify(value: unknown): { name: string; fields: unknown } | undefined {
    const side: Role = this.#options.role === 'server' ? 'client' : 'server';
    if (this.#protocol.payload === 'json') {
      const definition = identifyObject(this.#protocol, side, value, () => true);
      return definition && { name: definition.name, fields: value };
    }
    // A reference may hold blanks (`${'x' * 3}`); it stands for one token here.
    const slots: string[] = [];
    const line = String(value).replace(/\$\{[^}]*\}/g, (slot) => `\uE001${slots.push(slot) - 1}\uE001`);
    const found = identifyLine(this.#protocol, side, line, () => true);
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

const outermost: Frame = { aliases: new Map(), values: new Map(), depth: 0 };

const controls: Readonly<Record<string, 'loop' | 'list'>> = {
  repeat: 'loop',
  each: 'loop',
  until: 'loop',
  together: 'list',
  that: 'list',
  set: 'list',
};

function keyOf(step: unknown): readonly [string, unknown] {
  if (typeof step === 'string') return [step, undefined];
  const entries = Object.entries((step ?? {}) as object);
  return entries.find(([key]) => key !== 'proves' && key !== 'within' && key !== 'is') ?? ['', undefined];
}

function aliased(frame: Frame, self: string): Frame {
  return { ...frame, aliases: new Map([...frame.aliases, ['self', self]]) };
}

function bound(frame: Frame, name: string, value: unknown): Frame {
  return { ...frame, values: new Map([...frame.values, [name, value]]) };
}

/** What a pattern captures, and where it stands in the message: `token` at `session`. */
function capturesIn(
  pattern: unknown,
  path: readonly string[] = [],
): (readonly [string, readonly string[]])[] {
  if (pattern === null || typeof pattern !== 'object') return [];
  if (Array.isArray(pattern))
    return pattern.flatMap((one, index) => capturesIn(one, [...path, String(index)]));
  return Object.entries(pattern).flatMap(([key, value]) => {
    if (key === '$as') return [[String(value), path] as const];
    // The alternatives of an operator are patterns for the same place, its items those of one inside.
    if (key === '$contains' || key === '$each')
      return (Array.isArray(value) ? value : [value]).flatMap((one) => capturesIn(one, [...path, '0']));
    if (!key.startsWith('$')) return capturesIn(value, [...path, key]);
    return (Array.isArray(value) ? value : [value]).flatMap((one) => capturesIn(one, path));
  });
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => octet.toString(16).padStart(2, '0')).join('');
}
