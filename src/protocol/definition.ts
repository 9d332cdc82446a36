import type { Role } from '../events/verdict.ts';
import type { Pattern } from '../match/pattern.ts';
import type { Source } from '../problem/source.ts';
import type { Framing } from '../wire/framing.ts';
import type { TemplatePart } from '../wire/line-template.ts';
import type { Encoding } from '../wire/text.ts';
import type { Dialect } from './dialects.ts';
import type { Rule } from './rules.ts';
import type { StateTable } from './states.ts';

export type Transport = 'tcp' | 'tls' | 'ws' | 'wss' | 'unix' | 'stdio';

/** One kind of message. */
export interface MessageDefinition {
  readonly name: string;
  readonly from: Role | 'both';
  /** Text payloads: the forms of the line. */
  readonly lines: readonly (readonly TemplatePart[])[];
  /** JSON payloads: what tells it from others. */
  readonly match?: Pattern;
  /** JSON Schema. */
  readonly schema?: object;
  readonly awaited: boolean;
  readonly push: boolean;
  /** Fields that hold names of peers and other things of a case. */
  readonly about: readonly string[];
  readonly example?: unknown;
}

/** Steps that bring a peer into a state. They are compiled with the cases that use them. */
export interface Preamble {
  readonly name: string;
  /** For each role of the target: its steps, whom they blame, and where they stand in the protocol file. */
  readonly steps: Readonly<Record<Role, PreambleSteps | undefined>>;
  /** Names of its arguments, with their defaults; undefined must be given. */
  readonly with: Readonly<Record<string, unknown>>;
}

export interface PreambleSteps {
  readonly steps: readonly unknown[];
  readonly proves: readonly string[];
  readonly path: readonly (string | number)[];
}

export interface Barrier {
  readonly send: unknown;
  readonly until: unknown;
  readonly wrong: boolean;
  /** Blamed when the answer does not come. */
  readonly proves?: readonly string[];
}

export interface IdentityClass {
  readonly pattern: string;
  readonly per: 'peer' | 'case';
}

export interface Stimulus {
  readonly with: readonly string[];
  /** What a person is asked to do. */
  readonly ask?: string;
}

/** A protocol, read from its file with the chosen dialects, ready to be spoken. */
export interface Protocol {
  readonly name: string;
  readonly title: string;
  readonly source: Source;
  readonly transport: Transport;
  readonly port?: number;
  readonly path?: string;
  readonly framing: Framing;
  readonly payload: 'text' | 'json';
  readonly encoding: Encoding;
  readonly ignoreCase: boolean;
  readonly keepBlanks: boolean;
  readonly dialects: readonly Dialect[];
  readonly dialect: Readonly<Record<string, string>>;
  readonly identity: ReadonlyMap<string, IdentityClass>;
  readonly facts: Readonly<Record<string, object>>;
  readonly stimuli: ReadonlyMap<string, Stimulus>;
  /** What a client shows its user: each kind with the names of its parts. */
  readonly shows: ReadonlyMap<string, readonly string[]>;
  readonly messages: ReadonlyMap<string, MessageDefinition>;
  readonly correlate?: string;
  readonly start: string;
  readonly states: StateTable;
  /** For each role of the target: state (or `any`) → what must be answered there. */
  readonly barriers: Readonly<Record<Role, ReadonlyMap<string, Barrier>>>;
  readonly automatic: readonly { readonly on: string; readonly send: unknown; readonly role: Role }[];
  readonly given: ReadonlyMap<string, Preamble>;
  readonly alive: Partial<Record<Role, string>>;
  /** What null targets say. */
  readonly decoys: { readonly banner?: unknown; readonly refusal?: unknown };
  readonly classes: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  readonly rules: readonly Rule[];
  /** What of a JSON message its schema does not allow. */
  checkSchema(message: string, value: unknown): readonly string[];
}
