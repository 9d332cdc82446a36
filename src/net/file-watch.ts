import { stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** What files look like: it differs for a file that was written, made or removed. */
export type Looks = ReadonlyMap<string, string>;

/** How the files look now. */
export async function looksOf(files: readonly string[]): Promise<Looks> {
  const looks = await Promise.all(
    files.map(async (file): Promise<[string, string]> => {
      const found = await stat(file).catch(() => undefined);
      return [file, found ? `${found.mtimeMs} ${found.size} ${found.ino}` : 'absent'];
    }),
  );
  return new Map(looks);
}

/** Milliseconds between two looks. */
const interval = 200;

/**
 * Waits until files look otherwise than `before` and then stand still, and tells which. Files may come and go:
 * `list` tells which there are. Tells nothing once `signal` is aborted.
 */
export async function changedFiles(
  list: () => Promise<readonly string[]>,
  before: Looks,
  signal: AbortSignal,
): Promise<readonly string[]> {
  let last = before;
  while (!signal.aborted) {
    const now = await looksOf(await list());
    const changed = differing(before, now);
    if (changed.length > 0 && differing(last, now).length === 0) return changed;
    last = now;
    await pause(interval, undefined, { signal }).catch(() => undefined);
  }
  return [];
}

function differing(before: Looks, now: Looks): string[] {
  const files = new Set([...before.keys(), ...now.keys()]);
  return [...files].filter((file) => before.get(file) !== now.get(file));
}
