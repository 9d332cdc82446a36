import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSource } from '../problem/source.ts';
import { loadProtocol } from '../protocol/load.ts';
import { protocolSchema } from '../protocol/protocol.schema.ts';
import { validate } from '../protocol/validate.ts';
import { requirementsSchema } from '../suite/requirements.ts';
import { suiteSchema } from '../suite/suite.schema.ts';
import { bundledProtocols } from './folders.ts';
import { root } from './program.testing.ts';

const suites = join(root, 'suites');

describe.each(await bundledProtocols())('the files of %s, which no start validates', (name) => {
  it('are as their schemas say', async () => {
    const files = await readdir(join(suites, name), { recursive: true });
    const yaml = files.filter((file) => file.endsWith('.yaml'));
    expect(yaml.length).toBeGreaterThan(5);
    for (const file of yaml) {
      const source = readSource(file, await readFile(join(suites, name, file), 'utf8'));
      const schema = { 'protocol.yaml': protocolSchema, 'requirements.yaml': requirementsSchema }[file];
      expect(validate(source, schema ?? suiteSchema)).toEqual([]);
    }
  });

  it('are so in each dialect', async () => {
    const source = readSource('protocol.yaml', await readFile(join(suites, name, 'protocol.yaml'), 'utf8'));
    const { dialects } = loadProtocol(source, {});
    for (const dialect of dialects)
      for (const option of dialect.options)
        expect(loadProtocol(source, { [dialect.name]: option }).dialect[dialect.name]).toBe(option);
  });
});

it('Gurgle says nothing of members that it does not know, so that no packet is malformed for one', async () => {
  const file = join(suites, 'gurgle', 'protocol.yaml');
  const protocol = loadProtocol(readSource('protocol.yaml', await readFile(file, 'utf8')), {});
  const more = { more: 0 };
  const attached = { name: 'a', type: 'text/plain', blob: '', ...more };
  const sent = { id: 'm1', timestamp: 1, to: 'bob@x', text: '', html: '', attachments: [attached], ...more };
  expect(protocol.checkSchema('message', { id: 1, cmd: 'message', messages: [sent], ...more })).toEqual([]);
  const wrong = { ...sent, attachments: [{ ...attached, blob: 1 }] };
  expect(protocol.checkSchema('message', { id: 1, cmd: 'message', messages: [wrong] })).toHaveLength(1);
});
