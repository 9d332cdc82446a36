import type { CaseFinished, RunEvent } from '../../events/event.ts';
import type { Role } from '../../events/verdict.ts';
import { localCertificate } from '../../net/certificate.ts';
import { listen } from '../../net/listen.ts';
import { systemClock } from '../../net/system-clock.ts';
import { holdsIn } from '../../protocol/load.ts';
import { addressTarget } from '../../run/live-target.ts';
import { Run, usualLimits } from '../../run/run-suite.ts';
import type { Target } from '../../run/target.ts';
import type { Accept } from '../../session/link.ts';
import { randomFrom } from '../../session/random.ts';
import type { Case } from '../../suite/case.ts';
import type { Suite } from '../../suite/load-suite.ts';
import { isRowOf } from '../../suite/select.ts';
import { startReference } from '../bundled.ts';
import type { Defect, Reference } from '../reference.ts';
import { type NullTarget, nullTarget, nullTargets } from './null-target.ts';

/** Whether a defect was caught, and by what. */
export interface DefectResult {
  readonly defect: Defect;
  readonly caughtBy: readonly string[];
  /** Why nobody outside can tell, where the requirement is untestable. */
  readonly excused?: string;
}

/** What the judge is worth. */
export interface SelftestResult {
  readonly protocol: string;
  readonly role: Role;
  readonly cases: number;
  /** Cases that the correct implementation does not pass. */
  readonly wronged: readonly CaseFinished[];
  /** Cases that could not be held with it: a fact or a dialect is missing. */
  readonly skipped: readonly CaseFinished[];
  readonly defects: readonly DefectResult[];
  /** Cases that pass on a null target. */
  readonly vacuous: readonly { readonly case: string; readonly on: NullTarget }[];
  /** Requirements that can be tested and are not. */
  readonly withoutCase: readonly string[];
  /** Cases that no defect makes fail. */
  readonly neverFailed: readonly string[];
}

/** Milliseconds for an answer of a broken target: generous beside the microseconds of a healthy one. */
const impatient = 400;

/** Which defects are tried, and how many at once. */
export interface SelftestOptions {
  readonly defects: readonly string[];
  readonly together: number;
  progress(done: number, all: number): void;
}

/** Judges the suite of a protocol for servers: reference, defects, null targets, ledger. */
export async function selftestServers(
  suite: Suite,
  reference: Reference,
  options: SelftestOptions,
): Promise<SelftestResult> {
  const cases = suite.cases.filter(
    (one) => one.role === 'server' && holdsIn(one.dialect, suite.protocol.dialect),
  );
  const facts = { ...reference.facts, ...reference.brisk?.facts };
  const plain = await withReference(reference, [], (target) =>
    holdCases(suite, cases, target, facts, { patient: true }),
  );
  const skipped = plain.filter((result) => result.verdict === 'skip');
  const wronged = plain.filter((result) => result.verdict !== 'pass' && result.verdict !== 'skip');
  const held = cases.filter((one) => !skipped.some((result) => result.case === one.id));
  const chosen = reference.serverDefects.filter(
    ({ name }) => options.defects.length === 0 || options.defects.includes(name),
  );
  const failed = new Set<string>();
  let done = 0;
  const defects = await inTurns(chosen, options.together, async (defect) => {
    const result = await judgeDefect(suite, held, reference, defect, facts, failed);
    done += 1;
    options.progress(done, chosen.length + nullTargets.length);
    return result;
  });
  const vacuous: SelftestResult['vacuous'][number][] = [];
  if (options.defects.length === 0) {
    for (const kind of nullTargets) {
      vacuous.push(...(await judgeNull(suite, held, facts, kind)));
      done += 1;
      options.progress(done, chosen.length + nullTargets.length);
    }
  }
  return {
    protocol: suite.protocol.name,
    role: 'server',
    cases: cases.length,
    wronged,
    skipped,
    defects,
    vacuous,
    withoutCase: withoutCase(suite, 'server'),
    neverFailed:
      options.defects.length > 0 ? [] : held.filter((one) => !failed.has(one.id)).map((one) => one.id),
  };
}

async function judgeDefect(
  suite: Suite,
  cases: readonly Case[],
  reference: Reference,
  defect: Defect,
  facts: Readonly<Record<string, unknown>>,
  failed: Set<string>,
): Promise<DefectResult> {
  const untestable = defect.breaks
    .map((id) => suite.requirements.byId.get(id)?.untestable)
    .find((reason) => reason !== undefined);
  const proving = cases.filter((one) => one.proves.some((id) => defect.breaks.includes(id)));
  const byRule = suite.protocol.rules.some((rule) => rule.proves.some((id) => defect.breaks.includes(id)));
  const byGiven = [...suite.protocol.given.values()].some((one) =>
    one.steps.server?.proves.some((id) => defect.breaks.includes(id)),
  );
  const wanted = byRule || byGiven || proving.length === 0 ? cases : withControls(cases, proving);
  const results = await withReference(reference, [defect.name], (target) =>
    holdCases(suite, wanted, target, facts, {}),
  );
  const caughtBy: string[] = [];
  for (const result of results) {
    if (result.verdict !== 'fail' && result.verdict !== 'warn') continue;
    failed.add(result.case);
    const blamed = result.failures
      .filter((failure) => failure.cause !== 'control')
      .flatMap((failure) => failure.requirements);
    if (blamed.some((id) => defect.breaks.includes(id))) caughtBy.push(result.case);
  }
  return {
    defect,
    caughtBy,
    ...(caughtBy.length === 0 && untestable !== undefined ? { excused: untestable } : {}),
  };
}

function withControls(cases: readonly Case[], chosen: readonly Case[]): Case[] {
  const controls = chosen.flatMap((one) => (one.control === undefined ? [] : [one.control]));
  return cases.filter((one) => chosen.includes(one) || controls.some((id) => isRowOf(one, id)));
}

async function judgeNull(
  suite: Suite,
  cases: readonly Case[],
  facts: Readonly<Record<string, unknown>>,
  kind: NullTarget,
): Promise<{ case: string; on: NullTarget }[]> {
  const results = await withListener(suite, nullTarget(suite.protocol, kind), (target) =>
    holdCases(suite, cases, target, facts, {}),
  );
  return results
    .filter((result) => result.verdict === 'pass')
    .filter((result) => !cases.find((one) => one.id === result.case)?.passesOn.includes(kind))
    .map((result) => ({ case: result.case, on: kind }));
}

/** Requirements of a role that can be tested and that nothing proves. */
function withoutCase(suite: Suite, role: Role): string[] {
  const proved = new Set([
    ...suite.cases.filter((one) => one.role === role).flatMap((one) => one.proves),
    ...suite.protocol.rules.filter((rule) => rule.from === role).flatMap((rule) => rule.proves),
    ...[...suite.protocol.given.values()].flatMap((one) => one.steps[role]?.proves ?? []),
  ]);
  return [...suite.requirements.byId.values()]
    .filter(
      (one) =>
        (one.binds === role || one.binds === 'both') && one.untestable === undefined && !proved.has(one.id),
    )
    .map((one) => one.id);
}

async function withReference<T>(
  reference: Reference,
  defects: readonly string[],
  use: (target: Target) => Promise<T>,
): Promise<T> {
  const running = await startReference(reference, {
    port: 0,
    defects: new Set(defects),
    ...(reference.brisk ? { settings: reference.brisk.settings } : {}),
  });
  try {
    const normal = reference.listening(new Set());
    const { address } = running.listener;
    const kind = normal.transport;
    const where =
      address.kind === kind || address.kind === 'unix'
        ? address
        : { kind, host: address.host, port: address.port, path: '/' };
    const wiring = {
      segment: 'as-is' as const,
      random: randomFrom(1),
      tls: running.ca === undefined ? { insecure: true } : { ca: running.ca },
    };
    return await use(addressTarget(where, wiring, 'reference'));
  } finally {
    await running.stop();
  }
}

async function withListener<T>(
  suite: Suite,
  accept: Accept,
  use: (target: Target) => Promise<T>,
): Promise<T> {
  const { transport } = suite.protocol;
  const kind = transport === 'stdio' ? 'tcp' : transport;
  const tls = kind === 'tls' || kind === 'wss' ? await localCertificate() : undefined;
  const listener = await listen({ transport: kind, ...(tls ? { tls } : {}) }, accept);
  try {
    const wiring = { segment: 'as-is' as const, random: randomFrom(1), tls: { insecure: true } };
    return await use(addressTarget(listener.address, wiring, 'reference'));
  } finally {
    await listener.close();
  }
}

async function holdCases(
  suite: Suite,
  cases: readonly Case[],
  target: Target,
  facts: Readonly<Record<string, unknown>>,
  how: { readonly patient?: boolean },
): Promise<CaseFinished[]> {
  const results: CaseFinished[] = [];
  const run = new Run(
    {
      suite,
      cases,
      role: 'server',
      target,
      clock: systemClock,
      run: 'selftest',
      version: '',
      seed: 1,
      stamp: 'selftest',
      facts,
      jobs: how.patient ? 8 : 32,
      repeat: 1,
      quiet: 100,
      ...(how.patient ? {} : { deadline: impatient }),
      limits: usualLimits,
      strict: false,
      giveUp: false,
      confirm: 1,
      verbose: false,
      expected: [],
      options: {},
      repeatCommand: (id) => `npx spar run ${suite.protocol.name} --filter '${id}'`,
    },
    (event: RunEvent) => {
      if (event.event === 'case-finished') results.push(event);
    },
  );
  await run.hold();
  return results;
}

/** Works through a list, so many at once; results in the order of the list. */
async function inTurns<T, R>(
  list: readonly T[],
  together: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array(list.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next; index < list.length; index = next) {
      next += 1;
      results[index] = await work(list[index] as T);
    }
  };
  await Promise.all(Array.from({ length: together }, worker));
  return results;
}
