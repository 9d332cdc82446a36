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
