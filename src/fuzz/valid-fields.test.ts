import { expect, test } from 'vitest';
import { protocolFolder, readSuite } from '../cli/folders.ts';
import type { MessageDefinition } from '../protocol/definition.ts';
import { protocolOf } from '../protocol/protocol.testing.ts';
import { bundledNames } from '../reference/bundled.ts';
import { suiteOf } from '../suite/suite.testing.ts';
import { modelOf } from './model.ts';
import { isValid, madeFields } from './valid-fields.ts';

test.each(bundledNames)('made fields are valid messages: %s', { timeout: 60_000 }, async (name) => {
  const suite = await readSuite(await protocolFolder(name));
  const model = modelOf(suite, []);
  for (const request of model.requests) {
    const { fields, refused } = madeFields(model, request);
    const definition = suite.protocol.messages.get(request) as MessageDefinition;
    for (const one of fields)
      expect(isValid(suite.protocol, definition, one), JSON.stringify(one)).toBe(true);
    expect(refused, request).toBeLessThan(fields.length);
    const different = new Set(
      [...fields, ...(model.samples.get(request) ?? [])].map((one) => JSON.stringify(one)),
    );
    const constant =
      definition.lines.length > 0 && !definition.lines.flat().some(({ kind }) => kind === 'place');
    if (!constant) expect(different.size, request).toBeGreaterThan(model.samples.get(request)?.length ?? 0);
  }
});

const toy = protocolOf({
  messages: {
    SAY: { from: 'client', line: 'SAY <to> <level:[1-9]>[ <text...>]' },
    LIST: { from: 'client', line: 'LIST <names*>' },
    SAID: { from: 'server', line: 'SAID <text...>' },
  },
});

test('a line has its repeated and optional places both ways, and what an expression asks for', () => {
  const model = modelOf(suiteOf(toy, [{ id: 'one', proves: 'R1' }]), []);
  const said = madeFields(model, 'SAY').fields as Record<string, unknown>[];
  expect(said.every(({ level }) => /^[1-9]$/.test(String(level)))).toBe(true);
  expect(said.some(({ to }) => String(to).length > 100)).toBe(true);
  expect(new Set(said.map(({ text }) => typeof text))).toEqual(new Set(['string', 'undefined']));
  const listed = madeFields(model, 'LIST').fields as { names: unknown[] }[];
  expect(new Set(listed.map(({ names }) => names.length)).size).toBeGreaterThan(3);
});
