import type { Choice } from '../../events/event.ts';
import type { Level } from '../../events/verdict.ts';
import type { Outcome } from '../case-summary.ts';
import type { Status } from '../ledger.ts';

/** What a run was read from. */
export type Source = 'spar' | 'tap' | 'junit';

/** A requirement as one run knows it. */
export interface LaidRequirement {
  readonly id: string;
  readonly section: string;
  readonly level: Level;
  readonly text: string;
  /** True if a breach only warns, whatever the level. */
  readonly warn: boolean;
  readonly status: Status;
  /** True if every failure that names it is expected. */
  readonly expected: boolean;
  /** Names of the cases whose failures name it. */
  readonly brokenBy: readonly string[];
}

/** A case of spar, or a test of another harness. */
export interface LaidCase {
  readonly id: string;
  readonly title: string;
  readonly outcome: Outcome;
  /** Requirements that it proves. */
  readonly requirements: readonly string[];
  /** Of the suite; empty for the tests of other harnesses. */
  readonly file: string;
  readonly choices: readonly Choice[];
}

/** A run, whoever held it, as it is laid beside others. */
export interface LaidRun {
  readonly label: string;
  /** The file or folder that it was read from. */
  readonly from: string;
  readonly source: Source;
  /** Absent where another harness held it. */
  readonly protocol?: { readonly name: string; readonly title: string };
  readonly role?: 'server' | 'client';
  /** ISO 8601. */
  readonly time?: string;
  /** The version of spar. */
  readonly spar?: string;
  readonly dialects: Readonly<Record<string, string>>;
  /** True if warnings count as failures. */
  readonly strict: boolean;
  /** Why it ended before its time, in words. */
  readonly stopped?: string;
  readonly requirements: readonly LaidRequirement[];
  readonly cases: readonly LaidCase[];
}
