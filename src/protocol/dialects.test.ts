import { describe, expect, it } from 'vitest';
import { told } from '../problem/told.testing.ts';
import { holdsIn } from './load.ts';
import { protocolOf } from './protocol.testing.ts';

const data = {
  messages: { HI: { from: 'client', line: 'HI <name>' }, OK: { from: 'server', line: 'OK' } },
  dialects: {
    ends: { default: 'lf', options: { lf: {}, crlf: { framing: { lines: 'crlf' } } } },
    greeting: {
      default: 'short',
      options: {
        short: null,
        long: { messages: { HI: { line: 'HELLO <name>' }, YO: { from: 'client', line: 'YO' } } },
      },
    },
    loud: { default: true, options: ['true', 'false'] },
    skew: { default: 1.5 },
  },
  rules: [{ id: 'quiet', proves: 'Q', dialect: { loud: [false] }, on: 'unasked' }],
};

describe('the dialects of a protocol', () => {
  it('stand at their defaults', () => {
    const protocol = protocolOf(data);
    expect(protocol.dialect).toEqual({ ends: 'lf', greeting: 'short', loud: 'true', skew: '1.5' });
    expect(protocol.framing.name).toBe('lf');
    expect(protocol.rules).toEqual([]);
  });

  it('change the parts of the file that the chosen option names, and no others', () => {
    const protocol = protocolOf(data, { ends: 'crlf', greeting: 'long', loud: 'false', skew: '9' });
    expect(protocol.dialect).toEqual({ ends: 'crlf', greeting: 'long', loud: 'false', skew: '9' });
    expect(protocol.framing.name).toBe('crlf');
    expect([...protocol.messages.keys()]).toEqual(['HI', 'OK', 'YO']);
    expect(protocol.messages.get('HI')).toMatchObject({
      from: 'client',
      lines: [[{ text: 'HELLO ' }, { name: 'name' }]],
    });
    expect(protocol.rules.map((rule) => rule.id)).toEqual(['quiet']);
    expect(protocolOf(data).framing.name).toBe('lf');
  });

  it('that are not known, or lack the option, are told all at once', () => {
    expect(told(() => protocolOf(data, { end: 'lf', greeting: 'log', skew: 'x' }))).toBe(
      [
        'error: there is no dialect "end"\n  = Did you mean "ends"?\n\n',
        'error: the dialect "greeting" cannot be "log"\n  = Did you mean "long"?\n',
      ].join(''),
    );
  });

  it.each([
    [undefined, true],
    [{}, true],
    [{ loud: 'true' }, true],
    [{ loud: true, ends: ['cr', 'lf'] }, true],
    [{ loud: false }, false],
    [{ ends: ['cr', 'crlf'] }, false],
    [{ other: 'x' }, false],
  ])('let hold what wishes %j: %s', (wanted, holds) => {
    expect(holdsIn(wanted, protocolOf(data).dialect)).toBe(holds);
  });

  it('tell of an option that changes what there is not, chosen or not', () => {
    const misspelt = { ends: { default: 'lf', options: { lf: {}, crlf: { mesages: {} } } } };
    expect(() => protocolOf({ ...data, dialects: misspelt, rules: [] })).toThrow(
      '"mesages" is not known here',
    );
  });
});
