import { describe, expect, it } from 'vitest';
import type { Cause } from '../events/event.ts';
import { chat, requirementsOfChat } from '../session/chat.testing.ts';
import { suiteOf } from '../suite/suite.testing.ts';
import { Deadlines } from './deadlines.ts';
import { isBad, verdictOf } from './judge.ts';

const { requirements } = suiteOf(chat(), [{ id: 'one' }], { requirements: requirementsOfChat });

function failure(
  cause: Cause,
  ...blamed: readonly string[]
): { cause: Cause; message: string; requirements: readonly string[] } {
  return { cause, message: 'm', requirements: blamed };
}

describe('the verdict of failures', () => {
  it.each([
    [[], 'pass'],
    [[failure('mismatch', 'R1')], 'fail'],
    [[failure('mismatch', 'R-WARN')], 'warn'],
    [[failure('mismatch', 'R-WARN', 'R1')], 'fail'],
    [[failure('mismatch', 'R-WARN'), failure('rule', 'R-WARN')], 'warn'],
    [[failure('mismatch', 'R-WARN'), failure('rule', 'R1')], 'fail'],
    [[failure('mismatch')], 'fail'],
    [[failure('died', 'R-WARN')], 'fail'],
    [[failure('mismatch', 'unknown')], 'fail'],
    [[failure('mismatch', 'R1'), failure('harness')], 'error'],
  ])('%j is %s', (failures, verdict) => {
    expect(verdictOf(failures, requirements)).toBe(verdict);
  });
});

describe('a result makes a run fail', () => {
  it.each([
    ['pass', false, false],
    ['skip', false, false],
    ['warn', false, true],
    ['fail', true, true],
    ['error', true, true],
  ] as const)('%s: %s, strictly: %s', (verdict, plain, strict) => {
    expect(isBad({ verdict }, false)).toBe(plain);
    expect(isBad({ verdict }, true)).toBe(strict);
    expect(isBad({ verdict, expected: 'known' }, true)).toBe(false);
  });
});

describe('a deadline', () => {
  it('is what the user says', () => {
    const fixed = new Deadlines(70);
    fixed.answered(10_000);
    expect(fixed.limit).toBe(70);
  });

  it('is learned from the slowest answer, between two bounds', () => {
    const learned = new Deadlines(undefined);
    expect(learned.limit).toBe(1500);
    learned.answered(12);
    expect(learned.limit).toBe(1500);
    learned.answered(333);
    expect(learned.limit).toBe(3400);
    learned.answered(5);
    expect(learned.limit).toBe(3400);
    learned.answered(60_000);
    expect(learned.limit).toBe(15_000);
  });
});
