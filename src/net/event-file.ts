import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SparError } from '../problem/problem.ts';
import { fileProblem } from './file-problem.ts';

/**
 * A file that lines are appended to. Lines that come while others are being written go out together.
 * After the first error of the disk nothing more is written.
 */
export class EventFile {
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #failed: (problem: SparError) => void;
  #waiting = '';
  #writing: Promise<void> | undefined;
  #broken = false;

  private constructor(handle: FileHandle, path: string, failed: (problem: SparError) => void) {
    this.#handle = handle;
    this.#path = path;
    this.#failed = failed;
  }

  /**
   * Opens a file for appending; its folder is made. Rejects with a `SparError` (fault: user). A later
   * error is told once to `failed`.
   */
  static async open(path: string, failed: (problem: SparError) => void): Promise<EventFile> {
    try {
      await mkdir(dirname(path), { recursive: true });
      return new EventFile(await open(path, 'a'), path, failed);
    } catch (error) {
      throw fileProblem('write', path, error);
    }
  }

  /** Appends a line; the line's end is added. */
  append(line: string): void {
    if (this.#broken) return;
    this.#waiting += `${line}\n`;
    this.#writing ??= this.#write();
  }

  /** Writes what waits and closes the file. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#handle.close().catch((error: unknown) => this.#fail(error));
  }

  async #write(): Promise<void> {
    // Begun a turn later, so that the lines of one turn go out together.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      while (this.#waiting !== '') {
        const text = this.#waiting;
        this.#waiting = '';
        await this.#handle.appendFile(text);
      }
    } catch (error) {
      this.#fail(error);
    }
    this.#writing = undefined;
  }

  #fail(error: unknown): void {
    if (this.#broken) return;
    this.#broken = true;
    this.#waiting = '';
    this.#failed(fileProblem('write', this.#path, error));
  }
}
