import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSource, type Source } from '../problem/source.ts';
import { told } from '../problem/told.testing.ts';
import { loadProtocol } from '../protocol/load.ts';
import { loadExpectedFailures } from '../run/expected-failures.ts';
import { loadSuite, type Suite } from './load-suite.ts';
import { loadRequirements } from './requirements.ts';

/** Files with mistakes, the names of which say what is wrong; what they are told is in fixtures/golden. */
const bad = new URL('../../fixtures/bad/', import.meta.url);

function read(file: string): Source {
  return readSource(`bad/${file}`, readFileSync(new URL(file, bad), 'utf8'));
}

function suiteOf(file: string): Suite {
  const source = read(file);
  const requirements = loadRequirements(read('requirements.yaml'));
  return loadSuite(loadProtocol(read('protocol.yaml')), requirements, [
    { source, name: 'server/good', role: 'server' },
  ]);
}

const readers: Readonly<Record<string, (file: string) => unknown>> = {
  protocols: (file) => loadProtocol(read(file)),
  requirements: (file) => loadRequirements(read(file)),
  suites: suiteOf,
  'expected-failures': (file) =>
    loadExpectedFailures(read(file), ['toy/server/good/greeted'], new Set(['TOY-001', 'TOY-002'])),
};

describe.each(Object.keys(readers))('of the bad %s', (kind) => {
  const files = readdirSync(new URL(`${kind}/`, bad)).filter((file) => file.endsWith('.yaml'));

  it.each(files)('%s is told all that is wrong with it, and where', async (file) => {
    const text = told(() => readers[kind]?.(`${kind}/${file}`));
    const golden = new URL(
      `../../fixtures/golden/problems/${kind}/${file.replace('.yaml', '.txt')}`,
      import.meta.url,
    );
    await expect(text).toMatchFileSnapshot(golden.pathname);
    expect(text).not.toContain('Nothing is wrong');
    expect(text).not.toContain('undefined');
  });
});

it('nothing is wrong with the protocol to which the bad suites belong', () => {
  expect(told(() => loadProtocol(read('protocol.yaml')))).toBe('Nothing is wrong.\n');
});
