import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatTemplate,
  matchTemplate,
  parseTemplate,
  places,
  type TemplateContext,
  TemplateError,
} from './line-template.ts';

const plain: TemplateContext = {
  slot: (expression) => expression.toUpperCase(),
  matches: (source, text) => new RegExp(`^(?:${source})$`, 's').test(text),
};

function held(template: string, line: string): unknown {
  const result = matchTemplate(parseTemplate(template), line, plain);
  return result.ok ? result.fields : `${result.at} ${result.expected}`;
}

describe('a template', () => {
  it.each<[template: string, line: string, fields: Record<string, unknown>]>([
    ['ACK', 'ACK', {}],
    ['SEND <to> <text...>', 'SEND bob  two  blanks ', { to: 'bob', text: ' two  blanks ' }],
    ['<a>:<b>', 'x:y', { a: 'x', b: 'y' }],
    ['<a>:<b>', '::y', { a: ':', b: 'y' }],
    ['<who>!', 'bob!', { who: 'bob' }],
    ['<a...> END', 'one END two END', { a: 'one END two' }],
    ['<a...> ${x}', 'one two X', { a: 'one two' }],
    ['<a>${x}', 'oneX', { a: 'one' }],
    ['USERS <u*>', 'USERS', { u: [] }],
    ['USERS <u*>', 'USERS a b c', { u: ['a', 'b', 'c'] }],
    ['<u*>', 'a b', { u: ['a', 'b'] }],
    ['USERS <u+>', 'USERS a', { u: ['a'] }],
    ['USERS <u*:[a-z]>', 'USERS a b', { u: ['a', 'b'] }],
    ['IN <room> <u*>', 'IN r', { room: 'r', u: [] }],
    ['IN <room> <u*>', 'IN r a b', { room: 'r', u: ['a', 'b'] }],
    ['A[ <x>]', 'A', {}],
    ['A[ <x>]', 'A b', { x: 'b' }],
    ['A[ <x>] END', 'A b END', { x: 'b' }],
    ['A[ <x:[0-9]>] B', 'A B', {}],
    ['<x.y>', 'v', { 'x.y': 'v' }],
    ['<ts...:[0-9 ]+>', '1 2', { ts: '1 2' }],
    ['<x:(?P<n>a)>', 'v', {}],
    ['[plain] text', '[plain] text', {}],
    ['a < b', 'a < b', {}],
    ['cost \\${x} \\\\ \\<y>', 'cost ${x} \\ <y>', {}],
  ])('%s takes %s', (template, line, fields) => {
    if (template.includes('?P')) return expect(places(parseTemplate(template))).toEqual(['x']);
    return expect(held(template, line)).toEqual(fields);
  });

  it.each([
    ['ACK', 'ACX', '2 "K"'],
    ['SEND <to> <text...>', 'SEND bob', '8 " "'],
    ['SEND <to> <text...>', 'SEND bob ', '9 <text>'],
    ['SEND <to>', 'SEND  bob', '5 <to>'],
    ['SEND <to>', 'SEND bob\tx', '8 the end of the line'],
    ['U <u+>', 'U ', '2 <u>'],
    ['U <u*>', 'U ', '1 <u> separated by single blanks'],
    ['U <u*>', 'U a  b', '1 <u> separated by single blanks'],
    ['U <u*>', 'Ua', '1 <u> separated by single blanks'],
    ['U <u*:[a-z]>', 'U a 1', '1 <u> matching [a-z]'],
    ['A[ <x>] END', 'A b c END', '4 "END"'],
    ['<a...> END', 'one', '3 " END"'],
    ['${x}', 'x', '0 "X"'],
  ])('%s does not take %j', (template, line, told) => {
    expect(held(template, line)).toBe(told);
  });

  it.each([
    ['SEND <to', 5, '"<" is not closed by ">"'],
    ['SEND <to!>', 5, '"<to!>" is no place'],
    ['x ${y', 2, 'not closed by "}"'],
    ['<a><b>', 0, '<a> and <b> touch'],
    ['x [<a><b>]', 0, '<a> and <b> touch'],
    ['A[ <x:[0-9]>', 1, '"[" is not closed'],
    ['<a...> <u*>', 0, '<a> and <u> touch'],
    ['<a> <a>', 0, 'there are two places <a>'],
  ])('%s is refused at %i', (template, at, message) => {
    try {
      parseTemplate(template);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(TemplateError);
      expect((error as TemplateError).message).toContain(message);
      expect((error as TemplateError).at).toBe(at);
    }
  });

  it('cannot be written with a place that has no value', () => {
    expect(() => formatTemplate(parseTemplate('A <x>'), {}, String)).toThrow('<x> has no value');
  });
});

const token = fc.stringMatching(/^[A-Za-z0-9]{1,8}$/);
const word = fc.stringMatching(/^[A-Z]{1,6}$/);
const rest = fc.stringMatching(/^[ -~]{1,20}$/);

/** A template with values that it can carry: `WORD <p0> … [<list>] <rest...>`. */
const filled = fc
  .record({
    word,
    tokens: fc.array(token, { maxLength: 3 }),
    list: fc.option(fc.array(token, { maxLength: 4 }), { nil: undefined }),
    optional: fc.option(token, { nil: undefined }),
    rest: fc.option(rest, { nil: undefined }),
  })
  .map((one) => {
    let template = one.word;
    const fields: Record<string, unknown> = {};
    for (const [index, value] of one.tokens.entries()) {
      template += ` <p${index}>`;
      fields[`p${index}`] = value;
    }
    if (one.list) {
      template += ' <list*>';
      fields['list'] = one.list;
    } else if (one.rest !== undefined) {
      template += ': <rest...>';
      fields['rest'] = one.rest;
    } else {
      template += '[ =<optional>]';
      if (one.optional !== undefined) fields['optional'] = one.optional;
    }
    return { template, fields };
  });

describe('for any template and values', () => {
  it('what is written is read back', () => {
    fc.assert(
      fc.property(filled, ({ template, fields }) => {
        const parts = parseTemplate(template);
        const line = formatTemplate(parts, fields, plain.slot);
        expect(matchTemplate(parts, line, plain)).toEqual({ ok: true, fields });
      }),
    );
  });

  it('any line is taken or told where it differs, within the line', () => {
    fc.assert(
      fc.property(filled, fc.string({ maxLength: 40 }), ({ template }, line) => {
        const result = matchTemplate(parseTemplate(template), line, plain);
        if (!result.ok) expect(result.at).toBeLessThanOrEqual(line.length);
      }),
    );
  });
});

describe('the work on a line', () => {
  it.each([
    ['<a> <b> <c...>', `${'x '.repeat(500_000)}`],
    ['<a...> END', `${'END '.repeat(300_000)}x`],
    ['<u*>', `${'a '.repeat(500_000)}  b`],
    ['A[ <x>][ <y>] Z', `A ${'x'.repeat(1_000_000)}`],
    ['<a>:<b>', ':'.repeat(1_000_000)],
  ])('%s grows with its length, not with the square', (template, line) => {
    const parts = parseTemplate(template);
    let asked = 0;
    const counting: TemplateContext = {
      slot: () => '',
      matches: () => {
        asked += 1;
        return true;
      },
    };
    matchTemplate(parts, line, counting);
    expect(asked).toBeLessThan(10);
  });
});
