import type { Level, Role, Verdict } from './verdict.ts';

/** A requirement as the run knows it: enough for a report without the suite's files. */
export interface RequirementInfo {
  readonly id: string;
  /** The heading of the document. */
  readonly section: string;
  readonly level: Level;
  readonly binds: Role | 'both';
  /** The requirement in the suite's own words. */
  readonly text: string;
  /** True if a breach only warns, whatever the level. */
  readonly warn: boolean;
  /** Why it cannot be tested over the wire; absent if it can. */
  readonly untestable?: string;
  /** How many cases and rules of the whole suite prove it, chosen for this run or not. */
  readonly proofs?: number;
}

/** A case that the run is going to hold. */
export interface CaseInfo {
  /** `protocol/section-file/case`, e.g. `cpt/server/accept/nothing-but-accept`; a row of a table adds `[row]`. */
  readonly id: string;
  readonly title: string;
  readonly section: string;
  readonly file: string;
  readonly line: number;
  readonly proves: readonly string[];
}

/** A case or a requirement that is known to fail, and why. */
export interface ExpectedFailure {
  /** A glob on ids of cases, or the id of a requirement. */
  readonly entry: string;
  readonly reason: string;
}

/** A rule watched in every conversation, and what it proves. */
export interface RuleInfo {
  readonly id: string;
  readonly proves: readonly string[];
}

/** The state table of the protocol: what may answer what in which state. */
export interface StatesInfo {
  readonly start: string;
  readonly names: readonly string[];
  readonly answers: readonly AnswerInfo[];
}

/** One cell's worth of the state table. */
export interface AnswerInfo {
  /** The state, or `any`. */
  readonly state: string;
  readonly request: string;
  /** As the protocol's file writes it: `MSG* ENDSYNC`, `ACCEPT -> online`. */
  readonly answer: string;
  /** The state afterwards; absent if it stays. */
  readonly next?: string;
}

/** Why a case has the verdict it has, where steps alone do not tell. */
export type Cause =
  | 'mismatch' // a message came that the step does not accept
  | 'silent' // nothing came before the deadline
  | 'closed' // the target ended the connection
  | 'reset' // the target reset the connection
  | 'not-closed' // the target should have ended the connection
  | 'unexpected' // something came where nothing may come
  | 'check' // a comparison of the case does not hold
  | 'rule' // a rule of the protocol was broken
  | 'memory' // the target's process takes more and more, or more than the case allows
  | 'output' // the target's process printed the report of a crash
  | 'garbage' // the octets are no message of the protocol
  | 'flood' // more came than is bounded
  | 'died' // the target's process ended
  | 'hung' // the target did not answer the question whether it lives
  | 'unreachable' // no connection could be made
  | 'control' // the control twin did not hold, so this case proves nothing
  | 'target-dead' // not held: the run stopped since the target is dead
  | 'bail' // not held: the run stopped at the wished number of failures
  | 'interrupted' // not held to its end: the run was interrupted
  | 'needs-fact'
  | 'needs-stimulus'
  | 'needs-shows'
  | 'needs-dialect'
  | 'needs-process' // its memory or output can only be told of a process that spar starts
  | 'harness'; // spar's own fault

/** Where a step stands. */
export interface StepInfo {
  /** The step as its author wrote it. */
  readonly text: string;
  readonly file: string;
  readonly line: number;
  /** Its index in the case, as `TranscriptEntry.step` counts. */
  readonly index?: number;
}

/** One comparison that does not hold. */
export interface Failure {
  readonly cause: Cause;
  /** One sentence: what is wrong. */
  readonly message: string;
  /** What the failure is held against. */
  readonly requirements: readonly string[];
  /** For `rule`: its id. */
  readonly rule?: string;
  readonly step?: StepInfo;
  readonly peer?: string;
  /** Printable; control octets escaped. */
  readonly expected?: string;
  readonly actual?: string;
  /** Index of the first octet of `actual` that differs from `expected`, where both are texts. */
  readonly differsAt?: number;
  /** Details: one line for each difference (`/id: expected 7, got 8`), nearest alternative, … */
  readonly details?: readonly string[];
}

/** Which of several ways that a step allows the target took. */
export interface Choice {
  readonly step: StepInfo;
  /** The way, as its author wrote it. */
  readonly took: string;
}

/** One thing that happened on a wire. */
export interface TranscriptEntry {
  /** Milliseconds since the case began. */
  readonly at: number;
  readonly peer: string;
  readonly what: 'connect' | 'send' | 'receive' | 'end' | 'reset' | 'close' | 'note';
  /** Printable text of the message or note; control octets escaped; long ones cut with their length. */
  readonly text: string;
  /** Octets on the wire. */
  readonly size?: number;
  /** The octets, hexadecimal, where the text does not show them exactly; cut at 512 octets. */
  readonly hex?: string;
  /** Name of the message in the definition. */
  readonly message?: string;
  /** The index of the step of the case to which it belongs. */
  readonly step?: number;
}

/** One try of a case. */
export interface Attempt {
  readonly verdict: Verdict;
  readonly ms: number;
  /** The message of its failure. */
  readonly message?: string;
}

export interface RunStarted {
  readonly event: 'run-started';
  readonly run: string;
  /** ISO 8601. */
  readonly time: string;
  readonly spar: string;
  readonly protocol: { readonly name: string; readonly title: string; readonly path: string };
  readonly role: Role;
  readonly target: {
    readonly kind: 'reference' | 'address' | 'spawn';
    readonly label: string;
    /** What its tester calls it, where several are compared. */
    readonly name?: string;
  };
  readonly seed: number;
  readonly dialects: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, unknown>>;
  readonly strict: boolean;
  readonly requirements: readonly RequirementInfo[];
  readonly rules: readonly RuleInfo[];
  readonly cases: readonly CaseInfo[];
  /** Absent if the protocol has none. */
  readonly states?: StatesInfo;
  /** The list of known failures, if there is one. */
  readonly expected?: readonly ExpectedFailure[];
}

/** Something about the target's process or address. */
export interface TargetEvent {
  readonly event: 'target';
  readonly at: number;
  readonly what: 'spawned' | 'ready' | 'exited' | 'restarted' | 'output' | 'note';
  readonly text: string;
  readonly code?: number;
  readonly signal?: string;
}

export interface CaseStarted {
  readonly event: 'case-started';
  readonly at: number;
  readonly case: string;
}

export interface CaseFinished {
  readonly event: 'case-finished';
  /** Milliseconds since the run began. */
  readonly at: number;
  readonly case: string;
  readonly verdict: Verdict;
  readonly cause?: Cause;
  /** For `skip`: what is missing, e.g. the name of a fact. */
  readonly reason?: string;
  readonly ms: number;
  /** The first try and, when it failed, those that confirm it. `fails 3 of 3` or `FLAKY 1 of 3`. */
  readonly attempts: readonly Attempt[];
  readonly failures: readonly Failure[];
  /** Odd but accepted: which alternative was chosen, trailing blanks, quiet time instead of a barrier … */
  readonly notes: readonly string[];
  /** Ways taken where steps allow several, once each. */
  readonly choices?: readonly Choice[];
  /** Rules that saw at least one message they speak of. */
  readonly rules?: readonly string[];
  /** Answers of the state table that came: their places in `RunStarted.states`. */
  readonly answers?: readonly number[];
  readonly transcript?: readonly TranscriptEntry[];
  /** A command that holds exactly this case again. */
  readonly repeat?: string;
  /** The expected failure that covers it: its reason. */
  readonly expected?: string;
}

export interface RunFinished {
  readonly event: 'run-finished';
  readonly at: number;
  readonly time: string;
  /** Why it ended before all cases were held; absent if it did not. */
  readonly stopped?: 'target-dead' | 'bail' | 'interrupted' | 'harness';
  readonly message?: string;
  /** Entries of the list of expected failures that hold now; a shard cannot know of any. */
  readonly stale: readonly ExpectedFailure[];
  readonly exit: number;
}

/** A line of `events.ndjson`. Every report is a fold over them. */
export type RunEvent = RunStarted | TargetEvent | CaseStarted | CaseFinished | RunFinished;
