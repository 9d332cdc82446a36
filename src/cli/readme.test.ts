import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newProtocol } from './templates/new-protocol.ts';

const program = new URL('../../dist/cli/main.js', import.meta.url).pathname;
const run = promisify(execFile);

describe('the README', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spar-readme-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('shows the protocol of its own that spar init writes, word for word', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const chapter = readme.slice(readme.indexOf('## A protocol of your own'));
    const blocks = [...chapter.matchAll(/```yaml\n(.*?)```/gs)].map((found) => found[1]);
    expect(blocks.slice(0, 3)).toEqual([
      newProtocol['protocol.yaml'],
      newProtocol['requirements.yaml'],
      newProtocol['server/saying.yaml'],
    ]);
  });

  it('is followed word for word: init, check, run, fuzz', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const begin = readme.indexOf('## A protocol of your own');
    const chapter = readme.slice(begin, readme.indexOf('\n### ', begin));
    const commands = [...chapter.matchAll(/`npx (spar [^`]+)`/g)].map((found) =>
      (found[1] as string).replaceAll('\n', ' '),
    );
    expect(commands.map((command) => command.split(' ')[1])).toEqual(['init', 'check', 'run', 'fuzz']);
    const told: string[] = [];
    for (const command of commands) {
      const script = `spar() { "${process.execPath}" "${program}" "$@"; }\n${command}`;
      told.push((await run('bash', ['-ec', script], { cwd: folder })).stdout);
    }
    expect(told[1]).toContain('nothing is wrong');
    expect(told[2]).toContain('4 passed');
    expect(told[2]).toContain('3 held');
    expect(told[3]).toContain('Nothing was found.');
  });

  it('names commands and options that the program has', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const commands = new Set([...readme.matchAll(/npx spar (\w+)/g)].map((found) => found[1] as string));
    const help = (await run(process.execPath, [program, '--help'])).stdout;
    for (const command of commands) expect(help).toContain(`spar ${command}`);
  });
});
