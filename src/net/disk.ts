import { appendFile, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileProblem } from './file-problem.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text of a file (UTF-8, without a byte order mark). Rejects with a `SparError` (fault: user). */
export async function readText(path: string): Promise<string> {
  try {
    return utf8.decode(await readFile(path));
  } catch (error) {
    throw fileProblem('read', path, error);
  }
}

/**
 * Writes a file so that nobody ever sees half of it; its folder is made. Rejects with a `SparError`
 * (fault: user).
 */
export async function writeAtomic(path: string, content: string | Uint8Array): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, content);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw fileProblem('write', path, error);
  }
}

/** Adds text to the end of a file. Rejects with a `SparError` (fault: user). */
export async function appendText(path: string, text: string): Promise<void> {
  try {
    await appendFile(path, text);
  } catch (error) {
    throw fileProblem('write', path, error);
  }
}

/**
 * The files below a folder whose names end in `suffix`, as paths that begin with the folder, sorted by
 * code unit. Rejects with a `SparError` (fault: user).
 */
export async function listFiles(folder: string, suffix: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(suffix));
    return files.map((entry) => join(entry.parentPath, entry.name)).sort();
  } catch (error) {
    throw fileProblem('read', folder, error);
  }
}

/** The octets of these files together. */
export async function sizeOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
