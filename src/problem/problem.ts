/** Who has to act: the user of spar, the program under test, or spar itself. */
export type Fault = 'user' | 'target' | 'harness';

/** A place in a file that a person wrote. Lines and columns count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The text of that line, for the caret. */
  readonly source?: string;
  /** How many columns the caret covers; 1 if absent. */
  readonly length?: number;
}

/** Something that is wrong: whose fault, where, what, and how to mend it. */
export interface Problem {
  readonly fault: Fault;
  readonly what: string;
  readonly where?: Place;
  readonly mend?: string;
}

/** The exit codes of the program (README, "Exit codes"). */
export type ExitCode = 0 | 1 | 2 | 3 | 4;

/** Problems that end what was asked for. The program exits with `exit`. */
export class SparError extends Error {
  override readonly name = 'SparError';
  readonly problems: readonly Problem[];
  readonly exit: ExitCode;

  constructor(problems: Problem | readonly Problem[], exit?: ExitCode) {
    const list: readonly Problem[] = Array.isArray(problems) ? problems : [problems as Problem];
    super(list.map((problem) => problem.what).join('; '));
    this.problems = list;
    this.exit = exit ?? exitOf(list);
  }
}

function exitOf(problems: readonly Problem[]): ExitCode {
  if (problems.some((problem) => problem.fault === 'harness')) return 4;
  return problems.some((problem) => problem.fault === 'target') ? 3 : 2;
}
