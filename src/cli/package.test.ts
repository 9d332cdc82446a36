import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { root } from './program.testing.ts';

interface Pack {
  readonly files: readonly { readonly path: string }[];
}

it('the package holds the program, the suites and the documents, and no tests', async () => {
  const words = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const { stdout } = await promisify(execFile)('npm', words, { cwd: root, maxBuffer: 1 << 24 });
  const [pack] = Object.values(JSON.parse(stdout) as Record<string, Pack>);
  const files = pack?.files.map(({ path }) => path) ?? [];
  const wanted = ['dist/cli/main.js', 'dist/index.js', 'dist/index.d.ts', 'suites/cpt/protocol.yaml'];
  const documents = ['README.md', 'CHANGELOG.md', 'LICENSE', 'docs/suite-language.md', 'package.json'];
  expect(files).toEqual(expect.arrayContaining([...wanted, ...documents, 'suites/schemas/suite.json']));
  const others = files.filter((file) => !/^(dist|suites|docs)\//.test(file) && !documents.includes(file));
  expect(others).toEqual([]);
  expect(files.filter((file) => /\.test\.|\.testing\.|-contract\.|^dist\/bench\//.test(file))).toEqual([]);
}, 60_000);
