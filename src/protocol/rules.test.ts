import { describe, expect, it } from 'vitest';
import type { Frame } from '../wire/framing.ts';
import { readMessage } from './message.ts';
import { protocolOf } from './protocol.testing.ts';
import { applyRule, RuleBook } from './rules.ts';

const encoder = new TextEncoder();

function frameOf(text: string, notes: readonly string[] = []): Frame {
  const payload = encoder.encode(text);
  return { payload, raw: payload, notes };
}

const messages = {
  OK: { from: 'server', line: 'OK' },
  MSG: { from: 'server', line: 'MSG <from> <text...>' },
};

function held(rule: object, line: string, more: { unasked?: boolean; notes?: string[] } = {}): unknown {
  const protocol = protocolOf({
    messages,
    states: { a: {}, b: {} },
    rules: [{ id: 'r', proves: 'R', ...rule }],
  });
  const message = readMessage(protocol, 'server', frameOf(line, more.notes), () => true);
  const book = new RuleBook(protocol.rules, 'server');
  const { told, open } = book.read(message, 'a', more.unasked ?? false);
  expect(book.read(message, 'a', more.unasked ?? false)).toEqual({ told, open });
  const [read] = open;
  if (!read) return told[0] ? (told[0].broken ?? 'holds') : 'silent';
  const context = {
    scope: { get: (path: readonly string[]) => ({ 'self.name': 'bob' })[path.join('.')] },
    wall: () => 0,
    captures: [],
  };
  const { applies, broken } = applyRule(read, message, 'a', more.unasked ?? false, context);
  return applies ? (broken ?? 'holds') : 'silent';
}

describe('a rule', () => {
  it.each([
    [{ must: { line: { $match: '^[A-Z]+' } } }, 'OK', 'holds'],
    [{ must: { line: { $match: '^[a-z]+' } } }, 'OK', '/line: expected matching /^[a-z]+/, got "OK"'],
    [{ message: 'MSG', must: { from: '${self.name}' } }, 'MSG bob hi', 'holds'],
    [{ message: 'MSG', must: { from: '${self.name}' } }, 'MSG rob hi', '/from: expected "bob", got "rob"'],
    [{ message: 'MSG', must: { from: '${self.name}' } }, 'OK', 'silent'],
    [{ message: ['OK', 'unknown'], must: { line: 'OK' } }, 'what', '/line: expected "OK", got "what"'],
    [{ state: 'b', must: { line: 'x' } }, 'OK', 'silent'],
    [{ state: ['a', 'b'], must: { line: 'x' } }, 'OK', '/line: expected "x", got "OK"'],
    [{ when: { from: 'bob' }, must: { text: 'hi' } }, 'MSG rob no', 'silent'],
    [{ when: { from: 'bob' }, must: { text: 'hi' } }, 'MSG bob no', '/text: expected "hi", got "no"'],
    [{ on: 'unknown-message' }, 'what', 'unknown-message'],
    [{ on: 'unknown-message' }, 'OK', 'holds'],
    [{ on: ['bare-lf', 'trailing-blank'] }, 'OK ', 'trailing-blank'],
  ])('%j on "%s": %s', (rule, line, wanted) => {
    expect(held(rule, line)).toBe(wanted);
  });

  it('speaks of what the framing noted and of what nothing asked for', () => {
    expect(held({ on: 'bare-lf' }, 'OK', { notes: ['bare-lf'] })).toBe('bare-lf');
    expect(held({ on: 'unasked' }, 'OK', { unasked: true })).toBe('nothing asked for it');
    expect(held({ on: 'unasked', message: 'MSG' }, 'OK', { unasked: true })).toBe('silent');
  });
});
