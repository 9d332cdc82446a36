import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SparError } from '../problem/problem.ts';
import { listFiles, readText, writeAtomic } from './disk.ts';
import { EventFile } from './event-file.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spar-disk-'));
});
afterAll(() => rm(folder, { recursive: true }));

const unexpected = (problem: SparError): never => {
  throw problem;
};

describe('files', () => {
  it('are written whole, their folders made, and read', async () => {
    const path = join(folder, 'a', 'b', 'text.txt');
    await writeAtomic(path, 'grüße');
    await writeAtomic(path, 'again');
    expect(await readText(path)).toBe('again');
    expect(await readdir(join(folder, 'a', 'b'))).toEqual(['text.txt']);
  });

  it('that cannot be read or written are the fault of the user, who is told how to mend it', async () => {
    const missing = join(folder, 'missing.txt');
    await expect(readText(missing)).rejects.toMatchObject({
      message: `cannot read ${missing}: there is no such file or folder (ENOENT)`,
      exit: 2,
      problems: [{ fault: 'user', mend: 'Is the path right?' }],
    });
    await writeFile(join(folder, 'file'), '');
    await expect(writeAtomic(join(folder, 'file', 'below'), '')).rejects.toMatchObject({ exit: 2 });
    await expect(listFiles(missing, '.yaml')).rejects.toMatchObject({ exit: 2 });
  });

  it('are listed with those of folders below, sorted', async () => {
    const root = join(folder, 'list');
    await mkdir(join(root, 'b.yaml', 'c'), { recursive: true });
    for (const name of ['z.yaml', 'a.yaml', 'b.yaml/c/d.yaml', 'b.yaml/x.txt']) {
      await writeFile(join(root, name), '');
    }
    const names = ['a.yaml', 'b.yaml/c/d.yaml', 'z.yaml'];
    expect(await listFiles(root, '.yaml')).toEqual(names.map((name) => join(root, name)));
  });
});

describe('a file of events', () => {
  it('holds the lines in order, after those of an earlier run', async () => {
    const path = join(folder, 'run', 'events.ndjson');
    for (const part of [0, 1]) {
      const file = await EventFile.open(path, unexpected);
      for (let index = 0; index < 500; index += 1) {
        file.append(`${part} ${index}`);
        if (index % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await file.close();
    }
    const lines = (await readFile(path, 'utf8')).split('\n');
    expect(lines).toHaveLength(1001);
    expect([lines[0], lines[499], lines[500], lines[999], lines[1000]]).toEqual([
      '0 0',
      '0 499',
      '1 0',
      '1 499',
      '',
    ]);
  });

  it('that cannot be opened is told by a problem', async () => {
    await writeFile(join(folder, 'taken'), '');
    await expect(EventFile.open(join(folder, 'taken', 'events.ndjson'), unexpected)).rejects.toMatchObject({
      problems: [{ fault: 'user' }],
    });
  });

  it.runIf(process.platform === 'linux')('tells a full disk once and goes on', async () => {
    const problems: SparError[] = [];
    const file = await EventFile.open('/dev/full', (problem) => problems.push(problem));
    file.append('one');
    await new Promise((resolve) => setImmediate(resolve));
    file.append('two');
    await file.close();
    expect(problems).toMatchObject([{ exit: 2, problems: [{ mend: /disk is full/ }] }]);
  });
});
