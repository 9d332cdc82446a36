import { describe, expect, test } from 'vitest';
import type {
  CaseFinished,
  CaseInfo,
  Failure,
  RequirementInfo,
  RunEvent,
  RunStarted,
} from '../events/event.ts';
import { SparError } from '../problem/problem.ts';
import { createSummariser, type Summary, summarise } from './summary.ts';

function requirement(id: string, more: Partial<RequirementInfo> = {}): RequirementInfo {
  return { id, section: 'Talk', level: 'MUST', binds: 'server', text: `${id} holds.`, warn: false, ...more };
}

function caseInfo(id: string, proves: string[], line = 1): CaseInfo {
  return { id, title: id, section: 'Talk', file: 'talk.yaml', line, proves };
}

function started(more: Partial<RunStarted> = {}): RunStarted {
  return {
    event: 'run-started',
    run: 'r',
    time: '2026-01-01T00:00:00Z',
    spar: '0.1.0',
    protocol: { name: 'talk', title: 'Talk', path: 'talk' },
    role: 'server',
    target: { kind: 'reference', label: 'reference' },
    seed: 1,
    dialects: {},
    options: {},
    strict: false,
    requirements: [requirement('R1'), requirement('R2')],
    rules: [],
    cases: [caseInfo('a', ['R1']), caseInfo('b', ['R2'])],
    ...more,
  };
}

function finished(id: string, more: Partial<CaseFinished> = {}): CaseFinished {
  const base = { ms: 1, attempts: [], failures: [], notes: [] };
  return { event: 'case-finished', at: 1, case: id, verdict: 'pass', ...base, ...more };
}

function failed(id: string, requirements: string[], more: Partial<Failure> = {}): CaseFinished {
  return finished(id, {
    verdict: 'fail',
    failures: [{ cause: 'mismatch', message: 'no', requirements, ...more }],
  });
}

const end: RunEvent = { event: 'run-finished', at: 9, time: 't', stale: [], exit: 0 };

function statusesOf(summary: Summary): Record<string, string> {
  return Object.fromEntries(summary.requirements.map(({ id, status }) => [id, status]));
}

describe('the ledger', () => {
  const rule = { id: 'rule', proves: ['R1'] };
  const ruled = { rules: [rule], cases: [caseInfo('b', ['R2'])] };
  const only = (info: RequirementInfo, cases: CaseInfo[] = []) => ({ requirements: [info], cases });

  test.each<[string, string, RunEvent[]]>([
    ['held: a case that proves it passed', 'held', [started(), finished('a'), end]],
    [
      'held: a case that proves it ended with a warning about another',
      'held',
      [started(), { ...failed('a', ['R2']), verdict: 'warn' }, end],
    ],
    ['broken: a failure names it', 'broken', [started(), failed('a', ['R1']), end]],
    [
      'broken: a failure of another case names it, though its own passed',
      'broken',
      [started(), finished('a'), failed('b', ['R1']), end],
    ],
    ['unproven: its case failed for another reason', 'unproven', [started(), failed('a', ['R2']), end]],
    [
      'unproven: its case met a fault of spar',
      'unproven',
      [started(), { ...failed('a', ['R1'], { cause: 'harness' }), verdict: 'error' }, end],
    ],
    [
      'unproven: its control did not hold',
      'unproven',
      [started(), failed('a', ['R1'], { cause: 'control' }), end],
    ],
    [
      'warned: its level is SHOULD',
      'warned',
      [started({ requirements: [requirement('R1', { level: 'SHOULD' })] }), failed('a', ['R1']), end],
    ],
    [
      'warned: its breach only warns',
      'warned',
      [started({ requirements: [requirement('R1', { warn: true })] }), failed('a', ['R1']), end],
    ],
    [
      'held: a rule saw what it speaks of, in a case that failed for another reason',
      'held',
      [started(ruled), { ...failed('b', ['R2']), rules: ['rule'] }, end],
    ],
    [
      'broken: the rule was broken',
      'broken',
      [started(ruled), { ...failed('b', ['R1'], { cause: 'rule', rule: 'rule' }), rules: ['rule'] }, end],
    ],
    ['unproven: the rule saw nothing', 'unproven', [started(ruled), finished('b'), end]],
    ['not run: no case ended for the rule to watch', 'not-run', [started(ruled), end]],
    [
      'skipped: its case lacks a fact',
      'skipped',
      [started(), finished('a', { verdict: 'skip', cause: 'needs-fact', reason: 'accounts' }), end],
    ],
    [
      'not run: the run stopped before its case',
      'not-run',
      [started(), finished('a', { verdict: 'skip', cause: 'target-dead' }), end],
    ],
    [
      'not run: its case was interrupted',
      'not-run',
      [started(), finished('a', { verdict: 'fail', cause: 'interrupted' }), end],
    ],
    ['not run: its case did not end', 'not-run', [started(), { event: 'case-started', at: 1, case: 'a' }]],
    ['not run: its cases were not chosen', 'not-run', [started(only(requirement('R1', { proofs: 2 }))), end]],
    ['untestable', 'untestable', [started(only(requirement('R1', { untestable: 'unseen' }))), end]],
    ['missing', 'missing', [started(only(requirement('R1'))), end]],
  ])('%s', (_, status, events) => {
    expect(statusesOf(summarise(events))['R1']).toBe(status);
  });

  test('says why', () => {
    const skip = finished('a', { verdict: 'skip', cause: 'needs-fact', reason: 'accounts' });
    const [first] = summarise([started(), skip, end]).requirements;
    expect(first).toMatchObject({ why: ['needs fact accounts'], cases: ['a'], brokenBy: [] });
  });

  test('a requirement is broken as expected only if every failure is', () => {
    const expected = { ...failed('a', ['R1']), expected: '#12' };
    const known = summarise([started(), expected, end]);
    expect(known.requirements[0]).toMatchObject({ status: 'broken', expected: ['#12'] });
    expect(known.counts).toMatchObject({ expected: 1, fail: 0 });
    const more = summarise([started(), expected, failed('b', ['R1']), end]);
    expect(more.requirements[0]).not.toHaveProperty('expected');
  });

  test('leaves out what binds the other role', () => {
    const requirements = [requirement('R1', { binds: 'client' }), requirement('R2', { binds: 'both' })];
    expect(Object.keys(statusesOf(summarise([started({ requirements }), end])))).toEqual(['R2']);
  });
});

test('cases stand in the order of the document, however they ended', () => {
  const cases = [
    caseInfo('z', [], 1),
    caseInfo('b[10]', ['R2']),
    caseInfo('b[9]', ['R2']),
    caseInfo('a', ['R1']),
  ];
  const events = [started({ cases }), ...cases.map(({ id }) => finished(id)), end];
  expect(summarise(events).cases.map(({ id }) => id)).toEqual(['a', 'b[9]', 'b[10]', 'z']);
});

test('a run without its end is cut off; what began is not finished, the rest not held', () => {
  const { run, cases } = summarise([started(), { event: 'case-started', at: 5, case: 'a' }]);
  expect(run).toMatchObject({ stopped: 'cut-off', ms: 5 });
  expect(run).not.toHaveProperty('exit');
  expect(cases.map(({ outcome }) => outcome)).toEqual(['unfinished', 'not-held']);
});

test('transcripts of passing cases are kept only if wished', () => {
  const transcript = [{ at: 0, peer: 'a', what: 'connect', text: '' }] as const;
  const events = [started(), finished('a', { transcript }), { ...failed('b', []), transcript }, end];
  expect(summarise(events).cases.map((one) => 'transcript' in one)).toEqual([false, true]);
  expect(summarise(events, { allTranscripts: true }).cases.every((one) => one.transcript)).toBe(true);
});

test('a case that is held several times has its worst outcome', () => {
  const events = [started(), finished('a'), failed('a', ['R1']), finished('a'), finished('b'), end];
  expect(summarise(events).counts).toMatchObject({ total: 2, pass: 1, fail: 1 });
});

test('of what the target said only the last is kept', () => {
  const summariser = createSummariser();
  summariser.add(started());
  for (let at = 0; at < 1_000; at += 1) {
    summariser.add({ event: 'target', at, what: 'output', text: `${at} ${'x'.repeat(5_000)}` });
  }
  const { last } = summariser.summary().target;
  expect(last).toHaveLength(40);
  expect(last.at(-1)?.text).toHaveLength(2_000);
  expect(last.at(-1)?.at).toBe(999);
});

test('rules tell in how many cases they saw something, and where they were broken', () => {
  const rules = [{ id: 'rule', proves: ['R1'] }];
  const broken = { ...failed('a', ['R1'], { cause: 'rule' }), rules: ['rule'] };
  const summary = summarise([started({ rules }), broken, finished('b', { rules: ['rule'] }), end]);
  expect(summary.rules).toEqual([{ id: 'rule', proves: ['R1'], seen: 2, brokenBy: ['a'] }]);
});

test('events without a run are refused', () => {
  expect(() => summarise([end])).toThrow(SparError);
});
