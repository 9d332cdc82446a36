import { readSource } from '../problem/source.ts';
import type { Protocol } from '../protocol/definition.ts';
import { loadSuite, type Suite, type SuiteFile } from './load-suite.ts';
import { loadRequirements } from './requirements.ts';

/** Requirements `R1` (MUST), `R2` (SHOULD), and `R3` which binds clients. */
export const someRequirements: object = {
  R1: { section: 'One', level: 'MUST', binds: 'server', text: 'The first.' },
  R2: { section: 'Two', level: 'SHOULD', binds: 'server', text: 'The second.' },
  R3: { section: 'Three', level: 'MUST', binds: 'client', text: 'The third.' },
};

/** A suite out of plain data: one file, `server/file`, of these cases. */
export function suiteOf(
  protocol: Protocol,
  cases: readonly object[],
  more: { readonly requirements?: object; readonly role?: SuiteFile['role'] } = {},
): Suite {
  const file = (name: string, value: object) => readSource(name, JSON.stringify(value, null, 1));
  const requirements = loadRequirements(
    file('requirements.yaml', { document: 'A toy', requirements: more.requirements ?? someRequirements }),
  );
  const source = file('file.yaml', {
    section: 'Section',
    cases: cases.map((one) => ({ title: 'A title', steps: [], ...one })),
  });
  return loadSuite(protocol, requirements, [{ source, name: 'server/file', role: more.role ?? 'server' }]);
}
