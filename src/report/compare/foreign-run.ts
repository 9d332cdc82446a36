import type { Outcome } from '../case-summary.ts';
import { onlyWarns, type Status } from '../ledger.ts';
import type { LaidCase, LaidRequirement, LaidRun, Source } from './laid-run.ts';

/** A test of another harness. */
export interface ForeignTest {
  /** Its full name. */
  readonly name: string;
  /** Other names under which a case of spar may be known. */
  readonly aliases: readonly string[];
  readonly outcome: Extract<Outcome, 'pass' | 'fail' | 'skip' | 'expected'>;
  /** Requirements that it says it proves. */
  readonly proves: readonly string[];
}

/** What another harness tells of its run. */
export interface ForeignRun {
  readonly source: Exclude<Source, 'spar'>;
  readonly tests: readonly ForeignTest[];
  /** Why it ended before its time. */
  readonly stopped?: string;
}

/** What is known of the protocol, to find requirements in the names of tests. */
export interface Known {
  readonly requirements: ReadonlyMap<
    string,
    Pick<LaidRequirement, 'id' | 'section' | 'level' | 'text' | 'warn'>
  >;
  readonly cases: ReadonlyMap<string, Pick<LaidCase, 'id' | 'title' | 'requirements' | 'file'>>;
}

/**
 * The run of another harness. A test belongs to the case of spar whose name it has; else to the
 * requirements that it says it proves or whose ids stand in its name; else it stands for itself.
 */
export function laidForeign(run: ForeignRun, known: Known, from: string, label: string): LaidRun {
  const named = idFinder([...known.requirements.keys()]);
  const cases = new Map<string, LaidCase>();
  for (const test of run.tests) {
    const one = caseOf(test, known, named);
    const before = cases.get(one.id);
    if (!before || ranks.indexOf(before.outcome) < ranks.indexOf(one.outcome)) cases.set(one.id, one);
  }
  return {
    label,
    from,
    source: run.source,
    dialects: {},
    strict: false,
    ...(run.stopped !== undefined && { stopped: run.stopped }),
    requirements: requirementsOf([...cases.values()], known),
    cases: [...cases.values()],
  };
}

/** From best to worst; a test that stands there twice has the worst. */
const ranks: readonly Outcome[] = ['skip', 'pass', 'expected', 'fail'];

function caseOf(test: ForeignTest, known: Known, named: (text: string) => string[]): LaidCase {
  const same = [test.name, ...test.aliases].map((name) => known.cases.get(name)).find(Boolean);
  if (same) return { ...same, outcome: test.outcome, choices: [] };
  return {
    id: test.name,
    title: test.name,
    outcome: test.outcome,
    requirements: [...new Set([...test.proves, test.name].flatMap(named))],
    file: '',
    choices: [],
  };
}

/** Finds ids in a text, also as a name of a function has them: `test_cpt_044`. */
function idFinder(ids: readonly string[]): (text: string) => string[] {
  if (ids.length === 0) return () => [];
  const bare = (text: string): string => text.replace(/[-_ ]/g, '').toUpperCase();
  const byBare = new Map(ids.map((id) => [bare(id), id]));
  const escaped = ids.map((id) => id.replace(/[^\w-]/g, '\\$&').replaceAll('-', '[-_ ]?'));
  const any = new RegExp(`(?<![A-Za-z0-9])(${escaped.join('|')})(?![A-Za-z0-9])`, 'gi');
  return (text) => Array.from(text.matchAll(any), ([found]) => byBare.get(bare(found))).filter(isText);
}

function isText(value: string | undefined): value is string {
  return value !== undefined;
}

function requirementsOf(cases: readonly LaidCase[], { requirements }: Known): LaidRequirement[] {
  return [...requirements.values()].flatMap((requirement) => {
    const proving = cases.filter((one) => one.requirements.includes(requirement.id));
    if (proving.length === 0) return [];
    const breaking = proving.filter(({ outcome }) => outcome === 'fail' || outcome === 'expected');
    const { id, section, level, text, warn } = requirement;
    return [
      {
        id,
        section,
        level,
        text,
        warn,
        status: breaking.length > 0 ? breach(requirement) : proven(proving),
        expected: breaking.length > 0 && breaking.every(({ outcome }) => outcome === 'expected'),
        brokenBy: breaking.map((one) => one.id),
      },
    ];
  });
}

function breach(requirement: Pick<LaidRequirement, 'level' | 'warn'>): Status {
  return onlyWarns(requirement) ? 'warned' : 'broken';
}

function proven(cases: readonly LaidCase[]): Status {
  return cases.some(({ outcome }) => outcome === 'pass') ? 'held' : 'skipped';
}
