import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const program = new URL('../../dist/cli/main.js', import.meta.url).pathname;
const run = promisify(execFile);

describe('a recording', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spar-recording-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function verdicts(reports: string, ...words: string[]): Promise<Record<string, string>> {
    const all = ['run', 'cpt', '--reports', join(folder, reports), '--format', 'none', ...words];
    await run(process.execPath, [program, ...all], { cwd: folder }).catch(() => undefined);
    const [name] = await readdir(join(folder, reports));
    const lines = (await readFile(join(folder, reports, name ?? '', 'events.ndjson'), 'utf8'))
      .trim()
      .split('\n');
    const events = lines.map((line) => JSON.parse(line) as { event: string; case: string; verdict: string });
    return Object.fromEntries(
      events.filter(({ event }) => event === 'case-finished').map((one) => [one.case, one.verdict]),
    );
  }

  it.each([
    ['server', 'srv-ack-drop'],
    ['client', 'cli-pipelines'],
  ])('gives the verdicts that the live run with a faulty %s gave', async (role, defect) => {
    const tape = join(folder, `${role}.ndjson`);
    const live = await verdicts(`${role}-live`, '--role', role, '--defect', defect, '--record', tape);
    const again = await verdicts(`${role}-again`, '--recording', tape);
    expect(Object.values(live)).toContain('fail');
    expect(Object.values(live)).toContain('pass');
    expect(again).toEqual(live);
  });

  it('that is none is the user’s mistake', async () => {
    const file = join(folder, 'none.ndjson');
    await writeFile(file, '{"event":"run-started"}\n');
    await expect(run(process.execPath, [program, 'run', 'cpt', '--recording', file])).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is no recording'),
    });
  });
});
